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

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.CacheWrite.Kind;
import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Has evictions, puts and clears within a transaction wait for its end, and what is
 * loaded within one as well: it may show changes that are rolled back. What acts at once
 * by its contract does so, and what it leaves to be evicted is evicted at the end.
 * <p>
 * What a transaction has changed but not committed, it reads as a miss.
 */
final class TransactionalMemcachedCache extends TransactionAwareCacheDecorator {

	private final MemcachedCache target;

	TransactionalMemcachedCache(MemcachedCache target) {
		super(target);
		this.target = target;
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		return forgone(key) ? null : this.target.get(key);
	}

	@Override
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		return forgone(key) ? null : this.target.get(key, type);
	}

	@Override
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		if (forgone(key)) {
			@SuppressWarnings("unchecked")
			T loaded = (T) Loads.call(key, valueLoader);
			return loaded;
		}
		boolean mayShowUncommitted = TransactionWrites.isPossible()
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
		@SuppressWarnings("unchecked")
		T value = (T) this.target.loads()
			.get(this.target, key, valueLoader, this.target.budget(),
					mayShowUncommitted ? TransactionWrites::addFill : null);
		return value;
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		return forgone(key) ? CompletableFuture.completedFuture(null) : this.target.retrieve(key);
	}

	@Override
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		return forgone(key) ? valueLoader.get() : this.target.retrieve(key, valueLoader);
	}

	/**
	 * Whether the current transaction has written to a key, so that what the cache holds
	 * is not what the transaction would read.
	 */
	private boolean forgone(Object key) {
		TransactionWrites transaction = TransactionWrites.begun();
		if (transaction == null || !transaction.concerns(this.target.store())) {
			return false;
		}
		MemcachedKey entry = this.target.store().key(Operation.GET, this.target, key, null);
		if (entry == null || !transaction.hasWritten(this.target.store(), entry)) {
			return false;
		}
		this.target.forgo(entry);
		return true;
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		write(this.target.preparePut(key, value));
	}

	@Override
	public void evict(Object key) {
		write(this.target.prepareEvict(key, Kind.EVICT));
	}

	@Override
	public void clear() {
		write(this.target.prepareClear());
	}

	private void write(@Nullable CacheWrite write) {
		TransactionWrites transaction = (write != null) ? TransactionWrites.current() : null;
		if (write != null && transaction != null) {
			transaction.add(write);
		}
		else {
			this.target.write(write);
		}
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		ValueWrapper present = this.target.putIfAbsent(key, value);
		TransactionWrites transaction = (present == null) ? TransactionWrites.current() : null;
		CacheWrite eviction = (transaction != null) ? this.target.prepareEvict(key, Kind.EVICT_AGAIN) : null;
		if (transaction != null && eviction != null) {
			transaction.addUnlessCommitted(eviction);
		}
		return present;
	}

	/**
	 * Evict an entry now and, within a transaction, again at its end: in between another
	 * may have read, and cached, what was committed before.
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		boolean present = this.target.evictIfPresent(key);
		TransactionWrites transaction = TransactionWrites.current();
		CacheWrite again = (transaction != null) ? this.target.prepareEvict(key, Kind.EVICT_AGAIN) : null;
		if (transaction != null && again != null) {
			transaction.add(again);
		}
		return present;
	}

	/**
	 * Clear the cache now and, within a transaction, again at its end.
	 */
	@Override
	public boolean invalidate() {
		boolean present = this.target.invalidate();
		TransactionWrites transaction = TransactionWrites.current();
		if (transaction != null) {
			transaction.add(this.target.prepareClear());
		}
		return present;
	}

	@Override
	public String toString() {
		return this.target.toString();
	}

}
