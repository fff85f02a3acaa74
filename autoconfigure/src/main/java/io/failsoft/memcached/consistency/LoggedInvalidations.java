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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

/**
 * What a log holds: keys and whole caches whose invalidation one server was not seen to
 * carry out. Bounded and deduplicated; what no longer fits becomes a new generation for
 * the whole cache on that server. Changes are made under one lock, reads need none.
 * Thread-safe.
 */
final class LoggedInvalidations {

	private final Object lock = new Object();

	private final ConcurrentHashMap<MemcachedKey, LoggedKey> keys = new ConcurrentHashMap<>();

	/** The keys to be sent, in the order in which they were logged. */
	private final Map<MemcachedKey, LoggedKey> dueKeys = new LinkedHashMap<>();

	/** The keys in quarantine, in the order in which it ends. */
	private final Map<MemcachedKey, LoggedKey> quarantinedKeys = new LinkedHashMap<>();

	private final ConcurrentHashMap<Route, Clear> clears = new ConcurrentHashMap<>();

	private final ConsistencySettings settings;

	private final LongAdder logged = new LongAdder();

	private final LongAdder replayed = new LongAdder();

	private final LongAdder overflowed = new LongAdder();

	private long sequence;

	private volatile int pending;

	private volatile long nextDue;

	LoggedInvalidations(ConsistencySettings settings) {
		this.settings = settings;
	}

	/**
	 * Whether a key must read as a miss and must not be filled. A volatile read where
	 * nothing is pending.
	 */
	boolean blocks(Route route, MemcachedKey key) {
		return this.pending != 0 && (this.clears.containsKey(route) || this.keys.containsKey(key));
	}

	/**
	 * Whether something is to be sent now.
	 */
	boolean isDue() {
		return this.pending != 0 && now() - this.nextDue >= 0;
	}

	/**
	 * Remember an eviction.
	 * @param route the route the key belongs to
	 * @param key the key
	 * @param latePut the connection over which a put of this key may still be executed,
	 * or {@code null}
	 */
	void addKey(Route route, MemcachedKey key, @Nullable Link latePut) {
		synchronized (this.lock) {
			this.logged.increment();
			LoggedKey present = this.keys.get(key);
			if (present == null && this.keys.size() >= this.settings.logCapacity()) {
				this.overflowed.increment();
				putClear(route, true);
				return;
			}
			LoggedKey logged = new LoggedKey(route, ++this.sequence, LoggedKey.latePut(present, latePut), now(), false);
			this.keys.put(key, logged);
			this.dueKeys.put(key, logged);
			this.quarantinedKeys.remove(key);
			changed();
		}
	}

	/**
	 * Remember that a cache needs a new generation.
	 * @param route the route whose generation it is
	 * @param cleared whether an invalidation was asked for, rather than something lost
	 */
	void addGeneration(Route route, boolean cleared) {
		synchronized (this.lock) {
			this.logged.increment();
			putClear(route, cleared);
		}
	}

	/**
	 * Remember that caches need new generations.
	 * @param routes the routes whose generations they are
	 * @param action done before any of these is sent
	 */
	void addGenerations(List<Route> routes, Runnable action) {
		synchronized (this.lock) {
			for (Route route : routes) {
				this.logged.increment();
				putClear(route, false);
			}
			action.run();
		}
	}

	/**
	 * Whether something is logged of a route.
	 */
	boolean concerns(Route route) {
		synchronized (this.lock) {
			return this.clears.containsKey(route)
					|| this.keys.values().stream().anyMatch((logged) -> logged.route() == route);
		}
	}

	private void putClear(Route route, boolean cleared) {
		Clear present = this.clears.get(route);
		this.clears.put(route, new Clear(++this.sequence, cleared || (present != null && present.cleared())));
		// A new generation outdates whatever was logged for single keys, late puts
		// included.
		if (this.keys.values().removeIf((logged) -> logged.route() == route)) {
			this.dueKeys.keySet().retainAll(this.keys.keySet());
			this.quarantinedKeys.keySet().retainAll(this.keys.keySet());
		}
		changed();
	}

