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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.failsoft.memcached.cache.CacheWrite.Kind;
import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ReflectionUtils;

/**
 * What one transaction asked of the caches, in its order. It is sent, all at once, when
 * the transaction has committed: in {@code afterCommit}, before what other callbacks do
 * there, or else in {@code afterCompletion}, which is also told of a commit that others
 * did not let be told of, and of one whose outcome is unknown. Then everything is evicted
 * that may be stale, and no value is stored.
 * <p>
 * Confined to the transaction, so at one time to one thread.
 */
final class TransactionWrites implements TransactionSynchronization {

	private static final Object RESOURCE = new Object();

	private final List<Entry> entries = new ArrayList<>();

	private final Map<CacheStore, WrittenKeys> written = new HashMap<>(4);

	private final Map<Object, Integer> savepoints = new HashMap<>(2);

	private boolean over;

	private @Nullable Throwable thrown;

	private TransactionWrites() {
	}

	/**
	 * What the current transaction waits with, which begins now if it has not yet.
	 * @return the writes, or {@code null} if there is nothing to wait for: outside a
	 * transaction, in what only looks like one, and after its completion
	 */
	static @Nullable TransactionWrites current() {
		if (!isPossible()) {
			return null;
		}
		TransactionWrites current = begun();
		if (current == null) {
			current = new TransactionWrites();
			current.bind();
		}
		// Each time, which changes nothing for one that is registered: should one be left
		// from elsewhere, nothing that is added to it is lost.
		TransactionSynchronizationManager.registerSynchronization(current);
		return current;
	}

	/**
	 * Whether there is a transaction that can be waited for.
	 */
	static boolean isPossible() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive();
	}

	/**
	 * Have what was loaded in the current transaction wait for its end.
	 */
	static void addFill(CacheWrite fill) {
		TransactionWrites current = current();
		if (current != null) {
			current.add(fill);
		}
		else {
			fill.discard();
		}
	}

	/**
	 * What the current transaction waits with, if it does.
	 */
	static @Nullable TransactionWrites begun() {
		return (TransactionSynchronizationManager.getResource(RESOURCE) instanceof TransactionWrites writes
				&& !writes.over) ? writes : null;
	}

	private void bind() {
		unbind();
		TransactionSynchronizationManager.bindResource(RESOURCE, this);
	}

	private static void unbind() {
		TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
	}

	void add(CacheWrite write) {
		if (write.kind() != Kind.FILL) {
			this.written.computeIfAbsent(write.cache().store(), (store) -> new WrittenKeys()).add(write);
		}
		this.entries.add(new Entry(write, true));
	}

	/**
	 * Add an eviction of what is there already, though it may not be committed.
	 */
	void addUnlessCommitted(CacheWrite eviction) {
		this.entries.add(new Entry(eviction, false));
	}

	boolean concerns(CacheStore store) {
		return this.written.containsKey(store);
	}

	boolean hasWritten(CacheStore store, MemcachedKey entry) {
		WrittenKeys keys = this.written.get(store);
		return keys != null && keys.contains(entry);
	}

	/** Before other callbacks, which may read the caches or have others read them. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void suspend() {
		unbind();
	}

	@Override
	public void resume() {
		bind();
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.entries.size());
	}

	/**
	 * Take back what was asked for since. One that is not known is older than this.
	 */
	@Override
	public void savepointRollback(Object savepoint) {
		int from = this.savepoints.getOrDefault(savepoint, 0);
		for (Entry entry : this.entries.subList(from, this.entries.size())) {
			entry.takeBack();
		}
	}

	/**
	 * What comes from now on is kept apart, as the end may be told on another thread.
	 */
	@Override
	public void beforeCompletion() {
		unbind();
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
		if (begun() == this) {
			unbind();
		}
		end(status);
		rethrow();
	}

	private void rethrow() {
		Throwable failure = this.thrown;
		this.thrown = null;
		if (failure != null) {
			ReflectionUtils.rethrowRuntimeException(failure);
		}
	}

	private void end(int status) {
		if (this.over) {
			return;
		}
		this.over = true;
		Deque<CacheWrite> due = new ArrayDeque<>();
		Map<CacheStore, WrittenKeys> overwritten = new HashMap<>(4);
		for (int i = this.entries.size() - 1; i >= 0; i--) {
			Entry entry = this.entries.get(i);
			CacheWrite write = entry.due(status);
			if (write == null) {
				entry.write.discard();
			}
			else if (isLast(write, overwritten)) {
				due.addFirst(write);
			}
			else {
				write.supersede();
			}
		}
		this.thrown = CacheWriteBatches.send(due);
	}

	/**
	 * Whether nothing that comes later overwrites this. A fill overwrites nothing.
	 */
	private static boolean isLast(CacheWrite write, Map<CacheStore, WrittenKeys> overwritten) {
		WrittenKeys later = overwritten.computeIfAbsent(write.cache().store(), (store) -> new WrittenKeys());
		if (later.cover(write)) {
			return false;
		}
		if (write.kind() != Kind.FILL) {
			later.add(write);
		}
		return true;
	}

	/**
	 * Throws what the error handler threw, after all other callbacks, which are not to
	 * suffer for it.
	 */
	private final class Last implements TransactionSynchronization {

		@Override
		public void afterCommit() {
			rethrow();
		}

	}

	/**
	 * A write, and when it is due.
	 */
	private static final class Entry {

		private final CacheWrite write;

		private final boolean onCommit;

		private boolean takenBack;

		Entry(CacheWrite write, boolean onCommit) {
			this.write = write;
			this.onCommit = onCommit;
		}

		void takeBack() {
			this.takenBack = true;
		}

		/**
		 * What is to be sent.
		 * @param status how the transaction ended
		 */
		@Nullable CacheWrite due(int status) {
			boolean committed = status == STATUS_COMMITTED && !this.takenBack;
			if (!this.onCommit) {
				return committed ? null : this.write;
			}
			if (committed) {
				return this.write;
			}
			if (status == STATUS_ROLLED_BACK || this.write.kind() == Kind.FILL) {
				return null;
			}
			return (this.write.kind() == Kind.PUT) ? this.write.eviction() : this.write;
		}

	}

}
