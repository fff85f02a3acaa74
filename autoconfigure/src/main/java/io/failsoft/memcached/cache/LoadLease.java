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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.consistency.WriteResult.Status;

import org.springframework.cache.Cache;

/**
 * Has one instance of the application load a missing key while the others wait for what
 * it stores. The lease is an item that only one of them can {@code add}. One that waits
 * gives up after the length of the lease, so that a holder that dies, or a load that
 * takes longer, keeps nobody from loading; and at once if memcached fails. Thread-safe.
 */
final class LoadLease {

	private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final CacheStore store;

	private final long lengthNanos;

	private final int seconds;

	LoadLease(CacheStore store, Duration length) {
		this.store = store;
		this.lengthNanos = length.toNanos();
		this.seconds = (int) Math.min(Integer.MAX_VALUE, length.plusNanos(999_999_999).toSeconds());
	}

	/**
	 * Take the lease or wait for what its holder stores.
	 * @return a hit, or the miss that is now to be loaded
	 */
	Found awaitTurn(Cache cache, Object key, CacheKey entry, Found missed) {
		long deadline = System.nanoTime() + this.lengthNanos;
		long pause = FIRST_PAUSE_NANOS;
		Found latest = missed;
		for (Ticket ticket = latest.ticket(); ticket != null; ticket = latest.ticket()) {
			Status status = this.store.takeLease(entry, ticket, this.seconds).await(this.store.newBudget()).status();
			if (status == Status.FAILED || deadline - System.nanoTime() <= 0) {
				return latest;
			}
			// Also with the lease in hand: its last holder may have stored the value
			// between the miss and now.
			latest = this.store.findAgain(cache, key, entry, this.store.newBudget());
			if (status == Status.DONE) {
				releaseUnused(entry, latest, ticket);
				return latest;
			}
			if (latest.isHit()) {
				return latest;
			}
			LockSupport.parkNanos(this, Math.min(pause, deadline - System.nanoTime()));
			if (Thread.currentThread().isInterrupted()) {
				return latest;
			}
			pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
		}
		return latest;
	}

	/**
	 * What {@link #awaitTurn} does, without holding a thread.
	 */
	CompletableFuture<Found> awaitTurnAsync(Cache cache, Object key, CacheKey entry, Found missed) {
		return awaitTurnAsync(cache, key, entry, missed, System.nanoTime() + this.lengthNanos, FIRST_PAUSE_NANOS);
	}

	private CompletableFuture<Found> awaitTurnAsync(Cache cache, Object key, CacheKey entry, Found latest,
			long deadline, long pause) {
		Ticket ticket = latest.ticket();
		if (ticket == null) {
			return CompletableFuture.completedFuture(latest);
		}
		return this.store.takeLease(entry, ticket, this.seconds)
			.toFuture(this.store.newBudget().left(), this.store.executor())
			.thenCompose((result) -> {
				long left = deadline - System.nanoTime();
				if (result.status() == Status.FAILED || left <= 0) {
					return CompletableFuture.completedFuture(latest);
				}
				return this.store.findAgainAsync(cache, key, entry, this.store.newBudget()).thenCompose((found) -> {
					if (result.status() == Status.DONE) {
						releaseUnused(entry, found, ticket);
						return CompletableFuture.completedFuture(found);
					}
					if (found.isHit()) {
						return CompletableFuture.completedFuture(found);
					}
					Executor later = CompletableFuture.delayedExecutor(Math.min(pause, left), TimeUnit.NANOSECONDS,
							this.store.executor());
					return CompletableFuture
						.supplyAsync(() -> awaitTurnAsync(cache, key, entry, found, deadline,
								Math.min(2 * pause, LONGEST_PAUSE_NANOS)), later)
						.thenCompose((next) -> next);
				});
			});
	}

	/**
	 * Give back a lease that nothing will be loaded under: its last holder had stored the
	 * value already.
	 */
	private void releaseUnused(CacheKey entry, Found found, Ticket ticket) {
		if (found.isHit()) {
			this.store.releaseLease(entry, ticket);
		}
	}

}
