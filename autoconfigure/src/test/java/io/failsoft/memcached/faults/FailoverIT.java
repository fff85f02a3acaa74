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

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.cache.TestCacheKeys;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code memcached.on-server-failure: failover} with two real servers.
 */
class FailoverIT {

	/** For servers that hang, as it takes several until that is noticed. */
	private static final String TIMEOUT = "memcached.operation-timeout=1s";

	private static RunningApplication start(MemcachedServer first, MemcachedServer second, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("memcached.on-server-failure=failover");
		all.add("memcached.servers=" + first.host() + ":" + first.port() + "," + second.host() + ":" + second.port());
		return RunningApplication.start(all.toArray(String[]::new)).up();
	}

	private static List<String> keysOf(RunningApplication application, MemcachedServer server, int count) {
		ServerPool pool = application.bean(ServerPool.class);
		List<String> keys = new ArrayList<>();
		for (int i = 0; keys.size() < count; i++) {
			MemcachedKey key = MemcachedKey
				.of(TestCacheKeys.entry(RunningApplication.PREFIX, Catalogue.ITEMS, "key" + i));
			if (pool.home(key).name().equals(server.host() + ":" + server.port())) {
				keys.add("key" + i);
			}
		}
		return keys;
	}

	private static boolean isHit(Catalogue catalogue, String key) {
		int calls = catalogue.calls();
		assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
		return catalogue.calls() == calls;
	}

	private static void awaitHits(Catalogue catalogue, List<String> keys) {
		Polling.until("hits of all", () -> keys.stream().allMatch((key) -> isHit(catalogue, key)));
	}

	private static void awaitFirst(RunningApplication application, State state) {
		Polling.until("it is " + state, () -> application.servers().get(0).state() == state);
	}

	@Test
	void whenAServerIsKilledThenTheOtherTakesItsKeysAndTheyGoHomeOnItsReturn() {
		try (MemcachedServer first = MemcachedServer.start(TestTls.options());
				MemcachedServer second = MemcachedServer.start(TestTls.options());
				RunningApplication application = start(first, second)) {
			Catalogue catalogue = application.catalogue();
			List<String> keys = keysOf(application, first, 50);
			List<String> others = keysOf(application, second, 50);
			awaitHits(catalogue, keys);
			awaitHits(catalogue, others);
			first.kill();
			awaitFirst(application, State.DOWN);
			assertThat(others).allMatch((key) -> isHit(catalogue, key));
			awaitHits(catalogue, keys);
			assertThat(application.servers().get(1).state()).isEqualTo(State.UP);
			long held = items(second);
			assertThat(held).isGreaterThanOrEqualTo(100);
			first.restart();
			awaitFirst(application, State.UP);
			assertThat(keys).noneMatch((key) -> isHit(catalogue, key));
			awaitHits(catalogue, keys);
			assertThat(items(first)).isGreaterThanOrEqualTo(50);
			assertThat(others).allMatch((key) -> isHit(catalogue, key));
		}
	}

	private static long items(MemcachedServer server) {
		return Long.parseLong(server.stats().getOrDefault("curr_items", "0"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "evict", "put", "clear" })
	void whenAHungServerReturnsWithItsDataThenWhatChangedDuringTheTakeoverIsNotStale(String change) {
		try (MemcachedServer first = MemcachedServer.start(TestTls.options());
				MemcachedServer second = MemcachedServer.start(TestTls.options());
				RunningApplication application = start(first, second, TIMEOUT);
				RunningApplication reader = start(first, second, TIMEOUT)) {
			Catalogue catalogue = application.catalogue();
			List<String> keys = keysOf(application, first, 20);
			awaitHits(catalogue, keys);
			first.pause();
			awaitFirst(application, State.DOWN);
			awaitFirst(reader, State.DOWN);
			awaitHits(catalogue, keys);
			for (String key : keys) {
				switch (change) {
					case "evict" -> catalogue.evict(key);
					case "put" -> catalogue.put(key);
					default -> {
						catalogue.evict(key);
						application.caches().resetCaches();
					}
				}
				assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
			}
			first.resume();
			awaitFirst(application, State.UP);
			for (String key : keys) {
				assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
			}
			awaitHits(catalogue, keys);
			// Another instance reads what the first one sees to be current.
			awaitFirst(reader, State.UP);
			for (String key : keys) {
				Polling.until("it is read", () -> {
					int calls = reader.catalogue().calls();
					Item read = reader.catalogue().get(key);
					boolean hit = reader.catalogue().calls() == calls;
					if (hit) {
						assertThat(read).isEqualTo(catalogue.current(key));
					}
					return hit;
				});
			}
		}
	}

	@Test
	void whatWasTakenOverInAnEarlierOutageIsNotReadInALaterOne() {
		try (MemcachedServer first = MemcachedServer.start(TestTls.options());
				MemcachedServer second = MemcachedServer.start(TestTls.options());
				RunningApplication application = start(first, second, "memcached.failover-time-to-live=1h")) {
			Catalogue catalogue = application.catalogue();
			List<String> keys = keysOf(application, first, 20);
			first.kill();
			awaitFirst(application, State.DOWN);
			awaitHits(catalogue, keys);
			first.restart();
			awaitFirst(application, State.UP);
			keys.forEach(catalogue::evict);
			first.kill();
			awaitFirst(application, State.DOWN);
			for (int i = 0; i < 3; i++) {
				for (String key : keys) {
					assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
				}
			}
			awaitHits(catalogue, keys);
		}
	}

	@Test
	void whenBothServersAreGoneThenTheMethodsRun() {
		try (MemcachedServer first = MemcachedServer.start(TestTls.options());
				MemcachedServer second = MemcachedServer.start(TestTls.options());
				RunningApplication application = start(first, second)) {
			Catalogue catalogue = application.catalogue();
			first.kill();
			second.kill();
			for (CachedPath path : CachedPath.values()) {
				int calls = catalogue.calls();
				String key = "gone" + path;
				Item item = path.invoke(catalogue, key);
				assertThat(item).isEqualTo(catalogue.current(key));
				assertThat(catalogue.calls() - calls).isEqualTo(1);
			}
			second.restart();
			awaitHits(catalogue, List.of("a", "b", "c", "d"));
		}
	}

}
