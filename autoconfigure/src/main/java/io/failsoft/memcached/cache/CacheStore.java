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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

import io.failsoft.memcached.cache.CacheWrite.Encoded;
import io.failsoft.memcached.cache.FailureReporter.CacheOperation;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.LeaseRequest;
import io.failsoft.memcached.consistency.Lookup;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Region;
import io.failsoft.memcached.consistency.Ticket;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * One cache's entries in terms of Spring's keys and values: what {@link MemcachedCache}
 * and its views share. Every failure ends here: it is counted and handed to the error
 * handler, and the operation goes on as after a miss. Thread-safe.
 */
final class CacheStore {

	private final CacheKeys keys;

	private final MemcachedCacheSettings settings;

	private final Consistency consistency;

	private final Region region;

	private final EntryValues values;

	private final TimeToLive timeToLive;

	private final FailureReporter failures;

	private final CacheStatistics statistics;

	private final SingleFlight singleFlight;

	private final Executor executor;

	private final boolean transactionAware;

	CacheStore(CacheKeys keys, MemcachedCacheSettings settings, Consistency consistency, FailureReporter failures,
			CacheStatistics statistics, Executor executor, boolean transactionAware) {
		this.keys = keys;
		this.settings = settings;
		this.consistency = consistency;
		this.region = consistency.region(keys::own, settings.loadWindow());
		this.values = new EntryValues(settings.codec(), settings.compressionThreshold(), settings.maximumValueSize());
		this.timeToLive = new TimeToLive(settings, consistency.settings().secondsSinceEpoch());
		this.failures = failures;
		this.statistics = statistics;
		this.executor = executor;
		this.transactionAware = transactionAware;
		this.singleFlight = new SingleFlight(consistency.settings().operationTimeout());
	}

	/**
	 * The common pool also where {@link CompletableFuture} would rather start an unnamed
	 * thread per task: with one or two processors, up to Java 24. A thread per task only
	 * if that pool has no thread.
	 */
	static Executor commonPool() {
		return (ForkJoinPool.getCommonPoolParallelism() > 0) ? ForkJoinPool.commonPool()
				: new CompletableFuture<>().defaultExecutor();
	}

	MemcachedCacheSettings settings() {
		return this.settings;
	}

	CacheStatistics statistics() {
		return this.statistics;
	}

	Region region() {
		return this.region;
	}

	FailureReporter failures() {
		return this.failures;
	}

	/**
	 * Bound on a write that nobody waits for.
	 */
	long operationTimeoutNanos() {
		return this.consistency.settings().operationTimeout().toNanos();
	}

	SingleFlight singleFlight() {
		return this.singleFlight;
	}

	Executor executor() {
		return this.executor;
	}

	/**
	 * The transaction of this thread, or {@code null} if nothing waits for one. The only
	 * place that leads to the classes of spring-tx, which may be absent.
	 */
	@Nullable CacheTransaction transaction() {
		return this.transactionAware ? CacheTransaction.current() : null;
	}

	/**
	 * The transaction of this thread if what it loads may show uncommitted changes.
	 */
	@Nullable CacheTransaction writingTransaction() {
		CacheTransaction transaction = transaction();
		return (transaction != null && !transaction.isReadOnly()) ? transaction : null;
	}

	Budget newBudget() {
		return this.consistency.newBudget();
	}

	/**
	 * The key that memcached is asked for.
	 * @return the key, or {@code null} if there is none, which has been reported
	 */
	@Nullable MemcachedKey key(CacheOperation operation, Cache cache, Object key, @Nullable Object value) {
		try {
			return this.keys.of(key);
		}
		catch (IllegalArgumentException ex) {
			this.failures.keyRefused(operation, cache, key, value, ex);
			return null;
		}
	}

	/**
	 * Find an entry as the current transaction sees it.
	 */
	Found find(MemcachedCache cache, Object key, MemcachedKey entry, Budget budget) {
		Found own = findOwn(cache, key, entry);
		return (own != null) ? counted(own) : findShared(cache, key, entry, budget);
	}

	/**
	 * Find an entry as others see it, too.
	 */
	Found findShared(Cache cache, Object key, MemcachedKey entry, Budget budget) {
		return counted(findAgain(cache, key, entry, budget));
	}

	CompletableFuture<Found> findAsync(MemcachedCache cache, Object key, MemcachedKey entry, Budget budget) {
		Found own = findOwn(cache, key, entry);
		return (own != null) ? CompletableFuture.completedFuture(counted(own))
				: findAgainAsync(cache, key, entry, budget).thenApply(this::counted);
	}

	private @Nullable Found findOwn(MemcachedCache cache, Object key, MemcachedKey entry) {
		CacheTransaction transaction = transaction();
		return (transaction != null) ? transaction.find(cache, key, entry) : null;
	}

	/**
	 * Find what was found to be missing already, without counting it once more.
	 */
	Found findAgain(Cache cache, Object key, MemcachedKey entry, Budget budget) {
		return found(cache, key, entry, this.region.read(entry, budget));
	}

	CompletableFuture<Found> findAgainAsync(Cache cache, Object key, MemcachedKey entry, Budget budget) {
		return this.region.readAsync(entry, budget, this.executor)
			.thenApply((lookup) -> found(cache, key, entry, lookup));
	}

