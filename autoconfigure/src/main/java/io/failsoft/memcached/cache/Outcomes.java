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

import java.util.concurrent.Executor;

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * Counts what became of a cache's writes, and reports what failed. Thread-safe.
 */
final class Outcomes {

	private final FailureReporter failures;

	private final CacheStatistics statistics;

	private final Executor executor;

	private final long operationTimeoutNanos;

	Outcomes(FailureReporter failures, CacheStatistics statistics, Executor executor, long operationTimeoutNanos) {
		this.failures = failures;
		this.statistics = statistics;
		this.executor = executor;
		this.operationTimeoutNanos = operationTimeoutNanos;
	}

	/**
	 * What outcomes are handed over by that nobody waits for.
	 */
	Executor executor() {
		return this.executor;
	}

	/**
	 * Bound on a write that nobody waits for.
	 */
	long operationTimeoutNanos() {
		return this.operationTimeoutNanos;
	}

	/**
	 * Count an outcome or report it.
	 * @return what became of the write
	 */
	Status settled(Operation operation, Cache cache, @Nullable Object key, @Nullable Object value, WriteResult result) {
		if (result.status() == Status.FAILED) {
			failed(operation, cache, key, value, result);
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

	/**
	 * Log an exception of the error handler that reaches nobody.
	 */
	void handlerThrew(Operation operation, Cache cache, Throwable thrown) {
		this.failures.handlerThrew(operation, cache, thrown);
	}

	void failed(Operation operation, Cache cache, @Nullable Object key, @Nullable Object value, WriteResult result) {
		Failure failure = result.failure();
		if (failure != null) {
			this.failures.serverFailed(operation, cache, key, value, failure, result.detail(), result.server());
		}
	}

}
