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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The servers of an application, the ring over them, and what they share. Where servers
 * are discovered, a thread of its own looks them up: at once when started, soon again
 * while a look-up fails, and else at an interval; while look-ups fail, a line a minute at
 * most says so. The hot path reads the list with one volatile read, and a server that
 * does not change keeps its connection.
 */
final class DefaultServerPool implements ServerPool {

	private static final Log logger = LogFactory.getLog(Server.class);

	private static final long CLOSE_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(600);

	private static final long JOIN_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private final ClientSettings settings;

	private final Dialer.Resolver resolver;

	private final PoolClock clock;

	private final @Nullable Discovery discovery;

	private final long interval;

	private final Backoff backoff;

	private final Thread discoverer = new ClientThread(this::discover, "failsoft-memcached-discovery");

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile Membership membership;

	private RecoveryGate.@Nullable Factory gates;

	private @Nullable OperationListener listener;

	private volatile boolean closed;

	/** True once the servers are known. Until then those configured stand for them. */
	private boolean known;

	/** Used by the thread that looks the servers up, like the next one. */
	private boolean failing;

	private long lastWarning;

	/**
	 * Creates a pool. Until servers that are discovered are found, those configured stand
	 * for them, which cannot be used.
	 * @param configured the servers, names or endpoints that are configured
	 * @param discovery finds the servers, or {@code null} if they are those configured
	 * @param interval the time between two look-ups, if there are any
	 * @param settings how to treat the servers
	 * @param resolver resolves their names
	 */
	DefaultServerPool(List<ServerAddress> configured, @Nullable Discovery discovery, Duration interval,
			ClientSettings settings, Dialer.Resolver resolver) {
		this.settings = settings;
		this.resolver = resolver;
		this.clock = new PoolClock(settings.operationTimeout());
		this.discovery = discovery;
		this.interval = interval.toNanos();
		this.backoff = new Backoff(this.interval, () -> ThreadLocalRandom.current().nextDouble());
		this.known = discovery == null;
		this.membership = new Membership(configured.stream().map(this::server).toList());
	}

	private DefaultServer server(ServerAddress address) {
		String certificateName = (this.discovery != null) ? this.discovery.certificateName(address) : address.host();
		DefaultServer server = new DefaultServer(address, certificateName, this.settings, this.clock, this.resolver);
		server.listener(this.listener);
		return server;
	}

	@Override
	public Server home(MemcachedKey key) {
		Membership now = this.membership;
		return now.servers().get(now.ring().home(key.hash()));
	}

	@Override
	public @Nullable Server failoverServer(MemcachedKey key) {
		return this.settings.failover() ? this.membership.failoverServer(key.hash()) : null;
	}

	@Override
	public List<Server> servers() {
		return List.copyOf(this.membership.servers());
	}

	@Override
	public double share(Server server) {
		return this.membership.share(server);
	}

	@Override
	public boolean isAlive() {
		return this.membership.isAlive();
	}

	@Override
	public List<ServerSnapshot> snapshots() {
		return this.membership.servers().stream().map(DefaultServer::snapshot).toList();
	}

	@Override
	public synchronized void setOperationListener(OperationListener told) {
		this.listener = told;
		for (DefaultServer server : this.membership.servers()) {
			server.listener(told);
		}
	}

	@Override
	public synchronized void start(RecoveryGate.Factory factory) {
		if (this.gates != null || this.closed) {
			throw new IllegalStateException("A server pool is started once");
		}
		this.gates = factory;
		this.clock.start();
		for (DefaultServer server : this.membership.servers()) {
			RecoveryGate gate = factory.create(server);
			if (this.known) {
				server.start(gate);
			}
		}
		if (this.discovery != null) {
			this.discoverer.start();
		}
	}

	@Override
	public void onChange(Runnable action) {
		this.listeners.add(action);
	}

	private void discover() {
		Discovery asked = this.discovery;
		while (asked != null && !this.closed) {
			ClientThread.sleep(look(asked) ? this.interval : this.backoff.next(), () -> this.closed);
		}
	}

	private boolean look(Discovery asked) {
		try {
			Discovery.Found found = asked.look();
			if (!this.closed) {
				log(found);
				take(found);
			}
			if (found.failure() == null) {
				this.backoff.reset();
				return true;
			}
		}
		catch (RuntimeException | Error ex) {
			// Without this thread no change would be seen any more.
			logger.warn("Unexpected failure while looking for memcached servers", ex);
		}
		return false;
	}

