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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.failsoft.memcached.cache.Invocation.InvocationCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.cache.support.NullValue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The cache on a real memcached, with two instances of an application side by side.
 */
class MemcachedCacheIT {

	private final MemcachedServer server = MemcachedServer.start();

	private final Application one = new Application(this.server, "shop");

	private final Application two = new Application(this.server, "shop");

	@BeforeEach
	void connect() {
		this.one.awaitUp();
		this.two.awaitUp();
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.server.close();
	}

	@Test
	void whatOneInstancePutsTheOtherGets() {
		this.one.cache("books").put("1", "Emma");
		assertThat(value(this.two.cache("books"), "1")).isEqualTo("Emma");
		assertThat(this.two.cache("books").get("1", String.class)).isEqualTo("Emma");
	}

	@Test
	void aRefusedKeyIsReportedOncePerInvocation() {
		MemcachedCache books = this.one.cache("books");
		for (int i = 0; i < 3; i++) {
			Cache view = new InvocationCache(books, null, new Invocation((value) -> true, false, null, null), false);
			Object key = new Object();
			assertThat(view.get(key)).isNull();
			view.put(key, "Emma");
		}
		assertThat(books.getStatistics().getFailures(Reason.KEY)).isEqualTo(3);
		new InvocationCache(books, () -> null, new Invocation((value) -> true, false, null, null), false)
			.put(new Object(), "Emma");
		assertThat(books.getStatistics().getFailures(Reason.KEY)).isEqualTo(4);
	}

	@Test
	void nullIsCached() {
		this.one.cache("books").put("1", null);
		ValueWrapper wrapper = this.two.cache("books").get("1");
		assertThat(wrapper).isNotNull();
		assertThat(wrapper.get()).isNull();
		AtomicInteger calls = new AtomicInteger();
		assertThat(this.two.cache("books").<Object>get("1", calls::incrementAndGet)).isNull();
		assertThat(calls).hasValue(0);
	}

	@Test
	void whereNullIsNotCachedItIsReturnedAndNothingIsStored() {
		try (Application strict = new Application(this.server, "strict",
				(settings) -> settings.toBuilder().nullValues(false).build())) {
			strict.awaitUp();
			Cache cache = strict.cache("books");
			AtomicInteger calls = new AtomicInteger();
			for (int i = 0; i < 2; i++) {
				assertThat(cache.<Object>get("1", () -> {
					calls.incrementAndGet();
					return null;
				})).isNull();
			}
			assertThat(calls).hasValue(2);
			cache.put("2", "old");
			cache.put("2", null);
			assertThat(cache.get("2")).isNull();
		}
	}

	@Test
	void springsMarkForNullIsReadAsNull() {
		this.one.cache("books").put("1", NullValue.INSTANCE);
		ValueWrapper wrapper = this.two.cache("books").get("1");
		assertThat(wrapper).isNotNull();
		assertThat(wrapper.get()).isNull();
		try (Application strict = new Application(this.server, "strict",
				(settings) -> settings.toBuilder().nullValues(false).build())) {
			strict.awaitUp();
			strict.cache("books").put("1", NullValue.INSTANCE);
			assertThat(strict.cache("books").get("1")).isNull();
		}
	}

	@Test
	void aPutThatStoresNothingIsNotCountedAsOne() {
		try (Application strict = new Application(this.server, "strict",
				(settings) -> settings.toBuilder().nullValues(false).build())) {
			strict.awaitUp();
			MemcachedCache books = strict.cache("books");
			books.put("1", "Emma");
			assertThat(books.getStatistics().getPuts()).isEqualTo(1);
			books.put("1", null);
			books.put("1", new Object());
			books.<Object>get("2", () -> null);
			Cache view = new InvocationCache(books, () -> null, new Invocation((value) -> true, false, null, null),
					false);
			books.evict("3");
			view.put("3", "overtaken by the eviction, so a tombstone");
			assertThat(books.get("3")).isNull();
			assertThat(books.getStatistics().getPuts()).isEqualTo(1);
			assertThat(books.<Object>get("2", () -> "Emma")).isEqualTo("Emma");
			assertThat(books.putIfAbsent("4", "Emma")).isNull();
			assertThat(books.getStatistics().getPuts()).isEqualTo(3);
		}
	}

	@Test
	void aValueOfAnotherTypeThanAskedForIsAnError() {
		Cache cache = this.one.cache("books");
		cache.put("1", "Emma");
		assertThatIllegalStateException().isThrownBy(() -> cache.get("1", Integer.class));
	}

