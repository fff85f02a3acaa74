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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Grace.Attempt;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Lease;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueRetrievalException;

/**
 * The loads of a cache: reads a key and, on a miss, loads it once in this JVM, however
 * many ask. The loader runs exactly once for the caller that runs it; its exception
 * reaches all who waited for it, and no failure of the cache hides its result.
 * Thread-safe.
 * <p>
 * A caller that waits has a path of its own: it runs the loader on its own thread and
 * must not depend on the store's executor, of which it may be a thread.
 */
final class Loads {

	private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** Stands for the result of a load that is not, or no longer, waited for. */
	static final Object LATE = new Object();

	private final CacheStore store;

	/** 0 if loads need no lease. */
	private final long leaseNanos;

	private final int leaseSeconds;

	Loads(CacheStore store) {
		this.store = store;
		Duration lease = Objects.requireNonNullElse(store.settings().loadLease(), Duration.ZERO);
		this.leaseNanos = lease.toNanos();
		this.leaseSeconds = (int) Math.min(Integer.MAX_VALUE, lease.plusNanos(999_999_999).toSeconds());
	}

	/**
	 * Gets or loads a value.
	 * @throws ValueRetrievalException if the loader threw
	 */
	@Nullable Object get(MemcachedCache cache, Object key, Callable<?> loader) {
		MemcachedKey entry = cache.key(CacheOperation.GET, key, null);
		if (entry == null) {
			return call(key, loader);
		}
		boolean writing = this.store.writingTransaction() != null;
		Load load = Load.of(cache, key, entry);
		Found preset = cache.preset(entry);
		Found found = (preset != null) ? preset : find(load, loader);
		if (found.isHit()) {
			return found.value();
		}
		if (writing || preset != null) {
			// Nobody else must see what is not committed, nor wait for the commit. A
			// refresh has a lease already, and nobody waits for it.
			this.store.statistics().load(found.isUnsaid());
			LoadScope scope = LoadScope.begin(null);
			Object value;
			try (scope) {
				value = call(key, loader);
			}
			cache.write(fill(load, value, found.ticket(), scope));
			return value;
		}
		Attempt attempt = found.attempt();
		try {
			return loadOrJoin(load, loader, found);
		}
		catch (ValueRetrievalException ex) {
			Found fallback = (attempt != null) ? attempt.failed(ex) : null;
			if (fallback == null) {
				throw ex;
			}
			return fallback.value();
		}
	}

	private Found find(Load load, Callable<?> loader) {
		Read read = load.read();
		Found found = this.store.find(read, load.budget());
		if (found.aged() != null) {
			found = this.store.grace()
				.judge(read, load.budget(), found, load.view()
					.reload(read.entry(), (view) -> CompletableFuture.completedFuture(get(view, read.key(), loader))));
		}
		return this.store.counted(found);
	}

