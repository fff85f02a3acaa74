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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Reads, loads, puts and evictions of many keys, on three servers.
 */
class CollectionsIT {

	private final List<MemcachedServer> servers = Stream.generate(MemcachedServer::start).limit(3).toList();

	private final List<FaultProxy> proxies = this.servers.stream().map(FaultProxy::to).toList();

	private final Application one = application(Duration.ZERO, Duration.ZERO);

	private final Application two = application(Duration.ZERO, Duration.ZERO);

	private final MemcachedCache books = this.one.cache("books");

	private final List<Application> others = new ArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private Application application(Duration near, Duration reserve) {
		return application(near, reserve,
				this.proxies.stream().map((proxy) -> new ServerAddress(proxy.host(), proxy.port(), 1)).toList());
	}

	private static Application application(Duration near, Duration reserve, List<ServerAddress> addresses) {
		ClientSettings client = Application.patient(Duration.ofSeconds(60));
		// A load window that is no longer than the timeout would refuse fills.
		Application application = new Application(ServerPool.create(addresses, client), "shop",
				(settings) -> settings.toBuilder()
					.nearTimeToLive(near)
					.reserveTimeToLive(reserve)
					.loadWindow(Duration.ofMinutes(10))
					.build(),
				client.operationTimeout(), new MemcachedCacheErrorHandler());
		awaitAll(application);
		return application;
	}

	private static void awaitAll(Application application) {
		Application
			.await(() -> application.pool().snapshots().stream().allMatch((server) -> server.state() == State.UP));
	}

