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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.TestNames;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stale reads that broke promises 1 to 3 of {@code docs/consistency.md}, each as it was
 * found.
 */
class StaleReadsIT {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final AtomicReference<String> database = new AtomicReference<>("v0");

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@AfterEach
	void close() throws Exception {
		this.executor.shutdownNow();
		for (int i = this.resources.size() - 1; i >= 0; i--) {
			this.resources.get(i).close();
		}
	}

	private <T extends AutoCloseable> T closing(T resource) {
		this.resources.add(resource);
		return resource;
	}

	@Test
	void whenANameLeadsToAnotherServerAndBackThenNothingOlderThanAnEvictionIsRead() throws Exception {
		MemcachedServer server = closing(MemcachedServer.start());
		FaultProxy first = closing(FaultProxy.to(server));
		Process second = startAt("127.0.0.2", first.port());
		TestNames names = new TestNames();
		names.leadTo("127.0.0.2");
		ServerPool pool = names.pool(List.of(new ServerAddress("cache.shop.svc", first.port(), 1)),
				ClientSettings.defaults());
		Application application = closing(new Application(pool, "shop", UnaryOperator.identity()));
		application.awaitUp();
		MemcachedCache books = application.cache("books");
		Application.await(() -> "v0".equals(readTwice(books)));
		names.leadTo("127.0.0.1");
		long before = losses(pool);
		signal("STOP", second);
		Application.await(() -> losses(pool) > before && pool.isAlive());
		this.database.set("v1");
		books.evict("1");
		assertThat(books.get("1", this.database::get)).isEqualTo("v1");
		names.leadTo("127.0.0.2");
		signal("CONT", second);
		long after = losses(pool);
		first.cut();
		Application.await(() -> losses(pool) > after && pool.isAlive());
		assertThat(books.get("1", this.database::get)).isEqualTo("v1");
		Application.await(() -> "v1".equals(readTwice(books)));
	}

	private static long losses(ServerPool pool) {
		return pool.snapshots().get(0).losses();
	}

