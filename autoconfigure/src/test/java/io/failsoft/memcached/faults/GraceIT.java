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

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Cached methods, whatever they return, while their source fails, and while what has aged
 * is loaded anew. The clock is set forward, so that nothing is waited for.
 */
class GraceIT {

	private static final AtomicLong secondsAhead = new AtomicLong();

	private static final MemcachedServer server = MemcachedServer.start();

	private static RunningApplication application;

	private static Weather weather;

	private static int keys;

	private int key;

	@BeforeAll
	static void start() {
		application = RunningApplication
			.start(List.of(Beans.class), "memcached.servers=" + server.host() + ":" + server.port(),
					"memcached.cache.time-to-live=1m", "memcached.cache.stale-if-error-throttle=1m",
					"memcached.cache.reserve-time-to-live=0", "memcached.cache.caches.error.stale-if-error=10m",
					"memcached.cache.caches.error.stale-if-error-on=java.lang.UnsupportedOperationException",
					"memcached.cache.caches.refresh.stale-while-revalidate=10m",
					"memcached.cache.caches.shared.stale-if-error=10m",
					"memcached.cache.caches.shared.reserve-time-to-live=30s",
					"memcached.cache.caches.shared.single-flight=always")
			.up();
		weather = application.bean(Weather.class);
	}

	@AfterAll
	static void stop() {
		application.close();
		server.close();
	}

	@BeforeEach
	void reset() {
		this.key = keys++;
		Weather.calls.set(0);
		Weather.failure.set(null);
		Weather.value = "v0";
		Weather.release = new CountDownLatch(0);
	}

	private static CacheStatistics figures(String cache) {
		return ((MemcachedCache) Objects.requireNonNull(application.caches().getCache(cache))).getStatistics();
	}

	private void age(Supplier<?> read) {
		Polling.until("the value is cached", () -> {
			int before = Weather.calls.get();
			Object unused = read.get();
			return Weather.calls.get() == before;
		});
		secondsAhead.addAndGet(120);
		Weather.calls.set(0);
	}

	static Stream<String> methods() {
		return Weather.METHODS.keySet().stream();
	}

	@ParameterizedTest
	@MethodSource("methods")
	void whenTheSourceFailsThenTheMethodReturnsWhatHasAged(String method) {
		Supplier<@Nullable Object> call = () -> Objects.requireNonNull(Weather.METHODS.get(method))
			.apply(weather, "error" + this.key);
		age(call);
		long stale = figures("error").getStaleOnError();
		RuntimeException lost = new DataAccessResourceFailureException("lost");
		Weather.failure.set(lost);
		assertThat(Stream.generate(() -> catchValue(call)).limit(5)).containsOnly("v0");
		assertThat(Weather.calls).hasValue(1);
		assertThat(figures("error").getStaleOnError() - stale).isEqualTo(5);
		Objects.requireNonNull(application.caches().getCache("error")).clear();
		assertThat(catchThrowable(call::get)).isSameAs(lost);
	}

	@Test
	void whileTheSourceFailsAMethodOfACollectionIsCalledOnceInAThrottle() {
		Supplier<@Nullable Object> call = () -> weather.all(List.of("error" + this.key));
		age(call);
		Weather.failure.set(new DataAccessResourceFailureException("lost"));
		assertThat(Stream.generate(call).limit(5)).containsOnly(Map.of("error" + this.key, "v0"));
		assertThat(weather.allLater(List.of("error" + this.key)).join()).containsValue("v0");
		assertThat(Weather.calls).hasValue(1);
		assertThat(catchThrowable(() -> weather.all(List.of("error" + this.key, "never loaded"))))
			.isSameAs(Weather.failure.get());
	}

