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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is served near memcached and in its place, and what never is.
 */
class LocalStoreIT {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final MemcachedServer server = MemcachedServer.start();

	private final FaultProxy proxy = FaultProxy.to(this.server);

	private final AtomicReference<@Nullable String> database = new AtomicReference<>("v0");

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final List<Application> applications = new ArrayList<>();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.applications.forEach(Application::close);
		this.proxy.close();
		this.server.close();
	}

	private Application application(Duration near, Duration reserve) {
		Application application = new Application(this.proxy.host(), this.proxy.port(), "shop",
				(settings) -> settings.toBuilder().nearTimeToLive(near).reserveTimeToLive(reserve).build(),
				Application.patient(Duration.ofSeconds(20)), new MemcachedCacheErrorHandler());
		this.applications.add(application);
		application.awaitUp();
		return application;
	}

	private MemcachedCache books(Duration near, Duration reserve) {
		return application(near, reserve).cache("books");
	}

	private @Nullable String read(MemcachedCache books) {
		return books.get("1", this.database::get);
	}

	/**
	 * Reads from the server's own copy, however slow the machine is.
	 */
	private void fill(MemcachedCache books) {
		Application.await(() -> {
			read(books);
			long hits = hitsButOfTheReserve(books);
			books.get("1");
			return hitsButOfTheReserve(books) > hits;
		});
	}

	private static long hitsButOfTheReserve(MemcachedCache books) {
		return books.getStatistics().getHits() - books.getStatistics().getReserveHits();
	}

	private long gets() {
		return Long.parseLong(Objects.requireNonNull(this.server.stats().get("cmd_get")));
	}

	private void lose(MemcachedCache books) {
		this.proxy.refuse();
		this.proxy.cut();
		Application application = this.applications.stream()
			.filter((one) -> one.cache("books") == books)
			.findFirst()
			.orElseThrow();
		Application.await(() -> application.pool().snapshots().get(0).state() != State.UP);
	}

	@Test
	void aNearValueIsServedWithoutAskingMemcached() {
		MemcachedCache books = books(LONG, Duration.ZERO);
		fill(books);
		long asked = gets();
		for (int i = 0; i < 100; i++) {
			assertThat(books.get("1", String.class)).isEqualTo("v0");
			assertThat(books.retrieve("1").join()).isNotNull();
		}
		// But for a heartbeat.
		assertThat(gets() - asked).isLessThan(100);
		assertThat(books.getStatistics().getNearHits()).isGreaterThanOrEqualTo(200);
		assertThat(books.getStatistics().getHits()).isGreaterThanOrEqualTo(200);
	}

	@Test
	void whatAnotherInstanceEvictsIsServedNearUntilTheWindowEnds() {
		MemcachedCache books = books(Duration.ofMillis(500), Duration.ZERO);
		MemcachedCache others = books(Duration.ZERO, Duration.ZERO);
		fill(books);
		this.database.set("v1");
		others.evict("1");
		Application.await(() -> "v1".equals(read(books)));
	}

	@Test
	void whatThisInstanceEvictsPutsOrClearsIsNeverServedNear() {
		MemcachedCache books = books(LONG, LONG);
		for (int i = 1; i < 20; i++) {
			fill(books);
			this.database.set("v" + i);
			switch (i % 4) {
				case 0 -> books.evict("1");
				case 1 -> books.clear();
				case 2 -> books.put("1", "v" + i);
				default -> books.evictIfPresent("1");
			}
			assertThat(read(books)).isEqualTo("v" + i);
		}
	}

	@Test
	void manyCallersWhoMissTheNearWindowTogetherSendOneRead() throws Exception {
		Application application = application(LONG, Duration.ZERO);
		MemcachedCache books = application.cache("books");
		fill(books);
		for (int round = 0; round < 20; round++) {
			long asked = asked(books);
			application.nanosAhead.addAndGet(LONG.plusSeconds(1).toNanos());
			CyclicBarrier together = new CyclicBarrier(200);
			List<Future<?>> callers = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				boolean waits = i % 8 != 0;
				callers.add(this.executor.submit(() -> {
					together.await(60, TimeUnit.SECONDS);
					if (waits) {
						assertThat(books.get("1", String.class)).isEqualTo("v0");
					}
					else {
						assertThat(books.retrieve("1").get(60, TimeUnit.SECONDS)).isNotNull();
					}
					return null;
				}));
			}
			for (Future<?> caller : callers) {
				caller.get(60, TimeUnit.SECONDS);
			}
			assertThat(asked(books) - asked).isEqualTo(1);
		}
	}

	/**
	 * Returns how often memcached was asked, heartbeats apart.
	 */
	private static long asked(MemcachedCache cache) {
		CacheStatistics statistics = cache.getStatistics();
		return statistics.getHits() + statistics.getMisses() - statistics.getNearHits();
	}

	@Test
	void aLoadThatBuildsOnAnotherCacheIsNotGivenWhatIsNear() {
		Application application = application(LONG, Duration.ZERO);
		MemcachedCache books = application.cache("books");
		MemcachedCache pages = application.cache("pages");
		fill(books);
		MemcachedCache others = books(Duration.ZERO, Duration.ZERO);
		this.database.set("v1");
		others.evict("1");
		assertThat(books.get("1", String.class)).isEqualTo("v0");
		assertThat(pages.<String>get("1", () -> "page of " + read(books))).isEqualTo("page of v1");
	}

	@Test
	void whenTheServerIsLostThenWhatWasReadIsServedUntilTheReserveEnds() {
		MemcachedCache books = books(Duration.ZERO, Duration.ofSeconds(8));
		fill(books);
		this.database.set("v1");
		lose(books);
		assertThat(read(books)).isEqualTo("v0");
		assertThat(books.retrieve("1").join()).isNotNull();
		assertThat(books.getStatistics().getReserveHits()).isGreaterThanOrEqualTo(2);
		Application.await(() -> "v1".equals(read(books)));
		long loads = books.getStatistics().getLoadsOnFailure();
		assertThat(loads).isPositive();
		this.database.set("v2");
		assertThat(read(books)).isEqualTo("v1");
		assertThat(books.getStatistics().getLoadsOnFailure()).isEqualTo(loads);
	}

	@Test
	void whileTheServerIsLostAnEvictionOfThisInstanceIsNeverOutlivedByTheReserve() {
		MemcachedCache books = books(Duration.ZERO, LONG);
		fill(books);
		lose(books);
		for (int i = 1; i < 8; i++) {
			assertThat(read(books)).isEqualTo("v" + (i - 1));
			this.database.set("v" + i);
			if ((i & 1) == 0) {
				books.clear();
			}
			else {
				books.evict("1");
			}
			assertThat(read(books)).isEqualTo("v" + i);
		}
	}

	@Test
	void whenTheServerComesBackEmptyThenKeysAreServedUntilTheirReserveEndsAndWhatIsBuiltOnThemIsNotForOthers() {
		Application application = application(Duration.ZERO, Duration.ofSeconds(8));
		MemcachedCache books = application.cache("books");
		MemcachedCache pages = application.cache("pages");
		fill(books);
		this.database.set("v1");
		this.server.kill();
		this.server.restart();
		application.awaitUp();
		assertThat(read(books)).isEqualTo("v0");
		assertThat(pages.<String>get("1", () -> "page of " + read(books))).isEqualTo("page of v0");
		assertThat(this.server.command("get shop:pages:s:1")).containsExactly("END");
		Application.await(() -> "page of v1".equals(pages.<String>get("1", () -> "page of " + read(books))));
		fill(books);
	}

	@Test
	void whenTheServerAnswersThenItsWordHolds() {
		MemcachedCache books = books(Duration.ZERO, LONG);
		MemcachedCache others = books(Duration.ZERO, Duration.ZERO);
		fill(books);
		this.database.set("v1");
		others.evict("1");
		assertThat(read(books)).isEqualTo("v1");
		fill(books);
		this.database.set("v2");
		others.clear();
		assertThat(read(books)).isEqualTo("v2");
		fill(books);
		this.database.set("v3");
		this.server.command("delete shop:books:s:1");
		assertThat(read(books)).isEqualTo("v3");
		lose(books);
		assertThat(read(books)).isEqualTo("v3");
	}

	@Test
	void whenAClearMeetsAServerThatWasAwayThenNothingOlderIsServed() {
		MemcachedCache books = books(Duration.ZERO, LONG);
		fill(books);
		this.database.set("v1");
		lose(books);
		Application direct = new Application(this.server, "shop");
		this.applications.add(direct);
		direct.awaitUp();
		direct.cache("books").clear();
		assertThat(read(books)).isEqualTo("v0");
		this.proxy.pass();
		this.applications.get(0).awaitUp();
		assertThat(read(books)).isEqualTo("v1");
	}

	@Test
	void aReadThatWasSentBeforeAnEvictionAndIsAnsweredAfterItIsNotKept() throws Exception {
		MemcachedCache books = books(LONG, LONG);
		fill(books);
		MemcachedCache fresh = books(LONG, LONG);
		CacheWrite eviction = CacheWrite.invalidation(fresh.store(), CacheOperation.EVICT, fresh, "1",
				fresh.key(CacheOperation.EVICT, "1", null), new Budget(LONG.toNanos()));
		this.proxy.holdReplies();
		CompletableFuture<?> read = fresh.retrieve("1");
		eviction.send();
		this.database.set("v1");
		this.proxy.releaseReplies();
		read.get(20, TimeUnit.SECONDS);
		assertThat(read(fresh)).isEqualTo("v1");
		eviction.await();
	}

	@Test
	void whatATransactionHasEvictedOrPutIsNotServedToIt() {
		MemcachedCache books = application(LONG, LONG).transactional("books");
		fill(books);
		TransactionSynchronizationManager.initSynchronization();
		TransactionSynchronizationManager.setActualTransactionActive(true);
		try {
			assertThat(books.get("1", String.class)).isEqualTo("v0");
			books.evict("1");
			assertThat(books.get("1")).isNull();
			books.put("1", "v1");
			assertThat(books.get("1")).isNull();
		}
		finally {
			List.copyOf(TransactionSynchronizationManager.getResourceMap().keySet())
				.forEach(TransactionSynchronizationManager::unbindResource);
			TransactionSynchronizationManager.clear();
		}
		assertThat(books.get("1", String.class)).isEqualTo("v0");
	}

	@Test
	void aValueOver256KilobytesIsNotKept() {
		MemcachedCache books = books(LONG, LONG);
		byte[] incompressible = new byte[300_000];
		new Random(7).nextBytes(incompressible);
		Application.await(() -> {
			books.<byte[]>get("2", () -> incompressible);
			return books.get("2") != null;
		});
		long near = books.getStatistics().getNearHits();
		books.get("2");
		assertThat(books.getStatistics().getNearHits()).isEqualTo(near);
	}

	@Test
	void callersOfASyncLoadShareItWhileTheServerIsLost() throws Exception {
		MemcachedCache books = books(Duration.ZERO, LONG);
		lose(books);
		CountDownLatch release = new CountDownLatch(1);
		List<Future<@Nullable String>> callers = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			callers.add(this.executor.submit(() -> books.get("1", () -> {
				release.await(20, TimeUnit.SECONDS);
				return this.database.get();
			})));
		}
		Thread.sleep(50);
		release.countDown();
		for (Future<@Nullable String> caller : callers) {
			assertThat(caller.get(20, TimeUnit.SECONDS)).isEqualTo("v0");
		}
		assertThat(books.getStatistics().getLoadsOnFailure()).isEqualTo(1);
	}

}