	@Test
	void putIfAbsentStoresOnceAndReturnsWhatIsThere() {
		assertThat(this.one.cache("books").putIfAbsent("1", "Emma")).isNull();
		ValueWrapper present = this.two.cache("books").putIfAbsent("1", "Persuasion");
		assertThat(present).isNotNull();
		assertThat(present.get()).isEqualTo("Emma");
		this.one.cache("books").evict("1");
		assertThat(this.two.cache("books").putIfAbsent("1", "Persuasion")).as("a tombstone is absent").isNull();
		assertThat(value(this.one.cache("books"), "1")).isEqualTo("Persuasion");
	}

	@Test
	void evictIfPresentTellsWhetherThereWasAnEntry() {
		Cache cache = this.one.cache("books");
		assertThat(cache.evictIfPresent("1")).isFalse();
		cache.put("1", "Emma");
		assertThat(cache.evictIfPresent("1")).isTrue();
		assertThat(cache.evictIfPresent("1")).isFalse();
		assertThat(cache.get("1")).isNull();
	}

	@Test
	void clearEmptiesOneCacheOfOneApplicationForEveryInstanceAndForGood() {
		try (Application other = new Application(this.server, "other")) {
			other.awaitUp();
			for (int i = 0; i < 50; i++) {
				this.one.cache("books").put(i, "book " + i);
			}
			this.one.cache("authors").put(1, "Austen");
			other.cache("books").put(1, "other");
			long items = Long.parseLong(this.server.stats().getOrDefault("cmd_set", "0"));
			this.one.cache("books").clear();
			assertThat(Long.parseLong(this.server.stats().getOrDefault("cmd_set", "0")) - items).isEqualTo(1);
			assertThat(Long.parseLong(this.server.stats().getOrDefault("cmd_flush", "0"))).isZero();
			for (int i = 0; i < 50; i++) {
				assertThat(this.two.cache("books").get(i)).isNull();
			}
			assertThat(value(this.two.cache("authors"), 1)).isEqualTo("Austen");
			assertThat(value(other.cache("books"), 1)).isEqualTo("other");
			String generationKey = new CacheKeys("shop", "books").own("g2").toString();
			assertThat(this.server.command("delete " + generationKey)).containsExactly("DELETED");
			for (int i = 0; i < 50; i++) {
				assertThat(this.two.cache("books").get(i)).isNull();
				assertThat(this.one.cache("books").get(i)).isNull();
			}
		}
	}

	@Test
	void eachOperationIsTheFewestCommands() {
		// Two idle connections could beat at once, which would count as a command.
		this.two.close();
		Cache cache = this.one.cache("books");
		cache.put("warm", "up");
		assertCommands("put", 0, 1, () -> cache.put("1", "Emma"));
		assertCommands("get hit", 1, 0, () -> cache.get("1"));
		assertCommands("get miss", 1, 0, () -> cache.get("2"));
		assertCommands("evict", 0, 1, () -> cache.evict("1"));
		assertCommands("loader miss", 1, 1, () -> cache.get("3", () -> "loaded"));
		assertCommands("loader hit", 1, 0, () -> cache.get("3", () -> "loaded"));
		assertCommands("clear", 0, 1, cache::clear);
	}

	/** One {@code gets} of two keys is one command; the server counts a get per key. */
	private void assertCommands(String what, int gets, int sets, Runnable operation) {
		Map<String, String> before = this.server.stats();
		operation.run();
		Map<String, String> after = this.server.stats();
		// The heartbeat of an idle connection reads one key.
		assertThat((counter(after, "cmd_get") - counter(before, "cmd_get")) / 2).as(what + ": gets").isEqualTo(gets);
		assertThat(counter(after, "cmd_set") - counter(before, "cmd_set")).as(what + ": sets").isEqualTo(sets);
		assertThat(counter(after, "cmd_touch") - counter(before, "cmd_touch")).isZero();
	}

	private static long counter(Map<String, String> stats, String name) {
		return Long.parseLong(stats.getOrDefault(name, "0"));
	}

	@Test
	void aLoadThatFinishesAfterAnEvictionDoesNotBringTheOldValueBack() {
		Cache cache = this.one.cache("books");
		Object loaded = cache.get("1", () -> {
			this.two.cache("books").evict("1");
			return "old";
		});
		assertThat(loaded).isEqualTo("old");
		assertThat(cache.get("1")).isNull();
		assertThat(this.two.cache("books").get("1")).isNull();
	}

