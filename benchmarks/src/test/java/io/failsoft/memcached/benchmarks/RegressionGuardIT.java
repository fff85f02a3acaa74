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
import io.failsoft.memcached.client.ServerSnapshot;
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

	private static final int ROUNDS = 30;

	/** A quarter of a processor's time may go to others without a test failing. */
	private static final double MAX_RATIO = 1.5;

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
			Cache cache = ours.cache("cities");
			server.close();
			ours.awaitAll(ServerSnapshot.State.DOWN);
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

	private static void assertNoSlowerThanTheRawClient(Function<Contender, LongConsumer> operation) {
		try (Server server = Server.memcached();
				Contender raw = ContenderType.XMEMCACHED.create(server.address());
				Contender ours = ContenderType.FAILSOFT.create(server.address())) {
			repeat(KEYS, put(raw));
			repeat(KEYS, put(ours));
			assertInTurns(operation.apply(ours), operation.apply(raw));
		}
	}

	@Test
	void aHitTakesNoLongerWithTwentyServersThanWithOneByAWideMargin() {
		List<Server> one = Server.memcachedOnPorts(1);
		List<Server> twenty = Server.memcachedOnPorts(20);
		try (Failsoft withOne = Scenarios.connect(one); Failsoft withTwenty = Scenarios.connect(twenty)) {
			Contender few = new SpringContender(withOne.cache("cities"), () -> {
			});
			Contender many = new SpringContender(withTwenty.cache("cities"), () -> {
			});
			repeat(KEYS, put(few));
			repeat(KEYS, put(many));
			assertInTurns(many::get, few::get);
		}
		finally {
			one.get(0).close();
			twenty.get(0).close();
		}
	}

	private static void assertInTurns(LongConsumer operation, LongConsumer reference) {
		repeat(WARM_UP / 2, reference);
		repeat(WARM_UP / 2, operation);
		double[] ratios = new double[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			ratios[i] = (double) medianNanos(operation) / medianNanos(reference);
		}
		Arrays.sort(ratios);
		assertThat(ratios[ROUNDS / 2]).as("ratios %s", Arrays.toString(ratios)).isLessThan(MAX_RATIO);
	}

	@Test
	void asynchronousReadsTakeNoThreadEachAndNoneOfTheClients() {
		Set<String> threads = ConcurrentHashMap.newKeySet();
		try (Server server = Server.memcached();
				Failsoft ours = new Failsoft(List.of(server.address()), Failsoft.jdk())) {
			ours.awaitUp();
			Cache cache = ours.cache("cities");
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

	private static long medianNanos(LongConsumer operation) {
		long[] nanos = new long[301];
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			operation.accept(i);
			nanos[i] = System.nanoTime() - start;
		}
		return Percentiles.of(nanos, 50);
	}

	private static void repeat(int times, LongConsumer operation) {
		for (int i = 0; i < times; i++) {
			operation.accept(i % KEYS);
		}
	}

}
