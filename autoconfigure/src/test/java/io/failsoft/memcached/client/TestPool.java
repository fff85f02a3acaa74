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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;

/**
 * A pool with gates that admit at once and count the losses.
 */
final class TestPool implements AutoCloseable {

	/** Longer than a busy machine pauses: what is awaited is expected to happen. */
	static final long WAIT = TimeUnit.SECONDS.toNanos(20);

	private static final Duration LONG = Duration.ofSeconds(5);

	private static final byte[] NOTHING = {};

	final ServerPool pool;

	final AtomicInteger losses = new AtomicInteger();

	final AtomicInteger admissions = new AtomicInteger();

	TestPool(ClientSettings settings, ServerAddress... addresses) {
		this(settings, Dialer.Resolver.SYSTEM, addresses);
	}

	TestPool(ClientSettings settings, Dialer.Resolver resolver, ServerAddress... addresses) {
		this.pool = new DefaultServerPool(Arrays.asList(addresses), null, Duration.ZERO,
				(settings.tls() == null && TestTls.isOn()) ? TestTls.with(TestTls.settings(), settings) : settings,
				resolver);
		this.pool.start((server) -> new CountingGate());
	}

	static ClientSettings settings() {
		return ClientSettings.defaults();
	}

	static ClientSettings settings(Duration timeout) {
		ClientSettings defaults = ClientSettings.defaults();
		return new ClientSettings(timeout, timeout, defaults.maxInFlight(), defaults.maxQueuedBytes(),
				defaults.failureThreshold(), defaults.probeInterval(), false, null, null, null);
	}

	static ClientSettings settings(int maxInFlight, long maxQueuedBytes) {
		ClientSettings defaults = ClientSettings.defaults();
		return new ClientSettings(LONG, LONG, maxInFlight, maxQueuedBytes, defaults.failureThreshold(),
				defaults.probeInterval(), false, null, null, null);
	}

	static ClientSettings hasty(int failureThreshold) {
		ClientSettings defaults = ClientSettings.defaults();
		return new ClientSettings(LONG, LONG, defaults.maxInFlight(), defaults.maxQueuedBytes(), failureThreshold,
				Duration.ofMillis(5), false, null, null, null);
	}

	static ClientSettings patient() {
		ClientSettings defaults = ClientSettings.defaults();
		return new ClientSettings(LONG, LONG, 100_000, 1L << 30, defaults.failureThreshold(), defaults.probeInterval(),
				false, null, null, null);
	}

	static ClientSettings authenticated(String username, String password) {
		ClientSettings defaults = ClientSettings.defaults();
		return new ClientSettings(defaults.connectTimeout(), defaults.operationTimeout(), defaults.maxInFlight(),
				defaults.maxQueuedBytes(), defaults.failureThreshold(), defaults.probeInterval(), false, username,
				password, null);
	}

	Server server() {
		return this.pool.servers().get(0);
	}

	ServerSnapshot snapshot() {
		return this.pool.snapshots().get(0);
	}

	Link up() {
		await("the server is up", () -> server().link() != null);
		Link link = server().link();
		if (link == null) {
			throw new AssertionError("lost again: " + snapshot());
		}
		return link;
	}

	void awaitDown() {
		await("the server is down", () -> server().link() == null);
	}

	static void await(String condition, BooleanSupplier supplier) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!supplier.getAsBoolean()) {
			if (deadline - System.nanoTime() < 0) {
				throw new AssertionError("not within 20 s: " + condition);
			}
			try {
				Thread.sleep(2);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new AssertionError(ex);
			}
		}
	}

	/**
	 * The threads that there are. Of other tests some may be left, such as one that waits
	 * for the name service.
	 */
	static Set<Thread> threads() {
		return Set.copyOf(Thread.getAllStackTraces().keySet());
	}

	/**
	 * The names of the client's threads.
	 * @param before threads that do not count
	 */
	static List<String> threadsSince(Set<Thread> before) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread))
			.map(Thread::getName)
			.filter((name) -> (name.startsWith("failsoft-memcached") && !name.startsWith("failsoft-memcached-testkit"))
					|| name.startsWith("Xmemcached") || name.startsWith("Heal-Session"))
			.toList();
	}

	static ServerAddress address(MemcachedServer server) {
		return new ServerAddress(server.host(), server.port(), 1);
	}

	static MemcachedKey key(String key) {
		return MemcachedKey.of(key);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static Reply set(Link link, String key, byte[] value) {
		return link.set(key(key), 60, NOTHING, value).await(WAIT);
	}

	static Reply get(Link link, String key) {
		return link.gets(key(key)).await(WAIT);
	}

	static byte @Nullable [] value(Reply reply) {
		Reply.Item item = reply.first();
		return (item != null) ? item.value() : null;
	}

	static Reply.Item item(Reply.@Nullable Item item) {
		if (item == null) {
			throw new AssertionError("a miss");
		}
		return item;
	}

	static double millisSince(long nanos) {
		return (System.nanoTime() - nanos) / 1e6;
	}

	static List<Reply> repeat(int times, java.util.function.Supplier<Reply> operation) {
		List<Reply> pendings = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			pendings.add(operation.get());
		}
		return pendings;
	}

	@Override
	public void close() {
		this.pool.close();
	}

	private final class CountingGate extends OpenGate {

		@Override
		public boolean catchUp(Link link) {
			TestPool.this.admissions.incrementAndGet();
			return super.catchUp(link);
		}

		@Override
		public void connectionLost(Link link) {
			TestPool.this.losses.incrementAndGet();
		}

	}

	/**
	 * A gate that admits every server at once.
	 */
	static class OpenGate implements RecoveryGate {

		@Override
		public boolean catchUp(Link link) {
			return true;
		}

		@Override
		public boolean openIfUpToDate(Runnable open) {
			open.run();
			return true;
		}

		@Override
		public boolean maintain(Link link) {
			return true;
		}

		@Override
		public boolean hasWork() {
			return false;
		}

		@Override
		public void connectionLost(Link link) {
		}

	}

}
