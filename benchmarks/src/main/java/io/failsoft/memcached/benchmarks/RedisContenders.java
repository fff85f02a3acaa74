/*
 * Copyright 2026 the Failsoft Memcached authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.failsoft.memcached.benchmarks;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Spring Data Redis over Lettuce. It is told to wait for its writes, as all the others
 * do; by default it does not.
 */
final class RedisContenders {

	private RedisContenders() {
	}

	static Contender create(InetSocketAddress server) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(server.getHostString(), server.getPort());
		connections.afterPropertiesSet();
		connections.start();
		RedisCacheWriter writer = RedisCacheWriter.create(connections,
				(configuration) -> configuration.immediateWrites());
		RedisCacheManager manager = RedisCacheManager.builder(writer)
			.cacheDefaults(RedisCacheConfiguration.defaultCacheConfig(RedisContenders.class.getClassLoader())
				.entryTtl(Duration.ofHours(1)))
			.build();
		manager.afterPropertiesSet();
		return new SpringContender(Objects.requireNonNull(manager.getCache("cities")), connections::destroy);
	}

}
