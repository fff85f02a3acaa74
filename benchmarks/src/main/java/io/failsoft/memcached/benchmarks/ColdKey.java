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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import org.springframework.cache.Cache;

/**
 * Many callers who ask at once for a key that has to be loaded. To start, and to wake, so
 * many threads takes time of its own, so the same is done without a cache, and with keys
 * that are there.
 */
final class ColdKey {

	private static final int CALLERS = 1000;

	private static final long LOAD_MILLIS = 100;

	private static final int WARM_UPS = 2;

	private static final int ROUNDS = 7;

	static final String TITLE = CALLERS + " callers on one cold key that takes " + LOAD_MILLIS + " ms to load";

	private ColdKey() {
	}

	/**
	 * Measure.
	 * @return the medians over the rounds, in words
	 */
	static String figures() {
		Median cold = new Median();
		Median bare = new Median();
		Median gets = new Median();
		try (Server server = Server.memcached(); Failsoft ours = Scenarios.connect(List.of(server))) {
			Cache cache = ours.cache("cities");
			Scenarios.fill(cache, CALLERS);
			for (int round = -WARM_UPS; round < ROUNDS; round++) {
				long key = -1L - WARM_UPS - round;
				AtomicInteger loads = new AtomicInteger();
				long[] coldNanos = together((caller) -> cache.get(key, () -> load(loads)));
				if (loads.get() != 1) {
					throw new IllegalStateException(loads + " loads of one key");
				}
				long[] bareNanos = withoutCache();
				long[] getNanos = together((caller) -> cache.get(caller));
				if (round >= 0) {
					add(cold, coldNanos);
					add(bare, bareNanos);
					add(gets, getNanos);
				}
			}
		}
		return String.format(
				"1 load per key; p99 %.0f ms; p99 of as many who wait for a plain future that takes as long: %.0f ms,"
						+ " and of as many who get keys that are there: %.0f ms; medians of %d rounds",
				cold.get(), bare.get(), gets.get(), ROUNDS);
	}

	private static void add(Median millis, long[] nanos) {
		millis.add(Percentiles.of(nanos, 99) / 1e6);
	}

	private static String load(AtomicInteger loads) {
		loads.incrementAndGet();
		Pause.millis(LOAD_MILLIS);
		return "value";
	}

	private static long[] withoutCache() {
		AtomicBoolean begun = new AtomicBoolean();
		CompletableFuture<String> result = new CompletableFuture<>();
		return together((caller) -> {
			if (begun.compareAndSet(false, true)) {
				Pause.millis(LOAD_MILLIS);
				result.complete("value");
			}
			result.join();
		});
	}

	/** The time from the common start until each of many callers is done. */
	private static long[] together(LongConsumer operation) {
		long[] nanos = new long[CALLERS];
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			Thread thread = new Thread(() -> {
				await(start);
				operation.accept(caller);
				nanos[caller] = System.nanoTime();
			});
			thread.start();
			threads.add(thread);
		}
		Pause.millis(200);
		long began = System.nanoTime();
		start.countDown();
		for (Thread thread : threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		Arrays.setAll(nanos, (caller) -> nanos[caller] - began);
		return nanos;
	}

	private static void await(CountDownLatch start) {
		try {
			start.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
