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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.failsoft.memcached.hunt.Oracle.Floor;
import io.failsoft.memcached.hunt.Rows.BusinessException;
import io.failsoft.memcached.hunt.Rows.Load;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * A thread of an instance that works at random.
 */
final class Worker implements Runnable {

	private static final int HOT_KEYS = 4;

	/** Rare, as a clear renders harmless whatever is executed late. */
	private static final int CLEAR_ONE_IN = 6000;

	private static final int RARE = 25;

	private final Random random;

	private final Rows rows;

	private final Database database;

	private final TransactionalWrites writes;

	private final Failures failures;

	private final Oracle oracle;

	private final History history;

	private final TransactionOperations transactions;

	private final boolean serializesPuts;

	/** So that values age. */
	private final boolean writesRarely;

	/** Whether a third of the operations are on collections. */
	private final boolean collects;

	private final BooleanSupplier going;

	private final int keys;

	private final AtomicLong operations;

	private final AtomicLong hits;

	Worker(long seed, Rows rows, Database database, Failures failures, Oracle oracle, History history,
			TransactionOperations transactions, TransactionalWrites writes, boolean serializesPuts,
			boolean writesRarely, boolean collects, BooleanSupplier going, int keys, AtomicLong operations,
			AtomicLong hits) {
		this.random = new Random(seed);
		this.rows = rows;
		this.database = database;
		this.failures = failures;
		this.oracle = oracle;
		this.history = history;
		this.transactions = transactions;
		this.writes = writes;
		this.serializesPuts = serializesPuts;
		this.writesRarely = writesRarely;
		this.collects = collects;
		this.going = going;
		this.keys = keys;
		this.operations = operations;
		this.hits = hits;
	}

	@Override
	public void run() {
		while (this.going.getAsBoolean()) {
			int key = key();
			long began = System.nanoTime();
			try {
				operate(key, began, this.random.nextInt(1000));
			}
			catch (RuntimeException ex) {
				this.oracle.violate(key, began, "EXCEPTION: " + ex);
			}
			this.operations.incrementAndGet();
		}
	}

	/**
	 * Every other operation is on a few hot keys.
	 */
	private int key() {
		int key = this.random.nextInt(this.keys);
		return this.random.nextBoolean() ? key : key - key % Area.KEYS + key % HOT_KEYS;
	}