	private void changed() {
		this.pending = this.keys.size() + this.clears.size();
		this.nextDue = now();
	}

	/**
	 * Run an action if nothing is left to be sent but for what is in quarantine; atomic
	 * against new entries.
	 * @param expired routes that need a new generation, to be added first
	 * @param action the action; does not block
	 * @return whether it was run
	 */
	boolean ifUpToDate(Supplier<List<Route>> expired, Runnable action) {
		synchronized (this.lock) {
			for (Route route : expired.get()) {
				if (!this.clears.containsKey(route)) {
					putClear(route, false);
				}
			}
			if (!this.clears.isEmpty() || !this.dueKeys.isEmpty()) {
				return false;
			}
			action.run();
			return true;
		}
	}

	/**
	 * What is to be sent now.
	 * @param now the ticker's time
	 * @param limit how much of it at most
	 * @return commands, generations first; empty if nothing is due
	 */
	List<ReplayCommand> due(long now, int limit) {
		synchronized (this.lock) {
			List<ReplayCommand> batch = new ArrayList<>();
			for (var clear : this.clears.entrySet()) {
				if (batch.size() == limit) {
					return batch;
				}
				batch.add(new ReplayCommand(clear.getKey(), null, clear.getValue().sequence(), Generations.fresh(),
						clear.getValue().cleared()));
			}
			long nextKey = addDue(this.dueKeys, batch, now, limit);
			long nextQuarantined = addDue(this.quarantinedKeys, batch, now, limit);
			if (batch.isEmpty()) {
				this.nextDue = (nextKey - nextQuarantined < 0) ? nextKey : nextQuarantined;
			}
			return batch;
		}
	}

	/**
	 * Stops at what is not due yet, so that no more is visited than is sent.
	 * @return when the next one is due
	 */
	private static long addDue(Map<MemcachedKey, LoggedKey> ordered, List<ReplayCommand> batch, long now, int limit) {
		for (var entry : ordered.entrySet()) {
			LoggedKey logged = entry.getValue();
			if (batch.size() == limit || now - logged.due() < 0) {
				return logged.due();
			}
			batch.add(new ReplayCommand(logged.route(), entry.getKey(), logged.sequence(), Generations.NONE, false));
		}
		return now + Long.MAX_VALUE / 4;
	}

	/**
	 * Note that a command was carried out.
	 * @param command the command
	 * @param link the link it was sent over
	 * @param sentAt when it was sent
	 */
	void settle(ReplayCommand command, Link link, long sentAt) {
		long now = now();
		Route route = command.route();
		MemcachedKey key = command.key();
		synchronized (this.lock) {
			if (key == null) {
				if (this.clears.remove(route, new Clear(command.sequence(), command.cleared()))) {
					this.replayed.increment();
					route.lastSeen().confirm(link, command.generation(), route.window(), sentAt);
					route.forgetEvictions(sentAt);
				}
			}
			else {
				LoggedKey logged = this.keys.get(key);
				if (logged == null || logged.sequence() != command.sequence()) {
					return;
				}
				this.dueKeys.remove(key);
				this.quarantinedKeys.remove(key);
				if (logged.mayFollow(link)) {
					LoggedKey quarantined = logged.quarantined(now + this.settings.quarantineNanos());
					this.keys.put(key, quarantined);
					this.quarantinedKeys.put(key, quarantined);
				}
				else {
					this.keys.remove(key);
					this.replayed.increment();
				}
			}
			this.pending = this.keys.size() + this.clears.size();
		}
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

	/**
	 * Figures of this log.
	 */
	InvalidationFigures figures() {
		return new InvalidationFigures(this.pending, this.logged.sum(), this.replayed.sum(), this.overflowed.sum());
	}

	private record Clear(long sequence, boolean cleared) {

	}

}
