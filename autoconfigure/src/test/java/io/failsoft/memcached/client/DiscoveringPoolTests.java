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

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool whose servers a script discovers.
 */
@ExtendWith(OutputCaptureExtension.class)
class DiscoveringPoolTests {

	private static final ServerAddress NAME = ServerAddress.parse("cache.example.com");

	private final Set<Thread> before = TestPool.threads();

	private final ScriptedDiscovery discovery = new ScriptedDiscovery();

	private final RecordingGates gates = new RecordingGates();

	// Connections are counted: none is lost because this machine pauses.
	private final DefaultServerPool pool = new DefaultServerPool(List.of(NAME), this.discovery, Duration.ofMillis(20),
			TestPool.patient(), Dialer.Resolver.SYSTEM);

	@Test
	void whenNoServerIsFoundAtFirstThenTheStartDoesNotWaitAndTheHealthSaysWhy(CapturedOutput output) {
		try (this.pool) {
			this.discovery.blocked = new CountDownLatch(1);
			assertThat(Stopwatch.millis(() -> this.pool.start(this.gates))).isLessThan(500);
			assertThat(this.pool.home(TestPool.key("k")).link()).isNull();
			this.discovery.release();
			TestPool.await("a failed look-up", () -> this.pool.snapshots().get(0).lastFailure() != null);
			assertThat(this.pool.isAlive()).isFalse();
			assertThat(this.pool.snapshots()).singleElement().satisfies((snapshot) -> {
				assertThat(snapshot.name()).isEqualTo("cache.example.com:11211");
				assertThat(snapshot.state()).isEqualTo(ServerSnapshot.State.CONNECTING);
				assertThat(snapshot.lastFailure()).isEqualTo("unknown host");
			});
			this.discovery.awaitLooks(5);
			assertThat(output).containsOnlyOnce(
					"memcached cache.example.com:11211 is not reachable: unknown host; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back")
				.doesNotContain("Discovery of");
		}
	}

	@Test
	void serversAreUsedWhenTheyAreFoundAndKeepTheirConnectionsWhileTheListChanges() throws IOException {
		try (FakeServer one = FakeServer.healthy();
				FakeServer two = FakeServer.healthy();
				FakeServer three = FakeServer.healthy();
				this.pool) {
			AtomicInteger changes = new AtomicInteger();
			this.pool.onChange(() -> {
				throw new IllegalStateException("odd");
			});
			this.pool.onChange(changes::incrementAndGet);
			this.pool.start(this.gates);
			find(one, two);
			TestPool.await("told of the change", () -> changes.get() == 1);
			assertThat(this.gates.events).startsWith("create cache.example.com:11211");
			assertThat(this.gates.events).contains("leave cache.example.com:11211", "left cache.example.com:11211")
				.doesNotContain("gain " + one.address().name());
			Server kept = this.pool.servers().get(0);
			this.gates.events.clear();
			find(one, two, three);
			assertThat(this.gates.events).containsExactly("create " + three.address().name(),
					"gain " + three.address().name());
			assertThat(this.pool.servers()).hasSize(3).contains(kept);
			assertThat(this.pool.servers().stream().mapToDouble(this.pool::share).sum()).isBetween(0.999, 1.001);
			find(one, three);
			TestPool.await("the connection of the one that left is closed",
					() -> this.gates.events.contains("left " + two.address().name()));
			assertThat(this.pool.servers()).hasSize(2).contains(kept);
			TestPool.await("its threads end", () -> threads(two.address().name()).isEmpty());
			assertThat(one.connections).hasValue(1);
			assertThat(three.connections).hasValue(1);
		}
		TestPool.await("no thread looks up any more", () -> threads("discovery").isEmpty());
	}

	@Test
	void whenDiscoveryFailsLaterThenTheServersStayAndOneLineSaysSo(CapturedOutput output) throws IOException {
		try (FakeServer one = FakeServer.healthy(); this.pool) {
			this.pool.start(this.gates);
			find(one);
			this.discovery.found = new Discovery.Found(List.of(one.address()), Map.of(NAME, "refused"));
			this.discovery.awaitLooks(10);
			assertThat(this.pool.isAlive()).isTrue();
			assertThat(output).containsOnlyOnce(
					"Discovery of memcached servers failed: cache.example.com:11211: refused; the last known stay in use: 1");
			this.discovery.found = new Discovery.Found(List.of(one.address()), Map.of());
			this.discovery.awaitLooks(2);
			TestPool.await("said", () -> output.getAll().contains("Discovery of memcached servers works again"));
		}
	}

