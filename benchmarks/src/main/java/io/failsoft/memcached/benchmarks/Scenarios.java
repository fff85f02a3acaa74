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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;

import org.springframework.cache.Cache;

/**
 * Figures without a counterpart at the peers: asynchronous reads, many callers on a cold
 * key, an open breaker, and how the cost grows with the work.
 */
final class Scenarios {

	private static final int GETS = 20_000;

	/** Asynchronous reads under way at a time. */
	private static final int WINDOW = 256;

	private static final int FILLERS = 16;

	private static final int TRIES = 100;

	private static final int CALLERS = 1000;

	private static final long LOAD_MILLIS = 100;

	private final StringBuilder lines = new StringBuilder();

	/**
	 * Runs all.
	 * @return a table
	 */
	static String table() {
		Scenarios scenarios = new Scenarios();
		scenarios.asynchronousReads();
		scenarios.oneConnection(100);
		scenarios.oneConnection(10_000);
		scenarios.coldKey();
		scenarios.openBreaker();
		for (Growth growth : Growth.values()) {
			scenarios.line(growth.title(), growth.figures());
		}
		return "\n### Other figures\n\n| | |\n|---|---|\n" + scenarios.lines;
	}

	private void line(String title, String figures) {
		this.lines.append("| ").append(title).append(" | ").append(figures).append(" |\n");
	}

	private void asynchronousReads() {
		try (Server server = Server.memcached(); Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache();
			fill(ours, 0, OperationBenchmark.KEYS, Values.city(0));
			Medians blocking = new Medians();
			Medians asynchronous = new Medians();
			Medians ratio = new Medians();
			Set<String> threads = ConcurrentHashMap.newKeySet();
			for (int round = 0; round < 5; round++) {
				double one = perSecond(() -> repeat(GETS, (key) -> Objects.requireNonNull(cache.get(key))));
				double many = perSecond(() -> retrieveAll(cache, threads));
				blocking.add(one);
				asynchronous.add(many);
				ratio.add(many / one);
			}
			line("one caller: blocking gets; `retrieve`, " + WINDOW + " under way",
					String.format("%,.0f; %,.0f per second: %.1f times as many; completed on %s", blocking.get(),
							asynchronous.get(), ratio.get(), kinds(threads)));
		}
	}

	private static double perSecond(Runnable task) {
		long began = System.nanoTime();
		task.run();
		return GETS * 1e9 / (System.nanoTime() - began);
	}

	private static void retrieveAll(Cache cache, Set<String> threads) {
		Semaphore window = new Semaphore(WINDOW);
		AtomicInteger missing = new AtomicInteger();
		for (int i = 0; i < GETS; i++) {
			window.acquireUninterruptibly();
			CompletableFuture<?> future = Objects.requireNonNull(cache.retrieve((long) (i % OperationBenchmark.KEYS)));
			future.whenComplete((value, failure) -> {
				threads.add(Thread.currentThread().getName());
				if (value == null) {
					missing.incrementAndGet();
				}
				window.release();
			});
		}
		window.acquireUninterruptibly(WINDOW);
		if (missing.get() != 0) {
			throw new IllegalStateException(missing + " reads found nothing");
		}
	}

	/** Names of threads without their numbers. */
	private static String kinds(Set<String> threads) {
		Map<String, Integer> kinds = new TreeMap<>();
		threads.forEach((name) -> kinds.merge(name.replaceAll("[0-9]+", "N"), 1, Integer::sum));
		return kinds.toString();
	}

	/**
	 * Lets more and more callers read at once.
	 */
	private void oneConnection(int bytes) {
		List<String> figures = new ArrayList<>();
		try (Server server = Server.memcached(); Failsoft ours = connect(List.of(server))) {
			fill(ours, 0, CALLERS, "x".repeat(bytes));
			for (int callers : List.of(1, 8, 64, 512)) {
				Medians perSecond = new Medians();
				Medians inputAndOutput = new Medians();
				// A round of warming up.
				for (int round = -1; round < 3; round++) {
					long spent = nanosOfInputAndOutput();
					long began = System.nanoTime();
					double hits = hitsWithin(2, ours, callers);
					if (round >= 0) {
						perSecond.add(hits * 1e9 / (System.nanoTime() - began));
						inputAndOutput.add((nanosOfInputAndOutput() - spent) / 1e3 / hits);
					}
				}
				figures.add(String.format("%d: %,.0f, %.1f MB, %.1f µs", callers, perSecond.get(),
						perSecond.get() * bytes / 1e6, inputAndOutput.get()));
			}
		}
		line(String.format("hits of %,d bytes over one connection, by number of callers: per second, and the processor "
				+ "time of the I/O thread for each", bytes), String.join("; ", figures));
	}

