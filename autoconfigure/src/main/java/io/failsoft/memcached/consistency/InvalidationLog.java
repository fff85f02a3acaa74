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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Pending;
import io.failsoft.memcached.client.Reply;
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

	/** Commands sent before the first of their answers is waited for. */
	private static final int BATCH = 64;

	/** Stands for connections of which at least one is closed. */
	private static final Object CLOSED_LINK = new Object();

	private static final long TOMBSTONE_SLACK_NANOS = 3_000_000_000L;

	private final Object lock = new Object();

	private final ConcurrentHashMap<MemcachedKey, Entry> entries = new ConcurrentHashMap<>();

	private final ConcurrentHashMap<Route, Long> clears = new ConcurrentHashMap<>();

	private final Set<OutstandingPut> outstanding = ConcurrentHashMap.newKeySet();

	private final List<Route> routes = new CopyOnWriteArrayList<>();

	private final ConsistencySettings settings;

	private final LongAdder logged = new LongAdder();

	private final LongAdder replayed = new LongAdder();

	private final LongAdder overflowed = new LongAdder();

	/**
	 * A server that is silent is asked for one thing at a time, as what was sent stays
	 * under way until it answers. Only the server's healer uses it.
	 */
	private int batchLimit = BATCH;

	private long sequence;

	private volatile int pending;

	private volatile long nextDue;

	private volatile long outageBegan;

	private volatile long outages;

	InvalidationLog(ConsistencySettings settings) {
		this.settings = settings;
		this.outageBegan = settings.ticker().getAsLong();
	}

	/**
	 * Have this log watch over what a route's server may forget.
	 */
	void register(Route route) {
		this.routes.add(route);
	}

	/**
	 * A number that differs from one outage to the next.
	 */
	long outages() {
		return this.outages;
	}

	/**
	 * Whether a key must read as a miss and must not be filled. A volatile read where
	 * nothing is pending.
	 */
	boolean blocks(Route route, MemcachedKey key) {
		return this.pending != 0 && (this.clears.containsKey(route) || this.entries.containsKey(key));
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
			Entry present = this.entries.get(key);
			if (present == null && this.entries.size() >= this.settings.logCapacity()) {
				this.overflowed.increment();
				addGenerationLocked(route);
				return;
			}
			this.entries.put(key, new Entry(route, ++this.sequence, late(present, latePut), now(), false));
			changed();
		}
	}

	/**
	 * Where a put may still come from. A new eviction does not end a quarantine.
	 */
	private static @Nullable Object late(@Nullable Entry present, @Nullable Link latePut) {
		if (present == null || (present.latePut == null && !present.quarantined)) {
			return latePut;
		}
		boolean same = present.latePut != null && (latePut == null || latePut == present.latePut);
		return same ? present.latePut : CLOSED_LINK;
	}

	/**
	 * Remember that a cache needs a new generation.
	 * @param route the route whose generation it is
	 */
	void addGeneration(Route route) {
		synchronized (this.lock) {
			this.logged.increment();
			addGenerationLocked(route);
		}
	}

	private void addGenerationLocked(Route route) {
		this.clears.put(route, ++this.sequence);
		// A new generation outdates whatever was logged for single keys, late puts
		// included.
		this.entries.values().removeIf((entry) -> entry.route == route);
		changed();
	}

	private void changed() {
		this.pending = this.entries.size() + this.clears.size();
		this.nextDue = now();
	}

	@Override
	public boolean admit(Link link) {
		long now = now();
		for (Route route : this.routes) {
			if (mayHaveLostTombstone(route, now)) {
				addGeneration(route);
			}
		}
		this.batchLimit = BATCH;
		return replay(link, false);
	}

	/**
	 * Whether a tombstone may have expired while the server was away. What was to be
	 * refused by it may then be stored when the server wakes.
	 */
	private boolean mayHaveLostTombstone(Route route, long now) {
		return route.evictions().mayHaveExpired(this.outageBegan, now, TOMBSTONE_SLACK_NANOS);
	}

	@Override
	public boolean openIfUpToDate(Runnable open) {
		synchronized (this.lock) {
			long now = now();
			for (Route route : this.routes) {
				if (mayHaveLostTombstone(route, now) && !this.clears.containsKey(route)) {
					addGenerationLocked(route);
				}
			}
			if (!this.clears.isEmpty() || this.entries.values().stream().anyMatch((entry) -> !entry.quarantined)) {
				return false;
			}
			// Before the link is published: what stood in for this server until now must
			// not seem ready at the next loss, which is noted only after it is seen.
			this.outages++;
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
		this.outageBegan = now();
		// Before the server can return: whoever waits for the put may wake only later.
		for (OutstandingPut put : this.outstanding) {
			if (put.link() == link) {
				addKey(put.route(), put.key(), link);
			}
		}
	}

	/**
	 * A put of a value is about to be sent.
	 */
	void begin(OutstandingPut put) {
		this.outstanding.add(put);
	}

	/**
	 * The outcome of a put is known, and remembered if need be.
	 */
	void end(OutstandingPut put) {
		this.outstanding.remove(put);
	}

	private boolean replay(Link link, boolean inUse) {
		while (true) {
			List<Work> batch = due(now());
			if (batch.isEmpty()) {
				return true;
			}
			long began = now();
			List<Pending> sent = new ArrayList<>(batch.size());
			for (Work work : batch) {
				sent.add(work.send(link));
			}
			for (int i = 0; i < batch.size(); i++) {
				Reply reply = sent.get(i).await(this.settings.operationTimeoutNanos() - (now() - began));
				if (reply.failure() == Failure.OVERLOADED || (inUse && reply.failure() == Failure.TIMEOUT)) {
					// The entries stay. To give up a server in use for its silence is up
					// to
					// the breaker, which knows of pauses of this JVM.
					sent.forEach((pending) -> pending.await(0));
					this.batchLimit = 1;
					return true;
				}
				if (!reply.stored()) {
					return false;
				}
				this.batchLimit = BATCH;
				settle(batch.get(i), link, began);
			}
		}
	}

	private List<Work> due(long now) {
		synchronized (this.lock) {
			List<Work> batch = new ArrayList<>();
			long next = now + Long.MAX_VALUE / 4;
			for (var clear : this.clears.entrySet()) {
				if (batch.size() < this.batchLimit) {
					// Each attempt has a generation of its own: a late one must not bring
					// back
					// what was filled under it.
					batch.add(new Work(clear.getKey(), null, clear.getValue(), Generations.fresh()));
				}
			}
			for (var entry : this.entries.entrySet()) {
				long due = entry.getValue().due;
				if (now - due < 0) {
					next = (due - next < 0) ? due : next;
				}
				else if (batch.size() < this.batchLimit) {
					batch.add(new Work(entry.getValue().route, entry.getKey(), entry.getValue().sequence,
							Generations.NONE));
				}
			}
			if (batch.isEmpty()) {
				this.nextDue = next;
			}
			return batch;
		}
	}

	private void settle(Work work, Link link, long sentAt) {
		long now = now();
		synchronized (this.lock) {
			if (work.key == null) {
				if (this.clears.remove(work.route, work.sequence)) {
					this.replayed.increment();
					work.route.lastSeen().confirm(link, work.generation, sentAt);
					work.route.evictions().forget(sentAt);
				}
			}
			else {
				Entry entry = this.entries.get(work.key);
				if (entry == null || entry.sequence != work.sequence) {
					return;
				}
				work.route.evictions().note(now);
				if (entry.latePut != null && entry.latePut != link) {
					this.entries.put(work.key,
							new Entry(entry.route, entry.sequence, null, now + this.settings.quarantineNanos(), true));
				}
				else {
					this.entries.remove(work.key);
					this.replayed.increment();
				}
			}
			this.pending = this.entries.size() + this.clears.size();
		}
	}

	long now() {
		return this.settings.ticker().getAsLong();
	}

	/**
	 * Figures of this log.
	 */
	InvalidationFigures figures() {
		return new InvalidationFigures(this.pending, this.logged.sum(), this.replayed.sum(), this.overflowed.sum());
	}

	/**
	 * A key in the log. Immutable.
	 */
	private record Entry(Route route, long sequence, @Nullable Object latePut, long due, boolean quarantined) {

	}

	/**
	 * An entry on its way to the server. The sequence number tells whether what was
	 * answered is still what the log holds.
	 */
	private record Work(Route route, @Nullable MemcachedKey key, long sequence, long generation) {

		Pending send(Link link) {
			if (this.key == null) {
				return link.set(this.route.generationKey(), 0, Envelope.generation(this.generation), Region.NO_BODY);
			}
			return link.set(this.key, this.route.tombstoneSeconds(), Envelope.tombstone(), Region.NO_BODY);
		}

	}

}
