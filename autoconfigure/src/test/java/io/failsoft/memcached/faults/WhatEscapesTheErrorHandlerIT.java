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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.faults.Moods.MoodyCodec;
import io.failsoft.memcached.faults.Moods.Service;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.cache.actuate.endpoint.CachesEndpoint;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What gets past a {@code CacheErrorHandler} in Spring's cache interceptors, one test
 * each.
 */
@WithMemcached
class WhatEscapesTheErrorHandlerIT {

	private static final String MOODY = "memcached.cache.codec=moody";

	private static final String SHORT = "memcached.operation-timeout=150ms";

	private static final Set<CachedPath> WRITES_LATER = EnumSet.of(CachedPath.FUTURE_PUT, CachedPath.FUTURE_EVICT,
			CachedPath.MONO_PUT);

	private static RunningApplication start(MemcachedServer server, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = "memcached.servers=" + server.host() + ":" + server.port();
		return RunningApplication.start(List.of(Moods.class), all).up();
	}

	private static Cache cache(RunningApplication application, String name) {
		Cache cache = application.caches().getCache(name);
		assertThat(cache).isNotNull();
		return cache;
	}

	static Stream<Throwable> throwables() {
		return Stream.of(new IllegalStateException("runtime"), MoodyCodec.sneaky(), new StackOverflowError(),
				new NoClassDefFoundError("gone"), new ExceptionInInitializerError("static"), new AssertionError("no"),
				new OutOfMemoryError("not really"), new Error("plain"));
	}

	@ParameterizedTest
	@MethodSource("throwables")
	void whenTheCodecThrowsAnythingOnReadingThenItIsAMiss(Throwable throwable, MemcachedServer server) {
		try (RunningApplication application = start(server, MOODY)) {
			MoodyCodec codec = application.bean(MoodyCodec.class);
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				String key = "read" + way + throwable;
				codec.onDecode = null;
				way.call(service, key, () -> "value");
				codec.onDecode = throwable;
				int calls = service.calls();
				assertThat(way.call(service, key, () -> "again")).as("%s", way).isEqualTo("again");
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
				codec.onDecode = null;
				assertThat(way.call(service, key, () -> "never")).as("%s", way).isEqualTo("again");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("throwables")
	void whenTheCodecThrowsAnythingOnWritingThenTheValueIsNotCached(Throwable throwable, MemcachedServer server) {
		try (RunningApplication application = start(server, MOODY)) {
			MoodyCodec codec = application.bean(MoodyCodec.class);
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				String key = "write" + way + throwable;
				codec.onEncode = throwable;
				int calls = service.calls();
				assertThat(way.call(service, key, () -> "value")).as("%s", way).isEqualTo("value");
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
				codec.onEncode = null;
				assertThat(way.call(service, key, () -> "again")).as("%s", way).isEqualTo("again");
			}
			codec.onEncode = throwable;
			cache(application, "moods").put("direct", "value");
			assertThat(cache(application, "moods").get("direct")).isNull();
		}
	}

	@Test
	void whenTheCodecReturnsNullThenItIsAMissAndNothingIsWritten(MemcachedServer server) {
		try (RunningApplication application = start(server, MOODY)) {
			MoodyCodec codec = application.bean(MoodyCodec.class);
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				String key = "null" + way;
				codec.returningNull = false;
				way.call(service, key, () -> "value");
				codec.returningNull = true;
				for (String expected : List.of("again", "and again")) {
					int calls = service.calls();
					assertThat(way.call(service, key, () -> expected)).as("%s", way).isEqualTo(expected);
					assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
				}
			}
			codec.returningNull = false;
			Cache cache = cache(application, "moods");
			cache.put("direct", "value");
			codec.returningNull = true;
			assertThat(cache.get("direct")).isNull();
			assertThat(cache.retrieve("direct")).succeedsWithin(Duration.ofSeconds(10)).isNull();
		}
	}

