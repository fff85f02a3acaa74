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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.TestCacheKeys;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What failures cost, in figures. The assertions allow for a busy machine; what was
 * measured goes to {@code target/reports/failure-figures.md}. With the system property
 * {@code failsoft.figures=full} outages are longer and repetitions are more.
 */
class FailureFiguresIT {

	private static final boolean FULL = "full".equals(System.getProperty("failsoft.figures"));

	private static final int TIMEOUT_MILLIS = 250;

	private static final String TIMEOUT = "memcached.operation-timeout=" + TIMEOUT_MILLIS + "ms";

	private static final Map<Integer, String> ROWS = new TreeMap<>();

	@AfterAll
	static void report() throws IOException {
		StringBuilder table = new StringBuilder("| | must reach | measured |\n|---|---|---|\n");
		ROWS.values().forEach((row) -> table.append(row).append('\n'));
		Reports.write("failure-figures.md", table.toString());
	}

	private static void row(int order, String what, String target, String format, Object... figures) {
		ROWS.put(order, "| " + what + " | " + target + " | " + String.format(Locale.ROOT, format, figures) + " |");
	}

	private static String address(MemcachedServer server) {
		return server.host() + ":" + server.port();
	}

	private static RunningApplication start(MemcachedServer server, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length] = "memcached.servers=" + address(server);
		all[properties.length + 1] = TIMEOUT;
		return RunningApplication.start(all).up();
	}

	private static double time(Runnable action) {
		long start = System.nanoTime();
		action.run();
		return Polling.millisSince(start);
	}

	private static double[] times(int count, String prefix, Consumer<String> action) {
		double[] times = new double[count];
		for (int i = 0; i < count; i++) {
			String key = prefix + i;
			times[i] = time(() -> action.accept(key));
		}
		Arrays.sort(times);
		return times;
	}

	private static double median(double[] sorted) {
		return sorted[sorted.length / 2];
	}

	private static double p99(double[] sorted) {
		return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
	}

	private static double awaitHits(Catalogue catalogue) {
		return Polling.until("hits", () -> {
			catalogue.get("probe");
			int calls = catalogue.calls();
			catalogue.get("probe");
			return catalogue.calls() == calls;
		});
	}

	/** Lets an outage last, so that the client has time to lose its patience. */
	private static void last(Duration outage) {
		long start = System.nanoTime();
		Polling.until("the outage lasted", () -> System.nanoTime() - start >= outage.toNanos());
	}

	private static Duration outage() {
		return FULL ? Duration.ofSeconds(10) : Duration.ofSeconds(2);
	}

	@Test
	void beforeTheBreakerOpensAnInvocationPaysOneTimeout() {
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = start(server, Fault.BREAKER_STAYS_CLOSED)) {
			Catalogue catalogue = application.catalogue();
			awaitHits(catalogue);
			catalogue.put("warm");
			catalogue.several("warm");
			server.pause();
			int count = FULL ? 40 : 5;
			double[] gets = times(count, "get", catalogue::get);
			double[] puts = times(count, "put", catalogue::put);
			double[] several = times(count, "several", catalogue::several);
			row(1, "a cached invocation on a hung server, before the breaker opens: `@Cacheable` / `@CachePut` /"
					+ " four caches at once (median)", "<= 300 ms", "%.0f / %.0f / %.0f ms", median(gets), median(puts),
					median(several));
			assertThat(List.of(gets[0], puts[0], several[0])).allMatch((best) -> best < 2 * TIMEOUT_MILLIS);
			// If nothing waits it is no longer this fault that is measured.
			assertThat(List.of(gets[0], puts[0], several[0])).allMatch((best) -> best > TIMEOUT_MILLIS / 2);
		}
	}

	@Test
	void onceTheBreakerIsOpenAnInvocationPaysNothing() {
		int count = FULL ? 20_000 : 3_000;
		try (MemcachedServer server = MemcachedServer.start(); RunningApplication application = start(server)) {
			Catalogue catalogue = application.catalogue();
			awaitHits(catalogue);
			server.pause();
			awaitDown(application);
			times(count, "warm", catalogue::get);
			double hung = overUncached(catalogue, count, "hung");
			server.kill();
			double refused = overUncached(catalogue, count, "refused");
			row(2, "the same once it is open, p99 over the uncached method: hung / refused", "< 1 ms", "%.3f / %.3f ms",
					hung, refused);
			assertThat(hung).isLessThan(50);
			assertThat(refused).isLessThan(50);
		}
	}

	private static void awaitDown(RunningApplication application) {
		Polling.until("down", () -> application.servers().get(0).state() == State.DOWN);
	}

	private static double overUncached(Catalogue catalogue, int count, String prefix) {
		double uncached = p99(times(count, prefix + "-", catalogue::query));
		return p99(times(count, prefix, catalogue::get)) - uncached;
	}

	@Test
	void theStartDoesNotWaitForBlackHoles() throws IOException {
		try (MemcachedServer server = MemcachedServer.start();
				BlackHole first = new BlackHole();
				BlackHole second = new BlackHole();
				BlackHole third = new BlackHole()) {
			String holes = "memcached.servers=127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port() + ",127.0.0.1:"
					+ third.port();
			startAndStop("memcached.servers=" + address(server));
			startAndStop(holes);
			double[] up = new double[FULL ? 20 : 3];
			double[] dropped = new double[up.length];
			for (int i = 0; i < up.length; i++) {
				up[i] = startAndStop("memcached.servers=" + address(server));
				dropped[i] = startAndStop(holes);
			}
			Arrays.sort(up);
			Arrays.sort(dropped);
			row(3, "start-up with all three servers black-holed, over the time with a server up (median)", "< 1 s more",
					"%.0f ms more (%.0f and %.0f ms)", median(dropped) - median(up), median(dropped), median(up));
			assertThat(dropped[0] - up[0]).isLessThan(1000);
		}
	}

	private static double startAndStop(String servers) {
		long start = System.nanoTime();
		try (RunningApplication application = RunningApplication.start(servers, TIMEOUT)) {
			assertThat(application.catalogue()).isNotNull();
			return Polling.millisSince(start);
		}
	}

	@Test
	void hitsAreBackSoonAfterARestartAndAfterAHang() {
		try (MemcachedServer server = MemcachedServer.start(); RunningApplication application = start(server)) {
			Catalogue catalogue = application.catalogue();
			awaitHits(catalogue);
			double[] restarts = new double[FULL ? 5 : 1];
			double[] hangs = new double[restarts.length];
			for (int i = 0; i < restarts.length; i++) {
				server.kill();
				last(outage());
				server.restart();
				restarts[i] = Stopwatch.millis(() -> awaitHits(catalogue));
				server.pause();
				awaitDown(application);
				last(outage());
				server.resume();
				hangs[i] = Stopwatch.millis(() -> awaitHits(catalogue));
			}
			Arrays.sort(restarts);
			Arrays.sort(hangs);
			row(4, "hits again after a restart of " + outage().toSeconds() + " s / after SIGCONT (longest of "
					+ restarts.length + ")", "< 1.5 s / < 1.5 s", "%.0f / %.0f ms", restarts[restarts.length - 1],
					hangs[hangs.length - 1]);
			assertThat(restarts[0]).isLessThan(5000);
			assertThat(hangs[0]).isLessThan(5000);
		}
	}

	@Test
	void whenOneOfThreeServersHangsThenTheKeysOfTheOthersAreNotSlower() {
		int count = FULL ? 5_000 : 300;
		try (MemcachedServer a = MemcachedServer.start();
				MemcachedServer b = MemcachedServer.start();
				MemcachedServer c = MemcachedServer.start();
				RunningApplication application = RunningApplication.start(
						"memcached.servers=" + address(a) + "," + address(b) + "," + address(c), TIMEOUT,
						Fault.BREAKER_STAYS_CLOSED)) {
			Catalogue catalogue = application.up().catalogue();
			List<String> keys = keysOfOthers(application.bean(ServerPool.class), address(a), count);
			double[] cold = over(keys, catalogue::get);
			assertThat(cold).isNotEmpty();
			over(keys, catalogue::put);
			double[] gets = over(keys, catalogue::get);
			double[] puts = over(keys, catalogue::put);
			a.pause();
			double[] hungGets = over(keys, catalogue::get);
			double[] hungPuts = over(keys, catalogue::put);
			row(5, "one of three servers hung, breaker still closed: p99 of the other two servers' keys, get / put",
					"no change", "%.2f (up: %.2f) / %.2f (up: %.2f) ms", p99(hungGets), p99(gets), p99(hungPuts),
					p99(puts));
			assertThat(median(hungGets)).isLessThan(median(gets) + 50);
			assertThat(median(hungPuts)).isLessThan(median(puts) + 50);
			int calls = catalogue.calls();
			over(keys, catalogue::get);
			assertThat(catalogue.calls() - calls).as("misses of %s", count).isLessThan(count / 10);
		}
	}

	@Test
	void whenAHungServersGenerationIsUnknownThenPutsOfOtherKeysPayForItOnceAtMost() {
		try (MemcachedServer a = MemcachedServer.start();
				MemcachedServer b = MemcachedServer.start();
				RunningApplication application = RunningApplication
					.start("memcached.servers=" + address(a) + "," + address(b), TIMEOUT, Fault.BREAKER_STAYS_CLOSED)) {
			Catalogue catalogue = application.up().catalogue();
			List<String> keys = keysOfOthers(application.bean(ServerPool.class), address(a), 20);
			a.pause();
			double[] puts = over(keys, catalogue::put);
			assertThat(median(puts)).isLessThan(TIMEOUT_MILLIS);
			// The first put spent its time on the hung server, and is remembered as
			// evicted.
			Polling.until("what is put is read", () -> {
				over(keys, catalogue::put);
				int calls = catalogue.calls();
				over(keys, catalogue::get);
				return catalogue.calls() == calls;
			});
		}
	}

	private static List<String> keysOfOthers(ServerPool pool, String not, int count) {
		List<String> keys = new ArrayList<>();
		for (int i = 0; keys.size() < count; i++) {
			Server home = pool.home(MemcachedKey.of(TestCacheKeys.entry(RunningApplication.PREFIX, "items", "k" + i)));
			if (!home.name().equals(not)) {
				keys.add("k" + i);
			}
		}
		return keys;
	}

	private static double[] over(List<String> keys, Consumer<String> action) {
		double[] times = keys.stream().mapToDouble((key) -> time(() -> action.accept(key))).toArray();
		Arrays.sort(times);
		return times;
	}

	@Test
	void theShutdownDoesNotWaitForAHungServer() {
		double[] times = new double[FULL ? 20 : 3];
		for (int i = 0; i < times.length; i++) {
			try (MemcachedServer server = MemcachedServer.start(); RunningApplication application = start(server)) {
				Catalogue catalogue = application.catalogue();
				awaitHits(catalogue);
				server.pause();
				catalogue.evict("undelivered");
				catalogue.future("under way");
				times[i] = time(application::close);
			}
		}
		Arrays.sort(times);
		row(6, "shutdown with a hung server (longest of " + times.length + ")", "< 1 s", "%.0f ms",
				times[times.length - 1]);
		assertThat(times[0]).isLessThan(1000);
	}

	@Test
	void startsAndStopsLeaveNothingBehind() throws IOException {
		int clients = FULL ? 1000 : 60;
		int contexts = FULL ? 50 : 6;
		try (MemcachedServer server = MemcachedServer.start()) {
			for (int i = 0; i < 5; i++) {
				startAndStopClient(server, i);
				startAndStop("memcached.servers=" + address(server));
			}
			Polling.until("threads end", () -> threads().isEmpty());
			long threadsBefore = Thread.getAllStackTraces().size();
			long socketsBefore = sockets();
			for (int i = 0; i < clients; i++) {
				startAndStopClient(server, i);
			}
			for (int i = 0; i < contexts; i++) {
				startAndStop("memcached.servers=" + address(server) + ",127.0.0.1:1");
			}
			Polling.until("threads end", () -> threads().isEmpty());
			long threadsAfter = Thread.getAllStackTraces().size();
			long socketsAfter = sockets();
			row(7, "threads and sockets after " + clients + " client and " + contexts + " context starts and stops",
					"no growth", "%d threads (before: %d), %d sockets, pipes and selectors (before: %d)", threadsAfter,
					threadsBefore, socketsAfter, socketsBefore);
			assertThat(threadsAfter).isLessThanOrEqualTo(threadsBefore + 5);
			assertThat(socketsAfter).isLessThanOrEqualTo(socketsBefore + 5);
		}
	}

	private static void startAndStopClient(MemcachedServer server, int round) {
		ServerPool pool = ServerPool.create(
				List.of(new ServerAddress(server.host(), server.port(), 1), new ServerAddress("127.0.0.1", 1, 1)),
				ClientSettings.defaults());
		try (Consistency consistency = Consistency.start(pool,
				ConsistencySettings.of(Duration.ofMillis(TIMEOUT_MILLIS), 100, Duration.ofSeconds(10)))) {
			assertThat(consistency.pool()).isSameAs(pool);
			if (round % 2 == 0) {
				Polling.until("up", pool::isAlive);
			}
		}
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("failsoft-memcached-io") || name.startsWith("failsoft-memcached-clock")
					|| name.startsWith("failsoft-memcached-timer") || name.startsWith("failsoft-memcached-127")
					|| name.startsWith("Xmemcached") || name.startsWith("Heal-Session"))
			.toList();
	}

	/** Sockets, pipes and selectors, but not files: classes are loaded meanwhile. */
	private static long sockets() throws IOException {
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

	@Test
	void aPauseOfThisJvmOpensNoBreaker() throws Exception {
		int pauses = FULL ? 10 : 2;
		try (MemcachedServer server = MemcachedServer.start()) {
			Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Dspring.devtools.restart.enabled=false", "-cp", System.getProperty("java.class.path"),
					PausedApplication.class.getName(), address(server))
				.redirectErrorStream(true)
				.start();
			try (BufferedReader output = new BufferedReader(
					new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
				String before = ask(child, output);
				assertThat(before).startsWith("UP");
				for (int i = 0; i < pauses; i++) {
					signal(child, "STOP");
					last(Duration.ofMillis(2500));
					signal(child, "CONT");
					assertThat(ask(child, output)).isEqualTo(before);
				}
				row(8, "a pause of this JVM: " + pauses + " times 2.5 s under load, operation timeout 1 s, one timeout"
						+ " opens the breaker", "opens no breaker", "not opened");
			}
			finally {
				signal(child, "CONT");
				child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
			}
		}
	}

	private static String ask(Process child, BufferedReader output) throws IOException {
		child.getOutputStream().write('\n');
		child.getOutputStream().flush();
		StringBuilder all = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.startsWith(PausedApplication.ANSWER)) {
				return line.substring(PausedApplication.ANSWER.length());
			}
			all.append(line).append('\n');
		}
		throw new AssertionError("the application ended: " + all);
	}

	private static void signal(Process child, String signal) throws Exception {
		new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + child.pid()).start()
			.waitFor(10, TimeUnit.SECONDS);
	}

}
