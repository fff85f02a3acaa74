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
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import com.sun.management.ThreadMXBean;
import io.failsoft.memcached.client.ServerSnapshot;

import org.springframework.cache.Cache;

/**
 * What has no counterpart with the peers: asynchronous reads, many callers on a cold key,
 * an open breaker, and how the cost grows with the work.
 */
final class Scenarios {

	private static final int GETS = 20_000;

	/** Asynchronous reads under way at a time. */
	private static final int WINDOW = 256;

	private static final int CALLERS = 1000;

	private static final long LOAD_MILLIS = 100;

	private static final int FILLERS = 16;

	private final List<String> lines = new ArrayList<>();

	/**
	 * Run all.
	 * @return a table
	 */
	static String table() {
		Scenarios scenarios = new Scenarios();
		scenarios.lines.add("");
		scenarios.lines.add("### Other figures");
		scenarios.lines.add("");
		scenarios.lines.add("| | |");
		scenarios.lines.add("|---|---|");
		scenarios.asynchronousReads();
		scenarios.coldKey();
		scenarios.openBreaker();
		scenarios.growth("caches", new int[] { 1, 8, 64 });
		scenarios.growth("servers", new int[] { 1, 5, 20 });
		scenarios.growth("keys", new int[] { 10, 10_000, 1_000_000 });
		scenarios.lines.add("");
		return String.join("\n", scenarios.lines);
	}

	private void line(String title, String figures) {
		this.lines.add("| " + title + " | " + figures + " |");
	}

	private void asynchronousReads() {
		try (Server server = Server.memcached(); Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache("cities");
			fill(cache, OperationBenchmark.KEYS);
			double blocking = 0;
			double asynchronous = 0;
			Set<String> threads = ConcurrentHashMap.newKeySet();
			for (int round = 0; round < 5; round++) {
				blocking = Math.max(blocking, perSecond(() -> repeat(GETS, (key) -> cache.get(key))));
				asynchronous = Math.max(asynchronous, perSecond(() -> retrieveAll(cache, threads)));
			}
			line("one caller: blocking gets; `retrieve`, " + WINDOW + " under way",
					String.format("%,.0f; %,.0f per second: %.1f times as many; completed on %s", blocking,
							asynchronous, asynchronous / blocking, kinds(threads)));
		}
	}

	private static double perSecond(Runnable task) {
		long began = System.nanoTime();
		task.run();
		return GETS * 1e9 / (System.nanoTime() - began);
	}

	private static void retrieveAll(Cache cache, Set<String> threads) {
		Semaphore window = new Semaphore(WINDOW);
		for (int i = 0; i < GETS; i++) {
			window.acquireUninterruptibly();
			CompletableFuture<?> future = cache.retrieve((long) (i % OperationBenchmark.KEYS));
			if (future == null) {
				throw new IllegalStateException("Not asynchronous");
			}
			future.whenComplete((value, failure) -> {
				threads.add(Thread.currentThread().getName());
				window.release();
			});
		}
		window.acquireUninterruptibly(WINDOW);
	}

	/** Names of threads without their numbers. */
	private static String kinds(Set<String> threads) {
		Map<String, Integer> kinds = new TreeMap<>();
		threads.forEach((name) -> kinds.merge(name.replaceAll("[0-9]+", "N"), 1, Integer::sum));
		return kinds.toString();
	}

	private void coldKey() {
		try (Server server = Server.memcached(); Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache("cities");
			fill(cache, 1000);
			coldKey(cache, -1);
			AtomicInteger loads = new AtomicInteger();
			long[] nanos = together((caller) -> cache.get(-2L, () -> {
				loads.incrementAndGet();
				Pause.millis(LOAD_MILLIS);
				return "value";
			}));
			long[] gets = together((caller) -> cache.get(caller % 1000));
			line(CALLERS + " callers on one cold key that takes " + LOAD_MILLIS + " ms to load", String.format(
					"%d load; p50 %.1f ms, p99 %.1f ms; as many callers on keys that are there: p50 %.1f ms, p99 %.1f ms",
					loads.get(), percentile(nanos, 50) / 1e6, percentile(nanos, 99) / 1e6, percentile(gets, 50) / 1e6,
					percentile(gets, 99) / 1e6));
		}
	}

