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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import com.sun.management.ThreadMXBean;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * What has no counterpart with the peers: asynchronous reads, many callers on a cold key,
 * an open breaker, and how the cost grows with the work.
 */
final class Scenarios {

	private static final int GETS = 20_000;

	/** Asynchronous reads under way at a time. */
	private static final int WINDOW = 256;

	private static final int FILLERS = 16;

	private static final int TRIES = 10;

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
		scenarios.line(ColdKey.TITLE, ColdKey.figures());
		scenarios.openBreaker();
		for (Growth growth : Growth.values()) {
			scenarios.line(growth.title(), growth.figures());
		}
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
			Median blocking = new Median();
			Median asynchronous = new Median();
			Median ratio = new Median();
			Set<String> threads = ConcurrentHashMap.newKeySet();
			for (int round = 0; round < 5; round++) {
				double one = perSecond(() -> repeat(GETS, (key) -> found(cache.get(key))));
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
			CompletableFuture<?> future = cache.retrieve((long) (i % OperationBenchmark.KEYS));
			if (future == null) {
				throw new IllegalStateException("Not asynchronous");
			}
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

	private static void found(@Nullable Object value) {
		if (value == null) {
			throw new IllegalStateException("A miss");
		}
	}

	/** Names of threads without their numbers. */
	private static String kinds(Set<String> threads) {
		Map<String, Integer> kinds = new TreeMap<>();
		threads.forEach((name) -> kinds.merge(name.replaceAll("[0-9]+", "N"), 1, Integer::sum));
		return kinds.toString();
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

	static Failsoft connect(List<Server> servers) {
		List<InetSocketAddress> addresses = servers.stream().map(Server::address).toList();
		Failsoft ours = new Failsoft(addresses, Failsoft.jdk());
		ours.awaitUp();
		return ours;
	}

	static void fill(Cache cache, int keys) {
		fill(new SpringContender(cache, () -> {
		}), keys);
	}

	static void fill(Contender cache, int keys) {
		Object value = Values.of(cache, 0);
		ExecutorService executor = Executors.newFixedThreadPool(FILLERS);
		try {
			List<Future<?>> fillers = new ArrayList<>();
			for (int i = 0; i < FILLERS; i++) {
				int first = i;
				fillers.add(executor.submit(() -> {
					for (long key = first; key < keys; key += FILLERS) {
						fill(cache, key, value);
					}
				}));
			}
			for (Future<?> filler : fillers) {
				filler.get(5, TimeUnit.MINUTES);
			}
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("The cache was not filled", ex);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/** A put that fails leaves nothing, which only a get tells. */
	private static void fill(Contender cache, long key, Object value) {
		for (int i = 0; i < TRIES; i++) {
			cache.put(key, value);
			if (cache.get(key) != null) {
				return;
			}
		}
		throw new IllegalStateException("A key is not there though it was put " + TRIES + " times");
	}

	static void repeat(int times, LongConsumer operation) {
		for (int i = 0; i < times; i++) {
			operation.accept(i % OperationBenchmark.KEYS);
		}
	}

}
