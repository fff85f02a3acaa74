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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers of cached methods who miss a key together while its server is lost.
 */
class SingleFlightIT {

	private static final int CALLERS = 40;

	private static final Duration RESERVE = Duration.ofSeconds(20);

	private static final ExecutorService executor = Executors.newCachedThreadPool();

	private static final MemcachedServer server = MemcachedServer.start();

	private static RunningApplication application;

	private static Library library;

	private static int keys;

	private final String key = "key" + keys++;

	@BeforeAll
	static void lose() {
		application = start(server, RESERVE, "outage");
		library = application.bean(Library.class);
		lose(server, application);
	}

	private static void lose(MemcachedServer server, RunningApplication application) {
		server.kill();
		Polling.until("the server is lost", () -> application.servers().get(0).state() != State.UP);
	}

	private static RunningApplication start(MemcachedServer server, Duration reserve, String singleFlight) {
		return RunningApplication
			.start(List.of(Configured.class), "memcached.servers=" + server.host() + ":" + server.port(),
					"memcached.cache.reserve-time-to-live=" + reserve.toSeconds() + "s",
					"memcached.cache.single-flight=" + singleFlight)
			.up();
	}

	@AfterAll
	static void stop() {
		application.close();
		executor.shutdownNow();
		server.close();
	}

	@BeforeEach
	void forget() {
		Library.calls.set(0);
		Library.release = new CountDownLatch(1);
	}

	private static List<Future<String>> call(int callers, Callable<String> call) {
		return IntStream.range(0, callers).mapToObj((i) -> executor.submit(call)).toList();
	}

	private static List<String> results(List<Future<String>> callers) throws Exception {
		List<String> results = new ArrayList<>();
		for (Future<String> caller : callers) {
			results.add(caller.get(30, TimeUnit.SECONDS));
		}
		return results;
	}

	private static CacheStatistics figures() {
		return figures(application);
	}

	private static CacheStatistics figures(RunningApplication application) {
		return ((MemcachedCache) Objects.requireNonNull(application.caches().getCache("books"))).getStatistics();
	}

	private static void awaitWaiting(long before, int callers) {
		Polling.until("the callers wait", () -> figures().getWaits() - before >= callers);
	}

	@Test
	void theMethodRunsOnceForAllWhoMissTogether() throws Exception {
		long waits = figures().getWaits();
		long loads = figures().getLoadsOnFailure();
		List<Future<String>> callers = call(CALLERS, () -> library.book(this.key));
		awaitWaiting(waits, CALLERS - 1);
		Library.release.countDown();
		assertThat(results(callers)).containsOnly("book " + this.key);
		assertThat(Library.calls).hasValue(1);
		assertThat(figures().getLoadsOnFailure() - loads).isEqualTo(1);
	}

	@Test
	void whenTheFirstCallerFailsThenTheOthersRunTheMethodThemselves() throws Exception {
		long waits = figures().getWaits();
		List<Future<String>> callers = call(CALLERS, () -> {
			try {
				return library.sold(this.key);
			}
			catch (IllegalStateException ex) {
				return ex.getMessage();
			}
		});
		awaitWaiting(waits, CALLERS - 1);
		Library.release.countDown();
		assertThat(results(callers)).containsOnly("sold " + this.key);
		assertThat(Library.calls).hasValue(CALLERS);
	}

	@Test
	void whenTheResultIsNotStoredThenTheOthersRunTheMethodThemselves() throws Exception {
		long waits = figures().getWaits();
		List<Future<String>> callers = call(3, () -> library.unlessStored(this.key));
		awaitWaiting(waits, 2);
		Library.release.countDown();
		assertThat(results(callers)).containsOnly("book " + this.key);
		assertThat(Library.calls).hasValue(3);
	}

	@Test
	void methodsThatLoadEachOthersKeysDoNotWaitForEachOther() throws Exception {
		Library.both = new CyclicBarrier(2);
		long began = System.nanoTime();
		Future<String> first = executor.submit(() -> library.left(this.key));
		Future<String> second = executor.submit(() -> library.right(this.key));
		assertThat(first.get(30, TimeUnit.SECONDS)).startsWith("left right");
		assertThat(second.get(30, TimeUnit.SECONDS)).startsWith("right left");
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(RESERVE);
	}

	@Test
	void aMethodThatCallsItselfDoesNotWaitForItself() throws Exception {
		Library.release.countDown();
		assertThat(executor.submit(() -> library.recursive(this.key, 3)).get(30, TimeUnit.SECONDS))
			.isEqualTo("of of of " + this.key);
	}

	@Test
	void nobodyWaitsWithinATransactionAsTheLoadMayNeedItsConnection() throws Exception {
		TransactionTemplate transaction = application.bean(TransactionTemplate.class);
		CyclicBarrier all = new CyclicBarrier(4);
		long waits = figures().getWaits();
		List<Future<String>> callers = call(4, () -> transaction.execute((status) -> library.meeting(this.key, all)));
		assertThat(results(callers)).containsOnly("book " + this.key);
		assertThat(figures().getWaits()).isEqualTo(waits);
		assertThat(Library.calls).hasValue(4);
	}

