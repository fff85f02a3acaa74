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

package io.failsoft.memcached.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Figures that no noisy machine can upset: what is sent, what is allocated, and the time
 * taken as a multiple of the raw client's, in turns and with a wide margin.
 */
class RegressionGuardIT {

	private static final int KEYS = 1000;

	private static final int WARM_UP = 20_000;

	private static final int ROUNDS = 15;

	/** A quarter of a processor's time may go to others without a test failing. */
	private static final double MAX_RATIO = 1.5;

	/** Twenty servers are more memory to look at, and take a tenth longer. */
	private static final double MAX_GROWTH = 2;

	private static final int ATTEMPTS = 3;

	private static final int MORE_ATTEMPTS = 8;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@Test
	void operationsAreOneCommandAndLoadsTwo() {
		assertThat(CommandsPerOperation.count(ContenderType.FAILSOFT)).containsExactly(1, 1, 1, 1, 2);
	}

	@Test
	void whatTheDefaultCodecAllocatesIsBounded() {
		assertAllocation(ContenderType.FAILSOFT, 3000, 1500);
	}

	@Test
	void whatABinaryCodecAllocatesIsBounded() {
		assertAllocation(ContenderType.FAILSOFT_BINARY, 1800, 1500);
	}

	@Test
	void whatTheBinaryFormatAllocatesIsBounded() {
		assertAllocation(ContenderType.FAILSOFT_SMILE, 2600, 2200);
	}

	private void assertAllocation(ContenderType type, long maxPerGet, long maxPerPut) {
		try (Server server = type.startServer(); Contender contender = type.create(server.address())) {
			LongConsumer put = put(contender);
			LongConsumer get = contender::get;
			repeat(WARM_UP, put);
			repeat(WARM_UP, get);
			assertThat(allocatedPer(put)).as("bytes per put").isLessThanOrEqualTo(maxPerPut);
			assertThat(allocatedPer(get)).as("bytes per get").isLessThanOrEqualTo(maxPerGet);
		}
	}

	@Test
	void whileTheServerIsDownAGetAllocatesNextToNothing() {
		Server server = Server.memcached();
		try (Failsoft ours = Scenarios.connect(List.of(server))) {
			Cache cache = ours.cache();
			server.close();
			ours.awaitDown();
			repeat(WARM_UP, cache::get);
			assertThat(allocatedPer(cache::get)).as("bytes per get").isLessThanOrEqualTo(300);
		}
	}

	/** On all threads: a reply may be read by one and opened by another. */
	private long allocatedPer(LongConsumer operation) {
		return LongStream.range(0, 5).map((round) -> {
			long before = allocated();
			repeat(KEYS, operation);
			return (allocated() - before) / KEYS;
		}).min().orElseThrow();
	}

	private long allocated() {
		return Arrays.stream(this.threads.getThreadAllocatedBytes(this.threads.getAllThreadIds()))
			.filter((bytes) -> bytes > 0)
			.sum();
	}

	@Test
	void aHitTakesNoLongerThanTheRawClientsByAWideMargin() {
		assertNoSlowerThanTheRawClient((contender) -> contender::get);
	}

	@Test
	void aMissTakesNoLongerThanTheRawClientsByAWideMargin() {
		assertNoSlowerThanTheRawClient((contender) -> (key) -> contender.get(KEYS + key));
	}

	@Test
	void aPutTakesNoLongerThanTheRawClientsByAWideMargin() {
		assertNoSlowerThanTheRawClient(RegressionGuardIT::put);
	}

	private static LongConsumer put(Contender contender) {
		Object value = Values.of(contender, 0);
		return (key) -> contender.put(key, value);
	}

	/**
	 * On which processors a client and its server wake is luck that lasts as long as they
	 * do, and makes the same round trip take 50 or 170 microseconds. So each client is
	 * made anew several times, and the best of one is compared with the best of the
	 * other.
	 */
	private static void assertNoSlowerThanTheRawClient(Function<Contender, LongConsumer> operation) {
		long ours = Long.MAX_VALUE;
		long raw = Long.MAX_VALUE;
		for (int attempt = 0; attempt < ATTEMPTS || (ours >= MAX_RATIO * raw && attempt < MORE_ATTEMPTS); attempt++) {
			ours = Math.min(ours, bestMedianNanos(ContenderType.FAILSOFT, operation));
			raw = Math.min(raw, bestMedianNanos(ContenderType.XMEMCACHED, operation));
		}
		assertThat((double) ours / raw).as("%s ns, the raw client %s ns", ours, raw).isLessThan(MAX_RATIO);
	}

