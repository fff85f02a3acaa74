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

package io.failsoft.memcached.hunt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Knows what an instance may read. Thread-safe.
 */
final class Oracle {

	private static final int MOST = 20;

	/** How long after a failure a key may still be in a log or in quarantine. */
	private static final long BLIND_NANOS = 6_000_000_000L;

	private final AtomicLongArray floors = new AtomicLongArray(Area.ALL_KEYS);

	private final List<String> violations = new ArrayList<>();

	private final AtomicLong excused = new AtomicLong();

	private final AtomicLong violationCount = new AtomicLong();

	private final AtomicLong staleElsewhere = new AtomicLong();

	private final AtomicLong longestStaleness = new AtomicLong();

	private final AtomicLong longestDelivered = new AtomicLong();

	private final AtomicLong longestExcused = new AtomicLong();

	private final Database database;

	private final Failures failures;

	private final History history;

	private final int instance;

	private final boolean othersPromised;

	private final long stalenessNanos;

	/**
	 * Create an oracle.
	 * @param othersPromised whether an instance must see what another one evicts as soon
	 * as memcached has carried that out
	 * @param staleness how long later it may do so
	 */
	Oracle(Database database, Failures failures, History history, int instance, boolean othersPromised,
			Duration staleness) {
		this.database = database;
		this.failures = failures;
		this.history = history;
		this.instance = instance;
		this.othersPromised = othersPromised;
		this.stalenessNanos = staleness.toNanos();
	}

	/**
	 * What a read that begins now is held to.
	 */
	Floor floor(int key) {
		return new Floor(this.floors.get(key), this.database.delivered(key), System.nanoTime());
	}

	/**
	 * An invalidation that this instance asked for has returned.
	 * @param version the version that it was asked for
	 * @param delivered whether memcached has carried it out
	 */
	void invalidated(int key, long version, boolean delivered) {
		this.database.invalidated(key, version, System.nanoTime(), delivered);
		this.floors.accumulateAndGet(key, version, Math::max);
	}

	/**
	 * Judge what was read while others write.
	 */
	void read(int key, Floor floor, Row row, long began) {
		if (row.key() != key) {
			violate(key, began, "KEY: read " + row);
		}
		long staleness = this.database.staleness(key, row.version(), floor.moment);
		if (staleness > 0) {
			this.staleElsewhere.incrementAndGet();
			this.longestStaleness.accumulateAndGet(staleness, Math::max);
			boolean promised = !isLatePut(key, row) && !mayHaveJoinedBlindly(key, floor);
			(promised ? this.longestDelivered : this.longestExcused)
				.accumulateAndGet(this.database.deliveredStaleness(key, row.version(), floor.moment), Math::max);
		}
		boolean toldElsewhere = row.version() < floor.delivered && this.othersPromised
				&& (this.stalenessNanos == 0
						|| this.database.deliveredStaleness(key, row.version(), floor.moment) > this.stalenessNanos)
				&& !mayHaveJoinedBlindly(key, floor);
		if (row.version() >= floor.own && !toldElsewhere) {
			return;
		}
		if (isLatePut(key, row)) {
			this.excused.incrementAndGet();
			this.history.note(key, began, "excused: late put v" + row.version());
		}
		else if (row.version() < floor.own) {
			violate(key, began, "STALE: read " + row + " though v" + floor.own + " was invalidated for");
		}
		else {
			violate(key, began, "STALE ELSEWHERE: read " + row + " though another instance's eviction of v"
					+ floor.delivered + " was delivered");
		}
	}

	private boolean isLatePut(int key, Row row) {
		return row.putBy() >= 0 && row.putBy() != this.instance && this.database.hasPutFailed(key, row.version());
	}

	/**
	 * Whether a read may have shared the load of one that, like itself, saw nothing of
	 * what memcached holds: another instance's eviction cannot end that.
	 */
	private boolean mayHaveJoinedBlindly(int key, Floor floor) {
		return Area.of(key) == Area.SYNC && this.failures.hasFailed(key, floor.moment - BLIND_NANOS);
	}

	/**
	 * Judge what was read when all has settled.
	 */
	void settledRead(int key, Row row, long began) {
		// One made of another may have been made of what could not be evicted yet.
		boolean latest = (Area.of(key) == Area.NESTED) ? row.version() >= this.database.delivered(key)
				: row.version() == this.database.read(key);
		// A read that fails may be served what is kept in reserve.
		boolean kept = this.failures.hasFailed(key, began)
				&& this.database.staleness(key, row.version(), began) < this.stalenessNanos;
		if (row.key() != key || (!latest && !kept)) {
			violate(key, began, "SETTLED STALE: read " + row + ", the database has v" + this.database.read(key));
		}
	}

	void violate(int key, long began, String what) {
		this.history.note(key, began, "!!! " + what);
		this.violationCount.incrementAndGet();
		synchronized (this.violations) {
			if (this.violations.size() < MOST) {
				this.violations.add(key + " " + what);
			}
		}
	}

	List<String> takeViolations() {
		synchronized (this.violations) {
			List<String> taken = List.copyOf(this.violations);
			this.violations.clear();
			return taken;
		}
	}

	long violationCount() {
		return this.violationCount.get();
	}

	long excused() {
		return this.excused.get();
	}

	/**
	 * How many reads began after the invalidation of what they read had returned, be it
	 * another instance's.
	 */
	long staleElsewhere() {
		return this.staleElsewhere.get();
	}

	/**
	 * For how many nanoseconds at most a value had been invalidated when its read began.
	 */
	long longestStaleness() {
		return this.longestStaleness.get();
	}

	/**
	 * For how many nanoseconds at most memcached had carried out the invalidation of a
	 * value when its read began, other than of the following.
	 */
	long longestDelivered() {
		return this.longestDelivered.get();
	}

	/**
	 * The same of late puts, and of reads that may have joined a load that asked no
	 * server.
	 */
	long longestExcused() {
		return this.longestExcused.get();
	}

	/**
	 * What a read is held to.
	 *
	 * @param own the newest version that this instance has invalidated for
	 * @param delivered the newest version whose invalidation was delivered
	 * @param moment when the read began, by {@link System#nanoTime()}
	 */
	record Floor(long own, long delivered, long moment) {

	}

}
