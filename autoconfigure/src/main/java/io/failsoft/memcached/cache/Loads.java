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
import java.util.function.Supplier;

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.cache.Flights.Flight;
import io.failsoft.memcached.cache.LoadLease.Turn;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PutMark;
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
		this.lease = (length != null) ? new LoadLease(store, length) : null;
	}

	/**
	 * Get or load.
	 * @throws ValueRetrievalException if the loader threw
	 */
	@Nullable Object get(MemcachedCache cache, Object key, Callable<?> loader, Budget budget) {
		MemcachedKey entry = cache.key(Operation.GET, key, null);
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
		Flight flight = this.store.flights().join(entry, mine, readBegan);
		if (flight == mine) {
			try {
				return load(cache, key, entry, loader, found, budget, mine);
			}
			finally {
				// Even if the stack overflowed, nobody must wait for what nobody loads.
				this.store.flights().end(entry, mine);
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
		Turn turn;
		try {
			turn = (this.lease != null) ? this.lease.awaitTurn(cache, key, entry, missed, budget)
					: new Turn(missed, null);
		}
		catch (RuntimeException | Error ex) {
			// An error handler threw. Nobody must wait for a load that never begins.
			this.store.flights().crash(entry, flight, ex);
			throw ex;
		}
		if (turn.found().isHit()) {
			this.store.flights().land(entry, flight, turn.found().value());
			return turn.found().value();
		}
		Object value;
		try {
			value = loader.call();
		}
		catch (Throwable ex) {
			this.store.flights().crash(entry, flight, ex);
			turn.end();
			throw new ValueRetrievalException(key, loader, ex);
		}
		CacheWrite fill = this.store.fill(cache, key, entry, value, turn.found().ticket(), null, budget);
		try {
			// Sent before the flight lands, so that who asks next finds it.
			fill.send();
		}
		finally {
			turn.end();
			this.store.flights().land(entry, flight, value);
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
		MemcachedKey entry = cache.key(Operation.GET, key, null);
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
			if (this.store.writingTransaction() != null) {
				// Nobody else must see what this thread has not committed.
				return loader.get().<@Nullable Object>thenApply((value) -> value);
			}
			Flight flight = this.store.flights().join(entry, mine.from(found.ticket()), readBegan);
			if (flight == mine) {
				try {
					return takeOff(cache, key, entry, loader, found, budget, mine);
				}
				catch (RuntimeException | Error ex) {
					this.store.flights().crash(entry, mine, ex);
					throw ex;
				}
			}
			return flight.isAround(mine, caller) ? loader.get().<@Nullable Object>thenApply((value) -> value)
					: flight.result();
		});
		@SuppressWarnings("unchecked")
		CompletableFuture<T> typed = (CompletableFuture<T>) result;
		return typed;
	}

	private <T> CompletableFuture<@Nullable Object> takeOff(MemcachedCache cache, Object key, MemcachedKey entry,
			Supplier<CompletableFuture<T>> loader, Found missed, Budget budget, Flight flight) {
		if (this.lease == null) {
			return loadAsync(cache, key, entry, loader, new Turn(missed, null), budget, flight);
		}
		return this.lease.awaitTurnAsync(cache, key, entry, missed, budget).thenCompose((turn) -> {
			Found found = turn.found();
			if (found.isHit()) {
				this.store.flights().land(entry, flight, found.value());
				return CompletableFuture.<@Nullable Object>completedFuture(found.value());
			}
			return loadAsync(cache, key, entry, loader, turn, budget, flight);
		}).whenComplete((value, failure) -> {
			if (failure != null) {
				this.store.flights().crash(entry, flight, failure);
			}
		});
	}

	private <T> CompletableFuture<@Nullable Object> loadAsync(MemcachedCache cache, Object key, MemcachedKey entry,
			Supplier<CompletableFuture<T>> loader, Turn turn, Budget budget, Flight flight) {
		CompletableFuture<T> loading;
		try {
			loading = Objects.requireNonNull(flight.takeOff(loader), "The loader returned no future");
		}
		catch (Throwable ex) {
			loading = CompletableFuture.failedFuture(ex);
		}
		return loading.handle((value, failure) -> {
			if (failure != null) {
				Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure;
				this.store.flights().crash(entry, flight, cause);
				turn.end();
				throw new CompletionException(cause);
			}
			try {
				CacheWrite fill = this.store.fill(cache, key, entry, value, turn.found().ticket(), null, budget);
				cache.note(fill);
				fill.send().settleLater();
			}
			finally {
				turn.end();
				this.store.flights().land(entry, flight, value);
			}
			return value;
		});
	}

}