	private static long bestMedianNanos(ContenderType type, Function<Contender, LongConsumer> operation) {
		try (Server server = Server.memcached(); Contender contender = type.create(server.address())) {
			repeat(KEYS, put(contender));
			LongConsumer measured = operation.apply(contender);
			repeat(WARM_UP / 2, measured);
			return LongStream.range(0, ROUNDS).map((round) -> medianNanos(measured)).min().orElseThrow();
		}
	}

	/**
	 * Measured while the servers are down: what is left of a get then is ours, and takes
	 * half a microsecond; with a round trip most of the time would be the machine's,
	 * which wakes twenty threads in turn at two to three times the cost when it is busy.
	 */
	@Test
	void withTwentyServersOurOwnPartOfAGetTakesNoLongerByAWideMargin() {
		List<Server> one = Server.memcachedOnPorts(1);
		List<Server> twenty = Server.memcachedOnPorts(20);
		try (Failsoft withOne = Scenarios.connect(one); Failsoft withTwenty = Scenarios.connect(twenty)) {
			one.get(0).close();
			twenty.get(0).close();
			withOne.awaitDown();
			withTwenty.awaitDown();
			LongConsumer few = withOne.cache()::get;
			LongConsumer many = withTwenty.cache()::get;
			for (int i = 0; i < 10; i++) {
				repeat(WARM_UP, few);
				repeat(WARM_UP, many);
			}
			assertThat(growth(many, few)).isLessThan(MAX_GROWTH);
		}
	}

	@Test
	void withTwentyServersAHitAllocatesWhatItDoesWithOne() {
		List<Server> twenty = Server.memcachedOnPorts(20);
		try (Failsoft ours = Scenarios.connect(twenty)) {
			Cache cache = ours.cache();
			repeat(KEYS, (key) -> cache.put(key, Values.city(0)));
			repeat(WARM_UP, cache::get);
			assertThat(allocatedPer(cache::get)).as("bytes per get").isLessThanOrEqualTo(3000);
		}
		finally {
			twenty.get(0).close();
		}
	}

	private static double growth(LongConsumer many, LongConsumer few) {
		double[] ratios = new double[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			ratios[i] = (double) bestNanos(many) / bestNanos(few);
		}
		Arrays.sort(ratios);
		return ratios[ROUNDS / 2];
	}

	@Test
	void asynchronousReadsTakeNoThreadEachAndNoneOfTheClients() {
		Set<String> threads = ConcurrentHashMap.newKeySet();
		try (Server server = Server.memcached(); Failsoft ours = Scenarios.connect(List.of(server))) {
			Cache cache = ours.cache();
			repeat(KEYS, (key) -> cache.put(key, Values.city(0)));
			CompletableFuture<?>[] reads = new CompletableFuture<?>[KEYS];
			for (int i = 0; i < KEYS; i++) {
				reads[i] = Objects.requireNonNull(cache.retrieve((long) i))
					.thenAccept((wrapper) -> threads.add(Thread.currentThread().getName()));
			}
			CompletableFuture.allOf(reads).join();
		}
		threads.remove(Thread.currentThread().getName());
		assertThat(threads).hasSizeLessThan(KEYS / 10).noneMatch((name) -> name.contains("memcached"));
	}

	/** The best of several, as whatever else runs can only add to it. */
	private static long bestNanos(LongConsumer operation) {
		return LongStream.range(0, 10).map((round) -> {
			long start = System.nanoTime();
			repeat(KEYS, operation);
			return System.nanoTime() - start;
		}).min().orElseThrow();
	}

	private static long medianNanos(LongConsumer operation) {
		long[] nanos = new long[301];
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			operation.accept(i);
			nanos[i] = System.nanoTime() - start;
		}
		return Medians.percentile(nanos, 50);
	}

	private static void repeat(int times, LongConsumer operation) {
		for (int i = 0; i < times; i++) {
			operation.accept(i % KEYS);
		}
	}

}