	@Test
	void nobodyWaitsWhoMayHoldAConnectionForASession() throws Exception {
		CyclicBarrier all = new CyclicBarrier(2);
		long waits = figures().getWaits();
		List<Future<String>> callers = call(2, () -> {
			Object session = new Object();
			TransactionSynchronizationManager.bindResource(session, session);
			try {
				return library.meeting(this.key, all);
			}
			finally {
				TransactionSynchronizationManager.unbindResource(session);
			}
		});
		assertThat(results(callers)).containsOnly("book " + this.key);
		assertThat(figures().getWaits()).isEqualTo(waits);
		assertThat(Library.calls).hasValue(2);
	}

	@Test
	void whoeverWaitsForALoadThatNeedsHisMonitorWaitsNoLongerThanTheReserveAndLoadsHimself() throws Exception {
		Object monitor = new Object();
		try (MemcachedServer other = MemcachedServer.start();
				RunningApplication brief = start(other, Duration.ofSeconds(3), "outage")) {
			Library guarding = brief.bean(Library.class);
			lose(other, brief);
			Future<String> first = executor.submit(() -> guarding.guarded(this.key, monitor));
			Polling.until("the method runs", () -> Library.calls.get() == 1);
			Future<String> second = executor.submit(() -> {
				synchronized (monitor) {
					Library.release.countDown();
					return guarding.guarded(this.key, monitor);
				}
			});
			Polling.until("the second waits", () -> figures(brief).getWaits() == 1);
			assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("book " + this.key);
			assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("book " + this.key);
			assertThat(Library.calls).hasValue(2);
		}
	}

	@Test
	void methodsThatLoadInParallelStreamsEnd() throws Exception {
		Library.release.countDown();
		List<Future<String>> callers = call(4, () -> library.parallel(this.key, 2));
		assertThat(results(callers)).containsOnly(library.parallel(this.key, 2));
	}

	@Test
	void whenLoadsAreSharedAlwaysThenTheMethodRunsOnceAlsoWhileTheServerAnswers() throws Exception {
		try (MemcachedServer other = MemcachedServer.start();
				RunningApplication always = start(other, RESERVE, "always")) {
			Library shared = always.bean(Library.class);
			List<Future<String>> callers = call(CALLERS, () -> shared.book(this.key));
			Polling.until("the callers wait", () -> figures(always).getWaits() >= CALLERS - 1);
			Library.release.countDown();
			assertThat(results(callers)).containsOnly("book " + this.key);
			assertThat(Library.calls).hasValue(1);
		}
	}

	static class Library {

		/** Static, as a proxy has no fields. */
		private static final AtomicInteger calls = new AtomicInteger();

		private static volatile CountDownLatch release = new CountDownLatch(1);

		private static volatile CyclicBarrier both = new CyclicBarrier(2);

		private final ObjectProvider<Library> self;

		Library(ObjectProvider<Library> self) {
			this.self = self;
		}

		private String query(String key) {
			calls.incrementAndGet();
			try {
				assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return "book " + key;
		}

		@Cacheable("books")
		public String book(String key) {
			return query(key);
		}

		@Cacheable("books")
		public String sold(String key) {
			query(key);
			throw new IllegalStateException("sold " + key);
		}

		@Cacheable(cacheNames = "books", unless = "true")
		public String unlessStored(String key) {
			return query(key);
		}

		@Cacheable("left")
		public String left(String key) throws Exception {
			if (calls.incrementAndGet() <= 2) {
				both.await(20, TimeUnit.SECONDS);
				return "left " + this.self.getObject().right(key);
			}
			return "left";
		}

		@Cacheable("right")
		public String right(String key) throws Exception {
			if (calls.incrementAndGet() <= 2) {
				both.await(20, TimeUnit.SECONDS);
				return "right " + this.self.getObject().left(key);
			}
			return "right";
		}

		@Cacheable(cacheNames = "books", key = "#key")
		public String recursive(String key, int depth) {
			return (depth > 0) ? "of " + this.self.getObject().recursive(key, depth - 1) : key;
		}

		@Cacheable(cacheNames = "books", key = "#key")
		public String meeting(String key, CyclicBarrier all) {
			calls.incrementAndGet();
			try {
				all.await(20, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			return "book " + key;
		}

		@Cacheable(cacheNames = "books", key = "#key")
		public String guarded(String key, Object monitor) {
			query(key);
			synchronized (monitor) {
				return "book " + key;
			}
		}

		@Cacheable("books")
		public String parallel(String key, int depth) {
			return (depth == 0) ? key
					: IntStream.range(0, 4)
						.parallel()
						.mapToObj((i) -> this.self.getObject().parallel(key + i, depth - 1))
						.collect(Collectors.joining(","));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		Library library(ObjectProvider<Library> self) {
			return new Library(self);
		}

		@Bean
		TransactionTemplate transactions() {
			return new TransactionTemplate(new WhatEscapesTheErrorHandlerIT.NoResource());
		}

	}

}
