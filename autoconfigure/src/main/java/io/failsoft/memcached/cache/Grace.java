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
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.cache.Found.Aged;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Lease;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * The grace of one cache: what memcached still holds though its time to live is over is
 * served while it is loaded anew in the background, or where its load fails (RFC 5861).
 * What was evicted or cleared never is, as memcached then returns a tombstone, or an
 * entry of another generation. Thread-safe.
 * <p>
 * A lease, an item that only one instance can {@code add}, makes it one refresh, and
 * after a failure one attempt, per key and throttle, whatever the number of instances. It
 * is not the one of {@code load-lease}, for which others wait.
 */
final class Grace {

	/** Limit of keys that are remembered, over which nothing is refreshed. */
	private static final int MOST_KEYS = 10_000;

	private final CacheStore store;

	private final Shared shared;

	private final SourceFailures failures;

	private final int revalidateSeconds;

	private final int ifErrorSeconds;

	private final int throttleSeconds;

	private final long throttleNanos;

	/** The keys whose refresh this instance has begun within the throttle. */
	private final Map<MemcachedKey, Boolean> begun = new ConcurrentHashMap<>();

	/** Whether a load of what had aged has failed, and none has succeeded since. */
	private volatile boolean lost;

	private final AtomicLong lastTry = new AtomicLong();

