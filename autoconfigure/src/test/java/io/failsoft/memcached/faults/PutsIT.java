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

package io.failsoft.memcached.faults;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CacheValue;

import io.failsoft.memcached.cache.TestCacheKeys;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Puts while one of two servers hangs and no generation is known, as after five seconds
 * without use: a put concerns the server of its own key only.
 */
class PutsIT {

	@Test
	void aPutWaitsForItsOwnServerOnly() {
		try (MemcachedServer well = MemcachedServer.start();
				MemcachedServer hung = MemcachedServer.start();
				RunningApplication application = RunningApplication
					.start(List.of(Configured.class), "memcached.servers=" + address(well) + "," + address(hung),
							"memcached.operation-timeout=20s", "memcached.breaker.failure-threshold=1000")
					.up()) {
			Shelf shelf = application.bean(Shelf.class);
			hung.pause();
			String key = keyOf(application, well, "keyed");
			assertThat(time(() -> shelf.keyed(key, "by key"))).isLessThan(10_000);
			assertThat(value(application, "keyed", key)).isEqualTo("by key");
			String generated = keyOf(application, well, "generated");
			assertThat(time(() -> shelf.generated(generated))).isLessThan(10_000);
			assertThat(value(application, "generated", generated)).isEqualTo("generated");
			String jsr = keyOf(application, well, "jsr");
			assertThat(time(() -> shelf.jsr(jsr, "by JSR-107"))).isLessThan(10_000);
			assertThat(value(application, "jsr", jsr)).isEqualTo("by JSR-107");
			String result = keyOf(application, well, "result");
			assertThat(time(() -> shelf.byResult(result))).isLessThan(10_000);
		}
	}

	@Test
	void aPutWhoseKeyTheResultGivesAsksNoServer() {
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = RunningApplication
					.start(List.of(Configured.class), "memcached.servers=" + address(server))
					.up()) {
			Shelf shelf = application.bean(Shelf.class);
			shelf.byResult("unknown generation");
			assertThat(value(application, "result", "unknown generation")).isNull();
			Polling.until("the generation is known", () -> {
				shelf.byResult("known generation");
				return "known generation".equals(value(application, "result", "known generation"));
			});
			assertThat(shelf.cached("known generation")).isEqualTo("known generation");
		}
	}

	@Test
	void theKeyOfAPutIsMadeAfterTheCall() {
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = RunningApplication
					.start(List.of(Configured.class), "memcached.servers=" + address(server))
					.up()) {
			StringBuilder name = new StringBuilder("before");
			application.bean(Shelf.class).renaming(name);
			assertThat(value(application, "renamed", "before")).isNull();
			assertThat(value(application, "renamed", "after")).isEqualTo("value");
		}
	}

	private static String keyOf(RunningApplication application, MemcachedServer server, String cache) {
		ServerPool pool = application.bean(ServerPool.class);
		return IntStream.range(0, 1000)
			.mapToObj((i) -> "key" + i)
			.filter((key) -> pool.home(MemcachedKey.of(TestCacheKeys.entry(RunningApplication.PREFIX, cache, key)))
				.name()
				.equals(address(server)))
			.findFirst()
			.orElseThrow();
	}

	private static @Nullable Object value(RunningApplication application, String cache, String key) {
		return Objects.requireNonNull(application.caches().getCache(cache)).get(key, Object.class);
	}

	private static double time(Runnable action) {
		long start = System.nanoTime();
		action.run();
		return Polling.millisSince(start);
	}

	private static String address(MemcachedServer server) {
		return server.host() + ":" + server.port();
	}

	static class Shelf {

		@CachePut(cacheNames = "keyed", key = "#key")
		public String keyed(String key, String value) {
			return value;
		}

		@CachePut("generated")
		public String generated(String key) {
			return "generated";
		}

		@CachePut(cacheNames = "result", key = "#result")
		public String byResult(String value) {
			return value;
		}

		@Cacheable("result")
		public String cached(String value) {
			return "loaded";
		}

		@CachePut(cacheNames = "renamed", key = "#name.toString()")
		public String renaming(StringBuilder name) {
			name.replace(0, name.length(), "after");
			return "value";
		}

		@javax.cache.annotation.CachePut(cacheName = "jsr")
		public void jsr(@CacheKey String key, @CacheValue String value) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		Shelf shelf() {
			return new Shelf();
		}

	}

}
