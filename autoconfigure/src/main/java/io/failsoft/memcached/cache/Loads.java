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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.FailureReporter.CacheOperation;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.LeaseRequest;
import io.failsoft.memcached.consistency.LeaseRequest.Answer;
import io.failsoft.memcached.consistency.LeaseRequest.Lease;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueRetrievalException;

/**
 * Reads a key and, on a miss, has it loaded once in this JVM, whoever else asks. The
 * loader runs exactly once for the caller that runs it; its exception reaches all who
 * waited for it, and no failure of the cache ever hides its result. Thread-safe.
 */
final class Loads {

	private final CacheStore store;

	private final @Nullable LoadLease lease;

	Loads(CacheStore store) {
		this.store = store;
		Duration length = store.settings().loadLease();
		this.lease = (length != null) ? new LoadLease(length) : null;
	}

	/**
	 * Get or load.
	 * @throws ValueRetrievalException if the loader threw
	 */
	@Nullable Object get(MemcachedCache cache, Object key, Callable<?> loader, Budget budget) {
		MemcachedKey entry = cache.key(CacheOperation.GET, key, null);
		if (entry == null) {
			return call(key, loader);
		}
		PutMark mark = (this.store.writingTransaction() != null) ? PutMark.now() : null;
		long readBegan = System.nanoTime();
		Found found = this.store.find(cache, key, entry, budget);
		if (found.isHit()) {
			return found.value();
		}
		if (mark != null) {
			// Nobody else must see what is not committed, nor wait for the commit.
			Object value = call(key, loader);
			cache.write(this.store.fill(cache, key, entry, value, found.ticket(), mark, budget));
			return value;
		}
		Flight mine = new Flight(Thread.currentThread()).from(found.ticket());
		Flight flight = this.store.singleFlight().join(entry, mine, readBegan);
		if (flight == mine) {
			try {
				return load(cache, key, entry, loader, found, budget, mine);
			}
			catch (Throwable ex) {
				// Also where an error handler threw or the stack overflowed, nobody must
				// wait for a load that nobody runs.
				this.store.singleFlight().fail(entry, mine, ex);
				throw ex;
			}
		}
		try {
			if (flight.isAround(mine, Thread.currentThread()) || !flight.await()) {
				return call(key, loader);
			}
			return flight.result().join();
		}
		catch (CompletionException | CancellationException ex) {
			throw new ValueRetrievalException(key, loader, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return call(key, loader);
		}
	}

	private @Nullable Object load(MemcachedCache cache, Object key, MemcachedKey entry, Callable<?> loader,
			Found missed, Budget budget, Flight flight) {
		Turn turn = (this.lease != null) ? this.lease.awaitTurn(cache, key, entry, missed, budget)
				: new Turn(missed, null);
		if (turn.found().isHit()) {
			this.store.singleFlight().complete(entry, flight, turn.found().value());
			return turn.found().value();
		}
		Object value;
		try {
			value = loader.call();
		}
		catch (Throwable ex) {
			this.store.singleFlight().fail(entry, flight, ex);
			turn.end();
			throw new ValueRetrievalException(key, loader, ex);
		}
		CacheWrite fill = this.store.fill(cache, key, entry, value, turn.found().ticket(), null, budget);
		try {
			// Sent before the flight completes, so that who asks next finds it.
			fill.send();
		}
		finally {
			turn.end();
			this.store.singleFlight().complete(entry, flight, value);
		}
		fill.settleEventually();
		return value;
	}

	static @Nullable Object call(Object key, Callable<?> loader) {
		try {
			return loader.call();
		}
		catch (Throwable ex) {
			throw new ValueRetrievalException(key, loader, ex);
		}
	}

	/**
	 * Store a value unless there is a live entry.
	 * @return the live entry, or a miss if the value was stored or none could be
	 */
	Found putIfAbsent(MemcachedCache cache, Object key, MemcachedKey entry, @Nullable Object value, Budget budget) {
		Found found = this.store.findShared(cache, key, entry, budget);
		while (!found.isHit() && found.ticket() != null) {
			CacheWrite write = this.store.fill(cache, key, entry, value, found.ticket(), null, budget).send();
			if (write.settle() != Status.REFUSED || !write.isSent()) {
				cache.note(write);
				return Found.NOTHING;
			}
			found = this.store.findShared(cache, key, entry, budget);
		}
		return found;
	}

	/**
	 * Get or load without holding a thread. The future completes on the store's executor
	 * or where the loader's completes.
	 */
	<T> CompletableFuture<T> retrieve(MemcachedCache cache, Object key, Supplier<CompletableFuture<T>> loader,
			Budget budget) {
		MemcachedKey entry = cache.key(CacheOperation.GET, key, null);
		if (entry == null) {
			return loader.get();
		}
		Thread caller = Thread.currentThread();
		Flight mine = new Flight(null);
		long readBegan = System.nanoTime();
		CompletableFuture<?> result = this.store.findAsync(cache, key, entry, budget).thenCompose((found) -> {
			if (found.isHit()) {
				return CompletableFuture.<@Nullable Object>completedFuture(found.value());
			}
			// Nobody else must see what this thread has not committed.
			boolean alone = this.store.writingTransaction() != null;
			Flight flight = alone ? null : this.store.singleFlight().join(entry, mine.from(found.ticket()), readBegan);
			if (flight == mine) {
				return takeOff(cache, key, entry, loader, found, budget, mine);
			}
			return (flight == null || flight.isAround(mine, caller))
					? loader.get().<@Nullable Object>thenApply((value) -> value) : flight.result();
		});
		@SuppressWarnings("unchecked")
		CompletableFuture<T> typed = (CompletableFuture<T>) result;
		return typed;
	}

	private <T> CompletableFuture<@Nullable Object> takeOff(MemcachedCache cache, Object key, MemcachedKey entry,
			Supplier<CompletableFuture<T>> loader, Found missed, Budget budget, Flight flight) {
		return CompletableFuture.completedFuture(missed)
			.thenCompose((found) -> (this.lease != null) ? this.lease.awaitTurnAsync(cache, key, entry, found, budget)
					: CompletableFuture.completedFuture(new Turn(found, null)))
			.thenCompose((turn) -> turn.found().isHit()
					? CompletableFuture.<@Nullable Object>completedFuture(turn.found().value())
					: loadAsync(cache, key, entry, loader, turn, budget, flight))
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.store.singleFlight().fail(entry, flight, failure);
				}
				else {
					this.store.singleFlight().complete(entry, flight, value);
				}
			});
	}

	private <T> CompletableFuture<@Nullable Object> loadAsync(MemcachedCache cache, Object key, MemcachedKey entry,
			Supplier<CompletableFuture<T>> loader, Turn turn, Budget budget, Flight flight) {
		CompletableFuture<T> loading;
		try {
			loading = Objects.requireNonNull(flight.callLoader(loader), "The loader returned no future");
		}
		catch (Throwable ex) {
			loading = CompletableFuture.failedFuture(ex);
		}
		return loading.whenComplete((value, failure) -> {
			try {
				if (failure == null) {
					CacheWrite fill = this.store.fill(cache, key, entry, value, turn.found().ticket(), null, budget);
					cache.note(fill);
					fill.send().settleLater();
				}
			}
			finally {
				turn.end();
				if (failure == null) {
					// Also if an error handler threw: what was loaded is as good for
					// others.
					this.store.singleFlight().complete(entry, flight, value);
				}
			}
		}).thenApply((value) -> value);
	}

	/**
	 * Has one instance of the application load a missing key while the others wait for
	 * what it stores. The lease is an item that only one of them can {@code add}. One
	 * that waits gives up after the length of the lease, so that a holder that dies, or a
	 * load that takes longer, keeps nobody from loading; and at once if memcached fails.
	 * Thread-safe.
	 * <p>
	 * To ask for the lease and to read the key once more is one round trip. What it takes
	 * counts as time spent waiting for memcached, unless the answer is that another is
	 * loading: that is waiting for the other, and bounded by the length of the lease.
	 */
	private final class LoadLease {

		private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

		private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

		private final long lengthNanos;

		private final int seconds;

		LoadLease(Duration length) {
			this.lengthNanos = length.toNanos();
			this.seconds = (int) Math.min(Integer.MAX_VALUE, length.plusNanos(999_999_999).toSeconds());
		}

		/**
		 * Take the lease or wait for what its holder stores.
		 * @return a hit, or the miss that is now to be loaded
		 */
		Turn awaitTurn(MemcachedCache cache, Object key, MemcachedKey entry, Found missed, Budget budget) {
			long deadline = System.nanoTime() + this.lengthNanos;
			long pause = FIRST_PAUSE_NANOS;
			Found latest = missed;
			for (Ticket ticket = latest.ticket(); ticket != null; ticket = latest.ticket()) {
				Budget network = new Budget(budget.left());
				LeaseRequest request = Loads.this.store.requestLease(entry, ticket, this.seconds);
				latest = Loads.this.store.findAgain(cache, key, entry, network);
				Answer answer = request.await(network);
				Turn turn = turn(cache, key, latest, answer, budget, network);
				long left = deadline - System.nanoTime();
				if (turn != null || left <= 0) {
					return (turn != null) ? turn : new Turn(latest, null);
				}
				LockSupport.parkNanos(this, Math.min(pause, left));
				if (Thread.currentThread().isInterrupted()) {
					return new Turn(latest, null);
				}
				pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
			}
			return new Turn(latest, null);
		}

		/**
		 * What {@link #awaitTurn} does, without holding a thread.
		 */
		CompletableFuture<Turn> awaitTurnAsync(MemcachedCache cache, Object key, MemcachedKey entry, Found missed,
				Budget budget) {
			return awaitTurnAsync(cache, key, entry, missed, budget, System.nanoTime() + this.lengthNanos,
					FIRST_PAUSE_NANOS);
		}

		private CompletableFuture<Turn> awaitTurnAsync(MemcachedCache cache, Object key, MemcachedKey entry,
				Found latest, Budget budget, long deadline, long pause) {
			Ticket ticket = latest.ticket();
			if (ticket == null) {
				return CompletableFuture.completedFuture(new Turn(latest, null));
			}
			Budget network = new Budget(budget.left());
			CompletableFuture<Answer> request = Loads.this.store.requestLease(entry, ticket, this.seconds)
				.toFuture(network.left(), Loads.this.store.executor());
			return Loads.this.store.findAgainAsync(cache, key, entry, network)
				.thenCompose((found) -> request.thenCompose((answer) -> {
					Turn turn = turn(cache, key, found, answer, budget, network);
					long left = deadline - System.nanoTime();
					if (turn != null || left <= 0) {
						return CompletableFuture.completedFuture((turn != null) ? turn : new Turn(found, null));
					}
					// Not by way of the store's executor: that may refuse, and nobody
					// would
					// learn
					// of it.
					Executor later = CompletableFuture.delayedExecutor(Math.min(pause, left), TimeUnit.NANOSECONDS,
							CacheStore.commonPool());
					return CompletableFuture
						.supplyAsync(() -> awaitTurnAsync(cache, key, entry, found, budget, deadline,
								Math.min(2 * pause, LONGEST_PAUSE_NANOS)), later)
						.thenCompose((next) -> next);
				}));
		}

		/**
		 * Judge what was found and answered. A failure of both has been reported with the
		 * read.
		 * @return the turn, or {@code null} if another is loading
		 */
		private @Nullable Turn turn(MemcachedCache cache, Object key, Found found, Answer answer, Budget budget,
				Budget network) {
			boolean othersTurn = answer.result().status() == Status.REFUSED && !found.isFailed();
			if (!othersTurn) {
				budget.spend(budget.left() - network.left());
			}
			if (!found.isFailed()) {
				Loads.this.store.failures().serverFailed(CacheOperation.GET, cache, key, null, answer.result());
			}
			if (found.isFailed() || found.isHit()) {
				Turn unused = new Turn(found, answer.lease());
				unused.end();
				return new Turn(found, null);
			}
			// Also with the lease in hand the key was read again: its last holder may
			// have
			// stored the value between the miss and now.
			return othersTurn ? null : new Turn(found, answer.lease());
		}

	}

	/**
	 * What came of waiting.
	 *
	 * @param found a hit, or the miss that is now to be loaded
	 * @param lease the lease it is loaded under, or {@code null} if there is none to end
	 */
	private record Turn(Found found, @Nullable Lease lease) {

		/**
		 * Give the lease back, behind whatever was sent before.
		 */
		void end() {
			if (this.lease != null) {
				this.lease.release();
			}
		}

	}

}