	@Test
	void whenALookUpThrowsThenTheNextOneIsMadeAllTheSame() throws IOException {
		try (FakeServer one = FakeServer.healthy(); this.pool) {
			this.discovery.thrown = new IllegalStateException("odd");
			this.pool.start(this.gates);
			this.discovery.awaitLooks(2);
			this.discovery.thrown = null;
			find(one);
			assertThat(this.pool.isAlive()).isTrue();
		}
	}

	@Test
	void whenALookUpHangsThenClosingDoesNotWaitForIt() {
		this.discovery.blocked = new CountDownLatch(1);
		try (this.pool) {
			this.pool.start(this.gates);
			this.discovery.awaitFirstLook();
			assertThat(Stopwatch.millis(this.pool::close)).isLessThan(1_000);
		}
		finally {
			this.discovery.release();
		}
		TestPool.await("no thread", () -> threads("discovery").isEmpty());
		assertThat(this.gates.events).containsExactly("create cache.example.com:11211");
	}

	@Test
	void operationsGoOnWhileTheListChanges() throws Exception {
		try (FakeServer one = FakeServer.healthy();
				FakeServer two = FakeServer.healthy();
				FakeServer three = FakeServer.healthy();
				this.pool) {
			this.pool.start(this.gates);
			find(one, two);
			List<List<FakeServer>> lists = List.of(List.of(one, two), List.of(two, three), List.of(one, two, three),
					List.of(one));
			for (int i = 0; i < 20; i++) {
				this.discovery.found = found(lists.get(i % lists.size()));
				int looks = this.discovery.looks();
				while (this.discovery.looks() < looks + 2) {
					MemcachedKey key = TestPool.key("key" + looks);
					Link link = this.pool.home(key).link();
					if (link != null) {
						link.set(key, 0, TestPool.bytes("v"), new byte[0]).await(TestPool.WAIT);
					}
					assertThat(this.pool.servers()).isNotEmpty();
					assertThat(this.pool.failoverServer(key)).isNull();
				}
			}
			find(one);
			TestPool.await("only one server has threads",
					() -> threads(two.address().name()).isEmpty() && threads(three.address().name()).isEmpty());
		}
	}

	private void find(FakeServer... servers) {
		this.discovery.found = found(Arrays.asList(servers));
		TestPool.await("all are up", () -> this.pool.snapshots().size() == servers.length
				&& this.pool.snapshots().stream().allMatch((snapshot) -> snapshot.state() == ServerSnapshot.State.UP));
	}

	private static Discovery.Found found(List<FakeServer> servers) {
		return new Discovery.Found(servers.stream().map(FakeServer::address).toList(), Map.of());
	}

	private List<String> threads(String name) {
		return TestPool.threadsSince(this.before).stream().filter((thread) -> thread.endsWith("-" + name)).toList();
	}

	private static final class ScriptedDiscovery implements Discovery {

		private volatile Found found = new Found(List.of(), Map.of(NAME, "unknown host"));

		private volatile @Nullable RuntimeException thrown;

		private volatile @Nullable CountDownLatch blocked;

		private final AtomicInteger looks = new AtomicInteger();

		@Override
		public Found look() {
			this.looks.incrementAndGet();
			CountDownLatch latch = this.blocked;
			if (latch != null) {
				awaitForever(latch);
			}
			RuntimeException exception = this.thrown;
			if (exception != null) {
				throw exception;
			}
			return this.found;
		}

		private static void awaitForever(CountDownLatch latch) {
			try {
				if (!latch.await(60, TimeUnit.SECONDS)) {
					throw new IllegalStateException("never released");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
		}

		void release() {
			CountDownLatch latch = this.blocked;
			this.blocked = null;
			if (latch != null) {
				latch.countDown();
			}
		}

		int looks() {
			return this.looks.get();
		}

		void awaitFirstLook() {
			TestPool.await("looked up", () -> this.looks.get() > 0);
		}

		void awaitLooks(int more) {
			int target = this.looks.get() + more;
			TestPool.await("looked up " + more + " times more", () -> this.looks.get() >= target);
		}

	}

	private static final class RecordingGates implements RecoveryGate.Factory {

		private final List<String> events = new CopyOnWriteArrayList<>();

		@Override
		public RecoveryGate create(Server server) {
			this.events.add("create " + server.name());
			return new TestPool.OpenGate();
		}

		@Override
		public void move(Collection<? extends Server> gaining, Collection<? extends Server> leaving, Runnable move) {
			leaving.forEach((server) -> this.events.add("leave " + server.name()));
			gaining.forEach((server) -> this.events.add("gain " + server.name()));
			move.run();
		}

		@Override
		public void left(Server server) {
			this.events.add("left " + server.name());
		}

	}

}