	private static void coldKey(Cache cache, long key) {
		together((caller) -> cache.get(key, () -> "value"));
	}

	/** The time that each of many callers takes, who begin at once. */
	private static long[] together(LongConsumer operation) {
		long[] nanos = new long[CALLERS];
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			Thread thread = new Thread(() -> {
				try {
					start.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				long began = System.nanoTime();
				operation.accept(caller);
				nanos[caller] = System.nanoTime() - began;
			});
			thread.start();
			threads.add(thread);
		}
		Pause.millis(200);
		start.countDown();
		for (Thread thread : threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return nanos;
	}

	private void openBreaker() {
		Server server = Server.memcached();
		try (Failsoft ours = connect(List.of(server))) {
			Cache cache = ours.cache("cities");
			server.close();
			ours.awaitAll(ServerSnapshot.State.DOWN);
			ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			repeat(20 * GETS, (key) -> cache.get(key));
			long allocated = threads.getCurrentThreadAllocatedBytes();
			double perSecond = perSecond(() -> repeat(GETS, (key) -> cache.get(key)));
			line("get while the breaker is open", String.format("%.2f µs, %d B", 1e6 / perSecond,
					(threads.getCurrentThreadAllocatedBytes() - allocated) / GETS));
		}
	}

	private void growth(String what, int[] sizes) {
		StringBuilder figures = new StringBuilder();
		for (int size : sizes) {
			int servers = what.equals("servers") ? size : 1;
			int caches = what.equals("caches") ? size : 1;
			int keys = what.equals("keys") ? size : OperationBenchmark.KEYS;
			figures.append(figures.isEmpty() ? "" : "; ")
				.append(String.format("%,d: %.1f µs", size, medianGet(servers, caches, keys) / 1e3));
		}
		line("get, hit, p50, by number of " + what, figures.toString());
	}

	private static long medianGet(int serverCount, int cacheCount, int keys) {
		List<Server> servers = new ArrayList<>();
		try {
			for (int i = 0; i < serverCount; i++) {
				servers.add(Server.memcached());
			}
			try (Failsoft ours = connect(servers)) {
				Cache[] caches = new Cache[cacheCount];
				for (int i = 0; i < cacheCount; i++) {
					caches[i] = ours.cache("cities" + i);
					fill(caches[i], keys / cacheCount);
				}
				long[] nanos = new long[GETS];
				for (int round = 0; round < 3; round++) {
					for (int i = 0; i < GETS; i++) {
						Cache cache = caches[i % cacheCount];
						long key = (i * 7919L) % Math.max(1, keys / cacheCount);
						long began = System.nanoTime();
						cache.get(key);
						nanos[i] = System.nanoTime() - began;
					}
				}
				return percentile(nanos, 50);
			}
		}
		finally {
			servers.forEach(Server::close);
		}
	}

	private static Failsoft connect(List<Server> servers) {
		List<InetSocketAddress> addresses = servers.stream().map(Server::address).toList();
		Failsoft ours = new Failsoft(addresses, Failsoft.jdk());
		ours.awaitUp();
		return ours;
	}

	private static void fill(Cache cache, int keys) {
		City value = Values.city(0);
		ExecutorService executor = Executors.newFixedThreadPool(FILLERS);
		for (int i = 0; i < FILLERS; i++) {
			long first = i;
			executor.execute(() -> {
				for (long key = first; key < keys; key += FILLERS) {
					cache.put(key, value);
				}
			});
		}
		executor.shutdown();
		try {
			if (!executor.awaitTermination(5, TimeUnit.MINUTES)) {
				throw new IllegalStateException("The cache was not filled");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void repeat(int times, LongConsumer operation) {
		for (int i = 0; i < times; i++) {
			operation.accept(i % OperationBenchmark.KEYS);
		}
	}

	private static long percentile(long[] nanos, int percent) {
		long[] sorted = nanos.clone();
		Arrays.sort(sorted);
		return sorted[(int) Math.min(sorted.length - 1L, sorted.length * (long) percent / 100)];
	}

}