	private static long hitsWithin(long seconds, Contender cache, int callers) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		Callable<Long> caller = () -> {
			long hits = 0;
			for (; System.nanoTime() - end < 0; hits++) {
				Objects.requireNonNull(cache.get(hits % CALLERS), "A miss");
			}
			return hits;
		};
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		try {
			return Server.unchecked(() -> executor.invokeAll(Collections.nCopies(callers, caller)))
				.stream()
				.mapToLong((task) -> Server.unchecked(task::get))
				.sum();
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static long nanosOfInputAndOutput() {
		var threads = ManagementFactory.getThreadMXBean();
		return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
			.filter((thread) -> thread != null && thread.getThreadName().startsWith("failsoft-memcached-io-"))
			.mapToLong((thread) -> threads.getThreadCpuTime(thread.getThreadId()))
			.sum();
	}

	/**
	 * Lets many callers ask at once for a key that has to be loaded. To start, and to
	 * wake, so many threads takes time of its own, so the same is done without a cache,
	 * and with keys that are there.
	 */
	private void coldKey() {
		Medians cold = new Medians();
		Medians bare = new Medians();
		Medians gets = new Medians();
		try (Server server = Server.memcached(); Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache();
			fill(ours, 0, CALLERS, Values.city(0));
			// Two rounds of warming up.
			for (int round = -2; round < 7; round++) {
				long key = -3L - round;
				AtomicInteger loads = new AtomicInteger();
				double coldMillis = together((caller) -> cache.get(key, () -> load(loads)));
				if (loads.get() != 1) {
					throw new IllegalStateException(loads + " loads of one key");
				}
				CompletableFuture<String> result = new CompletableFuture<>();
				double bareMillis = together((caller) -> {
					if (caller == 0) {
						result.complete(load(loads));
					}
					result.join();
				});
				double getMillis = together(cache::get);
				if (round >= 0) {
					cold.add(coldMillis);
					bare.add(bareMillis);
					gets.add(getMillis);
				}
			}
		}
		line(CALLERS + " callers on one cold key that takes " + LOAD_MILLIS + " ms to load", String.format(
				"1 load per key; p99 %.0f ms; p99 of as many who wait for a plain future that takes as long: %.0f ms,"
						+ " and of as many who get keys that are there: %.0f ms; medians of the rounds",
				cold.get(), bare.get(), gets.get()));
	}

	private static String load(AtomicInteger loads) {
		loads.incrementAndGet();
		Server.pause(LOAD_MILLIS);
		return "value";
	}

	/** The p99 in milliseconds from the common start until a caller is done. */
	private static double together(LongConsumer operation) {
		long[] nanos = new long[CALLERS];
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			threads.add(new Thread(() -> {
				Server.unchecked(() -> start.await(1, TimeUnit.MINUTES));
				operation.accept(caller);
				nanos[caller] = System.nanoTime();
			}));
		}
		threads.forEach(Thread::start);
		Server.pause(200);
		long began = System.nanoTime();
		start.countDown();
		threads.forEach((thread) -> Server.closeUnchecked(thread::join));
		return (Medians.percentile(nanos, 99) - began) / 1e6;
	}

	private void openBreaker() {
		Server server = Server.memcached();
		try (Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache();
			server.close();
			ours.awaitDown();
			ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			repeat(20 * GETS, cache::get);
			long allocated = threads.getCurrentThreadAllocatedBytes();
			double perSecond = perSecond(() -> repeat(GETS, cache::get));
			line("get while the breaker is open", String.format("%.2f µs, %d B", 1e6 / perSecond,
					(threads.getCurrentThreadAllocatedBytes() - allocated) / GETS));
		}
	}

	static Failsoft connect(List<Server> servers) {
		return new Failsoft(servers.stream().map(Server::address).toList(), "jdk");
	}

	/**
	 * Fills a cache. A put that fails leaves nothing, which only a get tells.
	 * @param cache the cache
	 * @param first the first key
	 * @param keys the number of keys
	 * @param value the value
	 */
	static void fill(Contender cache, long first, int keys, Object value) {
		ExecutorService executor = Executors.newFixedThreadPool(FILLERS);
		try {
			List<Callable<Boolean>> fillers = new ArrayList<>();
			for (long filler = first; filler < first + FILLERS; filler++) {
				long start = filler;
				fillers.add(() -> {
					for (long key = start; key < first + keys; key += FILLERS) {
						for (int tries = 0; cache.get(key) == null; tries++) {
							if (tries == TRIES) {
								throw new IllegalStateException("A key is not there though it was put often");
							}
							cache.put(key, value);
							Server.pause(Math.max(0, tries - 1));
						}
					}
					return true;
				});
			}
			Server.unchecked(() -> executor.invokeAll(fillers)).forEach((filler) -> Server.unchecked(filler::get));
		}
		finally {
			executor.shutdownNow();
		}
	}

	static void repeat(int times, LongConsumer operation) {
		for (int i = 0; i < times; i++) {
			operation.accept(i % OperationBenchmark.KEYS);
		}
	}

}
