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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Grace.Attempt;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheOperationInvoker.ThrowableWrapper;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;

/**
 * An invocation of a cached method: the state that its views of caches share. Spring
 * resolves all caches of an invocation on the caller's thread before it does anything
 * else; all that runs later uses the caches that were resolved then. Invocations nest.
 * Thread-safe.
 */
final class Invocation {

	private static final int MOST_KEYS = 16;

	private static final ThreadLocal<@Nullable Invocation> CURRENT = new ThreadLocal<>();

	private final Predicate<@Nullable Object> returnable;

	private final boolean asynchronous;

	private final @Nullable Repetition repetition;

	private final @Nullable Preset preset;

	private final PutMark began = PutMark.now();

	private final List<List<Cache>> operations = new ArrayList<>(1);

	private final List<KeyOfObject> keys = new ArrayList<>(1);

	private final List<CacheWrite> sent = new ArrayList<>(0);

	/** Ends the loads that others may wait for until the invocation ends. */
	private List<Runnable> led = List.of();

	private boolean sync;

	/** Whether what the method returns may be stored. */
	private volatile boolean loads;

	private final @Nullable LoadScope around = LoadScope.current();

	private volatile @Nullable LoadScope scope;

	private volatile @Nullable Budget budget;

	private volatile @Nullable Attempt attempt;

	private volatile boolean mayFallBack;

	/**
	 * Creates an invocation.
	 * @param returnable tests if the method can return a value; any other value that a
	 * cache holds is a miss
	 * @param asynchronous whether the method returns before its work is done, so that no
	 * thread may be held for a write
	 * @param repetition how to call once more, or {@code null} if that cannot be
	 * @param preset what one key is found to be without a look, or {@code null}
	 */
	Invocation(Predicate<@Nullable Object> returnable, boolean asynchronous, @Nullable Repetition repetition,
			@Nullable Preset preset) {
		this.returnable = returnable;
		this.asynchronous = asynchronous;
		this.repetition = repetition;
		this.preset = preset;
	}

	/**
	 * Returns the invocation that is resolving its caches on this thread, or else a new
	 * one.
	 */
	static Invocation current() {
		Invocation current = CURRENT.get();
		return (current != null) ? current : new Invocation(MemcachedCache.ANY, false, null, null);
	}

	/**
	 * Returns a resolver that gives an invocation its views of what another one resolves.
	 * @param resolver the other resolver
	 * @param putKey gives what {@link #viewAll} needs
	 * @return the resolver
	 */
	static CacheResolver viewing(CacheResolver resolver,
			Function<CacheOperationInvocationContext<?>, @Nullable Supplier<@Nullable Object>> putKey) {
		return (context) -> current().viewAll(resolver.resolveCaches(context), putKey.apply(context), false);
	}

	/**
	 * Executes a call as the current invocation of this thread.
	 * @param execution executes the call by way of Spring
	 * @param invoker calls the method
	 * @return the result of the call
	 */
	@Nullable Object call(Execution execution, CacheOperationInvoker invoker) {
		Invocation outer = CURRENT.get();
		CURRENT.set(this);
		try {
			return execution.execute(() -> load(invoker));
		}
		catch (ThrowableWrapper ex) {
			return orFallback(ex);
		}
		finally {
			CURRENT.set(outer);
			this.led.forEach(Runnable::run);
		}
	}

	private @Nullable Object load(CacheOperationInvoker invoker) {
		if (!this.loads) {
			return invoker.invoke();
		}
		LoadScope current = LoadScope.begin(this.around);
		this.scope = current;
		try (current) {
			return invoker.invoke();
		}
	}

	/**
	 * Returns whether a value may be served if the method fails.
	 */
	boolean mayFallBack() {
		return this.mayFallBack;
	}

	/**
	 * Returns what the caller of a method that has failed is served.
	 * @throws ThrowableWrapper the same if the failure is the caller's
	 */
	@Nullable Object orFallback(ThrowableWrapper failure) {
		Supplier<@Nullable Object> fallback = fallback(failure);
		if (fallback == null) {
			throw failure;
		}
		return fallback.get();
	}

