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

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Has evictions, puts and clears within a transaction wait for its commit, and what is
 * loaded within one as well: it may show changes that are rolled back.
 */
final class TransactionalMemcachedCache extends TransactionAwareCacheDecorator {

	private final MemcachedCache target;

	TransactionalMemcachedCache(MemcachedCache target) {
		super(target);
		this.target = target;
	}

	@Override
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		boolean mayShowUncommitted = TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
		@SuppressWarnings("unchecked")
		T value = (T) this.target.loads()
			.get(this.target, key, valueLoader, this.target.budget(),
					mayShowUncommitted ? TransactionalMemcachedCache::afterCommit : Loads.FillTime.NOW);
		return value;
	}

	private static void afterCommit(Runnable fill) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				fill.run();
			}

		});
	}

	@Override
	public String toString() {
		return this.target.toString();
	}

}
