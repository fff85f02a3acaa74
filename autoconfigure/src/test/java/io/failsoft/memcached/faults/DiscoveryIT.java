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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.failsoft.memcached.client.ConfigurationEndpoint;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose servers are discovered, with real servers that come and go. Each
 * instance has a configuration endpoint of its own, so that the test decides when it sees
 * a change.
 */
class DiscoveryIT {

	private static final List<String> KEYS = Stream.iterate(0, (i) -> i + 1).limit(40).map((i) -> "key" + i).toList();

	private final MemcachedServer first = MemcachedServer.start(TestTls.options());

	private final MemcachedServer second = MemcachedServer.start(TestTls.options());

	private final List<AutoCloseable> opened = new ArrayList<>(List.of(this.first, this.second));

	private long version;

	@BeforeEach
	void emptyDatabase() {
		Database.ROWS.clear();
		KEYS.forEach((key) -> Database.ROWS.put(key, 0));
	}

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	@Test
	void whenKeysMoveToANewServerAndBackThenNothingStaleIsRead() throws Exception {
		Instance instance = new Instance();
		instance.sees(this.first);
		KEYS.forEach(instance.rows()::get);
		instance.sees(this.first, this.second);
		KEYS.forEach(instance.rows()::increment);
		instance.sees(this.first);
		assertThat(KEYS).allSatisfy((key) -> assertThat(instance.rows().get(key)).isEqualTo(1));
		assertThat(KEYS).allSatisfy((key) -> assertThat(instance.rows().get(key)).isEqualTo(1));
		assertThat(instance.rows().queries()).isEqualTo(2L * KEYS.size());
	}

	@Test
	void whenInstancesSeeTheChangeAtDifferentTimesThenOnceAllHaveSeenItNothingStaleIsRead() throws Exception {
		Instance early = new Instance();
		Instance late = new Instance();
		early.sees(this.first);
		late.sees(this.first);
		KEYS.forEach(early.rows()::get);
		early.sees(this.first, this.second);
		// The early one fills the new homes, the late one the old homes, and each evicts
		// where the other does not read.
		KEYS.forEach(early.rows()::get);
		KEYS.forEach(late.rows()::get);
		KEYS.forEach(late.rows()::increment);
		KEYS.subList(0, 20).forEach(early.rows()::increment);
		late.sees(this.first, this.second);
		assertCurrent(early, late);
		early.sees(this.second);
		KEYS.forEach(late.rows()::increment);
		KEYS.forEach(early.rows()::get);
		late.sees(this.second);
		assertCurrent(early, late);
	}

	@Test
	void whenAServerLeavesThenTheCacheGoesOnAndItsThreadsEnd() throws Exception {
		Instance instance = new Instance();
		instance.sees(this.first, this.second);
		KEYS.forEach(instance.rows()::get);
		instance.sees(this.second);
		KEYS.forEach(instance.rows()::get);
		long queries = instance.rows().queries();
		KEYS.forEach(instance.rows()::get);
		assertThat(instance.rows().queries()).isEqualTo(queries);
		Polling.until("no thread of the server that left",
				() -> threads().noneMatch((name) -> name.endsWith(":" + this.first.port())));
	}

	@Test
	void whenTheEndpointIsDeadOrHungThenTheStartDoesNotWaitAndCallsFallThroughUntilItAnswers() throws Exception {
		for (boolean hung : new boolean[] { false, true }) {
			ConfigurationEndpoint endpoint = endpoint();
			if (hung) {
				endpoint.hang();
			}
			else {
				endpoint.stop();
			}
			Instance instance = new Instance(endpoint);
			Rows rows = instance.rows();
			String key = hung ? "key1" : "key2";
			rows.get(key);
			rows.get(key);
			assertThat(rows.queries()).isEqualTo(2);
			assertThat(instance.servers()).singleElement()
				.satisfies((server) -> assertThat(server.state()).isEqualTo(State.CONNECTING));
			if (!hung) {
				endpoint.start();
			}
			instance.sees(this.first);
			rows.get(key);
			rows.get(key);
			assertThat(rows.queries()).isEqualTo(3);
		}
	}

