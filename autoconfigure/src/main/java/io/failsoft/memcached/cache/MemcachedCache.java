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

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.cache.FailureReporter.CacheOperation;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A Spring {@link Cache} whose entries are held by memcached.
 * <p>
 * <strong>On failure</strong> no method throws for memcached's sake: a read is a miss, a
 * loader is called, a write is left undone, and an invalidation that could not be
 * delivered is remembered, the key reading as a miss until it is. Each failure is counted
 * and handed once to the error handler that applies; only what that throws reaches the
 * caller. No operation waits longer than {@code memcached.operation-timeout}, the
 * execution of a loader apart, be it in another instance that holds the load's lease.
 * <p>
 * Each operation is one command and one round trip; a load after a miss is two. Keys
 * count by their content; of a class that is not listed they are refused, unless
 * {@code memcached.cache.key-classes} vouches for it. Values are copies: what is read is
 * not the object that was put, except that callers who waited for the same load are given
 * the same object. Thread-safe.
 */
public class MemcachedCache implements Cache {

	private final String name;

	private final CacheStore store;

	private final Loads loads;

	private final MemcachedServers servers;

	/** A proxy has none, and a spy has that of another. */
	private final MemcachedCache self = this;

	MemcachedCache(String name, CacheStore store, MemcachedServers servers) {
		this.name = name;
		this.store = store;
		this.loads = new Loads(store);
		this.servers = servers;
	}

	/**
	 * A view of another cache.
	 */
	MemcachedCache(MemcachedCache other) {
		// By methods, as a proxy has no fields.
		this.name = other.getName();
		this.store = other.store();
		this.loads = other.loads();
		this.servers = other.servers();
	}

	/**
	 * Returns if calls reach this very object: if it is neither a proxy nor a spy.
	 */
	final boolean isItself() {
		return this.self == this;
	}

	/**
	 * Returns the cache that a call on this thread is meant for: this, or an invocation's
	 * view of it that calls by way of a decorator.
	 */
	MemcachedCache view() {
		return DecoratedCache.view(this);
	}

	CacheStore store() {
		return this.store;
	}

	Loads loads() {
		return this.loads;
	}

	MemcachedServers servers() {
		return this.servers;
	}

	/**
	 * Whether who asks can use a value. What he cannot is a miss.
	 */
	boolean isReturnable(@Nullable Object value) {
		return true;
	}

	/**
	 * The time that the operation about to begin may spend waiting.
	 */
	Budget budget() {
		return this.store.newBudget();
	}

	@Override
	public String getName() {
		return this.name;
	}

	/**
	 * The servers that hold the entries. May be used to look at their state; there is no
	 * way past the cache to its entries, as a write that does not keep the cache's rules
	 * could leave something stale behind.
	 * @return the {@link MemcachedServers}
	 */
	@Override
	public Object getNativeCache() {
		return this.servers;
	}

	/**
	 * What this cache has counted since the start.
	 * @return the live figures
	 */
	public CacheStatistics getStatistics() {
		return this.store.statistics();
	}

	/**
	 * The settings of this cache.
	 * @return the settings
	 */
	public MemcachedCacheSettings getSettings() {
		return this.store.settings();
	}

	/**
	 * Returns the key that memcached is asked for.
	 * @return the key, or {@code null} if there is none, which has been reported
	 */
	@Nullable MemcachedKey key(CacheOperation operation, Object key, @Nullable Object value) {
		return this.store.key(operation, this, key, value);
	}

	Found find(Object key) {
		MemcachedKey entry = key(CacheOperation.GET, key, null);
		return (entry != null) ? noted(entry, this.store.find(this, key, entry, budget())) : Found.NOTHING;
	}

	/**
	 * Notes what was found.
	 * @return the same
	 */
	Found noted(MemcachedKey entry, Found found) {
		return found;
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		Found found = view().find(key);
		return found.isHit() ? new SimpleValueWrapper(found.value()) : null;
	}

