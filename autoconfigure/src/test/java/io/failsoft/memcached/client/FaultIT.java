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

import java.io.InputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client and real servers that fail. Times are printed; bounds are generous, as the
 * machine may be busy.
 */
class FaultIT {

	private static final byte[] NOTHING = {};

	private static final long TIMEOUT = TimeUnit.MILLISECONDS.toNanos(250);

	private static ClientSettings settings(Duration operationTimeout, int threshold, boolean failover) {
		return new ClientSettings(Duration.ofMillis(250), operationTimeout, 100_000, 1L << 30, threshold,
				Duration.ofMillis(500), failover, null, null, null);
	}

	@Test
	void whenKilledWithOperationsInFlightThenNobodyWaitsForTheTimeout() throws Exception {
		for (int round = 0; round < 10; round++) {
			try (MemcachedServer memcached = MemcachedServer.start();
					TestPool pool = new TestPool(settings(Duration.ofSeconds(20), 3, false),
							TestPool.address(memcached))) {
				Link link = pool.up();
				byte[] value = new byte[50_000];
				AtomicBoolean stop = new AtomicBoolean();
				ExecutorService executor = Executors.newFixedThreadPool(8);
				try {
					List<Future<Double>> longest = new ArrayList<>();
					for (int t = 0; t < 8; t++) {
						String key = "k" + t;
						longest.add(executor.submit(() -> longest(stop, link, key, value)));
					}
					Thread.sleep(30);
					memcached.kill();
					long killed = System.nanoTime();
					TestPool.await("lost", () -> pool.losses.get() == 1);
					stop.set(true);
					for (Future<Double> time : longest) {
						assertThat(time.get(10, TimeUnit.SECONDS)).isLessThan(5000);
					}
					System.out.printf("killed with 8 threads in flight: all knew after %.1f ms%n",
							TestPool.millisSince(killed));
				}
				finally {
					executor.shutdownNow();
				}
			}
		}
	}

	private static double longest(AtomicBoolean stop, Link link, String key, byte[] value) {
		double longest = 0;
		while (!stop.get() && link.isOpen()) {
			long start = System.nanoTime();
			link.set(TestPool.key(key), 0, NOTHING, value).await(TimeUnit.SECONDS.toNanos(20));
			longest = Math.max(longest, TestPool.millisSince(start));
		}
		return longest;
	}

