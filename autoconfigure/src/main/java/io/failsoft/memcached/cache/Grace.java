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

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.cache.Found.Aged;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Lease;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * The grace of one cache: what memcached still holds though its time to live is over is
 * served while it is loaded anew in the background, or where its load fails (RFC 5861).
 * What was evicted or cleared never is, as memcached then returns a tombstone, or an
 * entry of another generation. Thread-safe.
 * <p>
 * The lease of a key's load, an item that only one instance can {@code add}, makes it one
 * refresh, and after a failure one attempt, per key and throttle, whatever the number of
 * instances.
 */
final class Grace {

	private static final Log logger = LogFactory.getLog(Grace.class);

	/** Limit of keys that are remembered, over which nothing is refreshed. */
	private static final int MOST_KEYS = 10_000;

	private static final long LINE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final CacheStore store;

	private final Refreshes refreshes;

	private final SourceFailures failures;

	private final int revalidateSeconds;

	private final int ifErrorSeconds;

	private final int throttleSeconds;

	private final long throttleNanos;

	/** The keys refreshed or tried within the throttle, and whether that failed. */
	private final Map<MemcachedKey, Boolean> tried = new ConcurrentHashMap<>();

	/** Whether the last attempt to load anything that had aged failed. */
	private volatile boolean lost;

	private long lostSince;

	private long nextLine = System.nanoTime();

	private boolean said;

	Grace(CacheStore store, MemcachedCacheSettings settings, Refreshes refreshes) {
		this.store = store;
		this.refreshes = refreshes;
		this.failures = new SourceFailures(settings.staleIfErrorOn());
		this.revalidateSeconds = CacheStore.seconds(settings.staleWhileRevalidate());
		this.ifErrorSeconds = CacheStore.seconds(settings.staleIfError());
		// By memcached's clock an item that is asked to live n seconds may live n - 1.
		this.throttleSeconds = CacheStore.seconds(settings.staleIfErrorThrottle()) + 1;
		this.throttleNanos = settings.staleIfErrorThrottle().toNanos();
	}

	/**
	 * Returns how long after its end an entry may be served, in seconds.
	 */
	int seconds() {
		return Math.max(this.revalidateSeconds, this.ifErrorSeconds);
	}

	/**
	 * Returns whether a value may be served where its load fails.
	 */
	boolean isForErrors() {
		return this.ifErrorSeconds > 0;
	}

	/**
	 * Serves a value that is to be loaded anew in the background, and begins that unless
	 * it was begun within the throttle.
	 * @param cache the cache, or the view of it, that was asked
	 * @param key the key
	 * @param entry the key as it is sent
	 * @param found what was found
	 * @param scope the load that asks, or {@code null} if none does
	 * @param reload makes what loads it, or {@code null} if nothing can
	 * @return a hit, or what was found
	 */
	Found revalidated(MemcachedCache cache, Object key, MemcachedKey entry, Found found, @Nullable LoadScope scope,
			Supplier<@Nullable Reload> reload) {
		Aged aged = found.aged();
		if (aged == null || aged.seconds() >= this.revalidateSeconds) {
			return found;
		}
		if (!this.tried.containsKey(entry)) {
			Reload load = reload.get();
			if (load == null) {
				return found;
			}
			begin(entry, () -> refresh(cache, key, entry, aged, load));
		}
		this.store.statistics().staleOnRevalidate.increment();
		return served(aged, scope);
	}

	private static Found served(Aged aged, @Nullable LoadScope scope) {
		LoadScope.served(scope, aged.ticket().mark());
		return Found.hit(aged.value());
	}

	private void begin(MemcachedKey entry, Runnable refresh) {
		if (this.tried.size() >= MOST_KEYS || !this.refreshes.room().tryAcquire()) {
			this.store.statistics().refresh(Refresh.DROPPED);
			return;
		}
		if (!remember(entry, false)) {
			this.refreshes.room().release();
			return;
		}
		try {
			this.refreshes.executor().execute(refresh);
		}
		catch (Throwable ex) {
			this.tried.remove(entry);
			ended(Refresh.DROPPED);
		}
	}