	private @Nullable Object loadOrJoin(Load load, Callable<?> loader, Found found) {
		Flight mine = new Flight(Thread.currentThread()).from(found.ticket());
		Flight flight = this.store.singleFlight().join(load.read().entry(), mine, load.began().time());
		if (flight == mine) {
			try {
				return load(load, loader, found, mine);
			}
			catch (Throwable ex) {
				// Also where an error handler threw or the stack overflowed, nobody must
				// wait for a load that nobody runs.
				this.store.singleFlight().fail(load.read().entry(), mine, ex);
				throw ex;
			}
		}
		try {
			if (flight.isAround(mine, Thread.currentThread()) || !flight.await(this.store.settings().loadWindow())
					|| flight.result().getNow(null) == LATE) {
				this.store.statistics().load(found.isUnsaid());
				return call(load.read().key(), loader);
			}
			Object value = flight.result().join();
			LoadScope.served(LoadScope.current(), flight.builtOn());
			return value;
		}
		catch (CompletionException | CancellationException ex) {
			throw new ValueRetrievalException(load.read().key(), loader, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private @Nullable Object load(Load load, Callable<?> loader, Found missed, Flight flight) {
		LeaseOutcome outcome = lease(load, missed);
		Object value = outcome.found().value();
		if (outcome.found().isHit()) {
			this.store.singleFlight().complete(load.read().entry(), flight, value);
			return value;
		}
		this.store.statistics().load(outcome.found().isUnsaid());
		LoadScope scope = LoadScope.begin(null);
		try (scope) {
			value = loader.call();
		}
		catch (Throwable ex) {
			this.store.singleFlight().fail(load.read().entry(), flight, ex);
			outcome.release();
			throw new ValueRetrievalException(load.read().key(), loader, ex);
		}
		flight.builtOn(scope.builtOn());
		CacheWrite fill = fill(load, value, outcome.found().ticket(), scope);
		try {
			// Sent before the flight completes, so that the next caller finds it.
			fill.send();
		}
		finally {
			outcome.release();
			this.store.singleFlight().complete(load.read().entry(), flight, value);
		}
		fill.await();
		return value;
	}

	private static @Nullable Object call(Object key, Callable<?> loader) {
		try {
			return loader.call();
		}
		catch (Throwable ex) {
			throw new ValueRetrievalException(key, loader, ex);
		}
	}

	/**
	 * Stores a value unless there is a live entry.
	 * @return the live entry, or a miss if the value was stored or none could be
	 */
	Found putIfAbsent(MemcachedCache cache, Object key, @Nullable Object value) {
		MemcachedKey entry = cache.key(CacheOperation.PUT, key, value);
		if (entry == null) {
			return Found.NOTHING;
		}
		Load load = Load.of(cache, key, entry);
		while (true) {
			Found found = this.store.counted(this.store.findAgain(load.read(), load.budget()));
			if (found.isHit() || found.ticket() == null) {
				return found;
			}
			CacheWrite write = fill(load, value, found.ticket(), (PutMark) null).send();
			if (write.await(load.budget()) != Status.REFUSED) {
				cache.note(write);
				return Found.NOTHING;
			}
		}
	}

	/**
	 * Gets or loads a value without holding a thread. The future completes on the store's
	 * executor or where the loader's completes.
	 */
	<T> CompletableFuture<T> retrieve(MemcachedCache cache, Object key, Supplier<CompletableFuture<T>> loader) {
		MemcachedKey entry = cache.key(CacheOperation.GET, key, null);
		if (entry == null) {
			return loader.get();
		}
		Thread caller = Thread.currentThread();
		Flight mine = new Flight(null);
		Load load = Load.of(cache, key, entry);
		Found preset = cache.preset(entry);
		CompletableFuture<Found> reading = (preset != null) ? CompletableFuture.completedFuture(preset)
				: this.store.grace()
					.judgeAsync(load.read(), load.budget(), this.store.findAsync(load.read(), load.budget()),
							cache.reload(entry, (view) -> retrieve(view, key, loader)))
					.thenApply(this.store::counted);
		CompletableFuture<?> result = reading.thenCompose((found) -> {
			if (found.isHit()) {
				return CompletableFuture.<@Nullable Object>completedFuture(found.value());
			}
			if (preset != null) {
				return loadAsync(load, loader, new LeaseOutcome(found, null), mine);
			}
			// Nobody else must see what this thread has not committed.
			Flight flight = (this.store.writingTransaction() != null) ? null
					: this.store.singleFlight().join(entry, mine.from(found.ticket()), load.began().time());
			if (flight == null || flight.isAround(mine, caller)) {
				this.store.statistics().load(found.isUnsaid());
				return loader.get().<@Nullable Object>thenApply((value) -> value);
			}
			CompletableFuture<@Nullable Object> loaded = (flight == mine) ? loadAsync(load, loader, found, mine)
					: shared(flight, loader);
			return orFallback(found.attempt(),
					loaded.whenComplete((value, failure) -> LoadScope.served(load.read().around(), flight.builtOn())));
		});
		@SuppressWarnings("unchecked")
		CompletableFuture<T> typed = (CompletableFuture<T>) result;
		return typed;
	}

	private static CompletableFuture<@Nullable Object> orFallback(@Nullable Attempt attempt,
			CompletableFuture<@Nullable Object> loaded) {
		return (attempt == null) ? loaded : loaded.exceptionallyCompose((failure) -> {
			Found fallback = attempt.failed(failure);
			return (fallback != null) ? CompletableFuture.completedFuture(fallback.value())
					: CompletableFuture.failedFuture(failure);
		});
	}

	/**
	 * Waits for a load as long as the load window: what takes longer is not stored
	 * anyway, and may wait for this caller.
	 */
	private <T> CompletableFuture<@Nullable Object> shared(Flight flight, Supplier<CompletableFuture<T>> loader) {
		CompletableFuture<@Nullable Object> shared = flight.result().copy();
		Future<?> late = Timer.complete(shared, LATE, this.store.settings().loadWindow().toNanos());
		shared.whenComplete((value, failure) -> late.cancel(false));
		return shared
			.thenCompose((value) -> (value != LATE) ? CompletableFuture.<@Nullable Object>completedFuture(value)
					: loader.get().<@Nullable Object>thenApply((loaded) -> loaded));
	}

	private <T> CompletableFuture<@Nullable Object> loadAsync(Load load, Supplier<CompletableFuture<T>> loader,
			Found missed, Flight flight) {
		return CompletableFuture.completedFuture(missed)
			.thenCompose((found) -> leaseAsync(load, found, System.nanoTime() + this.leaseNanos, FIRST_PAUSE_NANOS))
			.thenCompose((outcome) -> outcome.found().isHit()
					? CompletableFuture.<@Nullable Object>completedFuture(outcome.found().value())
					: loadAsync(load, loader, outcome, flight))
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.store.singleFlight().fail(load.read().entry(), flight, failure);
				}
				else {
					this.store.singleFlight().complete(load.read().entry(), flight, value);
				}
			});
	}

