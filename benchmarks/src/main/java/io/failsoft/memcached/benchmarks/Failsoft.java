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
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.codec.ValueCodec;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application with this project's cache and its default settings. It uses only what an
 * application uses, as it is compiled with one version of the library and may run with
 * another.
 */
final class Failsoft implements Contender.OfSpring {

	private final ConfigurableApplicationContext context;

	private final Cache cache;

	/**
	 * Starts the application, which is connected to its servers then.
	 * @param servers the servers
	 * @param codec the codec's name: {@code jdk}, {@code json}, {@code smile} or
	 * {@code city}
	 * @param properties further properties
	 */
	Failsoft(List<InetSocketAddress> servers, String codec, String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(
					"memcached.servers=" + servers.stream()
						.map((server) -> server.getHostString() + ":" + server.getPort())
						.collect(Collectors.joining(",")),
					"memcached.cache.key-prefix=benchmark", "memcached.cache.caches.near.near-time-to-live=30m",
					"memcached.cache.codec=" + codec,
					"memcached.cache.allowed-classes=io.failsoft.memcached.benchmarks.**", "logging.level.root=warn",
					"spring.main.banner-mode=off")
			.properties(properties)
			.run();
		this.cache = cache("cities");
		// As many keys as meet each of twenty servers.
		Scenarios.fill(new SpringCache(cache("ready"), () -> {
		}), 0, 1000, Values.city(0));
	}

	@Override
	public Cache cache() {
		return this.cache;
	}

	Cache cache(String name) {
		return Objects.requireNonNull(this.context.getBean(CacheManager.class).getCache(name));
	}

	ValueCodec codec() {
		return this.context.getBean(MemcachedCacheManager.Builder.class).settings("cities").codec();
	}

	/**
	 * Reads until the breakers of servers that are gone are open.
	 */
	void awaitDown() {
		MemcachedServers servers = this.context.getBean(MemcachedServers.class);
		for (int i = 0; i < 500; i++) {
			if (servers.snapshots().stream().allMatch((server) -> server.state() == ServerSnapshot.State.DOWN)) {
				return;
			}
			Scenarios.repeat(50, this.cache::get);
			Server.pause(20);
		}
		throw new IllegalStateException("Not down: " + servers.snapshots());
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ SslAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Application {

		@Bean
		CityCodec city() {
			return new CityCodec();
		}

	}

}
