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

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for what {@link FailureReporter} makes of refused keys.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedKeysTests {

	private final Cache books = new ConcurrentMapCache("books");

	private final CacheStatistics statistics = new CacheStatistics();

	private final List<String> handled = new ArrayList<>();

	private final FailureReporter failures = new FailureReporter(() -> new SimpleCacheErrorHandler() {

		@Override
		public void handleCacheGetError(RuntimeException exception, Cache cache, @Nullable Object key) {
			RefusedKeysTests.this.handled.add(String.valueOf(exception.getMessage()));
		}

	}, this.statistics);

	private void refuse(Object key) {
		IllegalArgumentException cause = catchThrowableOfType(IllegalArgumentException.class,
				() -> new CacheKeys("shop", "books", Failing.class.getName()).of(key));
		this.failures.keyRefused(CacheOperation.GET, this.books, key, null, cause);
	}

	@Test
	void whenArgumentsOfSeveralClassesAreRefusedThenEachIsHandedOverOnce() {
		for (int i = 0; i < 3; i++) {
			refuse(new SimpleKey(1, new Author()));
			refuse(new SimpleKey(1, new Publisher()));
			refuse(new SimpleKey(1, new Failing()));
			refuse(List.of(new Author()));
		}
		assertThat(this.handled).hasSize(3);
		assertThat(this.handled.get(0)).contains(Author.class.getName());
		assertThat(this.handled.get(1)).contains(Publisher.class.getName());
		assertThat(this.handled.get(2)).contains(Failing.class.getName());
		assertThat(this.statistics.getFailures(Reason.KEY)).isEqualTo(12);
	}

	@Test
	void whenSeveralClassesAreRefusedAtOnceThenEachIsLogged(CapturedOutput output) {
		try (MemcachedCacheErrorHandler handler = new MemcachedCacheErrorHandler()) {
			FailureReporter failures = new FailureReporter(() -> handler, this.statistics);
			for (Object key : List.of(new Author(), new Publisher(), new Author())) {
				failures.keyRefused(CacheOperation.GET, this.books, key, null, catchThrowableOfType(
						IllegalArgumentException.class, () -> new CacheKeys("shop", "books").of(key)));
			}
			assertThat(output).containsOnlyOnce("get skipped: " + Author.class.getName())
				.containsOnlyOnce("get skipped: " + Publisher.class.getName())
				.doesNotContain("more in the last");
		}
	}

	@Test
	void whenTheTextOfAClassTellsLessThanItsEqualsThenOneLinePerClassNamesTheRemedies(CapturedOutput output) {
		try (MemcachedCacheErrorHandler handler = new MemcachedCacheErrorHandler()) {
			FailureReporter failures = new FailureReporter(() -> handler, this.statistics);
			CacheKeys keys = new CacheKeys("shop", "books");
			Set<String> classes = new LinkedHashSet<>();
			for (List<Object> pair : AmbiguousKeysTests.textsThatTellLess()) {
				for (Object key : pair) {
					classes.add(key.getClass().getName());
					failures.keyRefused(CacheOperation.GET, this.books, key, null,
							catchThrowableOfType(IllegalArgumentException.class, () -> keys.of(key)));
				}
			}
			for (String name : classes) {
				assertThat(output).containsOnlyOnce("get skipped: " + name + " cannot be (part of) a cache key")
					.containsOnlyOnce("memcached.cache.key-classes: " + name);
			}
			assertThat(output).contains("@Cacheable(key = \"#x.id\"), or use a record")
				.doesNotContain("more in the last");
		}
	}

	static class Author {

	}

	static class Publisher {

	}

	static class Failing {

		@Override
		public String toString() {
			throw new IllegalStateException("not today");
		}

	}

}