	private <T> CompletableFuture<@Nullable Object> loadAsync(Load load, Supplier<CompletableFuture<T>> loader,
			LeaseOutcome outcome, Flight flight) {
		this.store.statistics().load(outcome.found().isUnsaid());
		LoadScope scope = LoadScope.begin(load.read().around());
		CompletableFuture<T> loading;
		try (scope) {
			loading = Objects.requireNonNull(flight.callLoader(loader), "The loader returned no future");
		}
		catch (Throwable ex) {
			loading = CompletableFuture.failedFuture(ex);
		}
		return loading.<@Nullable Object>thenApply((value) -> value).whenComplete((value, failure) -> {
			try {
				if (failure == null) {
					flight.builtOn(scope.builtOn());
					CacheWrite fill = fill(load, value, outcome.found().ticket(), scope);
					load.view().note(fill);
					fill.send().reportLater();
				}
			}
			finally {
				outcome.release();
				if (failure == null) {
					// Also if an error handler threw: what was loaded is as good for
					// others.
					this.store.singleFlight().complete(load.read().entry(), flight, value);
				}
			}
		});
	}

	/**
	 * Takes the lease by which one instance of the application loads a missing key, or
	 * waits for the value of its holder. It is an item that only one of them can
	 * {@code add}. A waiter gives up after the length of the lease, so that a holder that
	 * dies, or a load that takes longer, keeps nobody from loading; and at once if
	 * memcached fails.
	 * <p>
	 * The request of the lease and the second read of the key are one round trip. Its
	 * time is taken off the invocation's budget, unless another instance is loading: that
	 * is waiting for the other, and bounded by the length of the lease.
	 * @return a hit, or the miss that is now to be loaded
	 */
	private LeaseOutcome lease(Load load, Found missed) {
		long deadline = System.nanoTime() + this.leaseNanos;
		long pause = FIRST_PAUSE_NANOS;
		Found latest = missed;
		for (Ticket ticket = latest.ticket(); ticket != null && this.leaseNanos > 0; ticket = latest.ticket()) {
			Budget network = new Budget(load.budget().left());
			Lease request = this.store.requestLease(load.read().entry(), "l", ticket, this.leaseSeconds);
			latest = this.store.findAgain(load.read(), network);
			LeaseOutcome outcome = outcome(load, latest, request, request.await(network), network, deadline);
			if (outcome != null) {
				return outcome;
			}
			LockSupport.parkNanos(this, Math.min(pause, deadline - System.nanoTime()));
			if (Thread.currentThread().isInterrupted()) {
				break;
			}
			pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
		}
		return new LeaseOutcome(latest, null);
	}