	private boolean remember(MemcachedKey entry, boolean failed) {
		if (failed ? this.tried.put(entry, true) == null : this.tried.putIfAbsent(entry, false) == null) {
			Timer.schedule(() -> this.tried.remove(entry), this.throttleNanos);
			return true;
		}
		return false;
	}

	/**
	 * Refreshes an entry if that is this instance's turn, and the entry still what has
	 * aged. The fill uses the ticket of the second read, so that it loses to any
	 * eviction. The lease is not given back: it is the throttle.
	 */
	private void refresh(MemcachedCache cache, Object key, MemcachedKey entry, Aged aged, Reload load) {
		try {
			Budget budget = new Budget(this.store.operationTimeoutNanos());
			Lease lease = this.store.requestLease(entry, aged.ticket(), this.throttleSeconds);
			Found again = this.store.findAgain(cache, key, entry, cache.returnable(), budget);
			Aged still = again.aged();
			if (lease.await(budget).status() != Status.DONE || still == null) {
				ended(Refresh.NOT_NEEDED);
				return;
			}
			Attempt attempt = new Attempt(cache, entry, still, lease, false);
			AsynchronousCall.completion(load.load(again)).whenComplete((value, failure) -> {
				if (failure != null) {
					failed(key, attempt, failure);
				}
				else {
					back(cache);
					ended(Refresh.DONE);
				}
			});
		}
		catch (Throwable ex) {
			failed(key, new Attempt(cache, entry, aged, null, false), ex);
		}
	}

	private void failed(Object key, Attempt attempt, Throwable failure) {
		if (this.failures.isListed(failure)) {
			attempt.throttle(failure);
		}
		else {
			this.store.failures().refreshFailed(attempt.cache, key, failure);
		}
		ended(Refresh.FAILED);
	}

	private void ended(Refresh outcome) {
		this.refreshes.room().release();
		this.store.statistics().refresh(outcome);
	}

	/**
	 * Begins a load that has a value to fall back on.
	 * @param cache the cache, or the view of it, that was asked
	 * @param entry the key as it is sent
	 * @param found what was found
	 * @param inTransaction whether the caller is in one, which a failure may have marked
	 * for rollback
	 * @param budget the time the invocation has left
	 * @return the load, or {@code null} if there is no such value
	 */
	@Nullable Attempt attempt(MemcachedCache cache, MemcachedKey entry, Found found, boolean inTransaction,
			Budget budget) {
		Aged aged = fallback(found, inTransaction);
		if (aged == null || hasFailed(entry)) {
			return (aged != null) ? new Attempt(cache, entry, aged, null, true) : null;
		}
		Lease lease = this.store.requestLease(entry, aged.ticket(), this.throttleSeconds);
		return attempt(cache, entry, aged, lease, lease.await(budget));
	}

	/**
	 * Does what {@link #attempt} does, without holding a thread.
	 */
	CompletableFuture<@Nullable Attempt> attemptAsync(MemcachedCache cache, MemcachedKey entry, Found found,
			boolean inTransaction, Budget budget) {
		Aged aged = fallback(found, inTransaction);
		if (aged == null || hasFailed(entry)) {
			return CompletableFuture
				.completedFuture((aged != null) ? new Attempt(cache, entry, aged, null, true) : null);
		}
		Lease lease = this.store.requestLease(entry, aged.ticket(), this.throttleSeconds);
		return lease.toFuture(budget.left(), this.store.executor())
			.thenApply((answer) -> attempt(cache, entry, aged, lease, answer));
	}

	private @Nullable Aged fallback(Found found, boolean inTransaction) {
		Aged aged = found.aged();
		return (aged != null && aged.seconds() < this.ifErrorSeconds && !inTransaction) ? aged : null;
	}

	private boolean hasFailed(MemcachedKey entry) {
		return Boolean.TRUE.equals(this.tried.get(entry));
	}

	/**
	 * Judges whether to call the source. While it fails, whoever holds the lease is about
	 * to find out.
	 */
	private Attempt attempt(MemcachedCache cache, MemcachedKey entry, Aged aged, Lease lease, WriteResult answer) {
		return new Attempt(cache, entry, aged, lease,
				lease.hasFailed() || (this.lost && answer.status() == Status.REFUSED));
	}

