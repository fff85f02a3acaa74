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

import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/**
 * Reactive transactions, which are known to a subscriber's context and so not to a cache.
 * The writes of a method within one are sent before it ends. After its end the
 * invalidations are repeated, and the stored values are evicted unless it has committed.
 * Stateless and thread-safe.
 */
final class ReactiveTransactions {

	private static final int CONCURRENCY = 256;

	private ReactiveTransactions() {
	}

	/**
	 * Has the end of the current transaction, if there is one, complete what an
	 * invocation wrote so far.
	 * @param invocation the invocation
	 * @return completes empty, and at once
	 */
	static Mono<Void> join(Invocation invocation) {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.filter((manager) -> manager.isSynchronizationActive() && manager.isActualTransactionActive())
			.doOnNext((manager) -> completionOf(manager).add(invocation))
			.onErrorComplete(NoTransactionException.class)
			.then();
	}

	private static Completion completionOf(TransactionSynchronizationManager manager) {
		for (TransactionSynchronization synchronization : manager.getSynchronizations()) {
			if (synchronization instanceof Completion completion) {
				return completion;
			}
		}
		Completion completion = new Completion();
		manager.registerSynchronization(completion);
		return completion;
	}

	private static final class Completion implements TransactionSynchronization {

		private final CacheTransaction transaction = new CacheTransaction(false);

		synchronized void add(Invocation invocation) {
			invocation.handOver(this.transaction);
		}

		private synchronized List<CacheWrite> due(int status) {
			return this.transaction.due(status);
		}

		@Override
		public Mono<Void> afterCompletion(int status) {
			return Flux.defer(() -> Flux.fromIterable(due(status)))
				.flatMap((write) -> Mono.fromFuture(() -> write.send().settleLater()), CONCURRENCY)
				.then();
		}

	}

}