	/**
	 * Work where little happens, until told to stop.
	 * @param slow whether to read, and load for longer than a short load window; else to
	 * write and read now and then
	 */
	void workQuietly(boolean slow) {
		while (this.going.getAsBoolean()) {
			int key = Area.QUIET.firstKey() + this.random.nextInt(Area.KEYS);
			long began = System.nanoTime();
			try {
				this.failures.takeWriteFailed();
				if (slow) {
					read(key, began, Load.ENDLESS);
				}
				else if (this.random.nextInt(10) < 7) {
					update(key, began);
				}
				else {
					read(key, began, Load.QUICK);
				}
				Thread.sleep(this.random.nextInt(500));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			catch (RuntimeException ex) {
				this.oracle.violate(key, began, "EXCEPTION: " + ex);
			}
		}
	}

	private void operate(int key, long began, int dice) {
		this.failures.takeWriteFailed();
		if (this.writesRarely && this.random.nextInt(RARE) > 0) {
			read(key, began, load());
			return;
		}
		boolean puts = Area.of(key) == Area.PUT;
		boolean nested = Area.of(key) == Area.NESTED;
		if (this.collects && !nested && this.random.nextInt(3) == 0) {
			operateOnSeveral(several(key), began, dice, puts);
		}
		else if (this.random.nextInt(CLEAR_ONE_IN) == 0 && !nested) {
			updateAll(Area.of(key), began);
		}
		else if (dice < (puts ? 600 : 840)) {
			read(key, began, load());
		}
		else if (dice < (puts ? 640 : 890) && !nested) {
			updateInTransaction(key, began);
		}
		else if (dice < 900 && puts) {
			put(key, began, this.random.nextInt(20) == 0);
		}
		else if (Area.of(key) == Area.PLAIN && this.keys > Area.BUSY_KEYS && this.random.nextBoolean()) {
			updateAsynchronously(key, began);
		}
		else {
			update(key, began);
		}
	}

	/**
	 * Some keys of the area of a key, in the order in which they are locked.
	 */
	private SortedSet<Integer> several(int key) {
		SortedSet<Integer> keys = new TreeSet<>(Set.of(key));
		for (int i = this.random.nextInt(12); i > 0; i--) {
			keys.add(Area.of(key).firstKey() + this.random.nextInt(this.random.nextBoolean() ? HOT_KEYS : Area.KEYS));
		}
		return keys;
	}

	private void operateOnSeveral(SortedSet<Integer> keys, long began, int dice, boolean puts) {
		if (dice < (puts ? 600 : 840)) {
			readSeveral(keys, began, load());
			return;
		}
		Map<Integer, Long> versions;
		keys.forEach(this::lock);
		try {
			versions = switch (Area.of(keys.first())) {
				case PLAIN -> this.rows.updateEach(keys);
				case SYNC -> this.rows.updateEachSync(keys);
				case PUT -> (dice < 900) ? this.rows.putEach(keys) : this.rows.updateEachPut(List.copyOf(keys));
				case NESTED, QUIET -> throw new IllegalArgumentException("No collections here");
			};
		}
		finally {
			keys.forEach(this::unlock);
		}
		boolean delivered = !this.failures.takeWriteFailed();
		versions.forEach((key, version) -> {
			this.oracle.invalidated(key, version, delivered);
			this.history.note(key, began, "updated by a collection v" + version);
		});
	}

	private void readSeveral(SortedSet<Integer> keys, long began, Load load) {
		Map<Integer, Floor> floors = new HashMap<>();
		keys.forEach((key) -> floors.put(key, this.oracle.floor(key)));
		this.rows.takeRuns();
		this.failures.readSeveral(Set.of());
		Map<Integer, Row> found;
		try {
			found = switch (Area.of(keys.first())) {
				case PLAIN -> this.rows.findAll(keys, load);
				case SYNC -> this.rows.findAllSync(keys, load);
				case PUT -> this.rows.findAllPut(List.copyOf(keys), load);
				case NESTED, QUIET -> throw new IllegalArgumentException("No collections here");
			};
		}
		catch (BusinessException ex) {
			if (this.rows.takeRuns() == 0 || load != Load.FAILS) {
				this.oracle.violate(keys.first(), began, "WRONG EXCEPTION");
			}
			return;
		}
		this.failures.readSeveral(keys);
		int runs = this.rows.takeRuns();
		// Once for what nobody loads, and once for what others did not bring.
		if (runs > 2) {
			this.oracle.violate(keys.first(), began, "RAN " + runs + " TIMES");
		}
		this.hits.addAndGet((runs == 0) ? 1 : 0);
		for (int key : keys) {
			Row row = found.get(key);
			this.history.note(key, began, ((runs > 0) ? "loaded or hit " : "hit ") + "in a collection " + version(row));
			if (row == null) {
				this.oracle.violate(key, began, "NULL");
			}
			else {
				this.oracle.read(key, Objects.requireNonNull(floors.get(key)), row, began);
			}
		}
	}

	private Load load() {
		int dice = this.random.nextInt(1000);
		return (dice < 2) ? Load.VERY_SLOW : (dice < 60) ? Load.SLOW : (dice < 70) ? Load.FAILS : Load.QUICK;
	}

	private void read(int key, long began, Load load) {
		read(key, began, load, this.oracle.floor(key));
	}

	/**
	 * Reads a row and judges what was read.
	 * @return whether the row was loaded
	 */
	private boolean read(int key, long began, Load load, Floor floor) {
		this.rows.takeRuns();
		Row row = null;
		boolean failed = false;
		boolean lost = false;
		this.rows.takeUpdatedMeanwhile();
		try {
			row = find(this.rows, key, load);
		}
		catch (BusinessException ex) {
			failed = true;
		}
		catch (DataAccessResourceFailureException ex) {
			lost = true;
		}
		Long updated = this.rows.takeUpdatedMeanwhile();
		if (updated != null) {
			invalidated(key, updated);
		}
		int runs = this.rows.takeRuns();
		if (runs > 1) {
			this.oracle.violate(key, began, "RAN " + runs + " TIMES");
		}
		this.history.note(key, began,
				((failed || lost) ? "query failed" : ((runs > 0) ? "loaded " : "hit ") + version(row))
						+ ((updated != null) ? ", updated meanwhile v" + updated : ""));
		if (failed) {
			// A caller that joined another's load shares its failure.
			if (runs == 1 && load != Load.FAILS) {
				this.oracle.violate(key, began, "WRONG EXCEPTION");
			}
			return false;
		}
		if (lost) {
			return false;
		}
		if (row == null) {
			this.oracle.violate(key, began, "NULL");
			return false;
		}
		this.hits.addAndGet((runs == 0) ? 1 : 0);
		this.oracle.read(key, (updated != null) ? this.oracle.floor(key) : floor, row, began);
		return runs > 0;
	}

	private static String version(@Nullable Row row) {
		return (row != null) ? "v" + row.version() + ((row.putBy() >= 0) ? " put by " + row.putBy() : "") : "null";
	}

	static Row find(Rows rows, int key, Load load) {
		return switch (Area.of(key)) {
			case PLAIN -> rows.find(key, load);
			case SYNC -> rows.findSync(key, load);
			case PUT -> rows.findPut(key, load);
			case NESTED -> rows.findNested(key, load);
			case QUIET -> rows.findQuiet(key, load);
		};
	}

	private long updateRow(int key) {
		return switch (Area.of(key)) {
			case PLAIN -> this.rows.update(key);
			case SYNC -> this.rows.updateSync(key);
			case PUT -> this.rows.updatePut(key);
			case NESTED -> {
				long version = this.rows.updateInner(key);
				this.rows.evictNested(key);
				yield version;
			}
			case QUIET -> this.rows.updateQuiet(key);
		};
	}

	private void update(int key, long began) {
		long version;
		lock(key);
		try {
			version = updateRow(key);
		}
		finally {
			unlock(key);
		}
		invalidated(key, version);
		this.history.note(key, began, "updated and evicted v" + version);
	}

	/**
	 * When this returns the eviction was sent, and nobody knows whether it arrived.
	 */
	private void updateAsynchronously(int key, long began) {
		long version = this.rows.updateAsynchronously(key).join();
		this.oracle.invalidated(key, version, false);
		this.history.note(key, began, "updated and evicted asynchronously v" + version);
	}

	private void updateInTransaction(int key, long began) {
		boolean rollback = this.random.nextInt(5) == 0;
		lock(key);
		try {
			this.transactions.executeWithoutResult((status) -> {
				boolean reads = this.random.nextBoolean();
				Map<Integer, Floor> loads = new HashMap<>();
				if (reads) {
					readInTransaction(key, began, loads);
				}
				updateRow(key);
				if (reads) {
					// The row is the old one until the commit, so this must not be
					// stored.
					readInTransaction(key, began, loads);
				}
				if (rollback) {
					status.setRollbackOnly();
				}
			});
			if (rollback) {
				this.history.note(key, began, "rolled an update back");
			}
			else {
				long version = this.writes.lastCommitted();
				invalidated(key, version);
				this.history.note(key, began, "updated in a transaction v" + version);
			}
		}
		finally {
			unlock(key);
		}
	}

	/**
	 * Reads the transaction's own key, and twice another's, which others may write to. A
	 * transaction keeps what it loads until its own instance writes to the key, so
	 * reading that again is held to what others had delivered when the load began.
	 * @param loads what the transaction has loaded, by key
	 */
	private void readInTransaction(int key, long began, Map<Integer, Floor> loads) {
		int other = Area.of(key).firstKey() + this.random.nextInt(Area.KEYS);
		for (int read : new int[] { key, other, other }) {
			Floor now = this.oracle.floor(read);
			Floor load = loads.getOrDefault(read, now);
			if (read(read, began, Load.QUICK, new Floor(now.own(), load.delivered(), load.moment()))) {
				loads.put(read, now);
			}
		}
	}

	private void put(int key, long began, boolean slow) {
		Row row;
		lock(key);
		try {
			row = this.rows.put(key, slow);
		}
		finally {
			unlock(key);
		}
		invalidated(key, row.version());
		this.history.note(key, began, "put v" + row.version());
	}

	void updateAll(Area area, long began) {
		int from = area.firstKey() + this.random.nextInt(Area.KEYS - 4);
		int to = from + 4;
		long[] versions = switch (area) {
			case PLAIN -> this.rows.updateAll(from, to);
			case SYNC -> this.rows.updateAllSync(from, to);
			case PUT -> this.rows.updateAllPut(from, to);
			case NESTED, QUIET -> throw new IllegalArgumentException("Nobody clears here");
		};
		boolean delivered = !this.failures.takeWriteFailed();
		for (int key = from; key < to; key++) {
			this.oracle.invalidated(key, versions[key - from], delivered);
			this.history.note(key, began, "updated several rows and cleared");
		}
	}

	/**
	 * A row made of another that could not be evicted yet may be made anew of the old
	 * one, which is not promised to end well.
	 */
	private void invalidated(int key, long version) {
		boolean delivered = !this.failures.takeWriteFailed();
		if (delivered || Area.of(key) != Area.NESTED) {
			this.oracle.invalidated(key, version, delivered);
		}
	}

	/**
	 * Puts of several instances race with each other's writes, which is not promised to
	 * end well.
	 */
	private void lock(int key) {
		if (this.serializesPuts && Area.of(key) == Area.PUT) {
			this.database.lock(key);
		}
	}

	private void unlock(int key) {
		if (this.serializesPuts && Area.of(key) == Area.PUT) {
			this.database.unlock(key);
		}
	}

}
