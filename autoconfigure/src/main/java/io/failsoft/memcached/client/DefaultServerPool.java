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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The servers of an application, the ring over them, and what they share.
 */
final class DefaultServerPool implements ServerPool {

	private static final long CLOSE_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(600);

	private final DefaultServer[] servers;

	private final List<Server> view;

	private final Ring ring;

	private final boolean failover;

	private final PoolClock clock;

	private boolean started;

	private boolean closed;

	DefaultServerPool(List<ServerAddress> addresses, ClientSettings settings, Dialer.Resolver resolver) {
		this.ring = new Ring(addresses);
		this.failover = settings.failover();
		this.clock = new PoolClock(settings.operationTimeout());
		List<DefaultServer> made = new ArrayList<>();
		for (ServerAddress address : addresses) {
			made.add(new DefaultServer(address, settings, this.clock, resolver));
		}
		this.servers = made.toArray(DefaultServer[]::new);
		this.view = List.copyOf(made);
	}

	@Override
	public Server home(MemcachedKey key) {
		return this.servers[this.ring.owner(this.ring.point(key.hash()))];
	}

	@Override
	public @Nullable Server standIn(MemcachedKey key) {
		if (!this.failover) {
			return null;
		}
		int point = this.ring.point(key.hash());
		int home = this.ring.owner(point);
		if (!isAliveBesides(home)) {
			return null;
		}
		for (int i = 0; i < this.ring.size(); i++) {
			point = this.ring.next(point);
			int owner = this.ring.owner(point);
			if (owner != home && this.servers[owner].link() != null) {
				return this.servers[owner];
			}
		}
		return null;
	}

	private boolean isAliveBesides(int home) {
		for (int i = 0; i < this.servers.length; i++) {
			if (i != home && this.servers[i].link() != null) {
				return true;
			}
		}
		return false;
	}

	@Override
	public List<Server> servers() {
		return this.view;
	}

	@Override
	public double share(Server server) {
		int index = this.view.indexOf(server);
		if (index < 0) {
			throw new IllegalArgumentException(server.name() + " is not a server of this pool");
		}
		return this.ring.share(index);
	}

	@Override
	public boolean isAlive() {
		return isAliveBesides(-1);
	}

	@Override
	public List<ServerSnapshot> snapshots() {
		List<ServerSnapshot> snapshots = new ArrayList<>(this.servers.length);
		for (DefaultServer server : this.servers) {
			snapshots.add(server.snapshot());
		}
		return List.copyOf(snapshots);
	}

	@Override
	public synchronized void start(ReturnGateFactory gates) {
		if (this.started || this.closed) {
			throw new IllegalStateException("A server pool is started once");
		}
		this.started = true;
		this.clock.start();
		for (DefaultServer server : this.servers) {
			server.start(gates.create(server));
		}
	}

	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		for (DefaultServer server : this.servers) {
			server.beginClose();
		}
		long deadline = System.nanoTime() + CLOSE_TIMEOUT;
		for (DefaultServer server : this.servers) {
			server.finishClose(deadline);
		}
		this.clock.close();
	}

}
