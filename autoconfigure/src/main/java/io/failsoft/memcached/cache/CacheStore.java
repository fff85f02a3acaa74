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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Found.Aged;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.consistency.Lease;
import io.failsoft.memcached.consistency.Lookup;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Region;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.local.LocalStore;
import io.failsoft.memcached.local.LocalStore.Kept;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.support.NullValue;
import org.springframework.util.ClassUtils;

/**
 * The entries of one cache in terms of Spring's values, shared by the cache and its
 * views. Every failure of a read ends here: it is counted and handed to the error
 * handler, and the operation goes on as after a miss. Thread-safe.
 */
final class CacheStore {

	/** Whether spring-tx is there. */
	static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			CacheStore.class.getClassLoader());

	final CacheKeys keys;

	private final MemcachedCacheSettings settings;

	private final Region region;

	private final EntryValues values;

	/** 0 for none. */
	private final int secondsToIdle;

	private final ConsistencySettings clock;

	private final FailureReporter failures;

	private final CacheStatistics statistics = new CacheStatistics();

	private final SingleFlight singleFlight;

	/** The invocations of methods that load. */
	private final SingleFlight invocations;

	/** The reads by which values become near. */
	private final SingleFlight reads;

	private final LocalEntries local;

	private final Grace grace;

	private final Shared shared;

	CacheStore(CacheKeys keys, MemcachedCacheSettings settings, Shared shared) {
		this.keys = keys;
		this.settings = settings;
		this.shared = shared;
		Consistency consistency = shared.consistency();
		this.region = consistency.region(keys::own, settings.loadWindow());
		this.values = new EntryValues(settings);
		Duration timeToIdle = settings.timeToIdle();
		this.secondsToIdle = (timeToIdle != null)
				? Math.max(ConsistencySettings.secondsKept(settings.loadWindow()), seconds(timeToIdle)) : 0;
		this.clock = consistency.settings();
		this.failures = new FailureReporter(shared.errorHandler(), this.statistics);
		Duration timeout = this.clock.operationTimeout();
		this.singleFlight = new SingleFlight(timeout, settings.loadWindow());
		this.invocations = new SingleFlight(timeout, settings.reserveTimeToLive());
		this.reads = new SingleFlight(timeout, timeout);
		this.local = new LocalEntries(shared.local(), this.region, settings, consistency);
		this.grace = new Grace(this, settings, shared.grace());
	}

	/**
	 * Returns a time in memcached's seconds, rounded up.
	 */
	static int seconds(Duration duration) {
		return (int) Math.min(Integer.MAX_VALUE, duration.plusNanos(999_999_999).toSeconds());
	}

	/**
	 * Returns the common pool also where {@link CompletableFuture} would rather start an
	 * unnamed thread per task: with one or two processors, up to Java 24. A thread per
	 * task only if that pool has no thread.
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

	MemcachedServers servers() {
		return this.shared.consistency().pool();
	}

	Region region() {
		return this.region;
	}

	FailureReporter failures() {
		return this.failures;
	}

	SingleFlight singleFlight() {
		return this.singleFlight;
	}

	LocalEntries local() {
		return this.local;
	}

	Grace grace() {
		return this.grace;
	}

	/**
	 * Detaches the loads that a write outdates.
	 * @param entry the key as it is sent, or {@code null} for all
	 */
	void detach(@Nullable MemcachedKey entry) {
		this.singleFlight.detach(entry);
		this.invocations.detach(entry);
	}

	Executor executor() {
		return this.shared.executor();
	}

	/**
	 * Returns the time that an invocation may spend waiting, and the bound on a write
	 * that nobody waits for.
	 */
	long operationTimeoutNanos() {
		return this.clock.operationTimeout().toNanos();
	}

	/**
	 * Returns the transaction of this thread, or {@code null} if nothing waits for one.
	 * The only place that leads to the classes of spring-tx, which may be absent.
	 */
	@Nullable CacheTransaction transaction() {
		return this.shared.transactionAware() ? CacheTransaction.current() : null;
	}

	/**
	 * Returns the transaction of this thread if what it loads may show uncommitted
	 * changes.
	 */
	@Nullable CacheTransaction writingTransaction() {
		CacheTransaction transaction = transaction();
		return (transaction != null && !CacheTransaction.isReadOnly()) ? transaction : null;
	}

	/**
	 * Finds an entry as the current transaction sees it. Not {@linkplain #counted
	 * counted} yet.
	 */
	Found find(Read read, Budget budget) {
		Found present = findPresent(read);
		if (present != null) {
			return present;
		}
		if (!this.local.hasNear() || read.around() != null) {
			return found(read, this.region.read(read.entry(), budget), true);
		}
		long began = System.nanoTime();
		Flight mine = new Flight(Thread.currentThread());
		Flight reading = this.reads.join(read.entry(), mine, began);
		try {
			if (reading != mine) {
				// An asynchronous read may need the thread that waits for it here.
				long longest = reading.hasThread() ? budget.left() : budget.left() / 2;
				reading.await(Duration.ofNanos(Math.max(0, longest)));
				budget.spend(System.nanoTime() - began);
			}
			// Another caller may just have read it.
			Found near = findNear(read);
			return (near != null) ? near : found(read, this.region.read(read.entry(), budget), true);
		}
		finally {
			if (reading == mine) {
				this.reads.end(read.entry(), mine);
			}
		}
	}

	/**
	 * Finds an entry as {@link #find} does. Not its only form: a caller that waits must
	 * not depend on the executor, as it may be one of its threads.
	 * @return a future that the executor completes
	 */
	CompletableFuture<Found> findAsync(Read read, Budget budget) {
		Found present = findPresent(read);
		if (present != null) {
			return CompletableFuture.completedFuture(present);
		}
		Supplier<CompletableFuture<Found>> reader = () -> this.region
			.readAsync(read.entry(), budget, this.shared.executor())
			.thenApply((lookup) -> found(read, lookup, true));
		if (!this.local.hasNear() || read.around() != null) {
			return reader.get();
		}
		Flight mine = new Flight(null);
		Flight reading = this.reads.join(read.entry(), mine, System.nanoTime());
		CompletableFuture<?> before = (reading != mine) ? reading.result() : CompletableFuture.completedFuture(null);
		return before.thenComposeAsync((over) -> {
			Found near = findNear(read);
			return (near != null) ? CompletableFuture.completedFuture(near) : reader.get();
		}, (reading != mine) ? commonPool() : Runnable::run).whenComplete((found, failure) -> {
			if (reading == mine) {
				this.reads.end(read.entry(), mine);
			}
		});
	}

	/**
	 * Finds what needs no server.
	 * @return a hit, a miss that the transaction determines, or {@code null} to ask
	 */
	@Nullable Found findPresent(Read read) {
		CacheTransaction transaction = transaction();
		Found own = (transaction != null) ? transaction.find(this, read) : null;
		return (own != null) ? own : findNear(read);
	}

	private @Nullable Found findNear(Read read) {
		Payload near = this.local.near(read.entry());
		Found found = (near != null) ? decode(read, near) : null;
		if (found != null) {
			this.statistics.nearHits.increment();
		}
		return found;
	}

	/**
	 * Finds what was found to be missing already, without counting it once more.
	 */
	Found findAgain(Read read, Budget budget) {
		return found(read, this.region.read(read.entry(), budget), false);
	}

	CompletableFuture<Found> findAgainAsync(Read read, Budget budget) {
		return this.region.readAsync(read.entry(), budget, this.shared.executor())
			.thenApply((lookup) -> found(read, lookup, false));
	}

	Found counted(Found found) {
		(found.isHit() ? this.statistics.hits : this.statistics.misses).increment();
		return found;
	}

	/**
	 * Decides what a lookup tells.
	 * @param mayUseReserve whether what is kept may be served in memcached's place
	 */
	Found found(Read read, Lookup lookup, boolean mayUseReserve) {
		this.failures.serverFailed(CacheOperation.GET, read.cache(), read.key(), null, lookup.failure(),
				lookup.detail(), lookup.server());
		Payload payload = lookup.payload();
		Ticket ticket = lookup.ticket();
		Found hit = (payload != null) ? decode(read, payload) : null;
		if (hit != null && payload != null && ticket != null) {
			this.local.confirm(read.entry(), payload, ticket);
			if (this.secondsToIdle > 0) {
				long left = (payload.endOfLife() == 0) ? Integer.MAX_VALUE
						: payload.endOfLife() - this.clock.secondsSinceEpoch().getAsLong();
				this.region.touch(ticket, read.entry(), (int) Math.max(1, Math.min(left, this.secondsToIdle)));
			}
			return hit;
		}
		Kept<Payload> kept = this.local.get(read.entry());
		boolean unsaid = this.local.removeUnlessUnsaid(read.entry(), lookup, kept);
		Found reserve = (unsaid && mayUseReserve) ? findReserve(read, kept) : null;
		if (reserve != null) {
			return reserve;
		}
		Payload aged = lookup.aged();
		if (aged != null && ticket != null) {
			long seconds = this.clock.secondsSinceEnd(aged);
			Found found = (seconds < this.grace.seconds()) ? decode(read, aged) : null;
			if (found != null) {
				return Found.aged(new Aged(found.value(), ticket, seconds), null);
			}
		}
		return (lookup.failure() != null) ? Found.FAILED : Found.miss(ticket, unsaid);
	}

	private @Nullable Found findReserve(Read read, @Nullable Kept<Payload> kept) {
		Payload reserve = this.local.reserve(kept, read.around());
		Found found = (reserve != null) ? decode(read, reserve) : null;
		if (found != null) {
			this.statistics.reserveHits.increment();
		}
		return found;
	}

	/**
	 * Returns if an invocation that missed a key may share the load of another one.
	 * Nobody waits who may hold the connection that the load needs.
	 * @param missed what was found
	 */
	boolean sharesInvocation(Found missed) {
		boolean shares = switch (this.settings.singleFlight()) {
			case OUTAGE -> missed.isUnsaid();
			case ALWAYS -> true;
			case NEVER -> false;
		};
		return shares && this.local.reserveNanos() > 0 && !(TRANSACTIONS && CacheTransaction.mayHoldConnection());
	}

	boolean isInTransaction() {
		return TRANSACTIONS && CacheTransaction.isActive();
	}

	/**
	 * Joins another invocation's load of a key, or begins one.
	 * @param entry the key as it is sent
	 * @param mine the load to begin if there is none to join
	 * @param readBegan when the read began that missed, by {@link System#nanoTime()}
	 * @return the load
	 */
	Flight joinInvocation(MemcachedKey entry, Flight mine, long readBegan) {
		return this.invocations.join(entry, mine, readBegan);
	}

	/**
	 * Waits for another invocation's load and looks what it has left behind.
	 * @return a hit, or what was missed
	 */
	Found awaitInvocation(Read read, Flight mine, Flight flight, Found missed) {
		if (flight.isAround(mine, Thread.currentThread())) {
			return missed;
		}
		if (!flight.result().isDone()) {
			this.statistics.waits.increment();
			flight.await(Duration.ofNanos(this.local.reserveNanos()));
		}
		Kept<Payload> kept = this.local.get(read.entry());
		Found found = null;
		if (missed.isUnsaid()) {
			found = findReserve(read, kept);
		}
		else if (kept != null && flight.result().getNow(null) instanceof PutMark began
				&& kept.time() - began.time() >= 0) {
			// Loaded since memcached has said that there is nothing.
			found = decode(read, kept.value());
		}
		return (found != null) ? found : missed;
	}

	/**
	 * Ends the load of an invocation.
	 * @param entry the key as it is sent
	 * @param flight the load
	 * @param began when the invocation began
	 */
	void endInvocation(MemcachedKey entry, Flight flight, PutMark began) {
		Kept<Payload> kept = this.local.get(entry);
		if (kept != null && kept.time() - began.time() >= 0) {
			this.invocations.complete(entry, flight, began);
		}
		else {
			this.invocations.end(entry, flight);
		}
	}

	/**
	 * Decodes what an entry carries.
	 * @return a hit, or {@code null} if it cannot be read or returned, which was reported
	 */
	@Nullable Found decode(Read read, Payload payload) {
		try {
			Object value = this.values.read(payload);
			if (!read.returnable().test(value)) {
				throw new ValueCodecException("the method cannot return "
						+ ((value != null) ? "an instance of " + value.getClass().getName() : "null"), null);
			}
			return Found.hit(value);
		}
		catch (Throwable ex) {
			// Another version of the application wrote it: a miss, and the next fill
			// replaces it.
			this.failures.notDecoded(read.cache(), read.key(), ex);
			return null;
		}
	}

	Lease requestLease(MemcachedKey entry, String kind, Ticket ticket, int seconds) {
		return this.region.requestLease(ticket, this.keys.leaseKey(entry, kind), seconds);
	}

	/**
	 * Encodes a value. Codec and time to live may be the application's code, so anything
	 * may be thrown.
	 * @return the encoded value, or {@code null} if it is not to be stored, which was
	 * reported if it cannot be
	 */
	@Nullable Encoded encode(Cache cache, Object key, @Nullable Object value) {
		if (value instanceof NullValue) {
			return encode(cache, key, null);
		}
		if (value == null && !this.settings.nullValues()) {
			return null;
		}
		try {
			int seconds = secondsToLive(key, value);
			if (seconds < 0) {
				return null;
			}
			Payload payload = this.values.write(value);
			if (seconds == 0 || (this.secondsToIdle == 0 && this.grace.seconds() == 0)) {
				return new Encoded(payload, (seconds == 0) ? this.secondsToIdle : seconds);
			}
			// Each read defers the expiry, or grace does, so the payload carries the end.
			Payload ends = payload
				.withEndOfLife((int) Math.min(Integer.MAX_VALUE, this.clock.secondsSinceEpoch().getAsLong() + seconds));
			return new Encoded(ends, (this.secondsToIdle > 0) ? Math.min(seconds, this.secondsToIdle)
					: (int) Math.min(Integer.MAX_VALUE, (long) seconds + this.grace.seconds()));
		}
		catch (Throwable ex) {
			this.failures.notEncoded(cache, key, value, ex);
			return null;
		}
	}

	/**
	 * Returns the time to live of an entry.
	 * @return whole seconds, rounded up; 0 for no expiry, negative if it is over already
	 */
	private int secondsToLive(Object key, @Nullable Object value) {
		BiFunction<Object, @Nullable Object, Duration> function = this.settings.timeToLiveFunction();
		Duration lives = (function != null) ? function.apply(key, value) : this.settings.timeToLive();
		if (lives.isZero() || lives.isNegative()) {
			return (function != null) ? -1 : 0;
		}
		if (lives.equals(MemcachedCacheSettings.NO_EXPIRY)) {
			return 0;
		}
		double seconds = lives.toSeconds() + lives.toNanosPart() / 1e9;
		double jitter = this.settings.timeToLiveJitter();
		if (jitter > 0) {
			seconds *= 1 - jitter * ThreadLocalRandom.current().nextDouble();
		}
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(seconds)));
	}

	/**
	 * An encoded value and how long it lives, in memcached's seconds.
	 */
	record Encoded(Payload payload, int seconds) {

	}

	/**
	 * The shared part of the caches of a manager.
	 */
	record Shared(Consistency consistency, LocalStore<Payload> local, Supplier<CacheErrorHandler> errorHandler,
			Executor executor, boolean transactionAware, Grace.Shared grace) {

	}

}
