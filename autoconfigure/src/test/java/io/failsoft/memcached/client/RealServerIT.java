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

package io.failsoft.memcached.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client and a real memcached in good health.
 */
class RealServerIT {

	private static final byte[] NOTHING = {};

	@Test
	void storesAndReads() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			MemcachedKey key = TestPool.key("a");
			assertThat(TestPool.get(link, "a").first()).isNull();
			assertThat(link.set(key, 0, TestPool.bytes("head"), TestPool.bytes("body")).await(TestPool.WAIT).stored())
				.isTrue();
			Reply read = link.gets(key, TestPool.key("b")).await(TestPool.WAIT);
			assertThat(read.failure()).isNull();
			assertThat(TestPool.value(read)).isEqualTo(TestPool.bytes("headbody"));
			assertThat(read.second()).isNull();
			Reply.Item item = TestPool.item(read.first());
			assertThat(link.add(key, 0, NOTHING, NOTHING).await(TestPool.WAIT).stored()).isFalse();
			assertThat(link.cas(key, 0, NOTHING, TestPool.bytes("new"), item.cas()).await(TestPool.WAIT).stored())
				.isTrue();
			assertThat(link.cas(key, 0, NOTHING, TestPool.bytes("late"), item.cas()).await(TestPool.WAIT).stored())
				.isFalse();
			assertThat(link.add(TestPool.key("b"), 0, NOTHING, NOTHING).await(TestPool.WAIT).stored()).isTrue();
			Reply both = link.gets(TestPool.key("missing"), TestPool.key("b")).await(TestPool.WAIT);
			assertThat(both.first()).isNull();
			assertThat(TestPool.item(both.second()).value()).isEmpty();
			assertThat(link.touch(key, 100).await(TestPool.WAIT).stored()).isTrue();
			assertThat(link.touch(TestPool.key("missing"), 100).await(TestPool.WAIT).stored()).isFalse();
			// A heartbeat may be under way, if the machine paused.
			TestPool.await("nothing is under way", () -> pool.snapshot().inFlight() == 0);
			ServerSnapshot snapshot = pool.snapshot();
			assertThat(snapshot.state()).isEqualTo(ServerSnapshot.State.UP);
			assertThat(snapshot.version()).startsWith("1.");
			assertThat(snapshot.latency()).isPositive();
		}
	}

	@Test
	void whenOneCallerAsksForThousandsAsynchronouslyThenEachIsAnsweredOrRefusedAndAllPlacesAreGivenBack()
			throws Exception {
		int times = 5000;
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.settings(64, 16L << 20), TestPool.address(memcached))) {
			Link link = pool.up();
			TestPool.set(link, "a", TestPool.bytes("value"));
			List<CompletableFuture<Reply>> futures = new ArrayList<>();
			for (int i = 0; i < times; i++) {
				futures.add(link.gets(TestPool.key("a")).toFuture(TimeUnit.SECONDS.toNanos(20), executor));
			}
			int answered = 0;
			for (CompletableFuture<Reply> future : futures) {
				Reply reply = future.get(20, TimeUnit.SECONDS);
				if (reply.failure() == null) {
					answered++;
					assertThat(TestPool.value(reply)).isEqualTo(TestPool.bytes("value"));
				}
				else {
					assertThat(reply.failure()).as(reply.detail()).isEqualTo(Failure.OVERLOADED);
				}
			}
			assertThat(answered).isGreaterThanOrEqualTo(64);
			TestPool.await("all places are free", () -> pool.snapshot().inFlight() == 0);
			assertThat(TestPool.get(link, "a").failure()).isNull();
			assertThat(link.isOpen()).isTrue();
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * After each burst nobody sends anything until all are answered, so that a request
	 * that is left unwritten is found.
	 */
	@Test
	void afterBurstsOfAnySizeNoRequestIsLeftUnwritten() throws Exception {
		int threads = 12;
		int bursts = 6000;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			CyclicBarrier burst = new CyclicBarrier(threads);
			List<Future<?>> results = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				int thread = t;
				results.add(executor.submit(() -> {
					for (int i = 0; i < bursts; i++) {
						burst.await(20, TimeUnit.SECONDS);
						if (thread <= i % threads) {
							assertThat(link.gets(TestPool.key("a")).await(TestPool.WAIT).failure()).isNull();
						}
					}
					return null;
				}));
			}
			for (Future<?> result : results) {
				result.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void sixteenThreadsGetWhatTheyStored() throws Exception {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		int threads = 16;
		int rounds = 2000;
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			ExecutorService executor = Executors.newFixedThreadPool(threads);
			try {
				long start = System.nanoTime();
				List<Future<Integer>> results = new ArrayList<>();
				for (int t = 0; t < threads; t++) {
					results.add(executor.submit(hammer(link, t, rounds, new Random(seed + t))));
				}
				for (Future<Integer> result : results) {
					assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(rounds);
				}
				System.out.printf("%d operations by %d threads in %.0f ms%n", 2 * threads * rounds, threads,
						TestPool.millisSince(start));
			}
			finally {
				executor.shutdownNow();
			}
			assertThat(pool.losses).hasValue(0);
		}
	}

	private static Callable<Integer> hammer(Link link, int thread, int rounds, Random random) {
		return () -> {
			int right = 0;
			for (int i = 0; i < rounds; i++) {
				byte[] value = new byte[(i % 100 == 0) ? random.nextInt(200_000) : random.nextInt(2000)];
				random.nextBytes(value);
				MemcachedKey key = TestPool.key("t" + thread + "-" + i % 10);
				Reply set = link.set(key, 0, Arrays.copyOf(value, value.length / 2),
						Arrays.copyOfRange(value, value.length / 2, value.length));
				Reply get = link.gets(key);
				if (!set.await(TestPool.WAIT).stored()) {
					throw new AssertionError(set.toString());
				}
				if (!Arrays.equals(TestPool.value(get.await(TestPool.WAIT)), value)) {
					throw new AssertionError("wrong value: " + get);
				}
				right++;
			}
			return right;
		};
	}

	@Test
	void whenKilledAndRestartedThenItIsBack() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
			memcached.kill();
			pool.awaitDown();
			assertThat(link.isOpen()).isFalse();
			assertThat(TestPool.get(link, "k").failure()).isEqualTo(Failure.DOWN);
			assertThat(pool.snapshot().state()).isEqualTo(ServerSnapshot.State.DOWN);
			TestPool.await("lost once", () -> pool.losses.get() == 1);
			long start = System.nanoTime();
			memcached.restart();
			Link fresh = pool.up();
			System.out.printf("back %.0f ms after the restart%n", TestPool.millisSince(start));
			assertThat(fresh).isNotSameAs(link);
			assertThat(TestPool.set(fresh, "k", TestPool.bytes("v2")).stored()).isTrue();
			assertThat(pool.admissions).hasValue(2);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheServerGivesNoCasNumbersThenItIsNotUsedAndOneLineSaysWhy(CapturedOutput output) throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options().withExtraArguments("-C"));
				TestPool pool = new TestPool(TestPool.hasty(3), TestPool.address(memcached))) {
			TestPool.await("tried again and again",
					() -> Integer.parseInt(memcached.stats().getOrDefault("cmd_set", "0")) >= 12);
			assertThat(pool.snapshot().lastFailure()).startsWith("it gives no cas numbers");
			assertThat(pool.admissions).hasValue(0);
		}
		assertThat(output.getAll().lines()).filteredOn((line) -> line.contains("cas numbers"))
			.singleElement()
			.asString()
			.contains("WARN", "is not reachable", "without -C");
	}

	@Test
	void whenSeveralOperationsStartTogetherAfterAnIdleTimeThenThatTimeIsNotTakenForSilence() throws Exception {
		int callers = 4;
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		// Idle for longer than an operation may take, but not long enough for a
		// heartbeat.
		Duration timeout = Duration.ofMillis(450);
		ClientSettings once = new ClientSettings(timeout, timeout, 1024, 16L << 20, 1, Duration.ofMillis(500), false,
				null, null, null);
		try {
			int held = 0;
			for (int round = 0; round < 10; round++) {
				try (FakeServer server = slowServer(); TestPool pool = new TestPool(once, server.address())) {
					Link link = pool.up();
					Thread.sleep(480);
					CyclicBarrier together = new CyclicBarrier(callers);
					List<Future<@Nullable Failure>> outcomes = new ArrayList<>();
					long start = System.nanoTime();
					for (int i = 0; i < callers; i++) {
						outcomes.add(executor.submit(() -> {
							together.await();
							return link.gets(TestPool.key("slow")).await(TestPool.WAIT).failure();
						}));
					}
					List<@Nullable Failure> failures = new ArrayList<>();
					for (Future<@Nullable Failure> outcome : outcomes) {
						failures.add(outcome.get());
					}
					if (TestPool.millisSince(start) >= 400 && held++ < 20) {
						// The machine held them up for as long as an operation may take.
						round--;
						continue;
					}
					assertThat(failures).containsOnlyNulls();
					assertThat(pool.losses).hasValue(0);
				}
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static FakeServer slowServer() throws Exception {
		return new FakeServer((line) -> {
			if (line.startsWith("gets slow")) {
				Thread.sleep(20);
			}
			return null;
		});
	}

}
