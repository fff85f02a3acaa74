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

package io.failsoft.memcached.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Payload;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ReflectionUtils;

/**
 * A transaction as the caches see it: the writes that wait for its commit, the
 * invalidations that its end repeats, and the values that it loaded itself, which may
 * show changes that nobody else must see yet. All of it is bounded: over a bound a put
 * becomes an eviction, evictions become a clear, and a loaded value is not kept.
 * <p>
 * It ends in {@code afterCommit}, before other callbacks, or in {@code afterCompletion},
 * which is called also if another callback of the commit threw. Confined to its
 * transaction, so to one thread at a time. Needs spring-tx.
 */
final class CacheTransaction implements TransactionSynchronization {

	private static final Object RESOURCE = new Object();

	/** Limit of loaded values that a transaction keeps. */
	static final int MAX_LOADS = 1_000;

	/** Limit of the loaded values in bytes, encoded. */
	static final int MAX_LOADED_BYTES = 4 << 20;

	/** Limit of keys written to, over which a put becomes an eviction. */
	static final int MAX_PUTS = 1_000;

	/** Limit of keys written to, over which an eviction becomes a clear. */
	static final int MAX_KEYS = 10_000;

	private final Map<Slot, CacheWrite> writes = new LinkedHashMap<>();

	/** Evictions of values that were stored at once, due unless there is a commit. */
	private final Map<Slot, CacheWrite> undo = new LinkedHashMap<>();

	private final Map<Slot, Loaded> loads = new LinkedHashMap<>();

	private boolean over;

	private @Nullable Throwable thrown;

	/**
	 * Returns the transaction of this thread.
	 * @return the transaction, or {@code null} if no synchronization tells its end
	 */
	static @Nullable CacheTransaction current() {
		if (!TransactionSynchronizationManager.isSynchronizationActive() || !isActive()) {
			return null;
		}
		CacheTransaction current = (CacheTransaction) TransactionSynchronizationManager.getResource(RESOURCE);
		if (current == null || current.over) {
			current = new CacheTransaction();
			current.resume();
		}
		// Each time: this is idempotent, and a resource that was left bound without its
		// synchronization loses nothing that is added to it.
		TransactionSynchronizationManager.registerSynchronization(current);
		return current;
	}

	/**
	 * Returns if this thread is in a transaction.
	 */
	static boolean isActive() {
		return TransactionSynchronizationManager.isActualTransactionActive();
	}

	static boolean isReadOnly() {
		return TransactionSynchronizationManager.isCurrentTransactionReadOnly();
	}

	/**
	 * Returns if this thread may hold a connection: for a transaction, or for as long as
	 * a session is bound to it, as JPA's open-in-view does.
	 */
	static boolean mayHoldConnection() {
		return isActive() || !TransactionSynchronizationManager.getResourceMap().isEmpty();
	}

	/**
	 * Finds a key as far as the transaction determines what is found.
	 * @return a miss without a ticket if the transaction has written to the key, a hit if
	 * it has loaded it and this JVM has not written to it since, else {@code null}
	 */
	@Nullable Found find(CacheStore store, Read read) {
		Slot slot = new Slot(store, read.entry());
		if (isWritten(slot)) {
			return Found.NOTHING;
		}
		Loaded loaded = this.loads.get(slot);
		if (loaded != null && loaded.fill.isOvertaken()) {
			this.loads.remove(slot);
			return null;
		}
		return (loaded != null) ? store.decode(read, loaded.payload) : null;
	}

	private boolean isWritten(Slot slot) {
		return this.writes.containsKey(slot) || this.writes.containsKey(new Slot(slot.store, null));
	}

	/**
	 * Adds a write that waits for the end. A fill is encoded now.
	 */
	void add(CacheWrite write) {
		if (write.operation() == CacheOperation.FILL) {
			keep(write);
		}
		else {
			hold(this.writes, write);
		}
	}

	private void keep(CacheWrite fill) {
		Slot slot = Slot.of(fill);
		this.loads.remove(slot);
		if (isWritten(slot) || this.loads.size() >= MAX_LOADS) {
			return;
		}
		Payload payload = fill.encode();
		long bytes = this.loads.values().stream().mapToLong((loaded) -> loaded.payload.length()).sum();
		if (payload != null && bytes + payload.length() <= MAX_LOADED_BYTES) {
			this.loads.put(slot, new Loaded(fill, payload));
		}
	}