	/**
	 * Ends a method that has failed.
	 * @return gives what the caller is served, as Spring makes of what is found what the
	 * method returns; {@code null} if the failure is the caller's
	 */
	@Nullable Supplier<@Nullable Object> fallback(Throwable failure) {
		Attempt failed = this.attempt;
		Found found = (failed != null) ? failed.failed(failure) : null;
		Repetition again = this.repetition;
		return (failed == null || found == null || again == null) ? null
				: () -> again.execute(new Preset(failed.entry(), found),
						(failure instanceof ThrowableWrapper thrown) ? thrown : new ThrowableWrapper(failure));
	}

	/**
	 * Has an invocation that missed a key wait for another that loads it, or be the one
	 * that others wait for until it ends.
	 * @return a hit, or what was missed
	 */
	private Found share(CacheStore store, Read read, Found missed, long readBegan) {
		if (!store.sharesInvocation(missed)) {
			return missed;
		}
		Flight mine = new Flight(Thread.currentThread()).from(missed.ticket());
		Flight flight = store.joinInvocation(read.entry(), mine, readBegan);
		if (flight != mine) {
			Found found = store.awaitInvocation(read, mine, flight, missed);
			Attempt waited = found.attempt();
			return (waited != null) ? waited.judgeAgain() : found;
		}
		this.led = new ArrayList<>(this.led);
		this.led.add(() -> store.endInvocation(read.entry(), mine, this.began));
		return missed;
	}

	/**
	 * Creates this invocation's views of the caches of one of its operations. A cache of
	 * Spring's own, which never leads to ours, is returned as it is.
	 * @param caches the caches that a resolver returned
	 * @param putKey {@code null} unless the operation puts without a read before it; then
	 * makes the key as far as it is known before the call, else {@code null}
	 * @param sync whether the operation is {@code sync}
	 * @return the views, in the order of the caches
	 */
	List<Cache> viewAll(Collection<? extends Cache> caches, @Nullable Supplier<@Nullable Object> putKey, boolean sync) {
		this.sync |= sync;
		List<Cache> views = new ArrayList<>(caches.size());
		for (Cache cache : caches) {
			views.add(view(cache, putKey));
		}
		this.operations.add(views);
		return views;
	}

	/**
	 * Returns if the method has a {@code sync} operation.
	 */
	boolean isSync() {
		return this.sync;
	}

	/**
	 * Returns the caches of the operation that was resolved first.
	 */
	List<Cache> caches() {
		return this.operations.get(0);
	}

	/**
	 * Returns if the method has several cache operations.
	 */
	boolean hasSeveralOperations() {
		return this.operations.size() > 1;
	}

	/**
	 * Returns the caches that follow a view in its operation of the current invocation.
	 */
	static List<Cache> after(Cache view) {
		for (List<Cache> views : current().operations) {
			for (int i = 0; i < views.size() - 1; i++) {
				if (views.get(i) == view) {
					return views.subList(i + 1, views.size());
				}
			}
		}
		return List.of();
	}

	private Cache view(Cache cache, @Nullable Supplier<@Nullable Object> putKey) {
		if (cache instanceof MemcachedCache ours && ours.self == ours) {
			return (ours instanceof InvocationCache) ? ours : new InvocationCache(ours, putKey, this, false);
		}
		if (DecoratedCache.unwrap(cache) != cache) {
			return cache;
		}
		if (cache instanceof TransactionAwareCacheDecorator decorator
				&& decorator.getClass() == TransactionAwareCacheDecorator.class) {
			// Calls its target when the transaction ends, which is after the call itself.
			return new TransactionAwareCacheDecorator(view(decorator.getTargetCache(), putKey));
		}
		return cache.getClass().getName().startsWith("org.springframework.") ? cache
				: DecoratedCache.create(cache, putKey != null, this);
	}

	/**
	 * Returns the time that the invocation may spend waiting. It begins with the first of
	 * our caches that is used.
	 */
	synchronized Budget budget(CacheStore store) {
		Budget shared = this.budget;
		if (shared == null) {
			shared = new Budget(store.operationTimeoutNanos());
			this.budget = shared;
		}
		return shared;
	}

	/**
	 * Returns if any of our caches is used.
	 */
	boolean isUsed() {
		return this.budget != null;
	}

	/**
	 * Returns the key that was made of a key object.
	 * @return the key of the object, or {@code null} if none was made yet
	 */
	private @Nullable KeyOfObject keyOf(CacheStore store, Object object) {
		synchronized (this.keys) {
			for (KeyOfObject known : this.keys) {
				if (known.object == object && known.store == store) {
					return known;
				}
			}
		}
		return null;
	}

