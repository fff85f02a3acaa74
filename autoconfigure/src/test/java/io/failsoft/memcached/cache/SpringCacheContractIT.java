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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of {@link Cache}, as Spring's own tests of caches hold their caches to it.
 * Values are equal to what was put, not the same.
 */
class SpringCacheContractIT {

	private static final String KEY = "isbn";

	private final MemcachedServer server = MemcachedServer.start();

	private final Application application = new Application(this.server, "shop");

	private final Cache cache = this.application.cache("books");

	@BeforeEach
	void connect() {
		this.application.awaitUp();
	}

	@AfterEach
	void stop() {
		this.application.close();
		this.server.close();
	}

	@Test
	void aCacheHasItsNameAndANativeCache() {
		assertThat(this.cache.getName()).isEqualTo("books");
		assertThat(this.cache.getNativeCache()).isNotNull();
	}

	@Test
	void whatIsPutIsFoundInEachWay() {
		assertThat(this.cache.get(KEY)).isNull();
		assertThat(this.cache.get(KEY, String.class)).isNull();
		assertThat(this.cache.get(KEY, Object.class)).isNull();
		this.cache.put(KEY, "Emma");
		assertThat(valueOf(this.cache.get(KEY))).isEqualTo("Emma");
		assertThat(this.cache.get(KEY, String.class)).isEqualTo("Emma");
		assertThat(this.cache.get(KEY, Object.class)).isEqualTo("Emma");
		assertThat(this.cache.get(KEY, (Class<?>) null)).isEqualTo("Emma");
		this.cache.put(KEY, null);
		assertThat(this.cache.get(KEY)).isNotNull();
		assertThat(valueOf(this.cache.get(KEY))).isNull();
		assertThat(this.cache.get(KEY, String.class)).isNull();
	}

	@Test
	void whatIsThereIsNotPutOver() {
		assertThat(this.cache.putIfAbsent(KEY, "Emma")).isNull();
		assertThat(valueOf(this.cache.putIfAbsent(KEY, "Persuasion"))).isEqualTo("Emma");
		assertThat(valueOf(this.cache.get(KEY))).isEqualTo("Emma");
	}

	@Test
	void whatIsEvictedOrClearedIsGone() {
		this.cache.put(KEY, "Emma");
		this.cache.put("other", "Persuasion");
		this.cache.evict(KEY);
		assertThat(this.cache.get(KEY)).isNull();
		assertThat(this.cache.evictIfPresent("other")).isTrue();
		assertThat(this.cache.evictIfPresent("other")).isFalse();
		this.cache.put(KEY, "Emma");
		this.cache.put("other", "Persuasion");
		this.cache.clear();
		assertThat(this.cache.get(KEY)).isNull();
		assertThat(this.cache.get("other")).isNull();
		this.cache.put(KEY, "Emma");
		this.cache.invalidate();
		assertThat(this.cache.get(KEY)).isNull();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "Emma")
	void whatALoaderReturnsIsCached(@Nullable String value) {
		assertThat(this.cache.<Object>get(KEY, () -> value)).isEqualTo(value);
		ValueWrapper found = this.cache.get(KEY);
		assertThat(found).isNotNull();
		assertThat(valueOf(found)).isEqualTo(value);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "Emma")
	void theLoaderIsNotCalledForAHit(@Nullable String value) {
		this.cache.put(KEY, value);
		Callable<Object> loader = () -> {
			throw new IllegalStateException("called");
		};
		assertThat(this.cache.get(KEY, loader)).isEqualTo(value);
	}

	@Test
	void whatALoaderThrowsIsTheCauseOfWhatTheCallerGets() {
		UnsupportedOperationException own = new UnsupportedOperationException("out of print");
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> this.cache.get(KEY, () -> {
			throw own;
		})).satisfies((thrown) -> {
			assertThat(thrown.getKey()).isEqualTo(KEY);
			assertThat(thrown.getCause()).isSameAs(own);
		});
		assertThat(this.cache.get(KEY)).isNull();
	}

	@Test
	void callersWhoLoadTogetherGetOneLoadedValue() throws Exception {
		AtomicInteger loads = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(10);
		try {
			List<Future<Integer>> values = IntStream.range(0, 10)
				.mapToObj((i) -> callers.submit(() -> this.cache.get(KEY, loads::incrementAndGet)))
				.toList();
			for (Future<Integer> value : values) {
				assertThat(value.get()).isEqualTo(1);
			}
		}
		finally {
			callers.shutdownNow();
		}
		assertThat(loads).hasValue(1);
	}

	@Test
	void whatIsRetrievedIsAWrapperOrNothing() {
		assertThat(join(this.cache.retrieve(KEY))).isNull();
		this.cache.put(KEY, "Emma");
		assertThat(join(this.cache.retrieve(KEY))).isInstanceOfSatisfying(ValueWrapper.class,
				(found) -> assertThat(found.get()).isEqualTo("Emma"));
		this.cache.put(KEY, null);
		assertThat(join(this.cache.retrieve(KEY))).isInstanceOfSatisfying(ValueWrapper.class,
				(found) -> assertThat(found.get()).isNull());
		this.cache.evict(KEY);
		assertThat(join(this.cache.retrieve(KEY, () -> CompletableFuture.completedFuture("Emma")))).isEqualTo("Emma");
		assertThat(join(this.cache.retrieve(KEY, () -> CompletableFuture.completedFuture("other")))).isEqualTo("Emma");
	}

	private static @Nullable Object join(@Nullable CompletableFuture<?> future) {
		return Objects.requireNonNull(future).join();
	}

	private static @Nullable Object valueOf(@Nullable ValueWrapper found) {
		return Objects.requireNonNull(found).get();
	}

}
