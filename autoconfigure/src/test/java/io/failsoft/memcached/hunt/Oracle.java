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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Knows what an instance may read. Thread-safe.
 */
final class Oracle {

	private static final int MOST = 20;

	private final AtomicLongArray floors = new AtomicLongArray(Area.ALL_KEYS);

	private final List<String> violations = new ArrayList<>();

	private final AtomicLong excused = new AtomicLong();

	private final AtomicLong violationCount = new AtomicLong();

	private final Database database;

	private final History history;

	private final int instance;

	Oracle(Database database, History history, int instance) {
		this.database = database;
		this.history = history;
		this.instance = instance;
	}

	/**
	 * The version that a read beginning now must not fall below.
	 */
	long floor(int key) {
		return this.floors.get(key);
	}

	/**
	 * An invalidation that this instance asked for has returned.
	 * @param version the version that it was asked for
	 */
	void invalidated(int key, long version) {
		this.floors.accumulateAndGet(key, version, Math::max);
	}

	/**
	 * Judge what was read while others write.
	 */
	void read(int key, long floor, Row row, long began) {
		if (row.key() != key) {
			violate(key, began, "KEY: read " + row);
		}
		if (row.version() >= floor) {
			return;
		}
		boolean latePut = row.putBy() >= 0 && row.putBy() != this.instance
				&& this.database.hasPutFailed(key, row.version());
		if (latePut) {
			this.excused.incrementAndGet();
			this.history.note(key, began, "excused: late put v" + row.version());
		}
		else {
			violate(key, began, "STALE: read " + row + " though v" + floor + " was invalidated for");
		}
	}

	/**
	 * Judge what was read when all has settled.
	 */
	void settledRead(int key, Row row, long began) {
		if (row.key() != key || row.version() != this.database.read(key)) {
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

}
