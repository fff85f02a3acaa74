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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Loaders that ask the cache themselves, or break down, keep nobody waiting.
 */
class NestedLoadsIT {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final MemcachedServer server = MemcachedServer.start();

	private final Application application = new Application(this.server, "shop");

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@BeforeEach
	void connect() {
		this.application.awaitUp();
	}

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.application.close();
		this.server.close();
	}

	@Test
	void loadersThatNeedEachOthersKeysDoNotWaitForEver() {
		MemcachedCache books = this.application.cache("books");
		MemcachedCache authors = this.application.cache("authors");
		CyclicBarrier bothLoad = new CyclicBarrier(2);
		Future<@Nullable Object> first = this.executor.submit(() -> books.<Object>get("1", () -> {
			bothLoad.await(20, TimeUnit.SECONDS);
			return "book of " + authors.<Object>get("1", () -> "author");
		}));
		Future<@Nullable Object> second = this.executor.submit(() -> authors.<Object>get("1", () -> {
			bothLoad.await(20, TimeUnit.SECONDS);
			return "author of " + books.<Object>get("1", () -> "book");
		}));
		assertThat(first).succeedsWithin(LONG).asString().startsWith("book of author");
		assertThat(second).succeedsWithin(LONG).asString().startsWith("author of book");
	}

	@Test
	void aLoaderMayAskForItsOwnKey() {
		MemcachedCache cache = this.application.cache("books");
		assertThat(this.executor.submit(() -> cache.<Object>get("1", () -> cache.<Object>get("1", () -> "inner"))))
			.succeedsWithin(LONG)
			.isEqualTo("inner");
		assertThat(this.executor.submit(() -> cache.<Object>get("2",
				() -> cache.retrieve("2", () -> CompletableFuture.completedFuture("inner")).join())))
			.succeedsWithin(LONG)
			.isEqualTo("inner");
		assertThat(cache.retrieve("3", () -> cache.retrieve("3", () -> CompletableFuture.completedFuture("inner"))))
			.succeedsWithin(LONG)
			.isEqualTo("inner");
		assertThat(cache.retrieve("4", () -> CompletableFuture.completedFuture(cache.<Object>get("4", () -> "inner"))))
			.succeedsWithin(LONG)
			.isEqualTo("inner");
		assertThat(cache.retrieve("5",
				() -> cache.retrieve("6", () -> cache.retrieve("5", () -> CompletableFuture.completedFuture("inner")))))
			.succeedsWithin(LONG)
			.isEqualTo("inner");
		assertThat(cache.get("5", String.class)).isEqualTo("inner");
	}

	@Test
	void whenTheLoaderOverflowsTheStackThenItsCallerIsToldAndTheNextLoads() {
		MemcachedCache cache = this.application.cache("books");
		assertThat(catchThrowable(() -> recurse(cache, new AtomicInteger())))
			.hasRootCauseInstanceOf(StackOverflowError.class);
		assertThat(this.executor.submit(() -> cache.<Object>get("1", () -> "loaded"))).succeedsWithin(LONG)
			.isEqualTo("loaded");
	}

	@Test
	void aLoaderThatReachesItsOwnKeyOnAnotherThreadEndsAfterTheLoadWindow() {
		try (Application impatient = new Application(this.server, "impatient",
				(settings) -> settings.toBuilder().loadWindow(Duration.ofSeconds(2)).build())) {
			impatient.awaitUp();
			MemcachedCache cache = impatient.cache("books");
			assertThat(this.executor.submit(() -> cache.<Object>get("1",
					() -> "outer of " + this.executor.submit(() -> cache.<Object>get("1", () -> "inner")).get())))
				.succeedsWithin(LONG)
				.isEqualTo("outer of inner");
			assertThat(this.executor.submit(() -> cache.<Object>get("2",
					() -> "outer of " + this.executor
						.submit(() -> cache.retrieve("2", () -> CompletableFuture.completedFuture("inner")).join())
						.get())))
				.succeedsWithin(LONG)
				.isEqualTo("outer of inner");
			assertThat(cache.retrieve("3", () -> CompletableFuture.supplyAsync(
					() -> "outer of " + cache.retrieve("3", () -> CompletableFuture.completedFuture("inner")).join(),
					this.executor)))
				.succeedsWithin(LONG)
				.isEqualTo("outer of inner");
			assertThat(
					cache.retrieve("4",
							() -> CompletableFuture
								.supplyAsync(() -> "outer of " + cache.<Object>get("4", () -> "inner"), this.executor)))
				.succeedsWithin(LONG)
				.isEqualTo("outer of inner");
		}
	}

	private static @Nullable Object recurse(MemcachedCache cache, AtomicInteger depth) {
		return cache.get("deep" + depth.incrementAndGet(), () -> recurse(cache, depth));
	}

	@Test
	void aKeyThatCannotBePrintedHarmsNobody() {
		MemcachedCache cache = this.application.cache("books");
		Unprintable key = new Unprintable("1");
		cache.put(key, "value");
		assertThat(cache.get(key, String.class)).isEqualTo("value");
		String entry = new CacheKeys("shop", "books").of(key).toString();
		this.server.kill();
		assertThatCode(() -> {
			for (int i = 0; i < 3; i++) {
				assertThat(cache.get(key)).isNull();
				cache.put(key, "value");
				cache.evict(key);
			}
		}).as(entry).doesNotThrowAnyException();
	}

	private record Unprintable(String text) {

		@Override
		public String toString() {
			throw new AssertionError("not to be printed");
		}

	}

}
