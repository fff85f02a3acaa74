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

package io.failsoft.memcached.hunt;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Transactions of the database: what is written within one becomes visible with its
 * commit.
 */
@SuppressWarnings({ "serial", "ThreadLocalUsage" }) // of each run of the hunt, its own
final class TransactionalWrites extends AbstractPlatformTransactionManager {

	private final transient Database database;

	private final transient ThreadLocal<@Nullable List<Integer>> pending = new ThreadLocal<>();

	private final transient ThreadLocal<Long> committed = ThreadLocal.withInitial(() -> 0L);

	TransactionalWrites(Database database) {
		this.database = database;
	}

	/**
	 * Write a row, now or with the commit of this thread's transaction.
	 * @return its new version, or 0 within a transaction
	 */
	long write(int key) {
		List<Integer> keys = this.pending.get();
		if (keys == null) {
			return this.database.write(key);
		}
		keys.add(key);
		return 0;
	}

	/**
	 * The version that this thread's last transaction has written.
	 */
	long lastCommitted() {
		return this.committed.get();
	}

	@Override
	protected Object doGetTransaction() {
		return this;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		this.pending.set(new ArrayList<>());
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		List<Integer> keys = this.pending.get();
		this.pending.remove();
		if (keys != null) {
			for (int key : keys) {
				this.committed.set(this.database.write(key));
			}
		}
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.pending.remove();
	}

}
