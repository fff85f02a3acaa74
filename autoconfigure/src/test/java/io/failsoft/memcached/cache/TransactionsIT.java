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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
	void underALeaseATransactionDoesNotWaitForItself() {
		try (Application leased = new Application(this.server, "shop",
				(settings) -> settings.withLoadLease(Duration.ofSeconds(30)))) {
			leased.awaitUp();
			Cache cache = leased.transactional("books");
			long began = System.nanoTime();
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				assertThat(cache.<String>get("1", () -> "first")).isEqualTo("first");
				assertThat(cache.<String>get("1", () -> "second")).isEqualTo("second");
			});
			assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
			assertThat(seen()).isEqualTo("first");
		}
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

	@Test
	void whatIsAskedForByAnotherCallbackAfterTheCommitIsSent() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> afterCommit(() -> cache.evict("1")));
		assertThat(seen()).isNull();
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> afterCommit(() -> cache.put("1", "new")));
		assertThat(seen()).isEqualTo("new");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> afterCommit(cache::clear));
		assertThat(seen()).isNull();
	}

	@Test
	void whatIsAskedForAfterTheCompletionIsSentAtOnce() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED,
				() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCompletion(int status) {
						cache.evict("1");
						assertThat(seen()).isNull();
						cache.put("1", "new");
					}

				}));
		assertThat(seen()).isEqualTo("new");
	}

	@Test
	void anEvictionIsSentThoughAnotherCallbackThrows() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			afterCommit(() -> {
				throw new IllegalStateException("a callback that fails");
			});
			cache.evict("1");
		}));
		assertThat(seen()).isNull();
	}

	@Test
	void whenTheOutcomeOfTheCommitIsUnknownThenWhatMayBeStaleIsEvicted() {
		Cache cache = this.application.transactional("books");
		for (Runnable write : new Runnable[] { () -> cache.evict("1"), () -> cache.put("1", "perhaps"),
				cache::clear }) {
			cache.put("1", "old");
			this.transactions.commitFails = true;
			assertThatExceptionOfType(TransactionSystemException.class)
				.isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, write));
			this.transactions.commitFails = false;
			assertThat(seen()).isNull();
		}
		assertThat(this.application.cache("books").getStatistics().getFillsRefused()).isZero();
	}

	@Test
	void whatIsPutInATransactionThatRollsBackIsNotSeen() {
		Cache cache = this.application.transactional("books");
		rollBack(() -> cache.put("1", "uncommitted"));
		assertThat(seen()).isNull();
		rollBack(() -> cache.putIfAbsent("1", "uncommitted"));
		assertThat(seen()).isNull();
		cache.put("1", "old");
		rollBack(() -> {
			cache.put("1", "uncommitted");
			assertThat(cache.putIfAbsent("1", "uncommitted")).isNotNull();
		});
		assertThat(seen()).isEqualTo("old");
	}

	@Test
	void whatIsPutAfterASavepointThatIsRolledBackToIsNotSeen() {
		Cache cache = this.application.transactional("books");
		Cache authors = this.application.transactional("authors");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			nestedThatRollsBack(() -> {
				cache.put("1", "rolled back");
				assertThat(authors.<String>get("1", () -> "rolled back")).isEqualTo("rolled back");
			});
			authors.put("2", "committed");
			nestedThatRollsBack(() -> authors.put("2", "rolled back"));
			in(TransactionDefinition.PROPAGATION_NESTED, () -> cache.put("3", "committed"));
		});
		assertThat(seen()).isNull();
		assertThat(seen("authors", "1")).isNull();
		assertThat(seen("authors", "2")).as("it may have been taken back, and is no longer known").isNull();
		assertThat(seen("books", "3")).isEqualTo("committed");
	}

	@Test
	void aSuspendedTransactionKeepsWhatItAskedFor() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		cache.put("2", "old");
		cache.put("3", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			assertThatIllegalStateException()
				.isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
					cache.evict("2");
					throw new IllegalStateException("rolls back");
				}));
			cache.evict("3");
			assertThat(seen()).isEqualTo("old");
		});
		assertThat(seen()).isNull();
		assertThat(seen("books", "2")).isEqualTo("old");
		assertThat(seen("books", "3")).isNull();
	}

	@Test
	void whereThereIsNoTransactionNothingWaitsForItsEnd() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_SUPPORTS, () -> {
			cache.evict("1");
			throw new IllegalStateException("what was done is done");
		}));
		assertThat(seen()).isNull();
	}

	@Test
	void theLastOfSeveralWritesToAKeyInATransactionStands() {
		Cache cache = this.application.transactional("books");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "first");
			cache.put("1", "second");
		});
		assertThat(seen()).isEqualTo("second");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "third");
			cache.evict("1");
		});
		assertThat(seen()).isNull();
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			cache.put("1", "fourth");
		});
		assertThat(seen()).isEqualTo("fourth");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "fifth");
			cache.clear();
		});
		assertThat(seen()).isNull();
		assertThat(this.application.cache("books").getStatistics().getEvictions()).isEqualTo(2);
	}

	@Test
	void aPutThatAnotherTransactionOvertookIsNotStored() {
		Cache cache = this.application.transactional("books");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "old");
			this.application.cache("books").evict("1");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void aTransactionReadsWhatItChangedFromTheDatabase() {
		Cache cache = this.application.transactional("books");
		cache.put("1", "old");
		cache.put("2", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			assertThat(cache.get("1")).isNull();
			assertThat(cache.get("1", String.class)).isNull();
			assertThat(cache.<String>get("1", () -> "uncommitted")).isEqualTo("uncommitted");
			assertThat(cache.get("2", String.class)).isEqualTo("old");
			in(TransactionDefinition.PROPAGATION_REQUIRES_NEW,
					() -> assertThat(cache.get("1", String.class)).isEqualTo("old"));
			cache.clear();
			assertThat(cache.get("2")).isNull();
		});
		assertThat(seen()).isNull();
	}

	@Test
	void anEvictionBeforeTheInvocationIsRepeatedAfterTheCommit() {
		Cache cache = this.application.transactional("books");
		for (Runnable eviction : new Runnable[] { () -> assertThat(cache.evictIfPresent("1")).isTrue(),
				cache::invalidate }) {
			cache.put("1", "old");
			long evictions = this.application.cache("books").getStatistics().getEvictions();
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				eviction.run();
				assertThat(seen()).isNull();
				assertThat(this.application.cache("books").<String>get("1", () -> "read before the commit"))
					.isEqualTo("read before the commit");
			});
			assertThat(seen()).isNull();
			assertThat(this.application.cache("books").getStatistics().getEvictions() - evictions)
				.isLessThanOrEqualTo(1);
		}
	}

	@Test
	void whatTheHandlerThrowsAtTheCommitReachesTheCallerAfterAllCallbacksAndAllWrites() {
		IllegalStateException thrown = new IllegalStateException("the handler throws");
		try (Application strict = new Application(this.server.host(), this.server.port(), "shop",
				UnaryOperator.identity(), Application.patient(Duration.ofSeconds(1)), new Throwing(thrown))) {
			strict.awaitUp();
			Cache cache = strict.transactional("books");
			AtomicInteger callbacks = new AtomicInteger();
			assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				cache.evict("1");
				cache.evict("2");
				afterCommit(callbacks::incrementAndGet);
				this.server.kill();
			})).isSameAs(thrown);
			assertThat(callbacks).hasValue(1);
			assertThat(strict.cache("books").getStatistics().getEvictions()).isEqualTo(2);
			this.server.restart();
		}
	}

	@Test
	void whatTheHandlerThrowsForAValueThatCannotBeWrittenLeavesNothingOlderBehind() {
		IllegalStateException thrown = new IllegalStateException("the handler throws");
		try (Application strict = new Application(this.server.host(), this.server.port(), "shop",
				UnaryOperator.identity(), Application.patient(Duration.ofSeconds(1)), new Throwing(thrown))) {
			strict.awaitUp();
			Cache cache = strict.transactional("books");
			cache.put("1", "old");
			assertThatIllegalStateException().isThrownBy(() -> cache.put("1", Thread.currentThread())).isSameAs(thrown);
			assertThat(cache.get("1")).isNull();
			cache.put("1", "old");
			assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				cache.evict("1");
				cache.put("1", Thread.currentThread());
			})).isSameAs(thrown);
			assertThat(cache.get("1")).isNull();
		}
	}

	@Test
	void whenTheServerHangsAtTheCommitThenAllThatWasAskedForWaitsForOneTimeout() {
		try (Application patient = new Application(this.server.host(), this.server.port(), Duration.ofSeconds(1))) {
			patient.awaitUp();
			Cache cache = patient.transactional("books");
			for (int i = 0; i < 20; i++) {
				cache.put(i, "old");
			}
			double millis = Stopwatch.millis(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				for (int i = 0; i < 20; i++) {
					cache.evict(i);
				}
				this.server.pause();
			}));
			assertThat(millis).isLessThan(4_000);
			assertThat(patient.cache("books").getStatistics().getFailures(Reason.TIMEOUT)).isEqualTo(20);
			this.server.resume();
			patient.awaitUp();
			for (int i = 0; i < 20; i++) {
				assertThat(cache.get(i)).isNull();
			}
		}
	}

	private void rollBack(Runnable work) {
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	private void nestedThatRollsBack(Runnable work) {
		assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_NESTED, () -> {
			work.run();
			throw new IllegalStateException("rolls back");
		}));
	}

	private static void afterCommit(Runnable callback) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				callback.run();
			}

		});
	}

	private void in(int propagation, Runnable work) {
		TransactionTemplate template = new TransactionTemplate(this.transactions);
		template.setPropagationBehavior(propagation);
		template.executeWithoutResult((status) -> work.run());
	}

	private @Nullable Object seen() {
		return seen("books", "1");
	}

	private @Nullable Object seen(String cache, Object key) {
		Cache.ValueWrapper wrapper = this.application.cache(cache).get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	/**
	 * A handler that throws.
	 */
	private static final class Throwing extends SimpleCacheErrorHandler {

		private final RuntimeException exception;

		Throwing(RuntimeException exception) {
			this.exception = exception;
		}

		@Override
		public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
			throw this.exception;
		}

		@Override
		public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
			throw this.exception;
		}

	}

	/**
	 * Transactions without anything that is transacted.
	 */
	@SuppressWarnings("serial")
	private static final class NoResourceTransactions extends AbstractPlatformTransactionManager
			implements SavepointManager {

		private final ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);

		private boolean commitFails;

		NoResourceTransactions() {
			setNestedTransactionAllowed(true);
		}

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		public Object createSavepoint() {
			return new Object();
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
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
			if (this.commitFails) {
				throw new TransactionSystemException("the connection was lost");
			}
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
