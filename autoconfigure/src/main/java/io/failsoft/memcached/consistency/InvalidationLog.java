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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.RecoveryGate;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations that one server was not seen to carry out. While a key is in the log
 * it reads as a miss and is not filled. A returning server is not used until the log was
 * replayed to it; a server in use gets what was logged meanwhile at once. The log is
 * bounded and deduplicated: what no longer fits becomes a new generation for the whole
 * cache on that server.
 * <p>
 * A {@code set} of a value is the one command that does harm when it is executed late,
 * and a closed connection revokes nothing. So a key whose put was under way when its
 * connection closed stays in the log for a quarantine after its replay, at the end of
 * which its tombstone is repeated.
 * <p>
 * Changes are made under one lock, reads need none. Thread-safe.
 */
final class InvalidationLog implements RecoveryGate {

	private static final long TOMBSTONE_SLACK_NANOS = 3_000_000_000L;

	/** Commands sent before the first of their answers is waited for. */
	private static final int BATCH = 64;

	private final Object lock = new Object();

	/**
	 * The keys by their route, so that a new generation outdates those of one at once.
	 */
	private final ConcurrentHashMap<Route, Keys> keys = new ConcurrentHashMap<>();

	private final ConcurrentHashMap<Route, Clear> clears = new ConcurrentHashMap<>();

	private final List<Route> routes = new CopyOnWriteArrayList<>();

	private final ConsistencySettings settings;

	/** Grows by two with each link of any server that is published or lost. */
	private final AtomicInteger changes;

	private final LongAdder logged = new LongAdder();

	private final LongAdder replayed = new LongAdder();

	private final LongAdder overflowed = new LongAdder();

	private long sequence;

	/** The keys of all routes. */
	private int count;

	/**
	 * The end of what is to be replayed. Used by the server's healer only.
	 */
	private long last = Long.MAX_VALUE;

	private volatile int pending;

	private volatile long nextDue;

	private volatile long outageBegan;

	private volatile boolean used;

	private volatile boolean leftUnused;

	private volatile @Nullable SocketAddress peer;

	/**
	 * A server that is silent is asked for one thing at a time, as what was sent stays
	 * under way until it answers. Used by the server's healer only.
	 */
	private int batchLimit = BATCH;

	/**
	 * Creates an empty log.
	 * @param settings the settings
	 * @param changes counts the links of all servers that are published or lost
	 */
	InvalidationLog(ConsistencySettings settings, AtomicInteger changes) {
		this.settings = settings;
		this.changes = changes;
		this.outageBegan = now();
	}

	/**
	 * Has this log watch over what a route's server may forget.
	 */
	void register(Route route) {
		this.routes.add(route);
	}

	void unregister(Route route) {
		synchronized (this.lock) {
			this.routes.remove(route);
			this.clears.remove(route);
			this.count -= of(route).all.size();
			this.keys.remove(route);
			changed();
		}
	}

