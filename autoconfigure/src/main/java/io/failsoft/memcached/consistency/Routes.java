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

package io.failsoft.memcached.consistency;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntSupplier;

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerPool;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a region's keys are kept now. Thread-safe.
 */
final class Routes {

	private final ServerPool pool;

	private final Function<String, MemcachedKey> ownKeys;

	private final Duration loadWindow;

	private final IntSupplier changes;

	private final ConsistencySettings settings;

	/** The routes home. Copied by each change. */
	private volatile Map<Server, Route> homes = Map.of();

	private final Map<Pair, Takeover> takeovers = new ConcurrentHashMap<>();

	/**
	 * Creates routes to no server yet.
	 * @param changes a number that changes with each link that is published or lost and
	 * when keys move from server to server, and is odd while they do
	 */
	Routes(ServerPool pool, Function<String, MemcachedKey> ownKeys, Duration loadWindow, IntSupplier changes,
			ConsistencySettings settings) {
		this.pool = pool;
		this.ownKeys = ownKeys;
		this.loadWindow = loadWindow;
		this.changes = changes;
		this.settings = settings;
	}

	/**
	 * Adds a new server. Not for several threads at once.
	 */
	void join(Server server, InvalidationLog log) {
		Map<Server, Route> changed = new LinkedHashMap<>(this.homes);
		changed.put(server,
				new Route(this, server, log, this.ownKeys.apply("g2"), this.loadWindow, null, this.settings));
		this.homes = changed;
	}

	/**
	 * Removes a server. Not for several threads at once.
	 */
	void leave(Server server) {
		Map<Server, Route> changed = new LinkedHashMap<>(this.homes);
		changed.remove(server);
		this.homes = changed;
		this.takeovers.values().removeIf((takeover) -> {
			Route route = takeover.route;
			boolean concerned = takeover.home.server() == server || route.server() == server;
			if (concerned) {
				route.log().unregister(route);
			}
			return concerned;
		});
	}

	/**
	 * Makes the region begin anew if something was invalidated while a server that leaves
	 * stood for those not known yet. Whoever asked for it did so after it changed its
	 * data, so a generation that is put in place from now on outdates what is older.
	 */
	void renewIfMissedBy(Server leaving) {
		Route route = this.homes.get(leaving);
		if (route != null && route.log().hasLeftUnused() && route.log().concerns(route)) {
			renew();
		}
	}

	/**
	 * Makes the region begin anew on all servers that there are.
	 */
	void renew() {
		for (Route route : this.homes.values()) {
			if (!route.log().hasLeftUnused()) {
				route.log().addGeneration(route, true);
			}
		}
	}

	/**
	 * Returns where a key is kept now: at home, too, if that server cannot be used.
	 */
	Route of(MemcachedKey key) {
		return of(key, false);
	}

	/**
	 * Returns where a write of a key goes now. A server that is about to stand in is told
	 * already: others may fill it as soon as the takeover's generation is in place there,
	 * which this instance learns later.
	 */
	Route ofWrite(MemcachedKey key) {
		return of(key, true);
	}

	private Route of(MemcachedKey key, boolean write) {
		Server server = this.pool.home(key);
		Route home = this.homes.get(server);
		while (home == null) {
			// The server has left: the pool had a new list before its route was removed.
			Server next = this.pool.home(key);
			if (next == server) {
				throw new IllegalStateException("No route to " + server.name());
			}
			server = next;
			home = this.homes.get(server);
		}
		if (server.link() != null) {
			return home;
		}
		Server standIn = this.pool.failoverServer(key);
		Takeover takeover = (standIn != null) ? takeover(home, standIn) : null;
		if (takeover == null) {
			return home;
		}
		// In this order, as a takeover is ready before it is no longer switching.
		boolean used = write && takeover.isSwitching();
		return (takeover.isReady() || used) ? takeover.route : home;
	}

	private @Nullable Takeover takeover(Route home, Server standIn) {
		Route there = this.homes.get(standIn);
		return (there == null) ? null : this.takeovers.computeIfAbsent(new Pair(home.server(), standIn),
				(pair) -> new Takeover(home, standIn, there.log()));
	}

	/**
	 * Returns the routes home, and those of takeovers that are under way or about to be.
	 */
	Collection<Route> all() {
		if (this.takeovers.isEmpty()) {
			return this.homes.values();
		}
		List<Route> all = new ArrayList<>(this.homes.values());
		for (Takeover takeover : this.takeovers.values()) {
			boolean switching = takeover.isSwitching();
			if (takeover.isUnderWay() || switching) {
				all.add(takeover.route);
			}
		}
		return all;
	}

	/**
	 * One server standing in for another. What it took over in an earlier outage may be
	 * stale by now, so each takeover begins with a fresh generation, and until that is in
	 * place the keys fall through. It begins again whenever any server is lost or comes
	 * back, or keys move, as another server may have stood in for some of them meanwhile.
	 * Thread-safe.
	 */
	private final class Takeover {

		private final Route home;

		private final Route route;

		private final AtomicBoolean switching = new AtomicBoolean();

		private volatile @Nullable Ready ready;

		Takeover(Route home, Server standIn, InvalidationLog log) {
			this.home = home;
			this.route = new Route(Routes.this, standIn, log, Routes.this.ownKeys.apply("t2:" + home.server().name()),
					Routes.this.loadWindow, home, Routes.this.settings);
		}

		/**
		 * Returns whether the takeover's generation is in place for this outage and over
		 * the connection in use; if not, it is sent, without waiting for it.
		 */
		boolean isReady() {
			Link link = this.route.server().link();
			int change = Routes.this.changes.getAsInt();
			if (link == null || (change & 1) != 0) {
				return false;
			}
			Ready current = this.ready;
			if (current != null && current.link == link && current.change == change) {
				return true;
			}
			if (this.switching.compareAndSet(false, true)) {
				long generation = Generation.fresh();
				long sentAt = this.route.log().now();
				link.set(this.route.generationKey(), 0, Envelope.generation(generation, this.route.window(), false),
						Envelope.NO_BODY)
					.toFuture(Routes.this.settings.operationTimeout().toNanos(), Runnable::run)
					.thenAccept((reply) -> {
						if (reply.stored()) {
							this.route.lastSeen().confirm(link, generation, this.route.window(), false, sentAt);
							this.ready = new Ready(link, change);
						}
						this.switching.set(false);
					});
			}
			return false;
		}

		/**
		 * Returns whether the takeover's generation may be in place without this instance
		 * knowing.
		 */
		boolean isSwitching() {
			return this.switching.get() && this.home.server().link() == null;
		}

		/**
		 * Returns whether keys may be read from the stand-in now.
		 */
		boolean isUnderWay() {
			Ready current = this.ready;
			return current != null && current.change == Routes.this.changes.getAsInt() && current.link.isOpen()
					&& this.home.server().link() == null;
		}

		private record Ready(Link link, int change) {

		}

	}

	private record Pair(Server home, Server standIn) {

	}

}