	/**
	 * Adds a write that was sent already, for the end to complete: a stored value is
	 * evicted unless there is a commit, and an invalidation is repeated, as others may
	 * have cached in between what was committed before.
	 */
	void addSent(CacheWrite write) {
		hold(write.isOfValue() ? this.undo : this.writes, write.invalidation());
	}

	private void hold(Map<Slot, CacheWrite> held, CacheWrite write) {
		Slot slot = Slot.of(write);
		drop(held, slot);
		drop(this.loads, slot);
		if (slot.entry != null && held.size() >= MAX_KEYS) {
			hold(held, write.clear());
			return;
		}
		boolean over = write.operation() == CacheOperation.PUT && held.size() >= MAX_PUTS;
		held.put(slot, over ? write.invalidation() : write);
	}

	private static void drop(Map<Slot, ?> held, Slot slot) {
		if (slot.entry != null) {
			held.remove(slot);
		}
		else {
			held.keySet().removeIf((other) -> other.store == slot.store);
		}
	}

	/**
	 * Takes back all values, as any may be of what was rolled back.
	 */
	@Override
	public void savepointRollback(Object savepoint) {
		this.loads.clear();
		this.writes.replaceAll((slot, write) -> write.invalidation());
		this.undo.forEach(this.writes::putIfAbsent);
	}

	/**
	 * Returns the writes to send at the end.
	 * @param status the outcome, one of the constants of Spring's
	 * {@code TransactionSynchronization}
	 * @return the writes in the order in which they were asked for
	 */
	List<CacheWrite> due(int status) {
		List<CacheWrite> due = new ArrayList<>();
		if (status == STATUS_COMMITTED) {
			due.addAll(this.writes.values());
			this.loads.values().forEach((loaded) -> due.add(loaded.fill));
			return due;
		}
		due.addAll(this.undo.values());
		if (status == STATUS_UNKNOWN) {
			this.writes.values().forEach((write) -> due.add(write.invalidation()));
		}
		return due;
	}

	/** Returns the first place: other callbacks may read the caches. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void suspend() {
		TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
	}

	@Override
	public void resume() {
		suspend();
		TransactionSynchronizationManager.bindResource(RESOURCE, this);
	}

	/**
	 * Unbinds the transaction, as its end may be told on another thread: later writes go
	 * to another one.
	 */
	@Override
	public void beforeCompletion() {
		suspend();
		if (TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionSynchronizationManager.registerSynchronization(new Last());
		}
	}

	@Override
	public void afterCommit() {
		end(STATUS_COMMITTED);
	}

	@Override
	public void afterCompletion(int status) {
		if (TransactionSynchronizationManager.getResource(RESOURCE) == this) {
			suspend();
		}
		end(status);
		rethrow();
	}

	/**
	 * Sends the writes that are due, in batches that wait for their answers together. A
	 * server that hangs costs one operation timeout in all; one that is slow is given as
	 * much for each batch.
	 */
	private void end(int status) {
		List<CacheWrite> due = this.over ? List.of() : due(status);
		this.over = true;
		AtomicReference<@Nullable Budget> last = new AtomicReference<>();
		Throwable failure = CacheWrite.sendAll(due, CacheWrite::send, () -> {
			Budget former = last.get();
			Budget budget = (former == null || former.left() > 0)
					? new Budget(due.get(0).store().operationTimeoutNanos()) : former;
			last.set(budget);
			return (write) -> write.await(budget);
		});
		this.thrown = (this.thrown != null) ? this.thrown : failure;
	}

	private void rethrow() {
		Throwable failure = this.thrown;
		this.thrown = null;
		if (failure != null) {
			ReflectionUtils.rethrowRuntimeException(failure);
		}
	}

	/**
	 * An entry, or a whole cache.
	 */
	private record Slot(CacheStore store, @Nullable MemcachedKey entry) {

		static Slot of(CacheWrite write) {
			return new Slot(write.store(), write.entry());
		}

	}

	private record Loaded(CacheWrite fill, Payload payload) {

	}

	/**
	 * Throws what the error handler threw, after all other callbacks have run.
	 */
	private final class Last implements TransactionSynchronization {

		@Override
		public void afterCommit() {
			rethrow();
		}

	}

}