	@BeforeEach
	void useAllServers() {
		// Each has its generation then.
		for (Application application : List.of(this.one, this.two)) {
			application.cache("books").getAll(keys(100));
		}
	}

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.others.forEach(Application::close);
		this.one.close();
		this.two.close();
		this.proxies.forEach(FaultProxy::close);
		this.servers.forEach(MemcachedServer::close);
	}

	private static List<Integer> keys(int count) {
		return IntStream.range(0, count).boxed().toList();
	}

	private static Map<Integer, String> values(Collection<Integer> keys) {
		Map<Integer, String> values = new LinkedHashMap<>();
		keys.forEach((key) -> values.put(key, "book " + key));
		return values;
	}

	/**
	 * Notes the operations from now on, heartbeats apart.
	 */
	private static List<String> operations(Application application) {
		List<String> operations = new CopyOnWriteArrayList<>();
		application.pool().setOperationListener((server, operation) -> {
			operations.add(operation + " " + server);
			return (reply, nanos) -> {
			};
		});
		return operations;
	}

	private long count(String figure) {
		return this.servers.stream().mapToLong((server) -> number(server, figure)).sum();
	}

	private static long number(MemcachedServer server, String figure) {
		return Long.parseLong(Objects.requireNonNull(server.stats().get(figure)));
	}

	/**
	 * The index of the server of a key.
	 */
	private int home(int key) {
		String name = this.one.pool().home(this.books.store().keys.of(key)).name();
		return IntStream.range(0, 3)
			.filter((i) -> name.equals(this.proxies.get(i).host() + ":" + this.proxies.get(i).port()))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void whatIsMissingIsLoadedOnceAndFoundByAllInstancesInTheOrderOfTheCaller() {
		List<List<Integer>> loaded = new ArrayList<>();
		Function<Collection<Integer>, Map<Integer, String>> loader = (missing) -> {
			loaded.add(List.copyOf(missing));
			return values(missing);
		};
		assertThat(this.books.getAll(List.of(3, 1, 2), loader)).containsExactly(Map.entry(3, "book 3"),
				Map.entry(1, "book 1"), Map.entry(2, "book 2"));
		MemcachedCache others = this.two.cache("books");
		assertThat(others.getAll(List.of(2, 9, 1, 2, 3), loader)).containsExactly(Map.entry(2, "book 2"),
				Map.entry(9, "book 9"), Map.entry(1, "book 1"), Map.entry(3, "book 3"));
		assertThat(loaded).containsExactly(List.of(3, 1, 2), List.of(9));
		assertThat(this.books.<Integer, String>getAll(List.of(9, 4, 3))).containsExactly(Map.entry(9, "book 9"),
				Map.entry(3, "book 3"));
		assertThat(this.books.get(9, String.class)).as("a single read shares the entries").isEqualTo("book 9");
		CacheStatistics figures = others.getStatistics();
		assertThat(figures.getHits()).isEqualTo(3);
		assertThat(figures.getPuts()).isEqualTo(1);
		assertThat(figures.getLoadsOnMiss()).isEqualTo(1);
	}

	@Test
	void whatTheLoaderLeavesOutIsMissingAndWhatItAddsIsIgnored() {
		Map<Integer, @Nullable String> loaded = new HashMap<>();
		loaded.put(1, "one");
		loaded.put(3, null);
		loaded.put(99, "nobody asked");
		Map<Integer, @Nullable String> found = this.books.getAll(List.of(1, 2, 3), (missing) -> loaded);
		assertThat(found).containsOnlyKeys(1, 3).containsEntry(1, "one").containsEntry(3, null);
		assertThat(this.books.<Integer, @Nullable String>getAll(List.of(1, 2, 3, 99))).isEqualTo(found);
		assertThat(this.books.<Integer, String>getAll(List.of(2), (missing) -> Map.of())).isEmpty();
		assertThat(this.books.<Integer, String>getAll(List.of(2), (missing) -> null)).isEmpty();
	}

	@Test
	void forNoKeysNobodyIsAsked() {
		List<String> operations = operations(this.one);
		assertThat(this.books.<Integer, String>getAll(List.of(), (missing) -> {
			throw new IllegalStateException("called");
		})).isEmpty();
		this.books.putAll(Map.of());
		this.books.evictAll(List.of());
		assertThat(operations).isEmpty();
	}

	@Test
	void whatCannotBeAKeyIsLoadedAndNotCachedAndReportedAsForASingleRead() {
		Object refused = new Object();
		List<Object> loaded = new ArrayList<>();
		List<@Nullable Object> keys = Arrays.asList("a", refused, null);
		for (int i = 0; i < 2; i++) {
			Map<Object, String> found = this.books.getAll(keys, (missing) -> {
				loaded.addAll(missing);
				Map<Object, String> values = new HashMap<>();
				missing.forEach((key) -> values.put(key, "value"));
				return values;
			});
			assertThat(new ArrayList<Object>(found.keySet())).isEqualTo(keys);
		}
		assertThat(loaded).as("null is a key, as for a single read").containsExactly("a", refused, null, refused);
		assertThat(this.books.getStatistics().getFailures(Reason.KEY)).isEqualTo(2);
		this.books.putAll(Map.of(refused, "x", "b", "y"));
		this.books.evictAll(keys);
		assertThat(this.books.getStatistics().getFailures(Reason.KEY)).isEqualTo(4);
		assertThat(this.books.getAll(List.of("a", "b"))).containsExactly(Map.entry("b", "y"));
	}

	@Test
	void oneHundredKeysOnThreeServersAreThreeCommands() {
		List<Integer> keys = keys(100);
		this.books.putAll(values(keys));
		List<String> commands = operations(this.one);
		assertThat(this.books.<Integer, String>getAll(keys)).isEqualTo(values(keys));
		assertThat(commands).containsExactlyInAnyOrderElementsOf(
				this.proxies.stream().map((proxy) -> "get " + proxy.host() + ":" + proxy.port()).toList());
		long least = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			long asked = count("cmd_get");
			this.books.getAll(keys);
			least = Math.min(least, count("cmd_get") - asked);
		}
		assertThat(least).as("each key, and each server's generation; a heartbeat may add to it").isEqualTo(100 + 3);
	}

	@Test
	void putsAndEvictionsAreSeenByAllInstances() {
		List<Integer> keys = keys(1000);
		this.books.putAll(values(keys));
		assertThat(this.books.getStatistics().getPuts()).as("none is taken for another's overtaker").isEqualTo(1000);
		MemcachedCache others = this.two.cache("books");
		assertThat(others.<Integer, String>getAll(keys)).isEqualTo(values(keys));
		others.evictAll(keys.subList(0, 999));
		assertThat(others.getStatistics().getEvictions()).isEqualTo(999);
		assertThat(this.books.<Integer, String>getAll(keys)).containsExactly(Map.entry(999, "book 999"));
	}

	@Test
	void anEvictionWithinALoadIsNotOverwritten() {
		List<Integer> keys = keys(10);
		this.books.getAll(keys, (missing) -> {
			this.two.cache("books").evictAll(List.of(3, 4));
			this.books.evict(5);
			return values(missing);
		});
		assertThat(this.books.<Integer, String>getAll(keys)).containsOnlyKeys(0, 1, 2, 6, 7, 8, 9);
	}

	@Test
	void callersWhoMissTheSameKeysShareTheirLoads() throws Exception {
		int callers = 4;
		CyclicBarrier together = new CyclicBarrier(callers);
		Map<Integer, AtomicInteger> loads = new ConcurrentHashMap<>();
		List<Future<Map<Integer, String>>> results = new ArrayList<>();
		for (int c = 0; c < callers; c++) {
			// Overlapping, and in different orders.
			List<Integer> keys = new ArrayList<>(IntStream.range(c * 10, c * 10 + 30).boxed().toList());
			if (c % 2 == 1) {
				Collections.reverse(keys);
			}
			results.add(this.executor.submit(() -> {
				together.await(20, TimeUnit.SECONDS);
				return this.books.getAll(keys, (missing) -> {
					missing.forEach((key) -> loads.computeIfAbsent(key, (k) -> new AtomicInteger()).incrementAndGet());
					pause();
					return values(missing);
				});
			}));
		}
		for (int c = 0; c < callers; c++) {
			assertThat(results.get(c).get(30, TimeUnit.SECONDS))
				.isEqualTo(values(IntStream.range(c * 10, c * 10 + 30).boxed().toList()));
		}
		assertThat(loads.values()).allMatch((times) -> times.get() == 1);
	}

	private static void pause() {
		try {
			Thread.sleep(200);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whatAnotherLoadDoesNotBringIsLoadedAlone() throws Exception {
		CountDownLatch leading = new CountDownLatch(1);
		CountDownLatch asked = new CountDownLatch(1);
		Future<Map<Integer, String>> first = this.executor
			.submit(() -> this.books.<Integer, String>getAll(List.of(1, 2), (missing) -> {
				leading.countDown();
				await(asked);
				return Map.of(1, "first");
			}));
		await(leading);
		Future<Map<Integer, String>> second = this.executor
			.submit(() -> this.books.<Integer, String>getAll(List.of(1, 2, 3), (missing) -> {
				asked.countDown();
				Map<Integer, String> values = new HashMap<>();
				missing.forEach((key) -> values.put(key, "second"));
				return values;
			}));
		String single = this.books.get(2, () -> "single");
		assertThat(first.get(20, TimeUnit.SECONDS)).containsExactly(Map.entry(1, "first"));
		assertThat(second.get(20, TimeUnit.SECONDS)).containsEntry(1, "first")
			.containsEntry(3, "second")
			.containsKey(2);
		assertThat(single).isIn("single", "second");
	}

	@Test
	void aLoadThatFailsThrowsWhatTheLoaderThrewAndLeavesNobodyWaiting() throws Exception {
		CountDownLatch leading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<?> first = this.executor.submit(
				() -> assertThatIllegalStateException().isThrownBy(() -> this.books.getAll(List.of(1, 2), (missing) -> {
					leading.countDown();
					await(go);
					throw new IllegalStateException("no database");
				})).withMessage("no database"));
		await(leading);
		Future<Map<Integer, String>> second = this.executor
			.submit(() -> this.books.getAll(List.of(1, 2), CollectionsIT::values));
		go.countDown();
		first.get(20, TimeUnit.SECONDS);
		assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(values(List.of(1, 2)));
	}

	@Test
	void aLoaderMayAskForItsOwnKeys() {
		assertThat(this.books.<Integer, String>getAll(List.of(1, 2), (missing) -> {
			assertThat(this.books.<Integer, String>getAll(List.of(2, 3), CollectionsIT::values)).hasSize(2);
			assertThat(this.books.get(1, () -> "inner")).isEqualTo("inner");
			return values(missing);
		})).isEqualTo(values(List.of(1, 2)));
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whenAServerIsLostThenItsKeysAreLoadedAndItIsReportedOnce() {
		List<Integer> keys = keys(100);
		this.books.putAll(values(keys));
		long puts = this.books.getStatistics().getPuts();
		this.proxies.get(1).refuse();
		this.proxies.get(1).cut();
		Application.await(() -> this.one.pool().snapshots().get(1).state() != State.UP);
		List<Integer> loaded = new ArrayList<>();
		Map<Integer, String> found = this.books.getAll(keys, (missing) -> {
			loaded.addAll(missing);
			return values(missing);
		});
		assertThat(found).isEqualTo(values(keys));
		assertThat(loaded).isEqualTo(keys.stream().filter((key) -> home(key) == 1).toList());
		CacheStatistics figures = this.books.getStatistics();
		assertThat(figures.getFailures(Reason.DOWN)).isEqualTo(1);
		assertThat(figures.getLoadsOnFailure()).isEqualTo(loaded.size());
		assertThat(figures.getPuts()).isEqualTo(puts);
	}

	@Test
	void whatWasLoadedInAnOutageIsKeptInTheReserve() {
		Application application = application(Duration.ZERO, Duration.ofSeconds(30));
		this.others.add(application);
		MemcachedCache kept = application.cache("books");
		List<Integer> keys = keys(100);
		kept.putAll(values(keys));
		kept.getAll(keys.subList(0, 50));
		this.proxies.forEach(FaultProxy::refuse);
		this.proxies.forEach(FaultProxy::cut);
		Application
			.await(() -> application.pool().snapshots().stream().noneMatch((server) -> server.state() == State.UP));
		assertThat(kept.<Integer, String>getAll(keys)).isEqualTo(values(keys.subList(0, 50)));
		assertThat(kept.getStatistics().getReserveHits()).isEqualTo(50);
		List<Integer> loaded = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			assertThat(kept.<Integer, String>getAll(keys, (missing) -> {
				loaded.addAll(missing);
				return values(missing);
			})).isEqualTo(values(keys));
		}
		assertThat(loaded).isEqualTo(keys.subList(50, 100));
		kept.evictAll(keys.subList(0, 10));
		assertThat(kept.<Integer, String>getAll(keys)).isEqualTo(values(keys.subList(10, 100)));
	}

	@Test
	void nearValuesAreServedWithoutAskingMemcached() {
		Application application = application(Duration.ofSeconds(30), Duration.ZERO);
		this.others.add(application);
		MemcachedCache near = application.cache("books");
		this.books.putAll(values(keys(20)));
		near.getAll(keys(20));
		List<String> operations = operations(application);
		assertThat(near.<Integer, String>getAll(keys(20))).isEqualTo(values(keys(20)));
		assertThat(operations).isEmpty();
		assertThat(near.getStatistics().getNearHits()).isEqualTo(20);
		near.evictAll(keys(5));
		assertThat(near.<Integer, String>getAll(keys(20))).isEqualTo(values(keys(20).subList(5, 20)));
	}

	@Test
	void inATransactionWritesWaitAndWhatWasEvictedIsAMiss() {
		MemcachedCache books = this.one.transactional("books");
		books.putAll(values(keys(10)));
		TransactionSynchronizationManager.initSynchronization();
		TransactionSynchronizationManager.setActualTransactionActive(true);
		try {
			books.evictAll(List.of(1, 2));
			books.putAll(Map.of(3, "changed"));
			assertThat(books.<Integer, String>getAll(List.of(1, 2, 3, 4))).containsExactly(Map.entry(4, "book 4"));
			assertThat(books.<Integer, String>getAll(List.of(2, 20), (missing) -> {
				assertThat(missing).containsExactly(2, 20);
				return Map.of(2, "uncommitted", 20, "uncommitted");
			})).hasSize(2);
			assertThat(this.books.get(20)).as("what a transaction loads is held back").isNull();
			assertThat(books.get(20, String.class)).isEqualTo("uncommitted");
			assertThat(this.books.get(3, String.class)).isEqualTo("book 3");
			for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
				synchronization.afterCommit();
				synchronization.afterCompletion(TransactionSynchronization.STATUS_COMMITTED);
			}
		}
		finally {
			TransactionSynchronizationManager.clear();
		}
		assertThat(this.books.<Integer, String>getAll(List.of(1, 2, 3, 4, 20))).containsExactly(Map.entry(3, "changed"),
				Map.entry(4, "book 4"), Map.entry(20, "uncommitted"));
	}

	@Test
	void tenThousandKeysAreReadAndWrittenWithinTheLimits() {
		List<Integer> keys = keys(10_000);
		this.books.putAll(values(keys));
		assertThat(this.books.getStatistics().getPuts()).isEqualTo(10_000);
		assertThat(this.books.<Integer, String>getAll(keys)).isEqualTo(values(keys));
		this.books.evictAll(keys);
		assertThat(this.books.getAll(keys)).isEmpty();
		assertThat(this.books.getAll(keys, CollectionsIT::values)).isEqualTo(values(keys));
		assertThat(this.two.cache("books").<Integer, String>getAll(keys)).isEqualTo(values(keys));
		for (Reason reason : Reason.values()) {
			assertThat(this.books.getStatistics().getFailures(reason)).as(reason.name()).isZero();
		}
	}

	/**
	 * More is asked for, and answered, than all buffers on the way hold, and memcached
	 * reads nothing while its answers are not taken.
	 */
	@Test
	void aSlowWayToTheServerDoesNotBlockAReadOfTenThousandKeys() throws Exception {
		try (SlowWay way = new SlowWay(this.servers.get(0))) {
			Application slow = application(Duration.ZERO, Duration.ZERO,
					List.of(new ServerAddress("127.0.0.1", way.port(), 1)));
			this.others.add(slow);
			MemcachedCache cache = slow.cache("books");
			List<String> keys = keys(10_000).stream().map((key) -> "k".repeat(150) + key).toList();
			Map<String, String> values = new LinkedHashMap<>();
			keys.forEach((key) -> values.put(key, key + "v".repeat(1000)));
			cache.putAll(values);
			assertThat(cache.<String, String>getAll(keys)).isEqualTo(values);
			assertThat(cache.getStatistics().getFailures(Reason.TIMEOUT)).isZero();
		}
	}

	/**
	 * A way to a server by small buffers.
	 */
	private static final class SlowWay implements AutoCloseable {

		private static final int BUFFER = 4096;

		private final ServerSocket listening = new ServerSocket();

		private final MemcachedServer server;

		SlowWay(MemcachedServer server) throws IOException {
			this.server = server;
			this.listening.setReceiveBufferSize(BUFFER);
			this.listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			daemon(() -> {
				while (true) {
					Socket in = this.listening.accept();
					Socket out = new Socket();
					out.setReceiveBufferSize(BUFFER);
					for (Socket socket : List.of(in, out)) {
						socket.setSendBufferSize(BUFFER);
						socket.setTcpNoDelay(true);
					}
					out.connect(this.server.address());
					pass(in, out);
					pass(out, in);
				}
			});
		}

		private static void pass(Socket in, Socket out) {
			daemon(() -> {
				byte[] buffer = new byte[BUFFER];
				for (int count = in.getInputStream().read(buffer); count >= 0; count = in.getInputStream()
					.read(buffer)) {
					out.getOutputStream().write(buffer, 0, count);
				}
				out.close();
				return null;
			});
		}

		private static void daemon(Callable<?> task) {
			Thread thread = new Thread(() -> {
				try {
					task.call();
				}
				catch (Exception ex) {
					// Closed.
				}
			}, "slow-way");
			thread.setDaemon(true);
			thread.start();
		}

		int port() {
			return this.listening.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			this.listening.close();
		}

	}

	@Test
	void collectionsAreFarFasterThanSingleKeys() {
		Application direct = application(Duration.ZERO, Duration.ZERO,
				this.servers.stream().map((server) -> new ServerAddress(server.host(), server.port(), 1)).toList());
		this.others.add(direct);
		MemcachedCache books = direct.cache("books");
		List<Integer> keys = keys(100);
		Map<Integer, String> values = values(keys);
		books.putAll(values);
		double gets = ratio(1 / 8.0, () -> books.<Integer, String>getAll(keys).size(), () -> {
			keys.forEach(books::get);
			return null;
		});
		double puts = ratio(1 / 4.0, () -> {
			books.putAll(values);
			return null;
		}, () -> {
			values.forEach(books::put);
			return null;
		});
		System.out.println("CollectionsIT: time of 100 gets together to one by one " + gets + ", of puts " + puts);
		assertThat(gets).isLessThan(1 / 8.0);
		assertThat(puts).isLessThan(1 / 4.0);
	}

	/**
	 * The best of many runs of each, alternating, so that what else runs on the machine
	 * slows both. More are made while the ratio is above what is promised: the code may
	 * not be compiled yet.
	 */
	private static double ratio(double promised, Callable<?> together, Callable<?> single) {
		long shortest = Long.MAX_VALUE;
		long longest = Long.MAX_VALUE;
		for (int i = 0; i < 40 || (i < 1000 && shortest > promised * longest); i++) {
			shortest = Math.min(shortest, nanos(together));
			longest = Math.min(longest, nanos(single));
		}
		return (double) shortest / longest;
	}

	private static long nanos(Callable<?> action) {
		try {
			long start = System.nanoTime();
			action.call();
			return System.nanoTime() - start;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