	@Test
	void whoHasWaitedForAMethodThatFailedIsServedWhatHasAgedToo() {
		Supplier<@Nullable Object> call = () -> weather.plain("shared" + this.key);
		age(call);
		Weather.failure.set(new DataAccessResourceFailureException("lost"));
		Weather.release = new CountDownLatch(1);
		long waits = figures("shared").getWaits();
		List<CompletableFuture<@Nullable Object>> callers = Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> catchValue(call), (task) -> new Thread(task).start()))
			.limit(5)
			.toList();
		Polling.until("the others wait", () -> figures("shared").getWaits() - waits == 4);
		Weather.release.countDown();
		assertThat(callers.stream().map(CompletableFuture::join)).containsOnly("v0");
		assertThat(Weather.calls).hasValue(1);
	}

	@ParameterizedTest
	@MethodSource("methods")
	void aBusinessExceptionReachesTheCallerAsItIs(String method) {
		Supplier<@Nullable Object> call = () -> Objects.requireNonNull(Weather.METHODS.get(method))
			.apply(weather, "error" + this.key);
		age(call);
		Weather.failure.set(new IllegalStateException("no weather today"));
		assertThat(catchThrowable(call::get)).isSameAs(Weather.failure.get());
		assertThat(catchThrowable(call::get)).isSameAs(Weather.failure.get());
		assertThat(Weather.calls).hasValue(2);
		Weather.failure.set(new UnsupportedOperationException("listed"));
		assertThat(catchValue(call)).isEqualTo("v0");
	}

	@ParameterizedTest
	@MethodSource("methods")
	void whatHasAgedIsReturnedAtOnceWhileTheMethodRunsOnceInTheBackground(String method) throws Exception {
		Supplier<@Nullable Object> call = () -> Objects.requireNonNull(Weather.METHODS.get(method))
			.apply(weather, "refresh" + this.key);
		age(call);
		long done = figures("refresh").getRefreshes(Refresh.DONE);
		Weather.value = "v1";
		Weather.release = new CountDownLatch(1);
		for (int i = 0; i < 5; i++) {
			assertThat(call.get()).isEqualTo("v0");
		}
		Weather.release.countDown();
		Polling.until("it is refreshed", () -> figures("refresh").getRefreshes(Refresh.DONE) - done == 1);
		Polling.until("the value is new", () -> "v1".equals(call.get()));
		assertThat(Weather.calls).hasValue(1);
		assertThat(Weather.thread).startsWith("boot-");
	}

	@Test
	void withinATransactionTheMethodsOwnExceptionIsThrown() {
		age(() -> weather.plain("error" + this.key));
		RuntimeException lost = new DataAccessResourceFailureException("lost");
		Weather.failure.set(lost);
		TransactionTemplate transaction = new TransactionTemplate(new WhatEscapesTheErrorHandlerIT.NoResource());
		assertThat(
				catchThrowable(() -> transaction.executeWithoutResult((status) -> weather.plain("error" + this.key))))
			.isSameAs(lost);
		assertThat(weather.plain("error" + this.key)).isEqualTo("v0");
	}

	@Test
	void whatUnlessForbidsIsNotStoredByARefresh() {
		age(() -> weather.unless("refresh" + this.key));
		Weather.value = "bad";
		long done = figures("refresh").getRefreshes(Refresh.DONE);
		assertThat(weather.unless("refresh" + this.key)).isEqualTo("v0");
		Polling.until("it is refreshed", () -> figures("refresh").getRefreshes(Refresh.DONE) - done == 1);
		assertThat(weather.unless("refresh" + this.key)).isEqualTo("v0");
	}

	@Test
	void ofSeveralCachesTheOneWhoseValueHasAgedIsFallenBackOn() {
		age(() -> weather.several("error" + this.key));
		Objects.requireNonNull(application.caches().getCache("refresh")).clear();
		RuntimeException lost = new DataAccessResourceFailureException("lost");
		Weather.failure.set(lost);
		assertThat(weather.several("error" + this.key)).isEqualTo("v0");
		assertThat(weather.several("error" + this.key)).isEqualTo("v0");
		assertThat(Weather.calls).hasValue(1);
	}

	@Test
	void aMethodThatChangesItsArgumentAndFailsIsCalledOnce() {
		age(() -> weather.changing(new StringBuilder("error" + this.key)));
		RuntimeException lost = new DataAccessResourceFailureException("lost");
		Weather.failure.set(lost);
		assertThat(catchThrowable(() -> weather.changing(new StringBuilder("error" + this.key)))).isSameAs(lost);
		assertThat(Weather.calls).hasValue(1);
	}

	@Test
	void aCachedNullIsServedToo() {
		Weather.value = null;
		age(() -> weather.plain("error" + this.key));
		RuntimeException lost = new DataAccessResourceFailureException("lost");
		Weather.failure.set(lost);
		assertThat(weather.plain("error" + this.key)).isNull();
		assertThat(Weather.calls).hasValue(1);
	}

	@Test
	void adviceBehindTheCacheIsToldOfTheCallInTheBackgroundToo() {
		AtomicInteger told = new AtomicInteger();
		ProxyFactory factory = new ProxyFactory(new Weather());
		factory.setProxyTargetClass(true);
		factory.addAdvisor(ExposeInvocationInterceptor.ADVISOR);
		factory.addAdvice(application.bean(CacheInterceptor.class));
		factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) (invocation) -> {
			assertThat(ExposeInvocationInterceptor.currentInvocation().getArguments())
				.isEqualTo(invocation.getArguments());
			told.incrementAndGet();
			return invocation.proceed();
		});
		Weather proxied = (Weather) factory.getProxy();
		age(() -> proxied.plain("refresh" + this.key));
		told.set(0);
		Weather.value = "v1";
		Polling.until("it is refreshed", () -> "v1".equals(proxied.plain("refresh" + this.key)));
		assertThat(told).hasValue(1);
	}

	private static @Nullable Object catchValue(Supplier<@Nullable Object> call) {
		try {
			return call.get();
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	static class Weather {

		static final Map<String, BiFunction<Weather, String, @Nullable Object>> METHODS = new LinkedHashMap<>();

		static final AtomicInteger calls = new AtomicInteger();

		static final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

		static volatile @Nullable String value;

		static volatile String thread = "";

		static volatile CountDownLatch release = new CountDownLatch(0);

		static {
			METHODS.put("plain", Weather::plain);
			METHODS.put("sync", Weather::sync);
			METHODS.put("optional", (weather, key) -> weather.optional(key).orElse(null));
			METHODS.put("future", (weather, key) -> result(weather.future(key)));
			METHODS.put("sync future", (weather, key) -> result(weather.syncFuture(key)));
			METHODS.put("future that throws", (weather, key) -> result(weather.throwing(key)));
			METHODS.put("mono", (weather, key) -> weather.mono(key).block());
			METHODS.put("sync mono", (weather, key) -> weather.syncMono(key).block());
			METHODS.put("flux", (weather, key) -> weather.flux(key).blockFirst());
		}

		@CollectionCacheable("error")
		public Map<String, @Nullable String> all(Collection<String> keys) {
			return keys.stream().collect(HashMap::new, (map, key) -> map.put(key, load()), HashMap::putAll);
		}

		@CollectionCacheable("error")
		public CompletableFuture<Map<String, @Nullable String>> allLater(Collection<String> keys) {
			return CompletableFuture.completedFuture(all(keys));
		}

		private static @Nullable Object result(CompletableFuture<?> future) {
			try {
				return future.get(30, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex);
			}
		}

		private static @Nullable String load() {
			try {
				release.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			thread = Thread.currentThread().getName();
			calls.incrementAndGet();
			RuntimeException thrown = failure.get();
			if (thrown != null) {
				throw thrown;
			}
			return value;
		}

		@Cacheable(cacheResolver = "byKey", key = "'plain' + #key")
		public @Nullable String plain(String key) {
			return load();
		}

		@Cacheable(cacheResolver = "byKey", key = "#key.toString()")
		public @Nullable String changing(StringBuilder key) {
			key.append("!");
			return load();
		}

		@Cacheable(cacheNames = { "error", "refresh" }, key = "'several' + #key")
		public @Nullable String several(String key) {
			return load();
		}

		@Cacheable(cacheResolver = "byKey", key = "'unless' + #key", unless = "#result == 'bad'")
		public @Nullable String unless(String key) {
			return load();
		}

		@Cacheable(cacheResolver = "byKey", key = "'sync' + #key", sync = true)
		public @Nullable String sync(String key) {
			return load();
		}

		@Cacheable(cacheResolver = "byKey", key = "'optional' + #key")
		public Optional<String> optional(String key) {
			return Optional.ofNullable(load());
		}

		@Cacheable(cacheResolver = "byKey", key = "'future' + #key")
		public CompletableFuture<@Nullable String> future(String key) {
			try {
				return CompletableFuture.completedFuture(load());
			}
			catch (RuntimeException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

		@Cacheable(cacheResolver = "byKey", key = "'syncFuture' + #key", sync = true)
		public CompletableFuture<@Nullable String> syncFuture(String key) {
			return future(key);
		}

		@Cacheable(cacheResolver = "byKey", key = "'throwing' + #key")
		public CompletableFuture<@Nullable String> throwing(String key) {
			return CompletableFuture.completedFuture(load());
		}

		@Cacheable(cacheResolver = "byKey", key = "'mono' + #key")
		public Mono<String> mono(String key) {
			return Mono.fromCallable(Weather::load);
		}

		@Cacheable(cacheResolver = "byKey", key = "'syncMono' + #key", sync = true)
		public Mono<String> syncMono(String key) {
			return Mono.fromCallable(Weather::load);
		}

		@Cacheable(cacheResolver = "byKey", key = "'flux' + #key")
		public Flux<String> flux(String key) {
			return Flux.defer(() -> Flux.just(Objects.requireNonNull(load()), "more"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Weather weather() {
			return new Weather();
		}

		@Bean
		org.springframework.cache.interceptor.CacheResolver byKey(
				io.failsoft.memcached.cache.MemcachedCacheManager caches) {
			return (context) -> List
				.of(Objects.requireNonNull(caches.getCache(context.getArgs()[0].toString().replaceAll("\\W|\\d", ""))));
		}

		@Bean
		Executor applicationTaskExecutor() {
			AtomicInteger threads = new AtomicInteger();
			return Executors.newCachedThreadPool((task) -> {
				Thread thread = new Thread(task, "boot-" + threads.incrementAndGet());
				thread.setDaemon(true);
				return thread;
			});
		}

		@Bean
		Consistency memcachedConsistency(ServerPool servers) {
			return Consistency.start(servers,
					new ConsistencySettings(Duration.ofSeconds(5), 10_000, Duration.ofSeconds(10),
							Duration.ofSeconds(5), System::nanoTime,
							() -> System.currentTimeMillis() / 1000 + secondsAhead.get()));
		}

	}

}
