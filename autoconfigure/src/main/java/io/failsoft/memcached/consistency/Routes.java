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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;

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

	private volatile Homes homes = new Homes(List.of(), Map.of(), Map.of());

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
		Route route = new Route(this, server, log, this.ownKeys.apply("g2"), this.loadWindow, null, this.settings);
		this.homes = this.homes.with(server, route, log);
	}

	/**
	 * Removes a server. Not for several threads at once.
	 */
	void leave(Server server) {
		this.homes = this.homes.without(server);
		this.takeovers.entrySet().removeIf((entry) -> {
			boolean concerned = entry.getKey().home() == server || entry.getKey().standIn() == server;
			if (concerned) {
				Route route = entry.getValue().route();
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
		Route route = this.homes.byServer().get(leaving);
		if (route != null && route.log().hasLeftUnused() && route.log().concerns(route)) {
			renew();
		}
	}

	/**
	 * Makes the region begin anew on all servers that there are.
	 */
	void renew() {
		for (Route route : this.homes.routes()) {
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
		Route home = this.homes.byServer().get(server);
		while (home == null) {
			// The server has left: the pool had a new list before its route was removed.
			Server next = this.pool.home(key);
			if (next == server) {
				throw new IllegalStateException("No route to " + server.name());
			}
			server = next;
			home = this.homes.byServer().get(server);
		}
		if (server.link() != null) {
			return home;
		}
		Server standIn = this.pool.failoverServer(key);
		if (standIn == null) {
			return home;
		}
		Takeover takeover = takeover(home, standIn);
		if (takeover == null) {
			return home;
		}
		// In this order, as a takeover is ready before it is no longer switching.
		boolean used = write && takeover.isSwitching();
		return (takeover.isReady(this.settings) || used) ? takeover.route() : home;
	}

	private @Nullable Takeover takeover(Route home, Server standIn) {
		InvalidationLog log = this.homes.logs().get(standIn);
		return (log == null) ? null : this.takeovers.computeIfAbsent(new Pair(home.server(), standIn),
				(pair) -> new Takeover(home, standInRoute(home, standIn, log), this.changes));
	}

	private Route standInRoute(Route home, Server standIn, InvalidationLog log) {
		return new Route(this, standIn, log, this.ownKeys.apply("t2:" + home.server().name()), this.loadWindow, home,
				this.settings);
	}

	/**
	 * Returns the routes home, and those of takeovers that are under way or about to be.
	 */
	List<Route> all() {
		if (this.takeovers.isEmpty()) {
			return this.homes.routes();
		}
		List<Route> all = new ArrayList<>(this.homes.routes());
		for (Takeover takeover : this.takeovers.values()) {
			boolean switching = takeover.isSwitching();
			if (takeover.isUnderWay() || switching) {
				all.add(takeover.route());
			}
		}
		return all;
	}

	/**
	 * The routes home. Immutable.
	 */
	private record Homes(List<Route> routes, Map<Server, Route> byServer, Map<Server, InvalidationLog> logs) {

		Homes with(Server server, Route route, InvalidationLog log) {
			Map<Server, Route> changedRoutes = new LinkedHashMap<>(this.byServer);
			changedRoutes.put(server, route);
			Map<Server, InvalidationLog> changedLogs = new HashMap<>(this.logs);
			changedLogs.put(server, log);
			return new Homes(List.copyOf(changedRoutes.values()), changedRoutes, changedLogs);
		}

		Homes without(Server server) {
			Map<Server, Route> changedRoutes = new LinkedHashMap<>(this.byServer);
			changedRoutes.remove(server);
			Map<Server, InvalidationLog> changedLogs = new HashMap<>(this.logs);
			changedLogs.remove(server);
			return new Homes(List.copyOf(changedRoutes.values()), changedRoutes, changedLogs);
		}

	}

	private record Pair(Server home, Server standIn) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Pair pair && this.home == pair.home && this.standIn == pair.standIn;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this.home) * 31 + System.identityHashCode(this.standIn);
		}

	}

}
