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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * The loads under way in this JVM, at most one per key, whose result is shared by all who
 * ask meanwhile. An eviction, a put or a clear detaches the load: a later caller starts a
 * new one. Thread-safe, without a lock for the whole cache.
 */
final class SingleFlight {

	private final ConcurrentHashMap<MemcachedKey, Flight> flights = new ConcurrentHashMap<>();

	private final long longestReadNanos;

	private final long longestLoadNanos;

	/**
	 * Creates an instance without loads.
	 * @param longestRead how long a read takes at most: for that time, callers whose read
	 * began before a load completed may still join it
	 * @param longestLoad how old a load may be that is joined: it may never end
	 */
	SingleFlight(Duration longestRead, Duration longestLoad) {
		this.longestReadNanos = longestRead.toNanos();
		this.longestLoadNanos = longestLoad.toNanos();
	}

	/**
	 * Joins the load of a key or begins it. Only a load that began from what the caller's
	 * own miss saw is joined: another instance may have invalidated what an earlier load
	 * returns.
	 * @param key the key
	 * @param mine the flight to begin if there is none to join
	 * @param readBegan when the read began that missed, by {@link System#nanoTime()}
	 * @return {@code mine} if the caller must load, else the flight that has the result
	 */
	Flight join(MemcachedKey key, Flight mine, long readBegan) {
		while (true) {
			Flight present = this.flights.putIfAbsent(key, mine);
			if (present == null) {
				return mine;
			}
			if (present.sawTheSame(mine) && mine.began - present.began < this.longestLoadNanos
					&& (!present.result.isDone() || present.completedAt - readBegan > 0)) {
				return present;
			}
			if (this.flights.replace(key, present, mine)) {
				return mine;
			}
		}
	}

	/**
	 * Completes a load that succeeded.
	 */
	void complete(MemcachedKey key, Flight flight, @Nullable Object value) {
		if (flight.result.isDone()) {
			return;
		}
		flight.completedAt = System.nanoTime();
		flight.result.complete(value);
		if (this.flights.get(key) == flight) {
			Timer.schedule(() -> this.flights.remove(key, flight), this.longestReadNanos);
		}
	}

	/**
	 * Ends a load without a result. A later caller starts a new one.
	 */
	void end(MemcachedKey key, Flight flight) {
		this.flights.remove(key, flight);
		flight.result.complete(null);
	}

	/**
	 * Completes a load that failed. Only those who wait already share its exception.
	 */
	void fail(MemcachedKey key, Flight flight, Throwable cause) {
		if (!flight.result.isDone()) {
			this.flights.remove(key, flight);
			flight.result.completeExceptionally(cause);
		}
	}

	/**
	 * Detaches the load of a key.
	 * @param key the key, or {@code null} for all
	 */
	void detach(@Nullable MemcachedKey key) {
		if (key != null) {
			this.flights.remove(key);
		}
		else {
			this.flights.clear();
		}
	}

	/**
	 * A load. A loader may ask for other keys, or for its own: no load may wait for a
	 * load that waits for it.
	 */
	static final class Flight {

		/** The load that each waiting thread waits for, in all caches. */
		private static final ConcurrentHashMap<Thread, Flight> WAITING = new ConcurrentHashMap<>();

		private static final int LONGEST_CHAIN = 1000;

		/** The load whose loader is being called on this thread. */
		private static final ThreadLocal<@Nullable Flight> CALLING = new ThreadLocal<>();

		private final CompletableFuture<@Nullable Object> result = new CompletableFuture<>();

		private final long began = System.nanoTime();

		private final @Nullable Thread owner;

		private final @Nullable Flight around = CALLING.get();

		/** The ticket of the miss that the load began from. Set before it is joined. */
		private @Nullable Ticket missed;

		/** Set before the result is. */
		private volatile long completedAt;

		private volatile @Nullable PutMark builtOn;

		/**
		 * Creates a load that a thread runs, or that none does.
		 * @param owner the thread, or {@code null} for an asynchronous load
		 */
		Flight(@Nullable Thread owner) {
			this.owner = owner;
		}

		/**
		 * Sets the miss that the load begins from.
		 * @param ticket its ticket, or {@code null} if it has none
		 * @return this flight
		 */
		Flight from(@Nullable Ticket ticket) {
			this.missed = ticket;
			return this;
		}

		/**
		 * Sets when the oldest value was confirmed that the load was served from a
		 * reserve. To be set before the load completes.
		 * @param confirmed the moment, or {@code null} if it was served none
		 */
		void builtOn(@Nullable PutMark confirmed) {
			this.builtOn = confirmed;
		}

		@Nullable PutMark builtOn() {
			return this.builtOn;
		}

		/**
		 * Returns if a thread runs it, which nothing else needs to be free for.
		 */
		boolean hasThread() {
			return this.owner != null;
		}

		private boolean sawTheSame(Flight other) {
			Ticket ticket = this.missed;
			Ticket others = other.missed;
			return (ticket != null && others != null) ? ticket.sawTheSame(others) : ticket == null && others == null;
		}

		/**
		 * Calls the loader that begins an asynchronous load.
		 */
		<T> T callLoader(Supplier<T> loader) {
			Flight outer = CALLING.get();
			CALLING.set(this);
			try {
				return loader.get();
			}
			finally {
				CALLING.set(outer);
			}
		}

		/**
		 * Returns if another load is, or may be, part of this one, so that this one
		 * cannot end before it.
		 * @param asker the other load
		 * @param thread the thread that asked for the other
		 */
		boolean isAround(Flight asker, Thread thread) {
			if (this.owner == thread) {
				return true;
			}
			for (Flight outer = asker.around; outer != null; outer = outer.around) {
				if (outer == this) {
					return true;
				}
			}
			return false;
		}

		CompletableFuture<@Nullable Object> result() {
			return this.result;
		}

		/**
		 * Waits for the load to end, unless it waits for this thread by way of others. It
		 * parks: on a worker of a fork-join pool a future would run other tasks
		 * meanwhile. A load may also wait for this thread in ways that nobody sees.
		 * @param longest how long to wait at most
		 * @return whether it has ended; {@code false} also if this thread is interrupted
		 */
		boolean await(Duration longest) {
			long deadline = System.nanoTime() + longest.toNanos();
			Thread waiting = Thread.currentThread();
			// Noted before the chain is read, so that of two that wait for each other one
			// sees it.
			WAITING.put(waiting, this);
			try {
				Flight next = this;
				for (int i = 0; i < LONGEST_CHAIN && next != null && next.owner != null && !next.result.isDone(); i++) {
					if (next.owner == waiting) {
						return false;
					}
					next = WAITING.get(next.owner);
				}
				this.result.whenComplete((value, failure) -> LockSupport.unpark(waiting));
				while (!this.result.isDone()) {
					long left = deadline - System.nanoTime();
					if (left <= 0 || waiting.isInterrupted()) {
						return false;
					}
					LockSupport.parkNanos(this, left);
				}
				return true;
			}
			finally {
				WAITING.remove(waiting);
			}
		}

	}

}
