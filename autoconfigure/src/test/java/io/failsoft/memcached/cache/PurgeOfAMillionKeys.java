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

import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Evicts a million keys one by one and prints what their tombstones take of memcached's
 * memory. Run by hand.
 */
final class PurgeOfAMillionKeys {

	private static final int KEYS = 1_000_000;

	private static final int CALLERS = 64;

	private PurgeOfAMillionKeys() {
	}

	public static void main(String[] args) throws InterruptedException {
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withMemoryMegabytes(1024));
				ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
					.web(WebApplicationType.NONE)
					.properties("memcached.servers=127.0.0.1:" + server.port(), "memcached.cache.key-prefix=purge",
							"memcached.cache.load-window=1h", "spring.docker.compose.enabled=false",
							"spring.main.banner-mode=off", "logging.level.root=warn")
					.run()) {
			Cache cache = Objects.requireNonNull(context.getBean(CacheManager.class).getCache("products"));
			cache.evict(0);
			long before = Long.parseLong(server.stats().get("bytes"));
			long began = System.nanoTime();
			ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
			for (int i = 0; i < CALLERS; i++) {
				int first = i;
				callers.execute(() -> {
					for (int key = first; key < KEYS; key += CALLERS) {
						cache.evict(key);
					}
				});
			}
			callers.shutdown();
			callers.awaitTermination(1, TimeUnit.HOURS);
			double seconds = (System.nanoTime() - began) / 1e9;
			var stats = server.stats();
			System.out.printf("%s tombstones, %.1f MB, %.0f bytes each; slabs of %.1f MB; %.0f evictions a second%n",
					stats.get("curr_items"), (Long.parseLong(stats.get("bytes")) - before) / 1e6,
					(Long.parseLong(stats.get("bytes")) - before) / (double) KEYS,
					Long.parseLong(server.stats("slabs").get("total_malloced")) / 1e6, KEYS / seconds);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ SslAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Application {

	}

}