	@Test
	void whenAKeyThrowsThenTheMethodRunsUncached(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (Object key : List.of(new ThrowingToString(new IllegalStateException("no text")),
					new ThrowingToString(new AssertionError("no text")), new ThrowingAccessor("x"),
					new ThrowingHashCode())) {
				for (Way way : Way.values()) {
					int calls = service.calls();
					assertThat(way.call(service, key, () -> "value")).as("%s of %s", way, key.getClass())
						.isEqualTo("value");
					assertThat(service.calls() - calls).isLessThanOrEqualTo(1);
				}
				Cache cache = cache(application, "moods");
				cache.put(key, "value");
				cache.evict(key);
			}
		}
	}

	@Test
	void whenSyncAndTheCacheIsDownThenTheMethodsOwnExceptionReachesTheCaller(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			server.kill();
			for (Way way : Way.values()) {
				SoldOut soldOut = new SoldOut("k");
				int calls = service.calls();
				Throwable thrown = catchThrowable(() -> way.call(service, "k", () -> {
					throw soldOut;
				}));
				assertThat(thrown).as("%s", way).isSameAs(soldOut);
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
			}
		}
	}

	@Test
	void whenTheStoreFailsThenTheMethodRunsOnceAndItsValueIsReturned(MemcachedServer server) {
		byte[] random = new byte[1_500_000];
		new Random(1).nextBytes(random);
		String large = new String(random, StandardCharsets.ISO_8859_1);
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				int calls = service.calls();
				assertThat(way.call(service, "large" + way, () -> large)).as("%s", way).isEqualTo(large);
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
			}
		}
	}

	@Test
	void whenTheServerIsLostWhileTheMethodRunsThenItsValueIsReturned(MemcachedServer server) {
		try (RunningApplication application = start(server, SHORT)) {
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				application.up();
				int calls = service.calls();
				assertThat(way.call(service, "lost" + way, () -> {
					server.kill();
					return "value";
				})).as("%s", way).isEqualTo("value");
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(1);
				server.restart();
				application.up();
				assertThat(way.call(service, "hung" + way, () -> {
					server.pause();
					return "value";
				})).as("%s", way).isEqualTo("value");
				assertThat(service.calls() - calls).as("%s", way).isEqualTo(2);
				server.resume();
			}
		}
	}

	@Test
	void whenAMethodReturnsAFutureOrAPublisherThenThereAreHits(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				String key = "hit" + way;
				assertThat(way.call(service, key, () -> "first")).as("%s", way).isEqualTo("first");
				assertThat(way.call(service, key, () -> "second")).as("%s", way).isEqualTo("first");
			}
		}
	}

	@Test
	void whenTheServerHangsThenBothRetrievesCompleteWithinTheTimeout(MemcachedServer server) throws Exception {
		try (RunningApplication application = start(server, SHORT, Fault.BREAKER_STAYS_CLOSED)) {
			Cache cache = cache(application, "moods");
			server.pause();
			CompletableFuture<?> miss = cache.retrieve("k");
			assertThat(miss).isNotNull();
			assertThat(miss.get(10, TimeUnit.SECONDS)).isNull();
			assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("loaded")).get(10, TimeUnit.SECONDS))
				.isEqualTo("loaded");
			CompletableFuture<String> failed = cache.retrieve("k",
					() -> CompletableFuture.failedFuture(new SoldOut("k")));
			assertThatThrownBy(() -> failed.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(SoldOut.class);
		}
	}

	@Test
	void whenTheCacheFailsAfterTheCommitThenTheTransactionSucceedsAndOtherCallbacksRun(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Cache cache = cache(application, "moods");
			TransactionTemplate transaction = new TransactionTemplate(new NoResource());
			AtomicInteger callbacks = new AtomicInteger();
			for (Consumer<Cache> write : List.<Consumer<Cache>>of((target) -> target.put("k", "v"),
					(target) -> target.evict("k"), Cache::clear, (target) -> target.get("k", () -> "loaded"))) {
				transaction.executeWithoutResult((status) -> {
					write.accept(cache);
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCommit() {
							callbacks.incrementAndGet();
						}

					});
					server.kill();
				});
				server.restart();
				application.up();
			}
			assertThat(callbacks).hasValue(4);
		}
	}

	@Test
	void whenNoServerCanBeReachedThenCachesAreMadeWithoutAsking(MemcachedServer server) {
		try (RunningApplication application = start(server, Fault.BREAKER_STAYS_CLOSED,
				"memcached.operation-timeout=20s")) {
			server.pause();
			long start = System.nanoTime();
			for (int i = 0; i < 100; i++) {
				assertThat(application.caches().getCache("new" + i)).isNotNull();
			}
			assertThat(Polling.millisSince(start)).isLessThan(10_000);
			server.kill();
			assertThat(application.caches().getCache("newer")).isNotNull();
		}
	}

	@Test
	void whenTheServerIsLostAfterAReadThenTheValueIsThere(MemcachedServer server) {
		try (RunningApplication application = start(server, MOODY)) {
			Cache cache = cache(application, "moods");
			cache.put("eager", "value");
			ValueWrapper wrapper = cache.get("eager");
			assertThat(wrapper).isNotNull();
			application.bean(MoodyCodec.class).onDecode = new AssertionError("too late");
			server.kill();
			assertThat(wrapper.get()).isEqualTo("value");
		}
	}

	@ParameterizedTest
	@EnumSource
	void directUseOfACacheNeverThrowsForTheServersSake(Loss loss, MemcachedServer server) throws Exception {
		try (RunningApplication application = start(server, SHORT, Fault.BREAKER_STAYS_CLOSED)) {
			Cache cache = cache(application, "moods");
			cache.put("k", "before");
			loss.inflict(server);
			assertThat(cache.get("k")).isNull();
			assertThat(cache.get("k", String.class)).isNull();
			assertThat(cache.get("k", () -> "loaded")).isEqualTo("loaded");
			SoldOut soldOut = new SoldOut("k");
			assertThatThrownBy(() -> cache.get("k", () -> {
				throw soldOut;
			})).isInstanceOf(ValueRetrievalException.class).hasCause(soldOut);
			cache.put("k", "value");
			assertThat(cache.putIfAbsent("k", "value")).isNull();
			cache.evict("k");
			assertThat(cache.evictIfPresent("k")).isFalse();
			cache.clear();
			assertThat(cache.invalidate()).isFalse();
			CompletableFuture<?> miss = cache.retrieve("k");
			assertThat(miss).isNotNull();
			assertThat(miss.get(10, TimeUnit.SECONDS)).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource
	void theCachesEndpointAndResetCachesNeverThrowForTheServersSakeAndClearLater(Loss loss, MemcachedServer server) {
		try (RunningApplication application = start(server, SHORT, Fault.BREAKER_STAYS_CLOSED)) {
			CachesEndpoint endpoint = new CachesEndpoint(Map.of("cacheManager", application.caches()));
			for (Consumer<CachesEndpoint> clear : List.<Consumer<CachesEndpoint>>of(CachesEndpoint::clearCaches,
					(target) -> target.clearCache("moods", null), (target) -> application.caches().resetCaches())) {
				Cache cache = cache(application, "moods");
				Polling.until("cached", () -> {
					cache.put("k", "value");
					return cache.get("k") != null;
				});
				loss.inflict(server);
				clear.accept(endpoint);
				loss.end(server);
				application.up();
				assertThat(cache.get("k")).isNull();
			}
		}
	}

	@Test
	void aHitOfTheWrongTypeIsAMissToAMethodThatCannotReturnIt(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			Cache cache = cache(application, "moods");
			cache.put("type", "text");
			assertThat(service.number("type", () -> 1)).isEqualTo(1);
			assertThat(service.number("type", () -> 2)).isEqualTo(1);
			cache.put("type", "text");
			assertThat(service.numberSync("type", () -> 3)).isEqualTo(3);
			assertThat(service.numberSync("type", () -> 4)).isEqualTo(3);
			cache.put("type", "text");
			assertThat(service.primitive("type", () -> 5)).isEqualTo(5);
			assertThat(service.primitive("type", () -> 6)).isEqualTo(5);
			cache.put("type", "text");
			assertThat(service.numberFuture("type", () -> 7).join()).isEqualTo(7);
			assertThat(service.numberFuture("type", () -> 8).join()).isEqualTo(7);
			cache.put("type", "text");
			assertThatIllegalStateException().isThrownBy(() -> cache.get("type", Number.class));
			assertThat(cache.get("type", String.class)).isEqualTo("text");
		}
	}

	@Test
	void aFailedGetIsNotFollowedByAPutThatPaysAgain(MemcachedServer server) {
		try (RunningApplication application = RunningApplication.start(List.of(Moods.class, Handlers.AsBean.class),
				"memcached.servers=" + server.host() + ":" + server.port(), "memcached.operation-timeout=1s",
				Fault.BREAKER_STAYS_CLOSED)) {
			application.up();
			Service service = application.bean(Service.class);
			Handlers.Recording handler = application.bean(Handlers.Recording.class);
			server.pause();
			for (Way way : Way.values()) {
				int handled = handler.calls();
				assertThat(Stopwatch
					.millis(() -> assertThat(way.call(service, "once" + way, () -> "value")).isEqualTo("value")))
					.as("%s", way)
					.isLessThan(1900);
				assertThat(handler.calls() - handled).as("%s", way).isEqualTo(1);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void aHandlerThatRethrowsIsCalledOncePerFailure(Handlers.Kind kind, MemcachedServer server) {
		try (RunningApplication application = RunningApplication.start(List.of(Moods.class, kind.configuration()),
				"memcached.servers=" + server.host() + ":" + server.port())) {
			application.up();
			Handlers.Recording handler = kind.handler(application);
			handler.rethrow();
			server.kill();
			Polling.until("the loss is noticed", () -> application.servers().get(0).state() == State.DOWN);
			Catalogue catalogue = application.catalogue();
			for (CachedPath path : CachedPath.values()) {
				if (path == CachedPath.SEVERAL) {
					continue;
				}
				int handled = handler.calls();
				Throwable thrown = catchThrowable(() -> path.invoke(catalogue, "k"));
				if (WRITES_LATER.contains(path)) {
					Polling.until("handled", () -> handler.calls() > handled);
					assertThat(thrown).as("nobody waits for %s", path).isNull();
				}
				else {
					assertThat(Handlers.unwrap(thrown)).as("%s", path).isSameAs(handler.last());
				}
				assertThat(handler.calls() - handled).as("%s", path).isEqualTo(1);
			}
			Service service = application.bean(Service.class);
			for (Way way : Way.values()) {
				int handled = handler.calls();
				Throwable thrown = catchThrowable(() -> way.call(service, "k", () -> "value"));
				assertThat(handler.calls() - handled).as("%s", way).isEqualTo(1);
				assertThat(Handlers.unwrap(thrown)).as("%s", way).isSameAs(handler.last());
			}
		}
	}

	/**
	 * How a server is lost.
	 */
	enum Loss {

		KILLED, HUNG;

		void inflict(MemcachedServer server) {
			if (this == KILLED) {
				server.kill();
			}
			else {
				server.pause();
			}
		}

		void end(MemcachedServer server) {
			if (this == KILLED) {
				server.restart();
			}
			else {
				server.resume();
			}
		}

	}

	/**
	 * A way to a method that returns a string.
	 */
	@SuppressWarnings("ImmutableEnumChecker") // the functions keep no state
	enum Way {

		PLAIN(Service::plain), SYNC(Service::sync), FUTURE(Service::future, CompletableFuture::join),
		FUTURE_SYNC(Service::futureSync, CompletableFuture::join), MONO(Service::mono, (mono) -> mono.block()),
		MONO_SYNC(Service::monoSync, (mono) -> mono.block()), FLUX(Service::flux, (flux) -> flux.blockLast()),
		FLUX_SYNC(Service::fluxSync, (flux) -> flux.blockLast());

		private final Method<String> method;

		Way(Method<String> method) {
			this.method = method;
		}

		<R> Way(Method<R> method, Function<R, @Nullable String> result) {
			this.method = (service, key, work) -> result.apply(method.call(service, key, work));
		}

		@Nullable String call(Service service, Object key, Callable<String> work) {
			try {
				return this.method.call(service, key, work);
			}
			catch (CompletionException ex) {
				if (ex.getCause() instanceof RuntimeException cause) {
					throw cause;
				}
				throw ex;
			}
		}

		/**
		 * A cached method.
		 */
		interface Method<R> {

			@Nullable R call(Service service, Object key, Callable<String> work);

		}

	}

	private record ThrowingAccessor(String text) {

		@Override
		@SuppressWarnings("UnusedMethod") // it is, by reflection
		public String text() {
			throw new IllegalStateException("no text");
		}

	}

	private static final class ThrowingToString {

		private final Throwable throwable;

		ThrowingToString(Throwable throwable) {
			this.throwable = throwable;
		}

		@Override
		public String toString() {
			if (this.throwable instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) this.throwable;
		}

	}

	private static final class ThrowingHashCode {

		@Override
		public boolean equals(@Nullable Object other) {
			throw new IllegalStateException("not equal");
		}

		@Override
		public int hashCode() {
			throw new IllegalStateException("no hash");
		}

		@Override
		public String toString() {
			return "key";
		}

	}

	static final class NoResource extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
