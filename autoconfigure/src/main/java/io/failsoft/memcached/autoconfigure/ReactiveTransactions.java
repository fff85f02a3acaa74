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

package io.failsoft.memcached.autoconfigure;

import io.failsoft.memcached.cache.CacheViews;
import reactor.core.publisher.Mono;

import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/**
 * Reactive transactions, which are known to a subscriber's context and so not to a cache.
 * What a method wrote within one was sent before it ended; at its end it is seen to that
 * nothing stale is left. Stateless and thread-safe.
 */
final class ReactiveTransactions {

	private ReactiveTransactions() {
	}

	/**
	 * Have the end of the current transaction, if there is one, complete what an
	 * invocation wrote so far.
	 * @param invocation the invocation, see {@link CacheViews#newInvocation}
	 * @return completes empty, and at once
	 */
	static Mono<Void> join(Object invocation) {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.filter((manager) -> manager.isSynchronizationActive() && manager.isActualTransactionActive())
			.doOnNext((manager) -> manager.registerSynchronization(new Completion(invocation)))
			.onErrorComplete(NoTransactionException.class)
			.then();
	}

	private record Completion(Object invocation) implements TransactionSynchronization {

		@Override
		public Mono<Void> afterCompletion(int status) {
			return Mono
				.fromFuture(() -> CacheViews.afterTransaction(this.invocation, status != STATUS_ROLLED_BACK,
						status != STATUS_COMMITTED), true)
				.then();
		}

	}

}
