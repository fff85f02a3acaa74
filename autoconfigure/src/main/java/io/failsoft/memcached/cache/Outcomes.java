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
import java.util.concurrent.Executor;

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PendingWrite;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * Waits for what became of a cache's writes, counts it, and reports what failed.
 * Thread-safe.
 */
final class Outcomes {

	private final FailureReporter failures;

	private final CacheStatistics statistics;

	private final Executor executor;

	Outcomes(FailureReporter failures, CacheStatistics statistics, Executor executor) {
		this.failures = failures;
		this.statistics = statistics;
		this.executor = executor;
	}

	/**
	 * Wait for a write and report its failure.
	 * @return what became of it
	 */
	Status settle(Operation operation, Cache cache, Object key, @Nullable Object value, @Nullable PendingWrite write,
			Budget budget) {
		return (write != null) ? settled(operation, cache, key, value, write.await(budget)) : Status.REFUSED;
	}

	/**
	 * Report a write's failure when it is known.
	 * @return what became of it; exceptionally what the error handler threw
	 */
	CompletableFuture<Status> settleAsync(Operation operation, Cache cache, Object key, @Nullable Object value,
			@Nullable PendingWrite write, Budget budget) {
		return (write == null) ? CompletableFuture.completedFuture(Status.REFUSED)
				: write.toFuture(budget.left(), this.executor)
					.thenApply((result) -> settled(operation, cache, key, value, result));
	}

	private Status settled(Operation operation, Cache cache, Object key, @Nullable Object value, WriteResult result) {
		if (result.status() == Status.FAILED) {
			report(operation, cache, key, value, result);
		}
		else if (operation == Operation.PUT) {
			if (result.status() == Status.REFUSED) {
				this.statistics.fillRefused();
			}
			else {
				this.statistics.put();
			}
		}
		return result.status();
	}

	void report(Operation operation, Cache cache, @Nullable Object key, @Nullable Object value, WriteResult result) {
		Failure failure = result.failure();
		if (failure != null) {
			this.failures.serverFailed(operation, cache, key, value, failure, result.detail(), result.server());
		}
	}

}
