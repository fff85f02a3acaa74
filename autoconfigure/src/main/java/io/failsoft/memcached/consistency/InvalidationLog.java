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

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ReturnGate;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations that one server was not seen to carry out. While a key is in the log
 * it reads as a miss and is not filled. A returning server is not used until the log was
 * replayed to it; a server in use gets what was logged meanwhile at once. The log is
 * bounded: what no longer fits becomes a new generation for the whole cache on that
 * server.
 * <p>
 * A {@code set} of a value is the one command that does harm when it is executed late,
 * and a closed connection revokes nothing. So a key whose put was under way when its
 * connection closed stays in the log for a quarantine after its replay, at the end of
 * which its tombstone is repeated.
 * <p>
 * Thread-safe.
 */
final class InvalidationLog implements ReturnGate {

	private static final long TOMBSTONE_SLACK_NANOS = 3_000_000_000L;

	private final LoggedInvalidations invalidations;

	private final LogReplay replay;

	private final List<Route> routes = new CopyOnWriteArrayList<>();

	private final ConsistencySettings settings;

	/** Grows by two with each link of any server that is published or lost. */
	private final AtomicInteger changes;

	private volatile long outageBegan;

	private volatile boolean used;

	private volatile boolean leftUnused;

	private volatile @Nullable SocketAddress peer;

	InvalidationLog(ConsistencySettings settings, AtomicInteger changes) {
		this.settings = settings;
		this.changes = changes;
		this.invalidations = new LoggedInvalidations(settings);
		this.replay = new LogReplay(this.invalidations, settings);
		this.outageBegan = settings.ticker().getAsLong();
	}

	/**
	 * Have this log watch over what a route's server may forget.
	 */
	void register(Route route) {
		this.routes.add(route);
	}

	void unregister(Route route) {
		this.routes.remove(route);
	}

	/**
	 * Have every cache begin anew on this server.
	 * @param action what is done at the same moment: no generation is sent before it and
	 * after this began
	 */
	void renewAll(Runnable action) {
		this.invalidations.addGenerations(this.routes, action);
	}

	/**
	 * Notes that the server leaves. If it was never in use, as none was known, then what
	 * is logged of it has its cache begin anew on the servers that there are. Where one
	 * that was in use leaves, those begin anew anyway that gain its keys.
	 */
	void leave() {
		this.leftUnused = !this.used;
	}

	/**
	 * Whether the server left without ever having been in use.
	 */
	boolean hasLeftUnused() {
		return this.leftUnused;
	}

	/**
	 * Whether something is logged of a route.
	 */
	boolean concerns(Route route) {
		return this.invalidations.concerns(route);
	}

	/**
	 * Whether a key must read as a miss and must not be filled.
	 */
	boolean blocks(Route route, MemcachedKey key) {
		return this.invalidations.blocks(route, key);
	}

	/**
	 * Remember an eviction.
	 * @param route the route the key belongs to
	 * @param key the key
	 * @param latePut the connection over which a put of this key may still be executed,
	 * or {@code null}
	 */
	void addKey(Route route, MemcachedKey key, @Nullable Link latePut) {
		this.invalidations.addKey(route, key, latePut);
		renewIfLeftUnused(route);
	}

	/**
	 * Remember that a cache needs a new generation.
	 * @param route the route whose generation it is
	 * @param cleared whether an invalidation was asked for, rather than something lost
	 */
	void addGeneration(Route route, boolean cleared) {
		this.invalidations.addGeneration(route, cleared);
		renewIfLeftUnused(route);
	}

	private void renewIfLeftUnused(Route route) {
		if (this.leftUnused) {
			route.region().renew();
		}
	}

	@Override
	public boolean admit(Link link) {
		for (Route route : routesWithLostTombstones()) {
			addGeneration(route, false);
		}
		SocketAddress last = this.peer;
		if (last != null && !last.equals(link.peer())) {
			// Another server answers to the same name.
			this.invalidations.addGenerations(this.routes, () -> {
			});
		}
		this.peer = link.peer();
		return this.replay.beforeUse(link);
	}

	/**
	 * The routes of which a tombstone may have expired while the server was away. What
	 * was to be refused by it may then be stored when the server wakes.
	 */
	private List<Route> routesWithLostTombstones() {
		long now = now();
		List<Route> found = new ArrayList<>();
		for (Route route : this.routes) {
			if (route.mayHaveLostTombstones(this.outageBegan, now, TOMBSTONE_SLACK_NANOS)) {
				found.add(route);
			}
		}
		return found;
	}

	@Override
	public boolean openIfUpToDate(Runnable open) {
		return this.invalidations.ifUpToDate(this::routesWithLostTombstones, () -> {
			// Before the link is published: what stood in until now must not seem ready
			// when keys come back to it.
			this.changes.addAndGet(2);
			this.used = true;
			open.run();
		});
	}

	@Override
	public boolean maintain(Link link) {
		return this.replay.inUse(link);
	}

	@Override
	public boolean hasWork() {
		return this.invalidations.isDue();
	}

	@Override
	public void connectionLost(Link link) {
		this.changes.addAndGet(2);
		// That it is silent is noticed later, by some operation timeouts.
		this.outageBegan = link.answeredUntil();
	}

	long now() {
		return this.settings.ticker().getAsLong();
	}

	/**
	 * Figures of this log.
	 */
	InvalidationFigures figures() {
		return this.invalidations.figures();
	}

}