	/**
	 * Remembers the key of a key object: the method may change the object.
	 * @return the key
	 */
	private @Nullable MemcachedKey remember(CacheStore store, Object object, @Nullable MemcachedKey entry) {
		synchronized (this.keys) {
			if (this.keys.size() < MOST_KEYS) {
				this.keys.add(new KeyOfObject(object, store, entry));
			}
		}
		return entry;
	}

	/**
	 * Notes a write that may have been sent before a reactive transaction ended.
	 */
	private synchronized void note(CacheWrite write) {
		this.sent.add(write.withoutValue());
	}

	/**
	 * Hands the writes so far over to a transaction, whose end completes them.
	 */
	synchronized void handOver(CacheTransaction transaction) {
		this.sent.forEach(transaction::addSent);
	}

	/**
	 * What one key is found to be without a look.
	 *
	 * @param entry the key as it is sent
	 * @param found a miss to begin a refresh from, or a hit
	 */
	record Preset(MemcachedKey entry, Found found) {

	}

	/**
	 * The means to execute a call once more.
	 */
	@FunctionalInterface
	interface Repetition {

		/**
		 * Executes it, on any thread.
		 * @param preset what one key is found to be
		 * @param failure what the method has thrown, so that it is not called again, or
		 * {@code null} to call it
		 * @return the result for the caller
		 */
		@Nullable Object execute(Preset preset, @Nullable ThrowableWrapper failure);

	}

	/**
	 * Executes a call of a cached method by way of Spring.
	 */
	@FunctionalInterface
	interface Execution {

		/**
		 * Executes the call.
		 * @param invoker calls the method
		 * @return the result for the caller
		 */
		@Nullable Object execute(CacheOperationInvoker invoker);

	}

	/**
	 * An invocation's view of a cache. Spring calls {@code get} before a method and
	 * {@code put} after it; the view carries the ticket from one to the other, so that
	 * the result of the method does not overwrite anything newer, and a put that follows
	 * a failed get does not fail once more. All views of an invocation share one budget.
	 * <p>
	 * Where the method is asynchronous, a write is sent and its outcome is reported
	 * later: it holds no thread. Thread-safe.
	 */
	static final class InvocationCache extends MemcachedCache {

		private final Invocation invocation;

		private final boolean puts;

		private final boolean decorated;

		private final Budget budget;

		private final PutMark mark;

		private volatile boolean asynchronous;

		private volatile boolean read;

		/**
		 * By the key as it is sent: the application's keys may have no usable hash code.
		 */
		private final Map<MemcachedKey, Found> misses = new ConcurrentHashMap<>(4);

		/**
		 * Creates a view.
		 * @param cache the cache
		 * @param putKey see {@link Invocation#viewAll}
		 * @param invocation the invocation
		 * @param decorated whether a decorator makes the calls, which may convert values
		 * and answer by itself
		 */
		InvocationCache(MemcachedCache cache, @Nullable Supplier<@Nullable Object> putKey, Invocation invocation,
				boolean decorated) {
			super(cache);
			this.invocation = invocation;
			this.puts = putKey != null;
			this.decorated = decorated;
			this.asynchronous = invocation.asynchronous;
			if (this.puts) {
				invocation.loads = true;
			}
			if (store().grace().seconds() > 0 && invocation.repetition != null) {
				invocation.mayFallBack = true;
			}
			this.budget = invocation.budget(store());
			this.mark = (putKey != null && !decorated) ? store().region().beginPut(() -> entryOf(putKey), this.budget)
					: invocation.began;
		}

		/**
		 * Makes the key only to know its server: it is made again after the call.
		 */
		private @Nullable MemcachedKey entryOf(Supplier<@Nullable Object> putKey) {
			try {
				Object key = putKey.get();
				return (key != null) ? store().keys.of(key) : null;
			}
			catch (Throwable ex) {
				// It may need the result that is not there yet.
				return null;
			}
		}

		@Override
		MemcachedCache view() {
			return this;
		}

		@Override
		Budget budget() {
			return this.budget;
		}

		@Override
		@Nullable MemcachedKey key(CacheOperation operation, Object key, @Nullable Object value) {
			KeyOfObject known = this.invocation.keyOf(store(), key);
			return (known != null) ? known.entry()
					: this.invocation.remember(store(), key, super.key(operation, key, value));
		}

