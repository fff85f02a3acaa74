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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.Invocation.InvocationCache;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.CacheErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What an invocation waits for when memcached takes its time, and what it does not.
 */
class SlowServerIT {

	/** So long that a machine that pauses for a second or two upsets nothing. */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** More than half of the timeout, so that two operations take longer. */
	private static final Duration SLOW = Duration.ofMillis(2_750);

	private final MemcachedServer server = MemcachedServer.start();

	private final FaultProxy proxy = FaultProxy.to(this.server);

	private final Recorder handler = new Recorder();

	private final CacheKeys keys = new CacheKeys("slow", "books");

	@AfterEach
	void stop() {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void aFillThatTakesLongerThanTheInvocationMayWaitIsNoFailure() {
		try (Application application = slow(null)) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.get("warm")).isNull();
			this.proxy.delayReplies(SLOW);
			assertWaits(0, 7_200, () -> cache.<String>get("1", () -> "loaded"));
			assertWaits(0, 7_200, () -> {
				Cache view = new InvocationCache(cache, null, new Invocation((value) -> true, false, null, null),
						false);
				assertThat(view.get("2")).isNull();
				view.put("2", "loaded");
				return null;
			});
			this.proxy.delayReplies(Duration.ZERO);
			await(() -> cache.getStatistics().getPuts() == 2);
			assertThat(read(cache, "1")).isEqualTo("loaded");
			assertThat(read(cache, "2")).isEqualTo("loaded");
			assertThat(this.handler.failures).isEmpty();
		}
	}

	@Test
	void aFillThatIsNeverAnsweredFailsOnceAndIsInvalidated() {
		try (Application application = slow(null)) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.get("warm")).isNull();
			this.proxy.delayReplies(SLOW);
			assertWaits(0, 7_200, () -> cache.<String>get("1", () -> {
				this.proxy.holdReplies();
				return "loaded";
			}));
			await(() -> !this.handler.failures.isEmpty());
			assertThat(this.handler.failures).containsExactly("put");
			assertThat(cache.get("1")).as("what is not known is a miss").isNull();
			this.proxy.pass();
			application.awaitNothingPending();
			assertThat(cache.get("1")).as("the invalidation").isNull();
		}
	}

	@Test
	void askingForTheLeaseIsPartOfTheInvocationsOneTimeoutAndFailsOnce() throws Exception {
		try (Application application = slow(Duration.ofSeconds(30))) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.get("warm")).isNull();
			this.proxy.delayReplies(SLOW);
			assertWaits(4_900, 7_200, () -> cache.<String>get("1", () -> "loaded"));
			assertThat(this.handler.failures).containsExactly("get");
			assertWaits(4_900, 7_200, () -> cache.retrieve("2", () -> CompletableFuture.completedFuture("loaded"))
				.get(30, TimeUnit.SECONDS));
			assertThat(this.handler.failures).containsExactly("get", "get");
		}
	}

	@Test
	void waitingForAnothersLoadIsBoundedByTheLeaseAndNotByTheOperationTimeout() throws Exception {
		try (Application application = slow(Duration.ofSeconds(60)); Application other = slow(null)) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.get("warm")).isNull();
			holdLease("1");
			this.proxy.delayReplies(Duration.ofMillis(100));
			ExecutorService executor = Executors.newSingleThreadExecutor();
			try {
				AtomicInteger loads = new AtomicInteger();
				Future<@Nullable Object> blocking = executor
					.submit(() -> cache.<Object>get("1", loads::incrementAndGet));
				CompletableFuture<Object> asynchronous = cache.retrieve("1",
						() -> CompletableFuture.completedFuture(loads.incrementAndGet()));
				TimeUnit.MILLISECONDS.sleep(TIMEOUT.toMillis() + 1_000);
				assertThat(blocking.isDone()).isFalse();
				assertThat(asynchronous).isNotDone();
				other.cache("books").put("1", "loaded by another");
				assertThat(blocking.get(30, TimeUnit.SECONDS)).isEqualTo("loaded by another");
				assertThat(asynchronous.get(30, TimeUnit.SECONDS)).isEqualTo("loaded by another");
				assertThat(loads).hasValue(0);
				assertThat(this.handler.failures).isEmpty();
			}
			finally {
				executor.shutdownNow();
			}
		}
	}

	@Test
	void whoGaveUpWaitingDoesNotEndTheLeaseOfAnother() throws Exception {
		try (Application application = slow(Duration.ofMillis(300))) {
			MemcachedCache cache = application.cache("books");
			holdLease("1");
			holdLease("2");
			assertThat(cache.<String>get("1", () -> "loaded")).isEqualTo("loaded");
			assertThat(cache.retrieve("2", () -> CompletableFuture.completedFuture("loaded")).get(30, TimeUnit.SECONDS))
				.isEqualTo("loaded");
			assertThat(read(cache, "1")).as("behind whatever would have ended the lease").isEqualTo("loaded");
			assertThat(leaseOf("1")).isTrue();
			assertThat(leaseOf("2")).isTrue();
		}
	}

	@Test
	void aLeaseThatAnotherHasByNowIsNotEnded() {
		try (Application application = slow(Duration.ofSeconds(30))) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.<String>get("1", () -> {
				assertThat(this.server.command("delete " + lease("1"))).containsExactly("DELETED");
				holdLease("1");
				return "loaded";
			})).isEqualTo("loaded");
			assertThat(read(cache, "1")).isEqualTo("loaded");
			assertThat(leaseOf("1")).isTrue();
		}
	}

	@Test
	void aLeaseIsGivenBackWhateverBecomesOfTheLoad() {
		try (Application application = slow(Duration.ofSeconds(30))) {
			MemcachedCache cache = application.cache("books");
			assertThat(cache.<String>get("1", () -> {
				assertThat(leaseOf("1")).isTrue();
				return "loaded";
			})).isEqualTo("loaded");
			await(() -> !leaseOf("1"));
			assertThat(catchThrowable(() -> cache.get("2", () -> {
				throw new IllegalStateException("no such book");
			}))).hasCauseInstanceOf(IllegalStateException.class);
			await(() -> !leaseOf("2"));
			assertThat(cache.retrieve("3", () -> CompletableFuture.failedFuture(new IllegalStateException())))
				.failsWithin(Duration.ofSeconds(30));
			await(() -> !leaseOf("3"));
		}
	}

	private void assertWaits(long atLeast, double atMost, Callable<@Nullable Object> invocation) {
		long began = System.nanoTime();
		double millis = Stopwatch.millis(() -> {
			try {
				invocation.call();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(atLeast));
		assertThat(millis).isLessThanOrEqualTo(atMost);
	}

	private Application slow(@Nullable Duration lease) {
		UnaryOperator<MemcachedCacheSettings> settings = (lease != null)
				? (defaults) -> defaults.toBuilder().loadLease(lease).build() : UnaryOperator.identity();
		Application application = new Application(this.proxy.host(), this.proxy.port(), "slow", settings,
				Application.patient(TIMEOUT), this.handler);
		application.awaitUp();
		return application;
	}

	private String lease(String key) {
		return this.keys.leaseKey(this.keys.of(key), "l").toString();
	}

	private void holdLease(String key) {
		assertThat(this.server.command("add " + lease(key) + " 0 60 1\r\nX")).containsExactly("STORED");
	}

	private boolean leaseOf(String key) {
		return this.server.command("get " + lease(key)).size() > 1;
	}

	private static @Nullable Object read(Cache cache, String key) {
		ValueWrapper wrapper = cache.get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	private static void await(Callable<Boolean> condition) {
		Application.await(condition);
	}

	/**
	 * Notes what failed.
	 */
	private static final class Recorder implements CacheErrorHandler {

		private final List<String> failures = new CopyOnWriteArrayList<>();

		@Override
		public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
			this.failures.add("get");
		}

		@Override
		public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
			this.failures.add("put");
		}

		@Override
		public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
			this.failures.add("evict");
		}

		@Override
		public void handleCacheClearError(RuntimeException exception, Cache cache) {
			this.failures.add("clear");
		}

	}

}