	@Test
	void whenTheEndpointDiesThenTheServersStayInUseAndClosingDoesNotWait() throws Exception {
		Instance instance = new Instance();
		instance.sees(this.first);
		instance.rows().get("key1");
		instance.endpoint.hang();
		long asked = instance.endpoint.questions();
		Polling.until("asked again", () -> instance.endpoint.questions() > asked);
		instance.rows().get("key1");
		assertThat(instance.rows().queries()).isEqualTo(1);
		assertThat(Stopwatch.millis(instance.application.bean(Consistency.class)::close)).isLessThan(1000);
		Polling.until("no thread",
				() -> threads().noneMatch((name) -> name.startsWith("failsoft-memcached-discovery")));
	}

	@Test
	void theAddressesOfAHostsNameAreServers() throws Exception {
		RunningApplication application = RunningApplication.start(List.of(Database.class),
				"memcached.servers=localhost:" + this.first.port(), "memcached.discovery=dns");
		this.opened.add(application);
		Polling.until("up",
				() -> application.servers().size() == 1 && application.servers().get(0).state() == State.UP);
		assertThat(application.servers().get(0).name()).isEqualTo("127.0.0.1:" + this.first.port());
		Rows rows = application.bean(Rows.class);
		rows.get("key1");
		rows.get("key1");
		assertThat(rows.queries()).isEqualTo(1);
	}

	private static void assertCurrent(Instance... instances) {
		for (int round = 0; round < 2; round++) {
			for (Instance instance : instances) {
				assertThat(KEYS).allSatisfy(
						(key) -> assertThat(instance.rows().get(key)).as(key).isEqualTo(Database.ROWS.get(key)));
			}
		}
	}

	private static Stream<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
	}

	private ConfigurationEndpoint endpoint() throws IOException {
		ConfigurationEndpoint endpoint = new ConfigurationEndpoint();
		this.opened.add(endpoint);
		return endpoint;
	}

	/**
	 * An instance of the application.
	 */
	private final class Instance {

		private final ConfigurationEndpoint endpoint;

		private final RunningApplication application;

		Instance() throws IOException {
			this(endpoint());
		}

		Instance(ConfigurationEndpoint endpoint) {
			this.endpoint = endpoint;
			this.application = RunningApplication.start(List.of(Database.class),
					"memcached.servers=127.0.0.1:" + endpoint.address().port(), "memcached.discovery=elasticache",
					"memcached.discovery-interval=1s", "memcached.cache.transaction-aware=false");
			DiscoveryIT.this.opened.add(this.application);
		}

		Rows rows() {
			return this.application.bean(Rows.class);
		}

		List<ServerSnapshot> servers() {
			return this.application.bean(MemcachedServers.class).snapshots();
		}

		/**
		 * Have it see a list of servers, and wait until it uses them.
		 */
		void sees(MemcachedServer... servers) {
			DiscoveryIT.this.version++;
			ServerAddress[] nodes = Stream.of(servers)
				.map((server) -> new ServerAddress(server.host(), server.port(), 1))
				.toArray(ServerAddress[]::new);
			this.endpoint.answer(DiscoveryIT.this.version, nodes);
			Set<String> names = Set.copyOf(Stream.of(nodes).map(ServerAddress::name).toList());
			Polling.until("the servers are used", () -> {
				List<ServerSnapshot> snapshots = servers();
				return Set.copyOf(snapshots.stream().map(ServerSnapshot::name).toList()).equals(names)
						&& snapshots.stream().allMatch((snapshot) -> snapshot.state() == State.UP)
						&& this.application.bean(Consistency.class)
							.figures()
							.values()
							.stream()
							.allMatch((figures) -> figures.pending() == 0);
			});
		}

	}

	/**
	 * What all instances share.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Database {

		private static final Map<String, Integer> ROWS = new ConcurrentHashMap<>();

		@Bean
		Rows rows() {
			return new Rows();
		}

	}

	/**
	 * A service with cached rows.
	 */
	static class Rows {

		private final AtomicLong queries = new AtomicLong();

		@Cacheable("rows")
		public Integer get(String key) {
			this.queries.incrementAndGet();
			return Objects.requireNonNull(Database.ROWS.get(key));
		}

		@CacheEvict("rows")
		public void increment(String key) {
			Database.ROWS.merge(key, 1, Integer::sum);
		}

		public long queries() {
			return this.queries.get();
		}

	}

}