	/** While no server is known, the line of the configured server says why. */
	private void log(Discovery.Found found) {
		String failure = found.failure();
		long now = System.nanoTime();
		if (failure == null && this.failing) {
			this.failing = false;
			logger.info("Discovery of memcached servers works again");
		}
		else if (failure != null && !found.servers().isEmpty()
				&& (!this.failing || now - this.lastWarning >= WARNING_INTERVAL)) {
			this.failing = true;
			this.lastWarning = now;
			logger.warn("Discovery of memcached servers failed: " + failure + "; the last known stay in use: "
					+ found.servers().size());
		}
	}

	/**
	 * Takes over the servers that were found. Waits for none but those that leave.
	 */
	private void take(Discovery.Found found) {
		List<DefaultServer> left;
		RecoveryGate.Factory told = this.gates;
		synchronized (this) {
			if (this.closed || told == null) {
				return;
			}
			left = change(found, told);
		}
		if (left == null) {
			return;
		}
		long deadline = System.nanoTime() + CLOSE_TIMEOUT;
		for (DefaultServer server : left) {
			server.finishClose(deadline);
			told.left(server);
		}
		for (Runnable listener : this.listeners) {
			try {
				listener.run();
			}
			catch (RuntimeException ex) {
				logger.warn("A listener to changes of the memcached servers failed", ex);
			}
		}
	}

	/**
	 * Changes to the servers that were found.
	 * @return the servers that left, whose closing has begun, or {@code null} if there is
	 * no change
	 */
	private @Nullable List<DefaultServer> change(Discovery.Found found, RecoveryGate.Factory told) {
		Membership before = this.membership;
		if (found.servers().isEmpty()) {
			for (DefaultServer server : before.servers()) {
				server.failed(found.failures().getOrDefault(server.address(), "not found"));
			}
			return null;
		}
		List<DefaultServer> servers = present(this.known ? before.servers() : List.of(), found.servers());
		List<DefaultServer> joined = without(servers, before.servers());
		List<DefaultServer> left = without(before.servers(), servers);
		if (joined.isEmpty() && left.isEmpty()) {
			return null;
		}
		Membership after = new Membership(servers);
		Map<DefaultServer, RecoveryGate> made = new LinkedHashMap<>();
		joined.forEach((server) -> made.put(server, told.create(server)));
		// No key was evicted elsewhere before the first list: it empties no cache.
		told.move(this.known ? after.gainedSince(before) : Set.of(), left, () -> this.membership = after);
		this.known = true;
		made.forEach(DefaultServer::start);
		left.forEach(DefaultServer::beginClose);
		logger.info("memcached servers are now " + names(servers) + (joined.isEmpty() ? "" : "; new: ") + names(joined)
				+ (left.isEmpty() ? "" : "; gone: ") + names(left));
		return left;
	}

	private List<DefaultServer> present(List<DefaultServer> before, List<ServerAddress> found) {
		Map<String, DefaultServer> servers = new LinkedHashMap<>();
		for (ServerAddress address : found) {
			servers.computeIfAbsent(address.name().toLowerCase(Locale.ROOT),
					(name) -> before.stream()
						.filter((server) -> server.address().equals(address))
						.findFirst()
						.orElseGet(() -> server(address)));
		}
		return List.copyOf(servers.values());
	}

	private static String names(List<DefaultServer> servers) {
		return String.join(", ", servers.stream().map(Server::name).toList());
	}

	private static List<DefaultServer> without(List<DefaultServer> servers, List<DefaultServer> others) {
		return servers.stream().filter(Predicate.not(Set.copyOf(others)::contains)).toList();
	}

	@Override
	public void close() {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			// From here on the membership stays as it is.
			this.closed = true;
		}
		this.membership.servers().forEach(DefaultServer::beginClose);
		if (this.discovery != null) {
			this.discovery.close();
			LockSupport.unpark(this.discoverer);
			// A name that is being resolved is not waited for.
			ClientThread.awaitEnd(this.discoverer, System.nanoTime() + JOIN_TIMEOUT);
		}
		long deadline = System.nanoTime() + CLOSE_TIMEOUT;
		this.membership.servers().forEach((server) -> server.finishClose(deadline));
		this.clock.close();
	}

}
