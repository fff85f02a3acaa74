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

package io.failsoft.memcached.codec;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values near and over the largest item of a real memcached. They are random, so that
 * compression does not make them smaller.
 */
@ExtendWith(OutputCaptureExtension.class)
class LargeValuesIT {

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new SplittableRandom(42).nextBytes(bytes);
		return bytes;
	}

	@Test
	void aValueJustBelowTheServersLimitIsAHit() throws Exception {
		byte[] value = random(900_000);
		try (MemcachedServer server = MemcachedServer.start();
				ValuesApplication application = ValuesApplication.start(server)) {
			assertThat(application.values().jdk("1", () -> value)).isSameAs(value);
			assertThat(application.values().jdk("1", LargeValuesIT::unwanted)).isEqualTo(value);
			assertThat(application.failures("jdk")).isZero();
		}
	}

	@Test
	void aValueOverTheServersLimitIsReturnedLoggedAndCountedAndTheOldEntryIsGone(CapturedOutput output)
			throws Exception {
		byte[] value = random(1_500_000);
		try (MemcachedServer server = MemcachedServer.start();
				ValuesApplication application = ValuesApplication.start(server);
				ValuesApplication other = ValuesApplication.start(server)) {
			application.cache("jdk").put("1", "old");
			assertThat(Objects.requireNonNull(other.cache("jdk").get("1")).get()).isEqualTo("old");
			application.cache("jdk").put("1", value);
			assertThat(application.statistics("jdk").getFailures(Reason.TOO_LARGE)).isOne();
			assertThat(application.failures("jdk")).isOne();
			assertThat(application.cache("jdk").get("1")).isNull();
			await("the old entry is gone", () -> other.cache("jdk").get("1") == null);
			assertThat(output.getAll().lines().filter((line) -> line.contains("Cache 'jdk'"))).singleElement()
				.asString()
				.contains("key '1'", "too large for the server")
				.containsPattern(" 1500\\d{3} bytes");
			// A fill is refused as long as the invalidation before it has not been
			// answered.
			await("a fill is too large as well", () -> {
				assertThat(application.values().jdk("1", () -> value)).isSameAs(value);
				return application.statistics("jdk").getFailures(Reason.TOO_LARGE) == 2;
			});
			await("a value that fits is filled", () -> {
				assertThat(application.values().jdk("1", () -> "small")).isEqualTo("small");
				return application.cache("jdk").get("1") != null;
			});
			assertThat(other.values().jdk("1", LargeValuesIT::unwanted)).isEqualTo("small");
		}
	}

	@Test
	void aValueOverTheMaximumOfItsCacheIsReturnedLoggedAndCountedAndTheOldEntryIsGone(CapturedOutput output)
			throws Exception {
		byte[] value = random(100_000);
		try (MemcachedServer server = MemcachedServer.start();
				ValuesApplication application = ValuesApplication.start(server,
						"memcached.cache.caches.jdk.maximum-value-size=64KB")) {
			application.cache("jdk").put("1", "old");
			assertThat(Objects.requireNonNull(application.cache("jdk").get("1")).get()).isEqualTo("old");
			application.cache("jdk").put("1", value);
			assertThat(application.cache("jdk").get("1")).isNull();
			for (int i = 0; i < 50; i++) {
				assertThat(application.values().jdk("1", () -> value)).isSameAs(value);
			}
			assertThat(application.statistics("jdk").getFailures(Reason.ENCODE)).isEqualTo(51);
			assertThat(application.failures("jdk")).isEqualTo(51);
			assertThat(output.getAll().lines().filter((line) -> line.contains("memcached.cache.maximum-value-size")))
				.hasSizeBetween(1, 5)
				.allMatch((line) -> line.contains("100001 bytes"));
			assertThat(application.values().json("1", () -> value)).isSameAs(value);
			assertThat(application.values().json("1", LargeValuesIT::unwanted)).isEqualTo(value);
		}
		try (MemcachedServer server = MemcachedServer.start();
				ValuesApplication writer = ValuesApplication.start(server);
				ValuesApplication reader = ValuesApplication.start(server, "memcached.cache.maximum-value-size=64KB")) {
			String text = "it is compressed ".repeat(10_000);
			assertThat(writer.values().jdk("2", () -> text)).isSameAs(text);
			assertThat(reader.values().jdk("2", () -> "loaded")).isEqualTo("loaded");
			assertThat(reader.statistics("jdk").getFailures(Reason.DECODE)).isOne();
			assertThat(writer.values().jdk("2", LargeValuesIT::unwanted)).isEqualTo("loaded");
		}
	}

	/**
	 * On a value that is too large the server drops what is there, be it the tombstone of
	 * an eviction before.
	 */
	@Test
	void aLoadThatBeganBeforeDoesNotFillOverAValueThatWasTooLarge() throws Exception {
		byte[] value = random(1_500_000);
		try (MemcachedServer server = MemcachedServer.start();
				ValuesApplication application = ValuesApplication.start(server);
				ValuesApplication other = ValuesApplication.start(server)) {
			assertThat(other.values().jdk("1", () -> {
				application.cache("jdk").evict("1");
				application.cache("jdk").put("1", value);
				await("a tombstone is in place again",
						() -> server.command("get " + ValuesApplication.PREFIX + ":jdk:s:1").size() > 1);
				return "old";
			})).isEqualTo("old");
			assertThat(other.statistics("jdk").getFillsRefused()).isOne();
			assertThat(other.cache("jdk").get("1")).isNull();
			assertThat(application.cache("jdk").get("1")).isNull();
		}
	}

	/** Invalidations are written after the put has returned. */
	private static void await(String what, Callable<Boolean> condition) throws Exception {
		long deadline = System.nanoTime() + 30_000_000_000L;
		while (!condition.call()) {
			assertThat(System.nanoTime() - deadline).as(what).isNegative();
		}
	}

	@Test
	void whereTheServerTakesLargerItemsItIsAHit() throws Exception {
		byte[] value = random(1_500_000);
		MemcachedServerOptions options = MemcachedServerOptions.defaults().withMaxItemBytes(2 << 20);
		try (MemcachedServer server = MemcachedServer.start(options);
				ValuesApplication application = ValuesApplication.start(server)) {
			assertThat(application.values().jdk("1", () -> value)).isSameAs(value);
			assertThat(application.values().jdk("1", LargeValuesIT::unwanted)).isEqualTo(value);
			assertThat(application.failures("jdk")).isZero();
		}
	}

	private static Object unwanted() {
		throw new AssertionError("The method ran although its result should be cached");
	}

}
