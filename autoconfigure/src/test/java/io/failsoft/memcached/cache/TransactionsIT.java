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

import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is written within a transaction waits for its commit.
 */
class TransactionsIT {

	private final MemcachedServer server = MemcachedServer.start();

	private final Application application = new Application(this.server, "shop");

	private final NoResourceTransactions transactions = new NoResourceTransactions();

	@BeforeEach
	void connect() {
		this.application.awaitUp();
	}

	@AfterEach
	void stop() {
		this.application.close();
		this.server.close();
	}

	@Test
	void anEvictionWaitsForTheCommit() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			assertThat(seen()).isEqualTo("old");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void anEvictionOfATransactionThatRollsBackIsNotSent() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			cache.evict("1");
			status.setRollbackOnly();
		});
		assertThat(seen()).isEqualTo("old");
	}

	@Test
	void anEvictionInANestedTransactionWaitsForTheOuterCommit() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> cache.evict("1"));
			assertThat(seen()).as("the inner one took part in the outer one").isEqualTo("old");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void anEvictionInATransactionOfItsOwnWaitsForThatOnly() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
				cache.evict("1");
				assertThat(seen()).isEqualTo("old");
			});
			assertThat(seen()).isNull();
		});
	}

	@Test
	void whatIsLoadedWithinATransactionIsStoredAfterItsCommitOnly() {
		Cache cache = this.application.transactional("books");
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			assertThat(cache.<String>get("1", () -> "uncommitted")).isEqualTo("uncommitted");
			status.setRollbackOnly();
		});
		assertThat(seen()).isNull();
		in(TransactionDefinition.PROPAGATION_REQUIRED,
				() -> assertThat(cache.<String>get("1", () -> "committed")).isEqualTo("committed"));
		assertThat(seen()).isEqualTo("committed");
	}

	@Test
	void outsideATransactionNothingWaits() {
		Cache cache = this.application.transactional("books");
		AtomicInteger loads = new AtomicInteger();
		assertThat(cache.<Integer>get("1", loads::incrementAndGet)).isEqualTo(1);
		assertThat(seen()).isEqualTo(1);
		cache.evict("1");
		assertThat(seen()).isNull();
	}

	private void in(int propagation, Runnable work) {
		TransactionTemplate template = new TransactionTemplate(this.transactions);
		template.setPropagationBehavior(propagation);
		template.executeWithoutResult((status) -> work.run());
	}

	private @Nullable Object seen() {
		Cache.ValueWrapper wrapper = this.application.cache("books").get("1");
		return (wrapper != null) ? wrapper.get() : null;
	}

	/**
	 * Transactions without anything that is transacted.
	 */
	@SuppressWarnings("serial")
	private static final class NoResourceTransactions extends AbstractPlatformTransactionManager {

		private final ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return this.active.get();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.active.set(true);
		}

		@Override
		protected Object doSuspend(Object transaction) {
			this.active.set(false);
			return this;
		}

		@Override
		protected void doResume(@Nullable Object transaction, Object suspendedResources) {
			this.active.set(true);
		}

		@Override
		protected void doSetRollbackOnly(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			this.active.set(false);
		}

	}

}