	private synchronized void lost(Cache cache, Throwable failure) {
		long now = System.nanoTime();
		if (!this.lost) {
			this.lost = true;
			this.lostSince = now;
			this.said = now - this.nextLine >= 0;
			if (this.said) {
				this.nextLine = now + LINE_INTERVAL_NANOS;
				logger.warn("Cache '" + LogText.of(cache.getName()) + "': its source fails, "
						+ SourceFailures.cause(failure).getClass().getName()
						+ "; what has aged is served in its place, if stale-if-error or stale-while-revalidate allows");
			}
		}
	}

	private void back(Cache cache) {
		if (this.lost) {
			synchronized (this) {
				if (this.lost && this.said) {
					logger.info("Cache '" + LogText.of(cache.getName()) + "': its source is back after "
							+ (System.nanoTime() - this.lostSince) / 100_000_000 / 10.0 + " s");
				}
				this.lost = false;
			}
		}
	}

	/**
	 * The room that the refreshes of a cache manager share.
	 *
	 * @param executor what runs them
	 * @param room a permit for each that may run
	 */
	record Refreshes(Executor executor, Semaphore room) {

		static Refreshes of(@Nullable Executor executor, int atOnce) {
			return new Refreshes((executor != null) ? executor
					: (task) -> Timer.daemon(task, "failsoft-memcached-refresh").start(), new Semaphore(atOnce));
		}

	}

	/**
	 * The load of an entry that a refresh calls.
	 */
	@FunctionalInterface
	interface Reload {

		/**
		 * Loads and fills.
		 * @param missed the miss to begin from
		 * @return what the caller would have been given, perhaps a future or a publisher
		 */
		@Nullable Object load(Found missed);

	}

	/**
	 * The load of a value that has aged. If it is {@linkplain #isThrottled() throttled}
	 * the source is not called, else one of {@link #failed} and {@link #succeeded} is.
	 */
	final class Attempt {

		private final MemcachedCache cache;

		private final MemcachedKey entry;

		private final Aged aged;

		private final @Nullable Lease lease;

		private final boolean throttled;

		private Attempt(MemcachedCache cache, MemcachedKey entry, Aged aged, @Nullable Lease lease, boolean throttled) {
			this.cache = cache;
			this.entry = entry;
			this.aged = aged;
			this.lease = lease;
			this.throttled = throttled;
		}

		CacheStore store() {
			return Grace.this.store;
		}

		MemcachedKey entry() {
			return this.entry;
		}

		/**
		 * Returns when the value that has aged was read.
		 */
		PutMark mark() {
			return this.aged.ticket().mark();
		}

		/**
		 * Returns whether another attempt has failed within the throttle, or is about to.
		 */
		boolean isThrottled() {
			return this.throttled;
		}

		/**
		 * Serves the value that has aged.
		 * @param scope the load that asks, or {@code null} if none does
		 */
		Found served(@Nullable LoadScope scope) {
			store().statistics().staleOnError.increment();
			return Grace.served(this.aged, scope);
		}

		/**
		 * Serves the value that has aged if the source was lost, and this instance has
		 * not written to the key since it was read.
		 * @param failure what the load threw
		 * @param scope the load that asks, or {@code null} if none does
		 * @return a hit, or {@code null} if the failure is the caller's
		 */
		@Nullable Found failed(Throwable failure, @Nullable LoadScope scope) {
			if (!Grace.this.failures.isListed(failure)) {
				release();
				return null;
			}
			throttle(failure);
			return isOvertaken() ? null : served(scope);
		}

		private boolean isOvertaken() {
			return store().region().isOvertaken(mark(), this.entry);
		}

		private void throttle(Throwable failure) {
			if (this.lease != null) {
				this.lease.fail(Grace.this.throttleSeconds);
			}
			if (Grace.this.tried.size() < MOST_KEYS) {
				remember(this.entry, true);
			}
			lost(this.cache, failure);
		}

		void succeeded() {
			release();
			back(this.cache);
		}

		private void release() {
			if (this.lease != null) {
				this.lease.release();
			}
		}

	}

}