	@Test
	void manyCallersOfOneColdKeyLoadItOnce() throws Exception {
		Cache cache = this.one.cache("books");
		AtomicInteger loads = new AtomicInteger();
		CountDownLatch ready = new CountDownLatch(50);
		Callable<@Nullable Object> call = () -> cache.get("cold", () -> {
			loads.incrementAndGet();
			ready.await(20, TimeUnit.SECONDS);
			return "warm";
		});
		ExecutorService executor = Executors.newFixedThreadPool(50);
		try {
			List<Future<@Nullable Object>> futures = IntStream.range(0, 50).mapToObj((i) -> executor.submit(() -> {
				ready.countDown();
				return call.call();
			})).toList();
			for (Future<@Nullable Object> future : futures) {
				assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo("warm");
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(loads).hasValue(1);
	}

	@Test
	void underALeaseTwoInstancesLoadAColdKeyOnce() throws Exception {
		UnaryOperator<MemcachedCacheSettings> leased = (
				settings) -> settings.toBuilder().loadLease(Duration.ofSeconds(20)).build();
		try (Application a = new Application(this.server, "leased", leased);
				Application b = new Application(this.server, "leased", leased)) {
			a.awaitUp();
			b.awaitUp();
			AtomicInteger loads = new AtomicInteger();
			CountDownLatch loading = new CountDownLatch(1);
			CountDownLatch go = new CountDownLatch(1);
			ExecutorService executor = Executors.newFixedThreadPool(2);
			try {
				Future<@Nullable Object> first = executor.submit(() -> a.cache("books").<Object>get("cold", () -> {
					loads.incrementAndGet();
					loading.countDown();
					go.await(20, TimeUnit.SECONDS);
					return "warm";
				}));
				assertThat(loading.await(20, TimeUnit.SECONDS)).isTrue();
				Future<@Nullable Object> second = executor
					.submit(() -> b.cache("books").<Object>get("cold", loads::incrementAndGet));
				CompletableFuture<String> third = b.cache("books")
					.retrieve("cold", () -> CompletableFuture.completedFuture("loaded " + loads.incrementAndGet()));
				go.countDown();
				assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("warm");
				assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("warm");
				assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo("warm");
			}
			finally {
				executor.shutdownNow();
			}
			assertThat(loads).hasValue(1);
			a.cache("books").evict("cold");
			long began = System.nanoTime();
			assertThat(b.cache("books").<Object>get("cold", loads::incrementAndGet)).as("the lease was given back")
				.isEqualTo(2);
			assertThat(Duration.ofNanos(System.nanoTime() - began)).as("the lease was given back")
				.isLessThan(Duration.ofSeconds(10));
		}
	}

	@Test
	void aHolderThatDiesKeepsNobodyFromLoadingForLongerThanTheLease() {
		try (Application a = new Application(this.server, "leased",
				(settings) -> settings.toBuilder().loadLease(Duration.ofMillis(300)).build())) {
			a.awaitUp();
			CacheKeys keys = new CacheKeys("leased", "books");
			String lease = keys.leaseKey(keys.of("cold"), "l").toString();
			assertThat(this.server.command("add " + lease + " 0 60 1\r\nL")).containsExactly("STORED");
			long began = System.nanoTime();
			assertThat(a.cache("books").<String>get("cold", () -> "loaded")).isEqualTo("loaded");
			assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(250),
					Duration.ofSeconds(15));
		}
	}

	@Test
	void anEntryThatIsReadLivesOnButNoLongerThanItsTimeToLive() {
		try (Application a = new Application(this.server, "idle",
				(settings) -> settings.toBuilder()
					.timeToIdle(Duration.ofSeconds(100))
					.timeToLive(Duration.ofSeconds(1000))
					.build())) {
			a.awaitUp();
			a.cache("books").put("1", "Emma");
			String key = new CacheKeys("idle", "books").of("1").toString();
			assertThat(this.server.command("touch " + key + " 5")).containsExactly("TOUCHED");
			assertThat(value(a.cache("books"), "1")).isEqualTo("Emma");
			long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
			while (secondsLeft(key) < 50) {
				assertThat(System.nanoTime() - deadline).as("the read should have put the expiry off").isNegative();
			}
			assertThat(secondsLeft(key)).isBetween(50L, 100L);
		}
	}

	private long secondsLeft(String key) {
		return Long.parseLong(this.server.command("mg " + key + " t").get(0).substring("HD t".length()));
	}

	@Test
	void whenTheTimeToLiveFunctionThrowsThenTheLoadedValueIsReturnedAndNothingOlderIsLeft() {
		try (Application odd = new Application(this.server, "odd",
				(settings) -> settings.toBuilder().timeToLive((key, value) -> {
					if ("bad".equals(value)) {
						throw new IllegalStateException("no time to live");
					}
					return Duration.ofMinutes(1);
				}).build())) {
			odd.awaitUp();
			Cache cache = odd.cache("books");
			assertThat(cache.<String>get("1", () -> "bad")).isEqualTo("bad");
			cache.put("2", "good");
			cache.put("2", "bad");
			assertThat(cache.get("2")).isNull();
		}
	}

	@Test
	void whenALoaderReturnsNoFutureThenItsCallersFailAndTheNextLoads() throws Exception {
		MemcachedCache cache = this.one.cache("books");
		assertThat(cache.retrieve("1", () -> null)).failsWithin(Duration.ofSeconds(10));
		assertThat(cache.retrieve("1", () -> CompletableFuture.completedFuture("Emma")).get(10, TimeUnit.SECONDS))
			.isEqualTo("Emma");
	}

	@Test
	void theLoadersExceptionReachesTheCallerAndNothingIsStored() {
		Cache cache = this.one.cache("books");
		IllegalArgumentException failure = new IllegalArgumentException("no such book");
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> cache.get("1", () -> {
			throw failure;
		})).withCause(failure);
		assertThat(cache.get("1")).isNull();
	}

