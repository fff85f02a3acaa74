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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Invocation.InvocationCache;
import io.failsoft.memcached.cache.Invocation.Preset;
import io.failsoft.memcached.client.MemcachedKey;
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

	static final Predicate<@Nullable Object> ANY = (value) -> true;

	private final String name;

	private final CacheStore store;

	private final Loads loads;

	/**
	 * This; but a proxy, which calls do not reach, has {@code null} and a spy another.
	 */
	final MemcachedCache self = this;

	MemcachedCache(String name, CacheStore store) {
		this.name = name;
		this.store = store;
		this.loads = new Loads(store);
	}

	/**
	 * Creates a view of another cache.
	 * @param other the cache, no proxy of one
	 */
	MemcachedCache(MemcachedCache other) {
		this.name = other.name;
		this.store = other.store;
		this.loads = other.loads;
	}

	/**
	 * Returns the cache that a call on this thread is meant for: this, or an invocation's
	 * view of it that calls by way of a decorator.
	 */
	MemcachedCache view() {
		DecoratedCache calling = DecoratedCache.CALLING.get();
		return (calling != null) ? calling.viewOf(this) : this;
	}

	CacheStore store() {
		return this.store;
	}

	/**
	 * Returns the time that the operation about to begin may spend waiting.
	 */
	Budget budget() {
		return new Budget(this.store.operationTimeoutNanos());
	}

	@Override
	public String getName() {
		return this.name;
	}

	/**
	 * Returns the servers that hold the entries, to look at their state. There is no way
	 * past the cache to its entries, as a write that does not keep the cache's rules
	 * could leave a stale entry behind.
	 * @return the {@link io.failsoft.memcached.client.MemcachedServers}
	 */
	@Override
	public Object getNativeCache() {
		return this.store.servers();
	}

	/**
	 * Returns the figures that this cache has counted since the start.
	 * @return the live figures
	 */
	public CacheStatistics getStatistics() {
		return this.store.statistics();
	}

	/**
	 * Returns the settings of this cache.
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
		try {
			return this.store.keys.of(key);
		}
		catch (IllegalArgumentException ex) {
			this.store.failures().keyRefused(operation, this, key, value, ex);
			return null;
		}
	}

	Found find(Object key) {
		MemcachedKey entry = key(CacheOperation.GET, key, null);
		if (entry == null) {
			return Found.NOTHING;
		}
		Found preset = preset(entry);
		return noted(entry, (preset != null) ? preset : this.store.counted(read(readOf(key, entry))));
	}

	/**
	 * Creates a read by this thread.
	 */
	Read readOf(Object key, MemcachedKey entry) {
		return new Read(this, key, entry, ANY, LoadScope.current());
	}

	Found read(Read read) {
		return this.store.find(read, budget());
	}

	/**
	 * Notes what was found.
	 * @return the same
	 */
	Found noted(MemcachedKey entry, Found found) {
		return found;
	}

	/**
	 * Returns what this is to find of a key without a look, or {@code null} to look.
	 */
	@Nullable Found preset(MemcachedKey entry) {
		return null;
	}

	/**
	 * Makes what loads an entry anew on another thread.
	 * @param load loads and fills by way of a view of this cache that begins from a miss
	 * @return the load, or {@code null} if there can be none
	 */
	@Nullable Function<Found, CompletableFuture<?>> reload(MemcachedKey entry,
			Function<MemcachedCache, CompletableFuture<?>> load) {
		return (missed) -> load
			.apply(new InvocationCache(this, null, new Invocation(ANY, false, null, new Preset(entry, missed)), false));
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		Found found = view().find(key);
		return found.isHit() ? new SimpleValueWrapper(found.value()) : null;
	}

	/**
	 * Reads an entry.
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
	 * Reads an entry or loads it, once in this JVM however many ask meanwhile. Each
	 * transaction that may write loads for itself.
	 * @param key the key
	 * @param valueLoader called exactly once per miss, also when memcached cannot be
	 * reached
	 * @return the value
	 * @throws ValueRetrievalException if the loader threw; its cause is what it threw
	 */
	@Override
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		@SuppressWarnings("unchecked")
		T result = (T) this.loads.get(view(), key, valueLoader);
		return result;
	}

	CompletableFuture<Found> findAsync(Object key) {
		MemcachedKey entry = key(CacheOperation.GET, key, null);
		if (entry == null) {
			return CompletableFuture.completedFuture(Found.NOTHING);
		}
		Found preset = preset(entry);
		return (preset != null) ? CompletableFuture.completedFuture(noted(entry, preset))
				: readAsync(readOf(key, entry)).thenApply((found) -> noted(entry, this.store.counted(found)));
	}

	CompletableFuture<Found> readAsync(Read read) {
		return this.store.findAsync(read, budget());
	}

	/**
	 * Reads an entry without holding a thread.
	 * @param key the key
	 * @return a future of a {@link org.springframework.cache.Cache.ValueWrapper}, or of
	 * {@code null} for a miss; it always completes
	 */
	@Override
	public CompletableFuture<?> retrieve(Object key) {
		return view().findAsync(key).thenApply((found) -> found.isHit() ? new SimpleValueWrapper(found.value()) : null);
	}

	/**
	 * Reads an entry or loads it, without holding a thread and once in this JVM.
	 * @param key the key
	 * @param valueLoader called at most once
	 * @return a future of the value; it fails with what the loader failed with
	 */
	@Override
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		return this.loads.retrieve(view(), key, valueLoader);
	}

	/**
	 * Creates a put: what it may overwrite is decided by now.
	 * @return the write, or {@code null} if the key cannot be one, which was reported
	 */
	@Nullable CacheWrite putOf(Object key, @Nullable Object value) {
		MemcachedKey entry = key(CacheOperation.PUT, key, value);
		return (entry != null) ? putOf(key, entry, value) : null;
	}

	CacheWrite putOf(Object key, MemcachedKey entry, @Nullable Object value) {
		Budget budget = budget();
		return CacheWrite.put(this.store, this, key, entry, value, this.store.region().beginPut(entry, budget), budget);
	}

	/**
	 * Creates an eviction and counts it.
	 * @return the write, or {@code null} if the key cannot be one, which was reported
	 */
	@Nullable CacheWrite evictionOf(Object key, CacheOperation operation, Budget budget) {
		MemcachedKey entry = key(operation, key, null);
		if (entry == null) {
			return null;
		}
		this.store.statistics().evictions.increment();
		return CacheWrite.invalidation(this.store, operation, this, key, entry, budget);
	}

	private CacheWrite clearing() {
		return CacheWrite.invalidation(this.store, CacheOperation.CLEAR, this, null, null, budget());
	}

	/**
	 * Sends a write and waits for its outcome, or has it wait for the end of the
	 * transaction.
	 * @param write the write, or {@code null} for nothing
	 */
	void write(@Nullable CacheWrite write) {
		if (write != null && write.sendUnlessHeld()) {
			report(write);
		}
	}

	/**
	 * Sends a write now and, within a transaction, has its end repeat it: in between
	 * another may have read, and cached, what was committed before.
	 * @param write the write, or {@code null} for nothing
	 * @return whether it found an entry
	 */
	private boolean writeNow(@Nullable CacheWrite write) {
		if (write == null) {
			return false;
		}
		note(write);
		return report(write.send()) == Status.PRESENT;
	}

	/**
	 * Waits for the outcome of a write that was sent, unless nobody needs it, and has it
	 * reported.
	 * @return the outcome as far as it is known
	 */
	Status report(CacheWrite write) {
		return write.await();
	}

	/**
	 * Notes a write that is sent at once though it may be within a transaction.
	 */
	void note(CacheWrite write) {
		CacheTransaction transaction = write.transaction();
		if (transaction != null) {
			transaction.addSent(write);
		}
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		MemcachedCache view = view();
		view.write(view.putOf(key, value));
	}

	/**
	 * Stores a value if there is no live entry. What was evicted or cleared, or cannot be
	 * read, counts as absent. Atomic: of several instances that try at once one succeeds.
	 * @param key the key
	 * @param value the value
	 * @return the present entry, or {@code null} if the value was stored or if memcached
	 * could not be asked
	 */
	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		Found present = this.loads.putIfAbsent(view(), key, value);
		return present.isHit() ? new SimpleValueWrapper(present.value()) : null;
	}

	@Override
	public void evict(Object key) {
		MemcachedCache view = view();
		view.write(view.evictionOf(key, CacheOperation.EVICT, view.budget()));
	}

	/**
	 * Evicts an entry now and, within a transaction, again at its end.
	 * @param key the key
	 * @return whether there was an entry
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		MemcachedCache view = view();
		return view.writeNow(view.evictionOf(key, CacheOperation.EVICT_IF_PRESENT, view.budget()));
	}

	/**
	 * Reads many entries in as few commands as possible: one per server, if their keys
	 * fit into 8 KB. What a server fails to answer is missing.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param keys the keys
	 * @return the values that were found, in the order of the keys; modifiable
	 */
	@SuppressWarnings("unchecked")
	public <K, V extends @Nullable Object> Map<K, V> getAll(Collection<? extends K> keys) {
		return (Map<K, V>) BulkLoad.get(view(), keys, null);
	}

	/**
	 * Reads many entries and loads those that are missing, each once in this JVM however
	 * many ask meanwhile. What another caller is loading is waited for when this one has
	 * loaded the others, and if it brings no value, loaded by one more call. Each
	 * transaction that may write loads for itself, and no lease is taken.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param keys the keys
	 * @param loader called with the keys that are missing, also when memcached cannot be
	 * reached, and not if there are none. A key that it returns no value for is missing
	 * in the result, too, and not stored; other keys are ignored. What it throws is
	 * thrown
	 * @return the values, in the order of the keys; modifiable
	 */
	@SuppressWarnings("unchecked")
	public <K, V extends @Nullable Object> Map<K, V> getAll(Collection<? extends K> keys,
			Function<? super Collection<K>, ? extends Map<K, V>> loader) {
		return (Map<K, V>) BulkLoad.get(view(), keys, (missing) -> loader.apply((List<K>) missing));
	}

	/**
	 * Stores many values, one after the other as {@link #put} does, without waiting for
	 * one before the next is sent. All together wait no longer than one operation may.
	 * @param values the values by their keys
	 */
	public void putAll(Map<?, ?> values) {
		BulkLoad.put(view(), values);
	}

	/**
	 * Evicts many entries, each as {@link #evict} does, without waiting for one before
	 * the next is sent. All together wait no longer than one operation may.
	 * @param keys the keys
	 */
	public void evictAll(Collection<?> keys) {
		BulkLoad.evict(view(), keys, false);
	}

	@Override
	public void clear() {
		MemcachedCache view = view();
		view.write(view.clearing());
	}

	/**
	 * Clears the cache now and, within a transaction, again at its end.
	 * @return {@code false}: whether there were entries is not known
	 */
	@Override
	public boolean invalidate() {
		MemcachedCache view = view();
		return view.writeNow(view.clearing());
	}

	@Override
	public String toString() {
		return "MemcachedCache[" + this.name + "]";
	}

}