	private Found counted(Found found) {
		if (found.isHit()) {
			this.statistics.hit();
		}
		else {
			this.statistics.miss();
		}
		return found;
	}

	private Found found(Cache cache, Object key, MemcachedKey entry, Lookup lookup) {
		Payload payload = lookup.payload();
		Found hit = (payload != null) ? decode(cache, key, payload) : null;
		if (hit != null && payload != null) {
			liveOn(entry, payload, lookup.ticket());
			return hit;
		}
		if (lookup.failure() == null) {
			return Found.miss(lookup.ticket());
		}
		this.failures.serverFailed(CacheOperation.GET, cache, key, null, lookup.failure(), lookup.detail(),
				lookup.server());
		return Found.FAILED;
	}

	/**
	 * Decode what an entry carries.
	 * @return a hit, or {@code null} if it cannot be read or returned, which was reported
	 */
	@Nullable Found decode(Cache cache, Object key, Payload payload) {
		try {
			Object value = this.values.read(payload);
			if (cache instanceof MemcachedCache ours && !ours.isReturnable(value)) {
				throw new ClassCastException("the method cannot return "
						+ ((value != null) ? "an instance of " + value.getClass().getName() : "null"));
			}
			return Found.hit(value);
		}
		catch (Throwable ex) {
			// Another version of the application wrote it: a miss, and the next fill
			// replaces it.
			this.failures.notDecoded(cache, key, ex);
			return null;
		}
	}

	private void liveOn(MemcachedKey entry, Payload payload, @Nullable Ticket ticket) {
		int seconds = this.timeToLive.secondsOnRead(payload);
		if (seconds > 0 && ticket != null) {
			this.region.touch(ticket, entry, seconds);
		}
	}

	LeaseRequest requestLease(MemcachedKey entry, Ticket ticket, int seconds) {
		return this.region.requestLease(ticket, this.keys.leaseKey(entry), seconds);
	}

	/**
	 * Store what was loaded after a miss.
	 * @param ticket the miss's ticket, or {@code null} if nothing may be stored
	 * @param mark the beginning of the invocation, {@code null} if no transaction keeps
	 * the value
	 */
	CacheWrite fill(MemcachedCache cache, Object key, MemcachedKey entry, @Nullable Object value,
			@Nullable Ticket ticket, @Nullable PutMark mark, Budget budget) {
		return new CacheWrite(CacheOperation.FILL, cache, key, entry, value, mark, budget, (write) -> {
			Encoded encoded = (ticket != null) ? write.encoded() : null;
			return (ticket != null && encoded != null)
					? List.of(this.region.fill(ticket, entry, encoded.payload(), encoded.seconds())) : List.of();
		});
	}

	/**
	 * Store a value over whatever is there. One that cannot be stored leaves nothing
	 * behind that is older.
	 * @param mark the beginning of the invocation
	 */
	CacheWrite put(MemcachedCache cache, Object key, MemcachedKey entry, @Nullable Object value, PutMark mark,
			Budget budget) {
		return new CacheWrite(CacheOperation.PUT, cache, key, entry, value, mark, budget, (write) -> {
			this.singleFlight.detach(entry);
			Encoded encoded;
			try {
				encoded = write.encoded();
			}
			catch (RuntimeException | Error ex) {
				// The error handler threw. What is there is older all the same.
				this.region.evict(entry).toFuture(operationTimeoutNanos(), this.executor);
				throw ex;
			}
			return List.of((encoded == null) ? this.region.evict(entry)
					: this.region.put(mark, entry, encoded.payload(), encoded.seconds()));
		});
	}

	/**
	 * Encode a value. Codec and time to live may be the application's code, so anything
	 * may be thrown.
	 * @return the encoded value, or {@code null} if it is not to be stored, which was
	 * reported if it cannot be
	 */
	@Nullable Encoded encode(Cache cache, Object key, @Nullable Object value) {
		if (value == null && !this.settings.nullValues()) {
			return null;
		}
		try {
			int seconds = this.timeToLive.seconds(key, value);
			if (seconds < 0) {
				return null;
			}
			return new Encoded(this.timeToLive.seal(this.values.write(value), seconds),
					this.timeToLive.secondsOnWrite(seconds));
		}
		catch (Throwable ex) {
			this.failures.notEncoded(cache, key, value, ex);
			return null;
		}
	}

	/**
	 * Invalidate an entry.
	 * @param asks whether to find out if there was one
	 */
	CacheWrite eviction(MemcachedCache cache, @Nullable Object key, MemcachedKey entry, boolean asks, Budget budget) {
		return new CacheWrite(CacheOperation.EVICT, cache, key, entry, null, null, budget, (write) -> {
			this.singleFlight.detach(entry);
			return List.of(asks ? this.region.evictIfPresent(entry) : this.region.evict(entry));
		});
	}

	/**
	 * Invalidate all entries, on all servers at once.
	 */
	CacheWrite clear(MemcachedCache cache, Budget budget) {
		return new CacheWrite(CacheOperation.CLEAR, cache, null, null, null, null, budget, (write) -> {
			this.singleFlight.detachAll();
			return this.region.clear();
		});
	}

}