	/**
	 * Has every cache begin anew on this server.
	 * @param action what is done at the same moment: no generation is sent before it and
	 * after this began
	 */
	void renewAll(Runnable action) {
		synchronized (this.lock) {
			for (Route route : this.routes) {
				this.logged.increment();
				putClear(route, false);
			}
			action.run();
		}
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
	 * Returns whether the server left without ever having been in use.
	 */
	boolean hasLeftUnused() {
		return this.leftUnused;
	}

	/**
	 * Returns whether something is logged of a route.
	 */
	boolean concerns(Route route) {
		synchronized (this.lock) {
			return this.clears.containsKey(route) || this.keys.containsKey(route);
		}
	}

	/**
	 * Returns whether a key must read as a miss and must not be filled. A volatile read
	 * where nothing is pending.
	 */
	boolean blocks(Route route, MemcachedKey key) {
		// In this order, as a new generation is logged before the keys are dropped.
		return this.pending != 0 && (of(route).all.containsKey(key) || this.clears.containsKey(route));
	}

	private Keys of(Route route) {
		return this.keys.getOrDefault(route, Keys.NONE);
	}

	/**
	 * Remembers an eviction.
	 * @param route the route the key belongs to
	 * @param key the key
	 * @param latePut the connection over which a put of this key may still be executed,
	 * or {@code null}
	 */
	void addKey(Route route, MemcachedKey key, @Nullable Link latePut) {
		synchronized (this.lock) {
			boolean isNew = !of(route).all.containsKey(key);
			if (this.clears.containsKey(route)) {
				putClear(route, false);
			}
			else if (isNew && this.count >= this.settings.logCapacity()) {
				this.overflowed.increment();
				putClear(route, true);
			}
			else {
				this.keys.computeIfAbsent(route, (added) -> new Keys())
					.log(route, key, ++this.sequence, latePut, now());
				this.count += isNew ? 1 : 0;
				changed();
			}
			this.logged.increment();
		}
		renewIfLeftUnused(route);
	}

	/**
	 * Remembers that a cache needs a new generation.
	 * @param route the route whose generation it is
	 * @param cleared whether an invalidation was asked for, rather than something lost
	 */
	void addGeneration(Route route, boolean cleared) {
		synchronized (this.lock) {
			this.logged.increment();
			putClear(route, cleared);
		}
		renewIfLeftUnused(route);
	}

	private void renewIfLeftUnused(Route route) {
		if (this.leftUnused) {
			route.region().renew();
		}
	}

	/**
	 * Logs a new generation. It outdates the keys of its route, late puts included.
	 */
	private void putClear(Route route, boolean cleared) {
		Clear present = this.clears.get(route);
		this.clears.put(route, new Clear(++this.sequence, cleared || (present != null && present.cleared())));
		this.count -= of(route).all.size();
		this.keys.remove(route);
		changed();
	}

	private void changed() {
		this.pending = this.count + this.clears.size();
		this.nextDue = now();
	}

	@Override
	public boolean catchUp(Link link) {
		for (Route route : routesWithLostTombstones()) {
			addGeneration(route, false);
		}
		SocketAddress last = this.peer;
		if (last != null && !last.equals(link.peer())) {
			// Another server answers to the same name.
			renewAll(() -> {
			});
		}
		this.peer = link.peer();
		this.batchLimit = BATCH;
		return replay(link, false);
	}

	/**
	 * Returns the routes of which a tombstone may have expired while the server was away.
	 * What was to be refused by it may then be stored when the server wakes.
	 */
	private List<Route> routesWithLostTombstones() {
		long now = now();
		return this.routes.stream()
			.filter((route) -> route.mayHaveLostTombstones(this.outageBegan, now, TOMBSTONE_SLACK_NANOS))
			.toList();
	}

	@Override
	public boolean openIfUpToDate(Runnable open) {
		synchronized (this.lock) {
			// While a new generation is logged, nothing of its route is read.
			List<Route> lost = routesWithLostTombstones().stream()
				.filter((route) -> !this.clears.containsKey(route))
				.toList();
			lost.forEach((route) -> putClear(route, false));
			if (!lost.isEmpty() || !due(now(), 1).isEmpty()) {
				return false;
			}
			// Before the link is published: what stood in until now must not seem ready
			// when keys come back to it.
			this.changes.addAndGet(2);
			this.used = true;
			open.run();
			return true;
		}
	}

	@Override
	public boolean maintain(Link link) {
		return replay(link, true);
	}

	@Override
	public boolean hasWork() {
		return this.pending != 0 && now() - this.nextDue >= 0;
	}

	@Override
	public void connectionLost(Link link) {
		this.changes.addAndGet(2);
		// That it is silent is noticed later, by some operation timeouts.
		this.outageBegan = link.answeredUntil();
	}

	/**
	 * Sends what is due. What is logged while a server comes back is sent once it is in
	 * use: until then it reads as a miss, and no server stays out for it.
	 * @param link the link
	 * @param inUse whether the server is in use
	 * @return whether the link may be used, or go on being used
	 */
	private boolean replay(Link link, boolean inUse) {
		synchronized (this.lock) {
			this.last = inUse ? Long.MAX_VALUE : this.sequence;
		}
		while (true) {
			long began = now();
			List<Command> batch = due(began, this.batchLimit);
			if (batch.isEmpty()) {
				return true;
			}
			List<Reply> sent = new ArrayList<>(batch.size());
			for (Command command : batch) {
				sent.add(command.send(link, began));
			}
			int refused = 0;
			for (int i = 0; i < batch.size(); i++) {
				Reply reply = sent.get(i).await(this.settings.operationTimeout().toNanos() - (now() - began));
				Failure failure = reply.failure();
				if (inUse && (failure == Failure.OVERLOADED || failure == Failure.TIMEOUT)) {
					// The entries stay. To give up a server in use for its silence is up
					// to the breaker, which knows of pauses of this JVM.
					sent.forEach((pending) -> pending.await(0));
					this.batchLimit = 1;
					return true;
				}
				if (failure == Failure.OVERLOADED) {
					refused++;
				}
				else if (reply.stored()) {
					settle(batch.get(i), link, began);
				}
				else {
					return false;
				}
			}
			this.batchLimit = (refused == 0) ? BATCH : Math.max(1, batch.size() - refused);
			if (refused == batch.size()) {
				return true;
			}
		}
	}

	/**
	 * Returns what is to be sent now, of what was logged before the replay.
	 * @param now the ticker's time
	 * @param limit how much of it at most
	 * @return commands, generations first; empty if nothing is due
	 */
	List<Command> due(long now, int limit) {
		synchronized (this.lock) {
			List<Command> batch = new ArrayList<>();
			this.clears.forEach((route, clear) -> {
				if (batch.size() < limit && clear.sequence() <= this.last) {
					batch.add(new Command(route, null, clear.sequence(), Generation.fresh(), clear.cleared()));
				}
			});
			long rest = this.clears.isEmpty() ? Long.MAX_VALUE / 4 : 0;
			for (Keys logged : this.keys.values()) {
				rest = Math.min(rest, addDue(logged.due, batch, now, limit));
				rest = Math.min(rest, addDue(logged.quarantined, batch, now, limit));
			}
			if (batch.isEmpty()) {
				this.nextDue = now + rest;
			}
			return batch;
		}
	}

	/**
	 * Stops at what is not due yet, so that no more is visited than is sent.
	 * @return the time until the next one is due
	 */
	private long addDue(Map<MemcachedKey, LoggedKey> ordered, List<Command> batch, long now, int limit) {
		for (var entry : ordered.entrySet()) {
			LoggedKey key = entry.getValue();
			if (batch.size() == limit || now - key.due() < 0 || key.sequence() > this.last) {
				return key.due() - now;
			}
			batch.add(new Command(key.route(), entry.getKey(), key.sequence(), Generation.NONE, false));
		}
		return Long.MAX_VALUE / 4;
	}

	/**
	 * Notes that a command was carried out.
	 * @param command the command
	 * @param link the link it was sent over
	 * @param sentAt when it was sent
	 */
	void settle(Command command, Link link, long sentAt) {
		Route route = command.route();
		MemcachedKey key = command.key();
		synchronized (this.lock) {
			if (key == null) {
				if (this.clears.remove(route, new Clear(command.sequence(), command.cleared()))) {
					this.replayed.increment();
					route.lastSeen().confirm(link, command.generation(), route.window(), command.cleared(), sentAt);
					route.forgetEvictions(sentAt);
				}
			}
			else {
				Keys logged = of(route);
				if (!logged.settle(key, command.sequence(), link, now() + this.settings.quarantine().toNanos())) {
					return;
				}
				this.count--;
				this.replayed.increment();
				if (logged.all.isEmpty()) {
					this.keys.remove(route);
				}
			}
			this.pending = this.count + this.clears.size();
		}
	}

	long now() {
		return this.settings.ticker().getAsLong();
	}

	/**
	 * Returns the figures of this log.
	 */
	InvalidationFigures figures() {
		return new InvalidationFigures(this.pending, this.logged.sum(), this.replayed.sum(), this.overflowed.sum(), 0);
	}

	/**
	 * A new generation that is in the log.
	 *
	 * @param sequence tells whether what was answered is still what the log holds
	 * @param cleared whether it invalidates what was asked to be invalidated
	 */
	private record Clear(long sequence, boolean cleared) {

	}

	/**
	 * The keys of one route whose invalidations are in the log. Changed under its lock.
	 */
	private static final class Keys {

		static final Keys NONE = new Keys();

		private final Map<MemcachedKey, LoggedKey> all = new ConcurrentHashMap<>();

		/** Those to be sent, in the order in which they were logged last. */
		private final Map<MemcachedKey, LoggedKey> due = new LinkedHashMap<>();

		/** Those in quarantine, in the order in which it ends. */
		private final Map<MemcachedKey, LoggedKey> quarantined = new LinkedHashMap<>();

		void log(Route route, MemcachedKey key, long sequence, @Nullable Link latePut, long now) {
			LoggedKey entry = new LoggedKey(route, sequence, LoggedKey.latePut(this.all.get(key), latePut), now, false);
			this.all.put(key, entry);
			this.due.remove(key);
			this.due.put(key, entry);
			this.quarantined.remove(key);
		}

		/**
		 * Notes that a tombstone was carried out.
		 * @return whether its key is no longer in the log
		 */
		boolean settle(MemcachedKey key, long sequence, Link link, long quarantineEnd) {
			LoggedKey entry = this.all.get(key);
			if (entry == null || entry.sequence() != sequence) {
				return false;
			}
			this.due.remove(key);
			this.quarantined.remove(key);
			if (!entry.mayFollow(link)) {
				this.all.remove(key);
				return true;
			}
			LoggedKey later = entry.quarantined(quarantineEnd);
			this.all.put(key, later);
			this.quarantined.put(key, later);
			return false;
		}

	}

	/**
	 * A key whose invalidation is in the log.
	 *
	 * @param route the route the key belongs to
	 * @param sequence tells whether what was answered is still what the log holds
	 * @param latePut the connection over which a put of the key may still be executed,
	 * {@link #CLOSED_LINK}, or {@code null}
	 * @param due when its tombstone is to be sent, by the ticker
	 * @param quarantined whether the tombstone was replayed and is to be repeated
	 */
	private record LoggedKey(Route route, long sequence, @Nullable Object latePut, long due, boolean quarantined) {

		/** Stands for connections of which at least one is closed. */
		static final Object CLOSED_LINK = new Object();

		/**
		 * Returns where a put may still come from once the key is logged again. A new
		 * eviction does not end a quarantine.
		 * @param present what is in the log already
		 * @param latePut where a put may come from now, or {@code null}
		 */
		static @Nullable Object latePut(@Nullable LoggedKey present, @Nullable Object latePut) {
			if (present == null || (present.latePut == null && !present.quarantined)) {
				return latePut;
			}
			boolean same = present.latePut != null && (latePut == null || latePut == present.latePut);
			return same ? present.latePut : CLOSED_LINK;
		}

		/**
		 * Returns whether a put may still be executed after what is sent over a
		 * connection.
		 * @param link the connection
		 */
		boolean mayFollow(Object link) {
			return this.latePut != null && this.latePut != link;
		}

		LoggedKey quarantined(long until) {
			return new LoggedKey(this.route, this.sequence, null, until, true);
		}

	}

	/**
	 * An invalidation on its way from the log to the server: a tombstone, or a
	 * generation. Never a value.
	 *
	 * @param route the route concerned
	 * @param key the key, or {@code null} for a generation
	 * @param sequence tells whether what was answered is still what the log holds
	 * @param generation the generation, if it is one; each attempt has its own, as a late
	 * one must not bring back what was filled under it
	 * @param cleared whether the generation invalidates what was asked to be invalidated
	 */
	record Command(Route route, @Nullable MemcachedKey key, long sequence, long generation, boolean cleared) {

		Reply send(Link link, long now) {
			if (this.key == null) {
				return link.set(this.route.generationKey(), 0,
						Envelope.generation(this.generation, this.route.window(), this.cleared), Envelope.NO_BODY);
			}
			int seconds = this.route.tombstoneSeconds(link, now);
			return link.set(this.key, seconds, Envelope.TOMBSTONE, Envelope.NO_BODY);
		}

	}

}