		@Override
		CompletableFuture<Found> findAsync(Object key) {
			this.asynchronous = true;
			return super.findAsync(key);
		}

		@Override
		@Nullable Found preset(MemcachedKey entry) {
			Preset preset = this.invocation.preset;
			if (preset == null || preset.entry().equals(entry)) {
				return (preset != null) ? preset.found() : null;
			}
			// The method may have changed its argument.
			return preset.found().isHit() ? Found.NOTHING : null;
		}

		@Override
		@Nullable Function<Found, CompletableFuture<?>> reload(MemcachedKey entry,
				Function<MemcachedCache, CompletableFuture<?>> load) {
			return repeat(entry);
		}

		/**
		 * Makes a repetition of the whole invocation, as only that knows what Spring
		 * would store.
		 */
		private @Nullable Function<Found, CompletableFuture<?>> repeat(MemcachedKey entry) {
			Repetition repetition = this.invocation.repetition;
			return (repetition == null) ? null
					: (missed) -> ReturnTypes.completion(repetition.execute(new Preset(entry, missed), null));
		}

		@Override
		Read readOf(Object key, MemcachedKey entry) {
			return new Read(this, key, entry, this.decorated ? ANY : this.invocation.returnable,
					this.invocation.around);
		}

		@Override
		Found read(Read read) {
			long began = System.nanoTime();
			Found found = super.read(read);
			if (found.aged() != null && this.invocation.repetition != null) {
				found = store().grace().judge(read, this.budget, found, repeat(read.entry()));
			}
			return (found.isHit() || this.asynchronous || CURRENT.get() != this.invocation) ? found
					: this.invocation.share(store(), read, found, began);
		}

		@Override
		CompletableFuture<Found> readAsync(Read read) {
			CompletableFuture<Found> reading = super.readAsync(read);
			return !this.invocation.mayFallBack ? reading
					: store().grace().judgeAsync(read, this.budget, reading, repeat(read.entry()));
		}

		@Override
		Found noted(MemcachedKey entry, Found found) {
			this.read = true;
			if (!found.isHit()) {
				this.invocation.loads = true;
				this.invocation.attempt = (found.attempt() != null) ? found.attempt() : this.invocation.attempt;
				store().statistics().load(found.isUnsaid());
				this.misses.put(entry, found);
			}
			return found;
		}

		/**
		 * Creates a put. An operation that reads first stores only under a key that it
		 * read: otherwise it would overwrite an eviction of another instance.
		 */
		@Override
		CacheWrite putOf(Object key, MemcachedKey entry, @Nullable Object value) {
			Found missed = this.misses.remove(entry);
			PutMark builtOn = builtOn();
			if (missed != null || !(this.puts || (this.decorated && !this.read))) {
				return CacheWrite.fill(store(), this, key, entry, value,
						(missed != null && builtOn == null) ? missed.ticket() : null,
						(builtOn != null) ? builtOn : this.mark, this.budget);
			}
			if (this.decorated && !this.asynchronous) {
				store().region().beginPut(entry, this.budget);
			}
			// What was built on a reserve is not for others.
			return CacheWrite.put(store(), this, key, entry, value, (builtOn != null) ? null : this.mark, this.budget);
		}

		PutMark began() {
			return this.mark;
		}

		/**
		 * Returns when the oldest value was confirmed that the method was served from a
		 * reserve, or {@code null} if it was served none.
		 */
		@Nullable PutMark builtOn() {
			LoadScope scope = this.invocation.scope;
			return (scope != null) ? scope.builtOn() : null;
		}

		/** Returns if there was a miss that no put has followed yet. */
		boolean isMissing() {
			return !this.misses.isEmpty();
		}

		@Override
		Status report(CacheWrite write) {
			if (!this.asynchronous) {
				return write.await();
			}
			note(write);
			write.reportLater();
			return Status.DONE;
		}

		@Override
		void note(CacheWrite write) {
			super.note(write);
			if (this.asynchronous) {
				this.invocation.note(write);
			}
		}

	}

	/**
	 * The key of a key object.
	 *
	 * @param object the object
	 * @param store the store of the cache
	 * @param entry the key, or {@code null} if there is none, which has been reported
	 */
	private record KeyOfObject(Object object, CacheStore store, @Nullable MemcachedKey entry) {

	}

}
