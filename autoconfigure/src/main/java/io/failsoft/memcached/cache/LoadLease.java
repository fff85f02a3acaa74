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

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.LeaseRequest;
import io.failsoft.memcached.consistency.LeaseRequest.Answer;
import io.failsoft.memcached.consistency.LeaseRequest.Lease;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Has one instance of the application load a missing key while the others wait for what
 * it stores. The lease is an item that only one of them can {@code add}. One that waits
 * gives up after the length of the lease, so that a holder that dies, or a load that
 * takes longer, keeps nobody from loading; and at once if memcached fails. Thread-safe.
 * <p>
 * To ask for the lease and to read the key once more is one round trip. What it takes
 * counts as time spent waiting for memcached, unless the answer is that another is
 * loading: that is waiting for the other, and bounded by the length of the lease.
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
	Turn awaitTurn(MemcachedCache cache, Object key, MemcachedKey entry, Found missed, Budget budget) {
		long deadline = System.nanoTime() + this.lengthNanos;
		long pause = FIRST_PAUSE_NANOS;
		Found latest = missed;
		for (Ticket ticket = latest.ticket(); ticket != null; ticket = latest.ticket()) {
			Budget network = new Budget(budget.left());
			LeaseRequest request = this.store.requestLease(entry, ticket, this.seconds);
			latest = this.store.findAgain(cache, key, entry, network);
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

	private CompletableFuture<Turn> awaitTurnAsync(MemcachedCache cache, Object key, MemcachedKey entry, Found latest,
			Budget budget, long deadline, long pause) {
		Ticket ticket = latest.ticket();
		if (ticket == null) {
			return CompletableFuture.completedFuture(new Turn(latest, null));
		}
		Budget network = new Budget(budget.left());
		CompletableFuture<Answer> request = this.store.requestLease(entry, ticket, this.seconds)
			.toFuture(network.left(), this.store.executor());
		return this.store.findAgainAsync(cache, key, entry, network)
			.thenCompose((found) -> request.thenCompose((answer) -> {
				Turn turn = turn(cache, key, found, answer, budget, network);
				long left = deadline - System.nanoTime();
				if (turn != null || left <= 0) {
					return CompletableFuture.completedFuture((turn != null) ? turn : new Turn(found, null));
				}
				// Not by way of the store's executor: that may refuse, and nobody would
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
			this.store.failures().serverFailed(Operation.GET, cache, key, null, answer.result());
		}
		if (found.isFailed() || found.isHit()) {
			Turn unused = new Turn(found, answer.lease());
			unused.end();
			return new Turn(found, null);
		}
		// Also with the lease in hand the key was read again: its last holder may have
		// stored the value between the miss and now.
		return othersTurn ? null : new Turn(found, answer.lease());
	}

	/**
	 * What came of waiting.
	 *
	 * @param found a hit, or the miss that is now to be loaded
	 * @param lease the lease it is loaded under, or {@code null} if there is none to end
	 */
	record Turn(Found found, @Nullable Lease lease) {

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