	Grace(CacheStore store, MemcachedCacheSettings settings, Shared shared) {
		this.store = store;
		this.shared = shared;
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
	 * Judges what was found. A value that has aged is served at once if it can be loaded
	 * anew in the background, or if its load has failed within the throttle; else it may
	 * be what its load falls back on.
	 * @param read the read
	 * @param budget the time the invocation has left
	 * @param found what was found
	 * @param reload loads and fills from a miss on another thread, or {@code null} if
	 * nothing can
	 * @return a hit, or the miss that is now to be loaded
	 */
	Found judge(Read read, Budget budget, Found found, @Nullable Function<Found, CompletableFuture<?>> reload) {
		Found revalidated = revalidated(read, found, reload);
		Attempt attempt = attempt(read, revalidated, this.store.isInTransaction());
		return (attempt != null) ? attempt.judge(attempt.lease.await(budget)) : revalidated;
	}

	/**
	 * Does what {@link #judge} does, without holding a thread. To be called by the
	 * caller's own.
	 */
	CompletableFuture<Found> judgeAsync(Read read, Budget budget, CompletableFuture<Found> reading,
			@Nullable Function<Found, CompletableFuture<?>> reload) {
		if (seconds() == 0) {
			return reading;
		}
		// A failure may mark it for rollback.
		boolean inTransaction = this.store.isInTransaction();
		return reading.thenCompose((found) -> {
			Found revalidated = revalidated(read, found, reload);
			Attempt attempt = attempt(read, revalidated, inTransaction);
			return (attempt != null)
					? attempt.lease.toFuture(budget.left(), this.store.executor()).thenApply(attempt::judge)
					: CompletableFuture.completedFuture(revalidated);
		});
	}

	private Found revalidated(Read read, Found found, @Nullable Function<Found, CompletableFuture<?>> reload) {
		Aged aged = revalidatable(found);
		if (aged != null && !this.begun.containsKey(read.entry())) {
			if (reload == null) {
				return found;
			}
			begin(read.entry(), () -> refresh(read, aged, reload));
		}
		return stale(read, found);
	}

	/**
	 * Serves a value without loading it anew, as is left to a read of that key alone.
	 * @param read the read
	 * @param found what was found
	 * @return a hit, or what was found
	 */
	Found stale(Read read, Found found) {
		Aged aged = revalidatable(found);
		if (aged == null) {
			return found;
		}
		this.store.statistics().staleOnRevalidate.increment();
		return stale(read, aged);
	}

	private @Nullable Aged revalidatable(Found found) {
		Aged aged = found.aged();
		return (aged != null && aged.seconds() < this.revalidateSeconds) ? aged : null;
	}

	/**
	 * Serves a value in place of a load of many, which no lease throttles.
	 * @param read the read
	 * @param aged what was found
	 * @return a hit, or {@code null} if this instance has written to the key meanwhile
	 */
	@Nullable Found fallback(Read read, Aged aged) {
		return isOvertaken(read, aged) ? null : served(read, aged);
	}

	/**
	 * Returns whether a load of a cache has failed because its source is lost, and notes
	 * it.
	 */
	boolean isSourceLost(Cache cache, Throwable failure) {
		if (!this.failures.isListed(failure)) {
			return false;
		}
		this.lastTry.set(System.nanoTime());
		this.lost = true;
		this.store.failures().loadFailed(cache, failure, true);
		return true;
	}

	/**
	 * Returns what may be served where a load fails, or {@code null} if nothing may.
	 */
	@Nullable Aged fallbackOf(Found found, boolean inTransaction) {
		Aged aged = found.aged();
		return (aged != null && aged.seconds() < this.ifErrorSeconds && !inTransaction) ? aged : null;
	}

	private boolean isOvertaken(Read read, Aged aged) {
		return this.store.region().isOvertaken(aged.ticket().mark(), read.entry());
	}

	private Found served(Read read, Aged aged) {
		this.store.statistics().staleOnError.increment();
		return stale(read, aged);
	}

	private Found stale(Read read, Aged aged) {
		LoadScope.served(read.around(), aged.ticket().mark());
		this.shared.listener().accept(read.cache(), read.key());
		return Found.hit(aged.value());
	}

	private void begin(MemcachedKey entry, Runnable refresh) {
		if (this.begun.size() >= MOST_KEYS || !this.shared.room().tryAcquire()) {
			this.store.statistics().count(Refresh.DROPPED);
			return;
		}
		// Should another thread begin it, too, one of the two is refused the lease.
		this.begun.put(entry, true);
		try {
			this.shared.executor().execute(refresh);
			Timer.schedule(() -> this.begun.remove(entry), this.throttleNanos);
		}
		catch (Throwable ex) {
			this.begun.remove(entry);
			count(Refresh.DROPPED);
		}
	}

	/**
	 * Refreshes an entry if that is this instance's turn, and the entry still aged. The
	 * fill uses the ticket of the second read, so that it loses to any eviction. The
	 * lease is not given back: it is the throttle.
	 */
	private void refresh(Read read, Aged aged, Function<Found, CompletableFuture<?>> load) {
		Attempt attempt = null;
		try {
			attempt = new Attempt(read, aged);
			Budget budget = new Budget(this.store.operationTimeoutNanos());
			Found again = this.store.findAgain(read, budget);
			if (attempt.lease.await(budget).status() != Status.DONE || again.aged() == null) {
				count(Refresh.NOT_NEEDED);
				return;
			}
			Attempt begun = attempt;
			CompletableFuture<Object> loaded = load.apply(again).thenApply((value) -> again);
			// A method that never ends must not keep its permit.
			Future<?> late = Timer.complete(loaded, again, this.store.settings().loadWindow().toNanos());
			loaded.whenComplete((value, failure) -> {
				late.cancel(false);
				ended(begun, failure);
			});
		}
		catch (Throwable ex) {
			ended(attempt, ex);
		}
	}

	/**
	 * Ends a refresh. What a method throws for a reason of its own is its answer, so the
	 * value is evicted, and the next caller is given that answer.
	 */
	private void ended(@Nullable Attempt attempt, @Nullable Throwable failure) {
		count((failure != null) ? Refresh.FAILED : Refresh.DONE);
		if (attempt != null && failure != null && !attempt.isSourceLost(failure)) {
			Read read = attempt.read;
			this.store.failures().loadFailed(read.cache(), failure, false);
			CacheWrite
				.invalidation(this.store, CacheOperation.EVICT, read.cache(), read.key(), read.entry(),
						new Budget(this.store.operationTimeoutNanos()))
				.send()
				.reportLater();
		}
	}

	private void count(Refresh outcome) {
		this.shared.room().release();
		this.store.statistics().count(outcome);
	}

	private @Nullable Attempt attempt(Read read, Found found, boolean inTransaction) {
		Aged aged = fallbackOf(found, inTransaction);
		return (aged != null) ? new Attempt(read, aged) : null;
	}

	/**
	 * Notes that a load of this cache has succeeded.
	 */
	void sourceWorks(Cache cache) {
		if (this.lost) {
			this.lost = false;
			this.store.failures().sourceBack(cache);
		}
	}

	/**
	 * Returns whether a caller may call the source: while that fails, one in a throttle,
	 * whatever the key, as it may take long to fail.
	 */
	boolean mayTry() {
		long last = this.lastTry.get();
		long now = System.nanoTime();
		return !this.lost || (now - last >= this.throttleNanos && this.lastTry.compareAndSet(last, now));
	}

	/**
	 * The shared part of the caches of a manager.
	 *
	 * @param executor what runs refreshes
	 * @param room a permit for each that may run
	 * @param listener told of each value that is served after its time to live
	 */
	record Shared(Executor executor, Semaphore room, BiConsumer<Cache, Object> listener) {

	}

	/**
	 * The load of a value that has aged.
	 */
	final class Attempt {

		private final Read read;

		private final Aged aged;

		private final Lease lease;

		private Attempt(Read read, Aged aged) {
			this.read = read;
			this.aged = aged;
			this.lease = Grace.this.store.requestLease(read.entry(), "s", aged.ticket(), Grace.this.throttleSeconds);
		}

		MemcachedKey entry() {
			return this.read.entry();
		}

		/**
		 * Serves the value if another load has failed within the throttle, or the source
		 * is lost and it is not this caller's turn to try.
		 */
		private Found judge(WriteResult answer) {
			boolean failed = this.lease.hasFailed()
					|| (Grace.this.lost && (answer.status() == Status.REFUSED || !mayTry()));
			return failed ? served(this.read, this.aged) : Found.aged(this.aged, this);
		}

		/**
		 * Serves the value if the source was lost while the caller waited for another's
		 * load, and it is not this caller's turn to try.
		 */
		Found judgeAgain() {
			Found stale = mayTry() ? null : fallback(this.read, this.aged);
			return (stale != null) ? stale : Found.aged(this.aged, this);
		}

		/**
		 * Ends the load that has failed. The value is served if the source was lost, and
		 * this instance has not written to the key since the value was read.
		 * @param failure what the load threw
		 * @return a hit, or {@code null} if the failure is the caller's
		 */
		@Nullable Found failed(Throwable failure) {
			if (!isSourceLost(failure)) {
				this.lease.release();
				return null;
			}
			return fallback(this.read, this.aged);
		}

		private boolean isSourceLost(Throwable failure) {
			boolean isLost = Grace.this.isSourceLost(this.read.cache(), failure);
			if (isLost) {
				this.lease.fail(Grace.this.throttleSeconds);
			}
			return isLost;
		}

	}

}