	/**
	 * Does what {@link #lease} does, without holding a thread.
	 */
	private CompletableFuture<LeaseOutcome> leaseAsync(Load load, Found latest, long deadline, long pause) {
		Ticket ticket = latest.ticket();
		if (ticket == null || this.leaseNanos == 0) {
			return CompletableFuture.completedFuture(new LeaseOutcome(latest, null));
		}
		Budget network = new Budget(load.budget().left());
		Lease request = this.store.requestLease(load.read().entry(), "l", ticket, this.leaseSeconds);
		CompletableFuture<WriteResult> answered = request.toFuture(network.left(), this.store.executor());
		return this.store.findAgainAsync(load.read(), network).thenCompose((found) -> answered.thenCompose((answer) -> {
			LeaseOutcome outcome = outcome(load, found, request, answer, network, deadline);
			if (outcome != null) {
				return CompletableFuture.completedFuture(outcome);
			}
			// Not by way of the store's executor: that may refuse, and nobody would
			// learn of it.
			return Timer.pause(Math.min(pause, deadline - System.nanoTime()))
				.thenCompose((over) -> leaseAsync(load, found, deadline, Math.min(2 * pause, LONGEST_PAUSE_NANOS)));
		}));
	}

	/**
	 * Judges what was found and answered. A failure of both has been reported with the
	 * read.
	 * @return the outcome, or {@code null} if another is loading and may be waited for
	 */
	private @Nullable LeaseOutcome outcome(Load load, Found found, Lease lease, WriteResult answer, Budget network,
			long deadline) {
		boolean othersTurn = answer.status() == Status.REFUSED && !found.isFailed();
		if (!othersTurn) {
			load.budget().spend(load.budget().left() - network.left());
		}
		if (!found.isFailed()) {
			this.store.failures()
				.serverFailed(CacheOperation.GET, load.read().cache(), load.read().key(), null, answer.failure(),
						answer.detail(), answer.server());
		}
		// Also with the lease in hand the key was read again: its last holder may
		// have stored the value between the miss and now.
		if (found.isFailed() || found.isHit()) {
			lease.release();
			return new LeaseOutcome(found, null);
		}
		return (othersTurn && deadline - System.nanoTime() > 0) ? null : new LeaseOutcome(found, lease);
	}

	/**
	 * Creates the fill of what was loaded. What was built on a reserve is not for others.
	 */
	private CacheWrite fill(Load load, @Nullable Object value, @Nullable Ticket ticket, LoadScope scope) {
		PutMark builtOn = scope.builtOn();
		return (builtOn != null) ? fill(load, value, null, builtOn) : fill(load, value, ticket, load.began());
	}

	private CacheWrite fill(Load load, @Nullable Object value, @Nullable Ticket ticket, @Nullable PutMark mark) {
		return CacheWrite.fill(this.store, load.read().cache(), load.read().key(), load.read().entry(), value, ticket,
				mark, load.budget());
	}

	/**
	 * A call that gets or loads a key.
	 */
	private record Load(Read read, MemcachedCache view, Budget budget, PutMark began) {

		static Load of(MemcachedCache view, Object key, MemcachedKey entry) {
			return new Load(view.readOf(key, entry), view, view.budget(), PutMark.now());
		}

	}

	/**
	 * The outcome of asking for a lease.
	 *
	 * @param found a hit, or the miss that is now to be loaded
	 * @param lease the lease it is loaded under, or {@code null} if there is none to end
	 */
	private record LeaseOutcome(Found found, @Nullable Lease lease) {

		/**
		 * Gives the lease back, behind all that was sent before.
		 */
		void release() {
			if (this.lease != null) {
				this.lease.release();
			}
		}

	}

}
