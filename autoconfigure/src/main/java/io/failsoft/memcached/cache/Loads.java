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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.cache.Flights.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PendingWrite;
import io.failsoft.memcached.consistency.Ticket;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
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
	@Nullable Object get(Cache cache, Object key, Callable<?> loader, Budget budget, FillTime fillTime) {
		CacheKey entry = this.store.key(Operation.GET, cache, key, null);
		if (entry == null) {
			return call(key, loader);
		}
		long readBegan = System.nanoTime();
		Found found = this.store.find(cache, key, entry, budget);
		if (found.isHit()) {
			return found.value();
		}
		Flight mine = new Flight(Thread.currentThread());
		if (fillTime != FillTime.NOW) {
			// What others have not committed is no business of whoever else waits.
			return load(cache, key, entry, loader, found, budget, mine, fillTime);
		}
		Flight flight = this.store.flights().join(entry.memcachedKey(), mine, readBegan);
		if (flight == mine) {
			return load(cache, key, entry, loader, found, budget, mine, fillTime);
		}
		if (flight.isOwnedBy(Thread.currentThread())) {
			return call(key, loader);
		}
		try {
			return flight.await();
		}
		catch (ExecutionException ex) {
			throw new ValueRetrievalException(key, loader, ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return call(key, loader);
		}
	}

	private @Nullable Object load(Cache cache, Object key, CacheKey entry, Callable<?> loader, Found missed,
			Budget budget, Flight flight, FillTime fillTime) {
		MemcachedKey memcachedKey = entry.memcachedKey();
		Found found;
		try {
			found = (this.lease != null) ? this.lease.awaitTurn(cache, key, entry, missed) : missed;
		}
		catch (RuntimeException | Error ex) {
			// An error handler threw. Nobody must wait for a load that never begins.
			this.store.flights().crash(memcachedKey, flight, ex);
			throw ex;
		}
		if (found.isHit()) {
			this.store.flights().land(memcachedKey, flight, found.value());
			return found.value();
		}
		Ticket ticket = found.ticket();
		Object value;
		try {
			value = loader.call();
		}
		catch (Throwable ex) {
			this.store.flights().crash(memcachedKey, flight, ex);
			release(entry, ticket);
			throw new ValueRetrievalException(key, loader, ex);
		}
		try {
			fillTime.run(() -> {
				// Sent before the flight lands, so that who asks next finds it.
				PendingWrite write = this.store.fill(cache, key, entry, value, ticket);
				this.store.flights().land(memcachedKey, flight, value);
				release(entry, ticket);
				this.store.outcomes().settle(Operation.PUT, cache, key, value, write, budget);
			});
		}
		finally {
			this.store.flights().land(memcachedKey, flight, value);
		}
		return value;
	}

	/**
	 * Give the lease back behind the fill, in whose connection's order it follows.
	 */
	private void release(CacheKey entry, @Nullable Ticket ticket) {
		if (this.lease != null && ticket != null) {
			this.store.releaseLease(entry, ticket);
		}
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
	 * Get or load without holding a thread. The future completes on the store's executor
	 * or where the loader's completes.
	 */
	<T> CompletableFuture<T> retrieve(Cache cache, Object key, Supplier<CompletableFuture<T>> loader, Budget budget) {
		CacheKey entry = this.store.key(Operation.GET, cache, key, null);
		if (entry == null) {
			return loader.get();
		}
		long readBegan = System.nanoTime();
		CompletableFuture<?> result = this.store.findAsync(cache, key, entry, budget).thenCompose((found) -> {
			if (found.isHit()) {
				return CompletableFuture.<@Nullable Object>completedFuture(found.value());
			}
			Flight mine = new Flight(null);
			Flight flight = this.store.flights().join(entry.memcachedKey(), mine, readBegan);
			return (flight != mine) ? flight.result() : takeOff(cache, key, entry, loader, found, budget, mine);
		});
		@SuppressWarnings("unchecked")
		CompletableFuture<T> typed = (CompletableFuture<T>) result;
		return typed;
	}

	private <T> CompletableFuture<@Nullable Object> takeOff(Cache cache, Object key, CacheKey entry,
			Supplier<CompletableFuture<T>> loader, Found missed, Budget budget, Flight flight) {
		if (this.lease == null) {
			return loadAsync(cache, key, entry, loader, missed.ticket(), budget, flight);
		}
		return this.lease.awaitTurnAsync(cache, key, entry, missed).thenCompose((found) -> {
			if (found.isHit()) {
				this.store.flights().land(entry.memcachedKey(), flight, found.value());
				return CompletableFuture.<@Nullable Object>completedFuture(found.value());
			}
			return loadAsync(cache, key, entry, loader, found.ticket(), budget, flight);
		}).whenComplete((value, failure) -> {
			if (failure != null) {
				this.store.flights().crash(entry.memcachedKey(), flight, failure);
			}
		});
	}

	private <T> CompletableFuture<@Nullable Object> loadAsync(Cache cache, Object key, CacheKey entry,
			Supplier<CompletableFuture<T>> loader, @Nullable Ticket ticket, Budget budget, Flight flight) {
		MemcachedKey memcachedKey = entry.memcachedKey();
		CompletableFuture<T> loading;
		try {
			loading = Objects.requireNonNull(loader.get(), "The loader returned no future");
		}
		catch (Throwable ex) {
			loading = CompletableFuture.failedFuture(ex);
		}
		return loading.handle((value, failure) -> {
			if (failure != null) {
				Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure;
				this.store.flights().crash(memcachedKey, flight, cause);
				release(entry, ticket);
				throw new CompletionException(cause);
			}
			try {
				PendingWrite write = this.store.fill(cache, key, entry, value, ticket);
				release(entry, ticket);
				this.store.outcomes().settleAsync(Operation.PUT, cache, key, value, write, budget);
			}
			finally {
				this.store.flights().land(memcachedKey, flight, value);
			}
			return value;
		});
	}

	/**
	 * When a loaded value may be stored: at once, or after a transaction whose changes it
	 * may show has committed.
	 */
	@FunctionalInterface
	interface FillTime {

		FillTime NOW = Runnable::run;

		void run(Runnable fill);

	}

}