	private static void signal(String name, Process process) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor()).isZero();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenANameHasSeveralAddressesThenTheFirstIsUsedInAFixedOrderAndOneWarningNamesTheRemedy(CapturedOutput output)
			throws Exception {
		MemcachedServer first = closing(MemcachedServer.start());
		startAt("127.0.0.2", first.port());
		for (String[] order : new String[][] { { "127.0.0.1", "127.0.0.2" }, { "127.0.0.2", "127.0.0.1" } }) {
			TestNames names = new TestNames();
			names.leadTo(order);
			ServerPool pool = names.pool(List.of(new ServerAddress("cache.shop.svc", first.port(), 1)),
					ClientSettings.defaults());
			Application application = closing(new Application(pool, "shop", UnaryOperator.identity()));
			application.awaitUp();
			MemcachedCache books = application.cache("books");
			if (order[0].equals("127.0.0.1")) {
				Application.await(() -> "v0".equals(readTwice(books)));
			}
			else {
				Application.await(() -> books.get("1") != null);
			}
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("discovery: dns"))).hasSize(2);
	}

	@Test
	void whenARelievedStandInStandsInAgainThenNothingOlderThanAnEvictionIsRead() {
		List<MemcachedServer> servers = new ArrayList<>();
		List<ServerAddress> addresses = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			MemcachedServer server = closing(MemcachedServer.start());
			servers.add(server);
			addresses.add(new ServerAddress(server.host(), server.port(), 1));
		}
		ClientSettings defaults = ClientSettings.defaults();
		ServerPool pool = ServerPool.create(addresses,
				new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), defaults.maxInFlight(),
						defaults.maxQueuedBytes(), defaults.failureThreshold(), Duration.ofMillis(50), true, null, null,
						null));
		Application application = closing(new Application(pool, "shop", UnaryOperator.identity()));
		Application.await(() -> pool.snapshots().stream().allMatch((server) -> server.state() == State.UP));
		MemcachedCache books = application.cache("books");
		MemcachedKey key = MemcachedKey.of("shop:books:s:1");
		lose(pool, server(servers, pool.home(key).name()));
		MemcachedServer standIn = server(servers, standIn(pool, key));
		lose(pool, standIn);
		Application.await(() -> "v0".equals(readTwice(books)));
		standIn.restart();
		Application.await(() -> standIn(pool, key).equals(name(standIn)));
		this.database.set("v1");
		books.evict("1");
		lose(pool, standIn);
		assertThat(books.get("1", this.database::get)).isEqualTo("v1");
		Application.await(() -> "v1".equals(readTwice(books)));
	}

	@Test
	void whenOneInstanceAloneIsCutOffThenItReadsWhatAnotherEvictedForTheFailoverTimeToLiveAtMost() {
		List<ServerAddress> addresses = new ArrayList<>();
		for (String host : List.of("one.test", "two.test")) {
			addresses.add(new ServerAddress(host, closing(MemcachedServer.start()).port(), 1));
		}
		ClientSettings defaults = ClientSettings.defaults();
		ClientSettings failover = new ClientSettings(defaults.connectTimeout(), Duration.ofSeconds(5),
				defaults.maxInFlight(), defaults.maxQueuedBytes(), defaults.failureThreshold(), Duration.ofMillis(50),
				true, null, null, null);
		List<Application> applications = new ArrayList<>();
		for (String cutOffFrom : List.of("one.test", "")) {
			TestNames names = new TestNames();
			names.know();
			names.forget(cutOffFrom);
			Application application = closing(
					new Application(names.pool(addresses, failover), "shop", UnaryOperator.identity()));
			applications.add(application);
			Application.await(() -> application.pool()
				.snapshots()
				.stream()
				.allMatch((server) -> server.state() == State.UP || server.name().startsWith(cutOffFrom + ":")));
		}
		Application cutOff = applications.get(0);
		String key = Stream.iterate(1, (i) -> i + 1)
			.map(String::valueOf)
			.filter((id) -> cutOff.pool().home(MemcachedKey.of("shop:books:s:" + id)).name().startsWith("one.test:"))
			.findFirst()
			.orElseThrow();
		MemcachedCache books = cutOff.cache("books");
		MemcachedCache others = applications.get(1).cache("books");
		Application.await(() -> {
			books.get(key, this.database::get);
			return books.get(key) != null;
		});
		this.database.set("v1");
		others.evict(key);
		others.clear();
		long evicted = System.nanoTime();
		Application.await(() -> "v1".equals(books.get(key, this.database::get)));
		assertThat(Duration.ofNanos(System.nanoTime() - evicted))
			.isLessThan(Application.FAILOVER_TIME_TO_LIVE.plusSeconds(10));
		this.database.set("v2");
		books.evict(key);
		assertThat(books.get(key, this.database::get)).isEqualTo("v2");
	}

	private static String name(MemcachedServer server) {
		return server.host() + ":" + server.port();
	}

	private static MemcachedServer server(List<MemcachedServer> servers, String name) {
		return servers.stream().filter((server) -> name(server).equals(name)).findFirst().orElseThrow();
	}

	private static String standIn(ServerPool pool, MemcachedKey key) {
		var standIn = pool.failoverServer(key);
		return (standIn != null) ? standIn.name() : "";
	}

	private static void lose(ServerPool pool, MemcachedServer server) {
		server.kill();
		Application.await(() -> pool.snapshots()
			.stream()
			.anyMatch((snapshot) -> snapshot.name().equals(name(server)) && snapshot.state() == State.DOWN));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenInstancesHaveDifferentLoadWindowsThenALateFillIsRefused(boolean evictingInstanceBegan) throws Exception {
		MemcachedServer server = closing(MemcachedServer.start());
		Application longWindow = closing(new Application(server, "shop", (settings) -> window(settings, 30)));
		Application shortWindow = closing(new Application(server, "shop", (settings) -> window(settings, 2)));
		longWindow.awaitUp();
		shortWindow.awaitUp();
		MemcachedCache loading = longWindow.cache("books");
		MemcachedCache evicting = shortWindow.cache("books");
		(evictingInstanceBegan ? evicting : loading).get("warm");
		CountDownLatch loads = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Future<String> slow = this.executor.submit(() -> loading.get("1", () -> {
			String row = this.database.get();
			loads.countDown();
			goOn.await();
			return row;
		}));
		assertThat(loads.await(30, TimeUnit.SECONDS)).isTrue();
		this.database.set("v1");
		evicting.evict("1");
		// A tombstone of the shorter window has ended by then.
		TimeUnit.SECONDS.sleep(5);
		goOn.countDown();
		assertThat(slow).succeedsWithin(LONG).isEqualTo("v0");
		for (int i = 0; i < 5; i++) {
			assertThat(evicting.get("1")).isNull();
			assertThat(loading.get("1")).isNull();
			TimeUnit.MILLISECONDS.sleep(50);
		}
	}

	private static MemcachedCacheSettings window(MemcachedCacheSettings settings, int seconds) {
		return settings.toBuilder().loadWindow(Duration.ofSeconds(seconds)).build();
	}

	@Test
	void whenAnotherInstanceEvictedOrClearedThenALoadThatBeganBeforeIsNotJoined() throws Exception {
		BiConsumer<MemcachedCache, String> evict = MemcachedCache::evict;
		for (BiConsumer<MemcachedCache, String> invalidate : List.of(evict, (cache, key) -> cache.clear())) {
			for (boolean asynchronous : new boolean[] { false, true }) {
				aLoadThatWasInvalidatedIsNotJoined(invalidate, asynchronous);
			}
		}
	}

	private void aLoadThatWasInvalidatedIsNotJoined(BiConsumer<MemcachedCache, String> invalidate, boolean asynchronous)
			throws InterruptedException {
		MemcachedServer server = closing(MemcachedServer.start());
		Application one = closing(new Application(server, "shop"));
		Application other = closing(new Application(server, "shop"));
		one.awaitUp();
		other.awaitUp();
		this.database.set("v0");
		MemcachedCache books = one.cache("books");
		CountDownLatch loads = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Future<String> first = this.executor.submit(() -> books.get("1", () -> {
			String row = this.database.get();
			loads.countDown();
			goOn.await();
			return row;
		}));
		assertThat(loads.await(30, TimeUnit.SECONDS)).isTrue();
		this.database.set("v1");
		invalidate.accept(other.cache("books"), "1");
		Future<String> second = asynchronous
				? books.retrieve("1", () -> CompletableFuture.completedFuture(this.database.get()))
				: this.executor.submit(() -> books.get("1", this.database::get));
		assertThat(second).succeedsWithin(LONG).isEqualTo("v1");
		goOn.countDown();
		assertThat(first).succeedsWithin(LONG).isEqualTo("v0");
		assertThat(books.get("1", this.database::get)).isEqualTo("v1");
	}

	@Test
	void aValueWhoseTimeIsOverIsNotStoredAndEndsWhatIsThere() {
		MemcachedServer server = closing(MemcachedServer.start());
		Application application = closing(new Application(server, "shop",
				(settings) -> settings.toBuilder()
					.timeToLive((key, value) -> value instanceof Integer seconds ? Duration.ofSeconds(seconds)
							: MemcachedCacheSettings.NO_EXPIRY)
					.build()));
		application.awaitUp();
		MemcachedCache offers = application.cache("offers");
		for (int over : new int[] { 0, -1, -3600 }) {
			offers.put("1", 60);
			Application.await(() -> offers.get("1") != null || put(offers, "1", 60));
			offers.put("1", over);
			assertThat(offers.get("1")).as("%d seconds", over).isNull();
			assertThat(offers.<Object>get("2", () -> over)).isEqualTo(over);
			assertThat(offers.get("2")).isNull();
			assertThat(offers.putIfAbsent("3", over)).isNull();
			assertThat(offers.get("3")).isNull();
		}
		Application.await(() -> offers.get("4") != null || put(offers, "4", "for ever"));
		assertThat(server.command("me shop:offers:s:4").toString()).contains("exp=-1");
	}

	private static boolean put(MemcachedCache cache, String key, Object value) {
		cache.put(key, value);
		return false;
	}

	private @Nullable String readTwice(MemcachedCache books) {
		books.get("1", this.database::get);
		return books.get("1", String.class);
	}

	private Process startAt(String host, int port) throws IOException {
		Process process = new ProcessBuilder(System.getProperty("memcached.binary", "memcached"), "-u", "nobody", "-l",
				host, "-p", String.valueOf(port), "-U", "0")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		closing(() -> process.destroyForcibly().waitFor());
		return process;
	}

}
