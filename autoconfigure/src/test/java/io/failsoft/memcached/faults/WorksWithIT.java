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

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.failsoft.memcached.client.FakeServer;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rows of docs/works-with.md: every way through the cache, before each kind of
 * server.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorksWithIT {

	private static final List<String> KEYS = IntStream.range(0, 20).mapToObj((i) -> "key-" + i).toList();

	@Test
	void memcached() {
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = start(server.port());
				RunningApplication other = start(server.port())) {
			assertWorks(application, other);
			assertThat(Long.parseLong(server.stats().getOrDefault("cmd_touch", "0"))).isGreaterThan(20);
		}
	}

	@Test
	void twemproxyBeforeTwoServers(@TempDir Path folder) {
		try (MemcachedServer first = MemcachedServer.start();
				MemcachedServer second = MemcachedServer.start();
				Twemproxy proxy = Twemproxy.start(folder, "hash: fnv1a_64", first, second);
				RunningApplication application = start(proxy.port());
				RunningApplication other = start(proxy.port())) {
			assertWorks(application, other);
			assertThat(List.of(first, second)).allMatch((server) -> items(server) > 5);
			assertThat(losses(application)).isZero();
			Catalogue catalogue = application.catalogue();
			second.kill();
			for (String key : KEYS) {
				assertThat(catalogue.evict(key)).isEqualTo(catalogue.current(key));
				assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
			}
			second.restart();
			awaitHits(catalogue);
			for (String key : KEYS) {
				assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
			}
		}
	}

	@Test
	void twemproxyCanKeepACacheOnOneServer(@TempDir Path folder) {
		try (MemcachedServer first = MemcachedServer.start();
				MemcachedServer second = MemcachedServer.start();
				Twemproxy proxy = Twemproxy.start(folder, "hash_tag: \"::\"", first, second);
				RunningApplication application = start(proxy.port())) {
			awaitHits(application.catalogue());
			// The crawler leaves out what is being used at that moment.
			Polling.until("one server holds the entries, and their generation",
					() -> Stream.of(first, second)
						.map((server) -> keysOfItems(server).size())
						.sorted()
						.toList()
						.equals(List.of(0, KEYS.size() + 1)));
		}
	}

	private static List<String> keysOfItems(MemcachedServer server) {
		return server.command("lru_crawler metadump all")
			.stream()
			.filter((line) -> line.startsWith("key=" + RunningApplication.PREFIX + "%3A" + Catalogue.ITEMS + "%3A"))
			.toList();
	}

	@Test
	void aServerLikeServerlessThatTakesShortLinesAndNoArgumentsOfStats() throws Exception {
		try (FakeServer server = new FakeServer(
				(line) -> (line.length() > 16 * 1024 || line.matches("(stats|flush_all|verbosity) .*"))
						? FakeServer.CLOSE : null);
				RunningApplication application = start(server.port());
				RunningApplication other = start(server.port())) {
			assertWorks(application, other);
			String longest = "k".repeat(100_000);
			assertThat(application.catalogue().get(longest)).isEqualTo(application.catalogue().current(longest));
			assertThat(server.connections).hasValue(2);
			assertThat(server.commands).allMatch((line) -> line.length() < 1024)
				.allMatch((line) -> line.matches("(gets|set|add|cas|touch) .*|version"));
		}
	}

	@Test
	void aServerThatDoesNotKnowTouch(CapturedOutput output) throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith("touch") ? "ERROR\r\n" : null);
				RunningApplication application = start(server.port());
				RunningApplication other = start(server.port())) {
			assertWorks(application, other);
			assertThat(server.connections).hasValue(2);
			assertThat(server(application).lacks()).isEqualTo("touch");
			assertThat(output.getAll().lines()).filteredOn((line) -> line.contains("the command touch"))
				.hasSize(2)
				.allMatch((line) -> line.contains(" WARN ") && line.contains("time-to-idle"));
		}
	}

	@Test
	void aServerLikeDragonflyIsRefusedAndEachMethodRuns(CapturedOutput output) throws Exception {
		try (FakeServer server = FakeServer.withoutCas();
				RunningApplication application = RunningApplication.start(at(server.port()))) {
			Polling.until("tried again and again", () -> server.connections.get() >= 4);
			Catalogue catalogue = application.catalogue();
			for (String key : KEYS) {
				assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
			}
			assertThat(catalogue.calls()).isEqualTo(KEYS.size());
			assertThat(server(application).state()).isEqualTo(State.CONNECTING);
			assertThat(server(application).lastFailure()).startsWith("it gives no cas numbers").contains("Dragonfly");
			assertThat(output.getAll().lines()).filteredOn((line) -> line.contains("cas numbers"))
				.singleElement()
				.asString()
				.contains(" WARN ", "is not reachable: it gives no cas numbers");
		}
	}

	@Test
	void thePageNamesEachOfTheseTests() throws Exception {
		String page = Files.readString(Path.of("../docs/works-with.md"));
		for (Method method : WorksWithIT.class.getDeclaredMethods()) {
			if (method.isAnnotationPresent(Test.class) && !method.getName().startsWith("thePage")) {
				assertThat(page).contains("`WorksWithIT." + method.getName() + "`");
			}
		}
	}

	private static String at(int port) {
		return "memcached.servers=127.0.0.1:" + port;
	}

	private static RunningApplication start(int port) {
		return RunningApplication.start(at(port), "memcached.cache.time-to-idle=50s", "memcached.cache.load-lease=2s")
			.up();
	}

	private static void assertWorks(RunningApplication application, RunningApplication other) {
		Catalogue catalogue = application.catalogue();
		for (CachedPath path : CachedPath.values()) {
			assertThat(path.invoke(catalogue, "path-" + path)).isEqualTo(catalogue.current("path-" + path));
		}
		awaitHits(catalogue);
		for (String key : KEYS) {
			// Its own catalogue never runs: it reads what the first instance stored.
			assertThat(other.catalogue().get(key)).isEqualTo(catalogue.current(key));
		}
		assertThat(other.catalogue().calls()).isZero();
		KEYS.forEach(other.catalogue()::evict);
		int calls = catalogue.calls();
		for (String key : KEYS) {
			assertThat(catalogue.sync(key)).isEqualTo(catalogue.current(key));
		}
		assertThat(catalogue.calls()).isEqualTo(calls + KEYS.size());
		awaitHits(catalogue);
		other.caches().resetCaches();
		for (String key : KEYS) {
			catalogue.get(key);
		}
		assertThat(catalogue.calls()).isGreaterThanOrEqualTo(calls + 2 * KEYS.size());
		awaitHits(catalogue);
	}

	private static void awaitHits(Catalogue catalogue) {
		Polling.until("hits of all", () -> {
			int calls = catalogue.calls();
			KEYS.forEach(catalogue::get);
			return catalogue.calls() == calls;
		});
	}

	private static ServerSnapshot server(RunningApplication application) {
		return application.servers().get(0);
	}

	private static long losses(RunningApplication application) {
		return server(application).losses();
	}

	private static long items(MemcachedServer server) {
		return Long.parseLong(server.stats().getOrDefault("curr_items", "0"));
	}

}
