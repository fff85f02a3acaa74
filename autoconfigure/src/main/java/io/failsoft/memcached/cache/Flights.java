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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

/**
 * The loads under way in this JVM, at most one per key, whose result all who ask
 * meanwhile share. An eviction, a put or a clear detaches the load: who asks afterwards
 * starts a new one. Thread-safe, without a lock for the whole cache.
 */
final class Flights {

	private final ConcurrentHashMap<MemcachedKey, Flight> flights = new ConcurrentHashMap<>();

	/**
	 * Join the load of a key or begin it.
	 * @return the flight; the caller must load if {@link Flight#isOwnedBy} says so of it
	 */
	Flight join(MemcachedKey key, Flight mine) {
		Flight present = this.flights.putIfAbsent(key, mine);
		return (present != null) ? present : mine;
	}

	void land(MemcachedKey key, Flight flight) {
		this.flights.remove(key, flight);
	}

	void detach(MemcachedKey key) {
		if (!this.flights.isEmpty()) {
			this.flights.remove(key);
		}
	}

	void detachAll() {
		this.flights.clear();
	}

	/**
	 * One load.
	 */
	static final class Flight {

		private final CompletableFuture<@Nullable Object> result = new CompletableFuture<>();

		private final @Nullable Thread owner;

		/**
		 * A load that a thread runs, or that none does.
		 * @param owner the thread, or {@code null} for an asynchronous load
		 */
		Flight(@Nullable Thread owner) {
			this.owner = owner;
		}

		boolean isOwnedBy(Thread thread) {
			return this.owner == thread;
		}

		CompletableFuture<@Nullable Object> result() {
			return this.result;
		}

		/**
		 * Wait for the result.
		 * @throws ExecutionException if the load failed
		 * @throws InterruptedException if this thread was interrupted
		 */
		@Nullable Object await() throws ExecutionException, InterruptedException {
			return this.result.get();
		}

	}

}