	@Test
	void asynchronousReadsHitMissAndLoad() throws Exception {
		MemcachedCache cache = this.one.cache("books");
		assertThat(cache.retrieve("1").get(10, TimeUnit.SECONDS)).isNull();
		assertThat(cache.retrieve("1", () -> CompletableFuture.completedFuture("Emma")).get(10, TimeUnit.SECONDS))
			.isEqualTo("Emma");
		assertThat(cache.retrieve("1").get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(ValueWrapper.class,
				(wrapper) -> assertThat(wrapper.get()).isEqualTo("Emma"));
		assertThat(cache.retrieve("1", () -> CompletableFuture.failedFuture(new AssertionError("called")))
			.get(10, TimeUnit.SECONDS)).isEqualTo("Emma");
	}

	@Test
	void keysThatCollideElsewhereAreDistinct() {
		Cache cache = this.one.cache("books");
		Object[] keys = { "a b", "ab", 1, 1L, "1", new SimpleKey("a,b"), new SimpleKey("a", "b"), new SimpleKey("a, b"),
				"", "\n", "x".repeat(300), "x".repeat(301), "\u00e4", "\ud83d\ude00", List.of("a", "b"),
				SimpleKey.EMPTY };
		for (int i = 0; i < keys.length; i++) {
			cache.put(keys[i], i);
		}
		for (int i = 0; i < keys.length; i++) {
			assertThat(value(cache, keys[i])).as("key %d", i).isEqualTo(i);
		}
	}

	@Test
	void aValueTheServerDoesNotTakeIsReturnedAndWhatWasThereIsGone() {
		Cache cache = this.one.cache("books");
		cache.put("1", "old");
		byte[] large = new byte[3 << 20];
		new SplittableRandom(42).nextBytes(large);
		cache.put("1", large);
		assertThat(value(this.one.cache("books"), "1")).isNull();
		this.one.awaitNothingPending();
		assertThat(value(this.two.cache("books"), "1")).isNull();
	}

	@Test
	void whenTheServerIsKilledThenMethodsAreCalledAndWhenItIsBackItIsUsedAgain() {
		Cache cache = this.one.cache("books");
		cache.put("1", "old");
		this.server.kill();
		assertThat(cache.get("1")).isNull();
		assertThat(cache.<String>get("1", () -> "loaded")).isEqualTo("loaded");
		cache.put("1", "new");
		cache.evict("1");
		cache.clear();
		this.server.restart();
		this.one.awaitUp();
		assertThat(cache.get("1")).isNull();
		cache.put("1", "newer");
		assertThat(value(cache, "1")).isEqualTo("newer");
	}

	@Test
	void whenAnEvictionIsSwallowedByAHungServerThenItsValueIsNotServedAgain() {
		Cache cache = this.one.cache("books");
		cache.put("1", "old");
		this.server.pause();
		cache.evict("1");
		assertThat(cache.get("1")).isNull();
		this.server.resume();
		this.one.awaitUp();
		assertThat(cache.get("1")).isNull();
		this.one.awaitNothingPending();
		assertThat(this.two.cache("books").get("1")).isNull();
	}

	private static @Nullable Object value(Cache cache, Object key) {
		ValueWrapper wrapper = cache.get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

}