	/**
	 * Read an entry.
	 * @param key the key
	 * @param type the type the value must have, or {@code null} for any
	 * @return the value, or {@code null} if there is no entry or it holds {@code null}
	 * @throws IllegalStateException if the entry holds a value of another type
	 */
	@Override
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		Object value = view().find(key).value();
		if (value != null && type != null && !type.isInstance(value)) {
			throw new IllegalStateException(
					"Cached value is not of required type [" + type.getName() + "]: " + value.getClass().getName());
		}
		@SuppressWarnings("unchecked")
		T result = (T) value;
		return result;
	}

	/**
	 * Read an entry or load it, once in this JVM whoever else asks for it meanwhile. Each
	 * transaction that may write loads for itself.
	 * @param key the key
	 * @param valueLoader called exactly once per miss, also when memcached cannot be
	 * reached
	 * @return the value
	 * @throws ValueRetrievalException if the loader threw; its cause is what it threw
	 */
	@Override
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		MemcachedCache view = view();
		@SuppressWarnings("unchecked")
		T result = (T) this.loads.get(view, key, valueLoader, view.budget());
		return result;
	}

	CompletableFuture<Found> findAsync(Object key) {
		MemcachedKey entry = key(CacheOperation.GET, key, null);
		return (entry != null)
				? this.store.findAsync(this, key, entry, budget()).thenApply((found) -> noted(entry, found))
				: CompletableFuture.completedFuture(Found.NOTHING);
	}

	/**
	 * Read an entry without holding a thread.
	 * @param key the key
	 * @return a future of a {@link org.springframework.cache.Cache.ValueWrapper}, or of
	 * {@code null} for a miss; it always completes
	 */
	@Override
	public CompletableFuture<?> retrieve(Object key) {
		return view().findAsync(key).thenApply((found) -> found.isHit() ? new SimpleValueWrapper(found.value()) : null);
	}

	/**
	 * Read an entry or load it, without holding a thread and once in this JVM.
	 * @param key the key
	 * @param valueLoader called at most once
	 * @return a future of the value; it fails with what the loader failed with
	 */
	@Override
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		MemcachedCache view = view();
		return this.loads.retrieve(view, key, valueLoader, view.budget());
	}

	/**
	 * Prepare a put: what it may overwrite is decided by now.
	 * @return the write, or {@code null} if the key cannot be one, which was reported
	 */
	@Nullable CacheWrite preparePut(Object key, @Nullable Object value) {
		MemcachedKey entry = key(CacheOperation.PUT, key, value);
		if (entry == null) {
			return null;
		}
		Budget budget = budget();
		return this.store.put(this, key, entry, value, this.store.region().beginPut(entry, budget), budget);
	}

	/**
	 * Prepares an eviction and counts it.
	 * @return the write, or {@code null} if the key cannot be one, which was reported
	 */
	private @Nullable CacheWrite prepareEviction(Object key, boolean asks) {
		MemcachedKey entry = key(CacheOperation.EVICT, key, null);
		if (entry == null) {
			return null;
		}
		this.store.statistics().eviction();
		return this.store.eviction(this, key, entry, asks, budget());
	}

	CacheWrite prepareClear() {
		return this.store.clear(this, budget());
	}

	/**
	 * Sends a write and waits for its outcome, or has it wait for the end of the
	 * transaction. What is loaded in one that only reads does not wait.
	 * @param write the write, or {@code null} for nothing
	 */
	void write(@Nullable CacheWrite write) {
		if (write == null) {
			return;
		}
		CacheTransaction transaction = transactionOf(write);
		if (transaction != null) {
			transaction.add(write);
		}
		else {
			settle(write.send());
		}
	}

	private @Nullable CacheTransaction transactionOf(CacheWrite write) {
		return (write.operation() == CacheOperation.FILL) ? this.store.writingTransaction() : this.store.transaction();
	}

	void settle(CacheWrite write) {
		write.settle();
	}

	/**
	 * Notes a write that is sent at once though it may be within a transaction.
	 */
	void note(CacheWrite write) {
		CacheTransaction transaction = transactionOf(write);
		if (transaction != null) {
			transaction.addSent(write);
		}
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		MemcachedCache view = view();
		view.write(view.preparePut(key, value));
	}

	/**
	 * Store a value if there is no live entry. What was evicted or cleared, or cannot be
	 * read, counts as absent. Atomic: of several instances that try at once one succeeds.
	 * @param key the key
	 * @param value the value
	 * @return the present entry, or {@code null} if the value was stored or if memcached
	 * could not be asked
	 */
	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		MemcachedCache view = view();
		MemcachedKey entry = view.key(CacheOperation.PUT, key, value);
		if (entry == null) {
			return null;
		}
		Found present = this.loads.putIfAbsent(view, key, entry, value, view.budget());
		return present.isHit() ? new SimpleValueWrapper(present.value()) : null;
	}

	@Override
	public void evict(Object key) {
		MemcachedCache view = view();
		view.write(view.prepareEviction(key, false));
	}

	/**
	 * Evicts an entry now and, within a transaction, again at its end: in between another
	 * may have read, and cached, what was committed before.
	 * @param key the key
	 * @return whether there was an entry
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		MemcachedCache view = view();
		CacheWrite eviction = view.prepareEviction(key, true);
		if (eviction == null) {
			return false;
		}
		view.note(eviction);
		return view.wasPresent(eviction.send());
	}

	boolean wasPresent(CacheWrite eviction) {
		return eviction.settle() == Status.PRESENT;
	}

	@Override
	public void clear() {
		MemcachedCache view = view();
		view.write(view.prepareClear());
	}

	/**
	 * Clears the cache now and, within a transaction, again at its end.
	 * @return {@code false}: whether there were entries is not known
	 */
	@Override
	public boolean invalidate() {
		MemcachedCache view = view();
		CacheWrite clear = view.prepareClear();
		view.note(clear);
		view.settle(clear.send());
		return false;
	}

	@Override
	public String toString() {
		return "MemcachedCache[" + this.name + "]";
	}

}
