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

package io.failsoft.memcached.cache;

import java.util.List;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Caches and their manager behind the proxies of an application.
 */
@WithMemcached
class ProxiedCachesIT {

	@Test
	void aCacheManagerBehindAClassProxyGivesItsCaches(MemcachedServer server) {
		try (Application application = new Application(server, "proxied manager")) {
			MemcachedCacheManager proxy = proxyOf(application.manager());
			assertThat(proxy.getCache("books")).isInstanceOf(MemcachedCache.class)
				.isSameAs(application.transactional("books"));
			assertThat(proxy.getCacheNames()).contains("books");
			assertThat(proxy.getServers()).isSameAs(application.manager().getServers());
		}
	}

	@Test
	void aCacheBehindAClassProxyWorksAsTheCacheDoes(MemcachedServer server) {
		try (Application application = new Application(server, "proxied cache")) {
			application.awaitUp();
			MemcachedCache cache = application.transactional("books");
			for (MemcachedCache standIn : new MemcachedCache[] { proxyOf(cache), Mockito.spy(cache) }) {
				standIn.put("1", "put");
				assertThat(standIn.get("1", String.class)).isEqualTo("put");
				assertThat(standIn.evictIfPresent("1")).isTrue();
				assertThat(standIn.<String>get("1", () -> "loaded")).isEqualTo("loaded");
				standIn.evict("1");
				assertThat(standIn.putIfAbsent("1", "absent")).isNull();
				assertThat(cache.get("1", String.class)).isEqualTo("absent");
				standIn.clear();
				assertThat(standIn.get("1")).isNull();
				standIn.invalidate();
				assertThat(new Invocation((value) -> true, false, null, null).viewAll(List.of(standIn), null, false)
					.get(0)
					.get("1")).isNull();
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxyOf(T target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		return (T) factory.getProxy();
	}

}
