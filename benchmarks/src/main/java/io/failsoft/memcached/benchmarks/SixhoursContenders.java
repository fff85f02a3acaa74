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

import io.sixhours.memcached.cache.MemcachedCacheManager;
import io.sixhours.memcached.cache.XMemcachedClient;
import net.rubyeye.xmemcached.MemcachedClient;

/**
 * The other starter, memcached-spring-boot by Six Hours, over xmemcached.
 */
final class SixhoursContenders {

	private SixhoursContenders() {
	}

	static Contender create(InetSocketAddress server) {
		MemcachedClient client = XmemcachedContender.client(List.of(server));
		MemcachedCacheManager manager = new MemcachedCacheManager(new XMemcachedClient(client));
		manager.setExpiration(3600);
		manager.setPrefix("benchmark");
		manager.setNamespace("namespace");
		manager.afterPropertiesSet();
		return new SpringContender(manager.getCache("cities"), () -> XmemcachedContender.close(client));
	}

}
