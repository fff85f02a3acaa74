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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerPool;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a region's keys are kept now. Thread-safe.
 */
final class Routes {

	private final ServerPool pool;

	private final RegionKeys keys;

	private final Duration loadWindow;

	private final Function<Server, InvalidationLog> logs;

	private final ConsistencySettings settings;

	private final WriteStripes stripes;

	private final List<Route> homes;

	private final Map<Server, Route> homeByServer = new HashMap<>();

	private final Map<Pair, Takeover> takeovers = new ConcurrentHashMap<>();

	Routes(ServerPool pool, RegionKeys keys, Duration loadWindow, Function<Server, InvalidationLog> logs,
			ConsistencySettings settings, WriteStripes stripes) {
		this.pool = pool;
		this.keys = keys;
		this.loadWindow = loadWindow;
		this.logs = logs;
		this.settings = settings;
		this.stripes = stripes;
		List<Route> routes = new ArrayList<>();
		for (Server server : pool.servers()) {
			Route route = new Route(server, logs.apply(server), keys.generationKey(), loadWindow, null,
					settings.failoverTimeToLive(), stripes);
			routes.add(route);
			this.homeByServer.put(server, route);
		}
		this.homes = List.copyOf(routes);
	}

	/**
	 * Where a key is kept now. If that server cannot be used the route is the one home.
	 */
	Route of(MemcachedKey key) {
		return of(key, false);
	}

	/**
	 * Where a write of a key goes now. A server that is about to stand in is told
	 * already: others may fill it as soon as the takeover's generation is in place there,
	 * which this instance learns later.
	 */
	Route ofWrite(MemcachedKey key) {
		return of(key, true);
	}

	private Route of(MemcachedKey key, boolean write) {
		Server server = this.pool.home(key);
		Route home = this.homeByServer.get(server);
		if (home == null) {
			throw new IllegalStateException("No route to " + server.name());
		}
		if (server.link() != null) {
			return home;
		}
		Server standIn = this.pool.standIn(key);
		if (standIn == null) {
			return home;
		}
		Takeover takeover = this.takeovers.computeIfAbsent(new Pair(server, standIn),
				(pair) -> new Takeover(home, standInRoute(home, standIn)));
		// In this order, as a takeover is ready before it is no longer switching.
		boolean used = write && takeover.isSwitching();
		return (takeover.isReady(this.settings) || used) ? takeover.route() : home;
	}

	private Route standInRoute(Route home, Server standIn) {
		return new Route(standIn, this.logs.apply(standIn), this.keys.takeoverGenerationKey(home.server().name()),
				this.loadWindow, home, this.settings.failoverTimeToLive(), this.stripes);
	}

	/**
	 * The routes home, and those of takeovers that are under way or about to be.
	 */
	List<Route> all() {
		if (this.takeovers.isEmpty()) {
			return this.homes;
		}
		List<Route> all = new ArrayList<>(this.homes);
		for (Takeover takeover : this.takeovers.values()) {
			boolean switching = takeover.isSwitching();
			if (takeover.isUnderWay() || switching) {
				all.add(takeover.route());
			}
		}
		return all;
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