	@Test
	void whenHungThenTheTimeoutHoldsTheBreakerOpensAndItIsBackOnceItGoesOn() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.settings(), TestPool.address(memcached))) {
			Link link = pool.up();
			// A heartbeat may be under way while it is being paused.
			long start = System.nanoTime();
			memcached.pause();
			int timeouts = 0;
			while (link.isOpen()) {
				double took = Stopwatch
					.millis(() -> assertThat(link.gets(TestPool.key("k")).await(TIMEOUT).failure()).isNotNull());
				assertThat(took).isLessThan(1000);
				timeouts++;
			}
			double open = TestPool.millisSince(start);
			System.out.printf("hung: open after %.0f ms and %d operations%n", open, timeouts);
			assertThat(timeouts).isLessThanOrEqualTo(8);
			assertThat(open).as("three timeouts").isGreaterThan(700);
			pool.awaitDown();
			TestPool.await("lost once", () -> pool.losses.get() == 1);
			Thread.sleep(3000);
			assertThat(pool.server().link()).isNull();
			memcached.resume();
			double back = Stopwatch.millis(pool::up);
			System.out.printf("hung for 3 s: back %.0f ms after it went on%n", back);
			assertThat(back).isLessThan(1500);
		}
	}

	@Test
	void whenAnIdleServerHangsThenItIsNoticed() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.settings(), TestPool.address(memcached))) {
			ServerLink link = (ServerLink) pool.up();
			memcached.pause();
			double noticed = Stopwatch.millis(pool::awaitDown);
			System.out.printf("idle and hung: noticed after %.0f ms%n", noticed);
			assertThat(noticed).isLessThan(5000);
			assertThat(link.reasonOfEnd()).contains("timeouts in a row");
			memcached.resume();
			pool.up();
		}
	}

	@Test
	void whenThisJvmPausesThenNoBreakerOpens() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(settings(Duration.ofSeconds(2), 1, false), TestPool.address(memcached))) {
			Link link = pool.up();
			AtomicBoolean stop = new AtomicBoolean();
			ExecutorService executor = Executors.newFixedThreadPool(8);
			try {
				for (int t = 0; t < 8; t++) {
					executor.submit(() -> {
						while (!stop.get()) {
							link.gets(TestPool.key("k")).await(TimeUnit.SECONDS.toNanos(2));
						}
					});
				}
				for (int i = 0; i < 2; i++) {
					long start = System.nanoTime();
					long pid = ProcessHandle.current().pid();
					new ProcessBuilder("sh", "-c", "kill -STOP " + pid + "; sleep 4; kill -CONT " + pid).start()
						.waitFor();
					assertThat(TestPool.millisSince(start)).isGreaterThan(3900);
					assertThat(TestPool.get(link, "k").failure()).isNull();
				}
				stop.set(true);
				assertThat(pool.losses).hasValue(0);
				assertThat(link.isOpen()).isTrue();
			}
			finally {
				stop.set(true);
				executor.shutdownNow();
			}
		}
	}

	@Test
	void whenRefusedUnknownOrABlackHoleAtStartThenTheStartReturnsAtOnceAndItIsUsedOnceItIsThere() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				ServerSocket blackHole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			List<Socket> fillers = fillBacklog(blackHole);
			memcached.kill();
			ServerAddress[] servers = { TestPool.address(memcached),
					new ServerAddress("no-such-host.invalid", 11211, 1),
					new ServerAddress("127.0.0.1", blackHole.getLocalPort(), 1) };
			Stopwatch.Timed<TestPool> start = Stopwatch
				.time(() -> new TestPool(TestPool.settings(), FaultIT::resolve, servers));
			try (TestPool pool = start.result()) {
				System.out.printf("start without any server: %.1f ms%n", start.millis());
				assertThat(start.millis()).isLessThan(500);
				List<String> failures = List.of("refused", "unknown host", "connect timed out");
				TestPool.await(failures.toString(),
						() -> pool.pool.snapshots()
							.stream()
							.map(ServerSnapshot::lastFailure)
							.toList()
							.equals(failures));
				assertThat(pool.pool.snapshots()).extracting(ServerSnapshot::state)
					.containsOnly(ServerSnapshot.State.CONNECTING);
				assertThat(pool.pool.isAlive()).isFalse();
				Thread.sleep(1000);
				memcached.restart();
				double up = Stopwatch.millis(pool::up);
				System.out.printf("refused at start: up %.0f ms after it was started%n", up);
				assertThat(up).isLessThan(1500);
				assertThat(pool.pool.isAlive()).isTrue();
				double close = Stopwatch.millis(pool::close);
				System.out.printf("close with a black hole: %.1f ms%n", close);
				assertThat(close).isLessThan(1000);
			}
			for (Socket filler : fillers) {
				filler.close();
			}
		}
	}

	/**
	 * The name service, which may take its time, is not asked for what nobody knows.
	 */
	private static InetAddress[] resolve(String host) throws UnknownHostException {
		if (host.endsWith(".invalid")) {
			throw new UnknownHostException(host);
		}
		return Dialer.Resolver.SYSTEM.resolve(host);
	}

	private static List<Socket> fillBacklog(ServerSocket blackHole) throws Exception {
		List<Socket> fillers = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			Socket filler = new Socket();
			fillers.add(filler);
			try {
				filler.connect(blackHole.getLocalSocketAddress(), 200);
			}
			catch (java.net.SocketTimeoutException ex) {
				return fillers;
			}
		}
		throw new AssertionError("the backlog takes everything");
	}

	@Test
	void whenTheNameMovesThenItIsFollowed() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start()) {
			AtomicReference<String> address = new AtomicReference<>();
			Dialer.Resolver dns = (host) -> {
				String now = address.get();
				if (now == null) {
					throw new UnknownHostException(host);
				}
				// The first address refuses.
				return new InetAddress[] { InetAddress.getByAddress(new byte[] { 127, 9, 9, 9 }),
						InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }) };
			};
			try (TestPool pool = new TestPool(TestPool.settings(), dns,
					new ServerAddress("cache.example", memcached.port(), 1))) {
				TestPool.await("unknown", () -> "unknown host".equals(pool.snapshot().lastFailure()));
				address.set("known");
				pool.up();
				assertThat(pool.server().name()).startsWith("cache.example:");
			}
		}
	}

	@Test
	void whenTheSendBufferIsFullThenCallersKeepTheirTimeoutAndUnsentRequestsAreFreed() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start()) {
			try (TestPool pool = new TestPool(settings(Duration.ofSeconds(20), 3, false),
					TestPool.address(memcached))) {
				Link link = pool.up();
				memcached.pause();
				byte[] value = new byte[200_000];
				Stopwatch.Timed<List<Reply>> sending = Stopwatch
					.time(() -> TestPool.repeat(200, () -> link.set(TestPool.key("k"), 0, NOTHING, value)));
				List<Reply> sent = sending.result();
				System.out.printf("200 sets of 200 KB into a full send buffer: %.1f ms%n", sending.millis());
				assertThat(sending.millis()).isLessThan(2000);
				assertThat(pool.snapshot().inFlight()).isEqualTo(200);
				long start = System.nanoTime();
				Stopwatch.Timed<Reply> last = Stopwatch.time(() -> sent.get(199).await(TIMEOUT));
				assertThat(TestPool.millisSince(start)).isGreaterThanOrEqualTo(249);
				assertThat(last.result().failure()).isEqualTo(Failure.TIMEOUT);
				assertThat(last.millis()).isLessThan(1500);
				sent.forEach((pending) -> pending.await(0));
				System.out.printf("on the wire of 200: %d%n", pool.snapshot().inFlight());
				assertThat(pool.snapshot().inFlight()).isLessThan(100);
				double close = Stopwatch.millis(pool::close);
				System.out.printf("close with a full send buffer: %.1f ms%n", close);
				assertThat(close).isLessThan(1000);
			}
		}
	}

	@Test
	void whenTheSendBufferWasFullThenEverythingArrivesInOrderAfterwards() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(settings(Duration.ofSeconds(20), 3, false), TestPool.address(memcached))) {
			Link link = pool.up();
			memcached.pause();
			List<Reply> sets = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				byte[] value = new byte[100_000];
				Arrays.fill(value, (byte) i);
				sets.add(link.set(TestPool.key("k" + i % 7), 0, NOTHING, value));
			}
			List<Reply> unsent = sets.subList(90, 95);
			unsent.forEach((pending) -> pending.await(0));
			memcached.resume();
			for (int i = 0; i < 100; i++) {
				boolean abandoned = i >= 90 && i < 95;
				assertThat(sets.get(i).await(TimeUnit.SECONDS.toNanos(20)).stored()).isEqualTo(!abandoned);
			}
			for (int k = 0; k < 7; k++) {
				int last = 99;
				while (last % 7 != k || (last >= 90 && last < 95)) {
					last--;
				}
				byte[] expected = new byte[100_000];
				Arrays.fill(expected, (byte) last);
				assertThat(Arrays.equals(TestPool.value(TestPool.get(link, "k" + k)), expected)).isTrue();
			}
			assertThat(pool.losses).hasValue(0);
		}
	}

	@Test
	void whenClosedWhileHungThenItTakesNoTimeAndWaitersAreReleased() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(settings(Duration.ofSeconds(20), 3, false), TestPool.address(memcached))) {
			Link link = pool.up();
			memcached.pause();
			CompletableFuture<Reply> future = link.gets(TestPool.key("k"))
				.toFuture(TimeUnit.SECONDS.toNanos(20), (task) -> new Thread(task).start());
			Reply pending = link.gets(TestPool.key("k"));
			double close = Stopwatch.millis(pool::close);
			System.out.printf("close with a hung server: %.1f ms%n", close);
			assertThat(close).isLessThan(1000);
			assertThat(pending.await(TestPool.WAIT).failure()).isEqualTo(Failure.CONNECTION_LOST);
			assertThat(future.get(20, TimeUnit.SECONDS).failure()).isEqualTo(Failure.CONNECTION_LOST);
			assertThat(pool.snapshot().state()).isEqualTo(ServerSnapshot.State.CLOSED);
			assertThat(pool.server().link()).isNull();
			assertThat(link.gets(TestPool.key("k")).await(0).failure()).isEqualTo(Failure.DOWN);
		}
	}

	@Test
	void valuesOfManyMegabytesAreReadAndTooLargeOnesRefusedByTheServer() throws Exception {
		byte[] value = new byte[9_000_000];
		new Random(1).nextBytes(value);
		try (MemcachedServer memcached = MemcachedServer
			.start(MemcachedServerOptions.defaults().withMaxItemBytes(16 << 20).withMemoryMegabytes(256));
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			assertThat(TestPool.set(link, "k", value).stored()).isTrue();
			assertThat(TestPool.value(TestPool.get(link, "k"))).isEqualTo(value);
			byte[] hundred = new byte[100_000];
			double best = Double.MAX_VALUE;
			for (int i = 0; i < 50; i++) {
				long start = System.nanoTime();
				assertThat(TestPool.set(link, "h", hundred).stored()).isTrue();
				best = Math.min(best, TestPool.millisSince(start));
			}
			System.out.printf("set of 100 KB: %.2f ms%n", best);
		}
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			Reply refused = TestPool.set(link, "k", value);
			assertThat(refused.failure()).isEqualTo(Failure.TOO_LARGE);
			assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
			assertThat(link.isOpen()).isTrue();
		}
	}

	@Test
	void itemsOfOtherClientsWithAnyFlagsAreRead() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), memcached.port())) {
				socket.getOutputStream().write("set f 4294967295 0 1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
					.isEqualTo("STORED\r\n");
			}
			assertThat(TestPool.item(TestPool.get(link, "f").first()).flags()).isEqualTo(4294967295L);
			assertThat(link.isOpen()).isTrue();
		}
	}

	@Test
	void whenTheServersConnectionsAreUsedUpThenItIsUsedOnceThereIsOne() throws Exception {
		try (MemcachedServer memcached = MemcachedServer
			.start(MemcachedServerOptions.defaults().withConnectionLimit(30).withThreads(1))) {
			List<Socket> others = new ArrayList<>();
			Socket other;
			do {
				other = new Socket();
				other.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), memcached.port()), 500);
				others.add(other);
				assertThat(others).hasSizeLessThan(100);
			}
			while (isServed(other));
			try (TestPool pool = new TestPool(TestPool.settings(), TestPool.address(memcached))) {
				TestPool.await("tried", () -> pool.snapshot().lastFailure() != null);
				assertThat(pool.pool.isAlive()).isFalse();
				for (Socket socket : others) {
					socket.close();
				}
				assertThat(TestPool.set(pool.up(), "k", NOTHING).stored()).isTrue();
			}
		}
	}

	/**
	 * Ask, as the server counts a connection only when a worker of its takes it up.
	 */
	private static boolean isServed(Socket socket) {
		try {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
			return socket.getInputStream().read() == 'V';
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void authenticatesWithUserNameAndPassword() throws Exception {
		try (MemcachedServer memcached = MemcachedServer
			.start(MemcachedServerOptions.defaults().withAuthentication("alice", "opensesame"))) {
			try (TestPool pool = new TestPool(TestPool.authenticated("alice", "opensesame"),
					TestPool.address(memcached))) {
				assertThat(TestPool.set(pool.up(), "k", TestPool.bytes("v")).stored()).isTrue();
			}
			try (TestPool pool = new TestPool(TestPool.authenticated("alice", "wrong"), TestPool.address(memcached))) {
				TestPool.await("refused", () -> failed(pool, "authentication failed"));
				assertThat(pool.snapshot().lastFailure()).doesNotContain("wrong");
				assertThat(pool.pool.isAlive()).isFalse();
			}
			try (TestPool pool = new TestPool(TestPool.settings(), TestPool.address(memcached))) {
				TestPool.await("refused", () -> failed(pool, "auth"));
			}
		}
	}

	private static boolean failed(TestPool pool, String how) {
		String failure = pool.snapshot().lastFailure();
		return failure != null && failure.contains(how);
	}

	@Test
	void aServerThatAsksForNoPasswordDoesNotKeepIt() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.authenticated("alice", "secret"), TestPool.address(memcached))) {
			pool.up();
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), memcached.port())) {
				socket.getOutputStream().write("stats\r\n".getBytes(StandardCharsets.US_ASCII));
				InputStream in = socket.getInputStream();
				StringBuilder stats = new StringBuilder();
				while (!stats.toString().endsWith("END\r\n")) {
					stats.append((char) in.read());
				}
				// The probing item only.
				assertThat(stats.toString()).contains("STAT curr_items 1\r\n");
			}
		}
	}

	@Test
	void commandsAreExecutedInTheOrderInWhichTheMethodsReturned() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start();
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			AtomicInteger sequence = new AtomicInteger();
			List<Reply> gets = Collections.synchronizedList(new ArrayList<>());
			List<Integer> expected = Collections.synchronizedList(new ArrayList<>());
			Object order = new Object();
			ExecutorService executor = Executors.newFixedThreadPool(8);
			try {
				List<Future<?>> tasks = new ArrayList<>();
				for (int t = 0; t < 8; t++) {
					tasks.add(executor.submit(() -> {
						for (int i = 0; i < 1000; i++) {
							synchronized (order) {
								int number = sequence.incrementAndGet();
								link.set(TestPool.key("k"), 0, TestPool.bytes(String.valueOf(number)), NOTHING);
								gets.add(link.gets(TestPool.key("k")));
								expected.add(number);
							}
						}
					}));
				}
				for (Future<?> task : tasks) {
					task.get(30, TimeUnit.SECONDS);
				}
			}
			finally {
				executor.shutdownNow();
			}
			for (int i = 0; i < gets.size(); i++) {
				assertThat(TestPool.value(gets.get(i).await(TestPool.WAIT)))
					.isEqualTo(TestPool.bytes(String.valueOf(expected.get(i))));
			}
		}
	}

	@Test
	void whenAServerIsLostThenTheNextStandsInAndOneBadServerDoesNotSlowTheOthers() throws Exception {
		try (MemcachedServer a = MemcachedServer.start();
				MemcachedServer b = MemcachedServer.start();
				MemcachedServer c = MemcachedServer.start();
				TestPool pool = new TestPool(settings(Duration.ofSeconds(1), 3, true), TestPool.address(a),
						TestPool.address(b), TestPool.address(c))) {
			TestPool.await("all up", () -> pool.pool.servers().stream().allMatch((server) -> server.link() != null));
			Server lost = pool.pool.servers().get(0);
			MemcachedKey key = keyOf(pool.pool, lost, 0);
			a.pause();
			long start = System.nanoTime();
			while (lost.link() != null) {
				for (int i = 1; i < 3; i++) {
					Link link = pool.pool.servers().get(i).link();
					if (link == null) {
						throw new AssertionError("another server was lost");
					}
					assertThat(TestPool.set(link, "k" + i, NOTHING).failure()).isNull();
				}
			}
			System.out.printf("idle and hung beside busy servers: noticed after %.0f ms%n",
					TestPool.millisSince(start));
			assertThat(pool.pool.isAlive()).isTrue();
			Server standIn = pool.pool.failoverServer(key);
			assertThat(standIn).isNotNull().isNotSameAs(lost);
			boolean[] used = new boolean[3];
			for (int i = 0; i < 1000; i++) {
				used[pool.pool.servers().indexOf(pool.pool.failoverServer(keyOf(pool.pool, lost, i)))] = true;
			}
			assertThat(used).containsExactly(false, true, true);
			b.kill();
			c.kill();
			TestPool.await("all lost", () -> !pool.pool.isAlive());
			assertThat(pool.pool.failoverServer(key)).isNull();
			assertThat(pool.pool.home(key)).isSameAs(lost);
		}
	}

	private static MemcachedKey keyOf(ServerPool pool, Server home, int start) {
		for (int i = start * 100;; i++) {
			MemcachedKey key = TestPool.key("key:" + i);
			if (pool.home(key) == home) {
				return key;
			}
		}
	}

	@Test
	void twoHundredStartsAndStopsLeaveNothingBehind() throws Exception {
		Set<Thread> before = TestPool.threads();
		try (MemcachedServer memcached = MemcachedServer.start()) {
			int threads = 0;
			long descriptors = 0;
			for (int i = 0; i < 200; i++) {
				try (TestPool pool = new TestPool(TestPool.settings(), TestPool.address(memcached),
						new ServerAddress("127.0.0.1", 1, 1))) {
					if (i % 2 == 0) {
						pool.up();
					}
				}
				if (i == 20) {
					TestPool.await("threads end", () -> TestPool.threadsSince(before).isEmpty());
					threads = Thread.activeCount();
					descriptors = descriptors();
				}
			}
			TestPool.await("threads end", () -> TestPool.threadsSince(before).isEmpty());
			System.out.printf("after 200 starts and stops: %d threads (%d), %d descriptors (%d)%n",
					Thread.activeCount(), threads, descriptors(), descriptors);
			assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
			assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 5);
		}
	}

	/** Sockets, pipes and selectors, but not files: classes are loaded meanwhile. */
	private static long descriptors() throws Exception {
		long count = 0;
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors.toList()) {
				try {
					if (!Files.readSymbolicLink(descriptor).toString().startsWith("/")) {
						count++;
					}
				}
				catch (NoSuchFileException ex) {
					// That of the listing itself.
				}
			}
		}
		return count;
	}

}
