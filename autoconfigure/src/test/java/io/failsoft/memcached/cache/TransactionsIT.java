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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.cache.SingleFlight.Flight;
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
		MemcachedCache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			assertThat(seen()).isEqualTo("old");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void anEvictionOfATransactionThatRollsBackIsNotSent() {
		MemcachedCache cache = this.application.transactional("books");
		cache.put("1", "old");
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			cache.evict("1");
			status.setRollbackOnly();
		});
		assertThat(seen()).isEqualTo("old");
	}

	@Test
	void anEvictionInANestedTransactionWaitsForTheOuterCommit() {
		MemcachedCache cache = this.application.transactional("books");
		cache.put("1", "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> cache.evict("1"));
			assertThat(seen()).as("the inner one took part in the outer one").isEqualTo("old");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void anEvictionInATransactionOfItsOwnWaitsForThatOnly() {
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
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
				(settings) -> settings.toBuilder().loadLease(Duration.ofSeconds(30)).build())) {
			leased.awaitUp();
			MemcachedCache cache = leased.transactional("books");
			long began = System.nanoTime();
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				assertThat(cache.<String>get("1", () -> "first")).isEqualTo("first");
				assertThat(cache.<String>get("1", () -> "second")).isEqualTo("first");
			});
			assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
			assertThat(seen()).isEqualTo("first");
		}
	}

	@Test
	void outsideATransactionNothingWaits() {
		MemcachedCache cache = this.application.transactional("books");
		AtomicInteger loads = new AtomicInteger();
		assertThat(cache.<Integer>get("1", loads::incrementAndGet)).isEqualTo(1);
		assertThat(seen()).isEqualTo(1);
		cache.evict("1");
		assertThat(seen()).isNull();
	}

	@Test
	void whatIsAskedForByAnotherCallbackAfterTheCommitIsSent() {
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
		for (Runnable write : new Runnable[] { () -> cache.evict("1"), () -> cache.put("1", "perhaps"),
				cache::clear }) {
			cache.put("1", "old");
			commitFails(write);
			assertThat(seen()).isNull();
		}
		commitFails(() -> cache.putIfAbsent("1", "perhaps"));
		assertThat(seen()).isNull();
		commitFails(() -> cache.get("1", () -> "perhaps"));
		assertThat(seen()).isNull();
		assertThat(cache.getStatistics().getFillsRefused()).isZero();
	}

	@Test
	void whatIsPutInATransactionThatRollsBackIsNotSeen() {
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
		MemcachedCache authors = this.application.transactional("authors");
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
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
		cache.put("1", "old");
		assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_SUPPORTS, () -> {
			cache.evict("1");
			throw new IllegalStateException("what was done is done");
		}));
		assertThat(seen()).isNull();
	}

	@Test
	void theLastOfSeveralWritesToAKeyInATransactionStands() {
		MemcachedCache cache = this.application.transactional("books");
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
		assertThat(cache.getStatistics().getEvictions()).isEqualTo(2);
	}

	@Test
	void aPutThatAnotherTransactionOvertookIsNotStored() {
		MemcachedCache cache = this.application.transactional("books");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "old");
			this.application.cache("books").evict("1");
		});
		assertThat(seen()).isNull();
	}

	@Test
	void aTransactionReadsWhatItChangedFromTheDatabase() {
		MemcachedCache cache = this.application.transactional("books");
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
		MemcachedCache cache = this.application.transactional("books");
		for (Runnable eviction : new Runnable[] { () -> assertThat(cache.evictIfPresent("1")).isTrue(),
				cache::invalidate }) {
			cache.put("1", "old");
			long evictions = cache.getStatistics().getEvictions();
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				eviction.run();
				assertThat(seen()).isNull();
				assertThat(this.application.cache("books").<String>get("1", () -> "read before the commit"))
					.isEqualTo("read before the commit");
			});
			assertThat(seen()).isNull();
			assertThat(cache.getStatistics().getEvictions() - evictions).isLessThanOrEqualTo(1);
		}
	}

	@Test
	void whatTheHandlerThrowsAtTheCommitReachesTheCallerAfterAllCallbacksAndAllWrites() {
		IllegalStateException thrown = new IllegalStateException("the handler throws");
		try (Application strict = new Application(this.server.host(), this.server.port(), "shop",
				UnaryOperator.identity(), Application.patient(Duration.ofSeconds(1)), new Throwing(thrown))) {
			strict.awaitUp();
			MemcachedCache cache = strict.transactional("books");
			AtomicInteger callbacks = new AtomicInteger();
			assertThatIllegalStateException().isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				cache.evict("1");
				cache.evict("2");
				afterCommit(callbacks::incrementAndGet);
				this.server.kill();
			})).isSameAs(thrown);
			assertThat(callbacks).hasValue(1);
			assertThat(cache.getStatistics().getEvictions()).isEqualTo(2);
			this.server.restart();
		}
	}

	@Test
	void whatTheHandlerThrowsForAValueThatCannotBeWrittenLeavesNothingOlderBehind() {
		IllegalStateException thrown = new IllegalStateException("the handler throws");
		try (Application strict = new Application(this.server.host(), this.server.port(), "shop",
				UnaryOperator.identity(), Application.patient(Duration.ofSeconds(10)), new Throwing(thrown))) {
			strict.awaitUp();
			MemcachedCache cache = strict.transactional("books");
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
			MemcachedCache cache = patient.transactional("books");
			for (int i = 0; i < 1_000; i++) {
				cache.put(i, "old");
			}
			long before = cache.getStatistics().getFailures(Reason.TIMEOUT);
			double millis = Stopwatch.millis(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				for (int i = 0; i < 1_000; i++) {
					cache.evict(i);
				}
				this.server.pause();
			}));
			assertThat(millis).isLessThan(4_000);
			assertThat(cache.getStatistics().getFailures(Reason.TIMEOUT) - before).isEqualTo(1_000);
			this.server.resume();
			patient.awaitUp();
			for (int i = 0; i < 1_000; i++) {
				assertThat(cache.get(i)).isNull();
			}
		}
	}

	@Test
	void aThousandReadsOfOneKeyInATransactionRunTheMethodOnce() {
		MemcachedCache cache = this.application.transactional("books");
		AtomicInteger loads = new AtomicInteger();
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			for (int i = 0; i < 1_000; i++) {
				assertThat(cache.<Integer>get("sync", loads::incrementAndGet)).isEqualTo(1);
			}
			for (int i = 0; i < 1_000; i++) {
				assertThat(invoke(cache, "plain", loads::incrementAndGet)).isEqualTo(2);
			}
		});
		assertThat(loads).hasValue(2);
		assertThat(seen("books", "sync")).isEqualTo(1);
		assertThat(seen("books", "plain")).isEqualTo(2);
	}

	@Test
	void whatATransactionLoadedItFindsAgainAsACopy() {
		MemcachedCache cache = this.application.transactional("books");
		List<String> loaded = new ArrayList<>(List.of("loaded"));
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			assertThat(cache.<List<String>>get("1", () -> loaded)).isSameAs(loaded);
			assertThat(cache.<@Nullable Object>get("none", () -> null)).isNull();
			loaded.add("changed afterwards");
			for (int i = 0; i < 2; i++) {
				@SuppressWarnings("unchecked")
				List<String> found = Objects.requireNonNull(cache.get("1", List.class));
				assertThat(found).containsExactly("loaded");
				found.add("changed by a reader");
			}
			assertThat(cache.get("1")).isNotNull();
			assertThat(cache.get("none")).isNotNull().extracting(Cache.ValueWrapper::get).isNull();
			assertThat(cache.retrieve("1")).isCompletedWithValueMatching(Objects::nonNull);
			assertThat(seen()).as("what others see").isNull();
			in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> assertThat(cache.get("1")).isNull());
			in(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, () -> assertThat(cache.get("1")).isNull());
			in(TransactionDefinition.PROPAGATION_NESTED, () -> assertThat(cache.get("1")).isNotNull());
		});
		assertThat(seen()).isEqualTo(List.of("loaded"));
		assertThat(cache.get("none")).isNotNull();
	}

	@Test
	void itsOwnWriteDropsWhatATransactionLoaded() {
		MemcachedCache cache = this.application.transactional("books");
		for (Runnable write : new Runnable[] { () -> cache.evict("1"), cache::clear, () -> cache.put("1", "put"),
				() -> cache.evictIfPresent("1"), cache::invalidate, () -> cache.putIfAbsent("1", "put") }) {
			cache.clear();
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				assertThat(invoke(cache, "1", () -> "before")).isEqualTo("before");
				write.run();
				assertThat(invoke(cache, "1", () -> "after")).isIn("after", "put");
				assertThat(invoke(cache, "1", () -> "again")).isIn("again", "put");
			});
			assertThat(seen()).isIn("put", null);
		}
	}

	@Test
	void whatThisInstanceEvictedMeanwhileATransactionLoadsAgain() {
		MemcachedCache cache = this.application.transactional("books");
		for (Runnable write : new Runnable[] { () -> cache.evict("1"), cache::clear }) {
			in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
				assertThat(cache.<String>get("1", () -> "old")).isEqualTo("old");
				assertThat(invoke(cache, "2", () -> "old")).isEqualTo("old");
				in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
					write.run();
					cache.evict("2");
				});
				assertThat(cache.<String>get("1", () -> "new")).isEqualTo("new");
				assertThat(invoke(cache, "2", () -> {
					this.application.cache("books").evict("2");
					return "overtaken";
				})).isEqualTo("overtaken");
				assertThat(invoke(cache, "2", () -> "new")).isEqualTo("new");
			});
			assertThat(seen("books", "2")).isEqualTo("new");
			cache.clear();
		}
	}

	@Test
	void whatATransactionLoadsIsBounded() {
		MemcachedCache cache = this.application.transactional("books");
		AtomicInteger loads = new AtomicInteger();
		List<WeakReference<Object>> loaded = new ArrayList<>();
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			for (int i = 0; i < 1_500; i++) {
				String key = "book" + i;
				Callable<Object> loader = () -> {
					loads.incrementAndGet();
					Object value = List.of(key);
					loaded.add(new WeakReference<>(value));
					return value;
				};
				assertThat((i % 2 == 0) ? cache.<Object>get(key, loader) : invoke(cache, key, loader))
					.isEqualTo(List.of(key));
			}
			Application.await(() -> {
				System.gc();
				return loaded.stream().allMatch((value) -> value.get() == null);
			});
			cache.<Object>get("book999", loads::incrementAndGet);
			assertThat(loads).hasValue(1_500);
			cache.<Object>get("book1200", loads::incrementAndGet);
			cache.<Object>get("book1200", loads::incrementAndGet);
			assertThat(loads).as("the method runs for what is not kept").hasValue(1_502);
		});
		for (int i = 0; i < 1_500; i++) {
			assertThat(seen("books", "book" + i)).isEqualTo((i < 1_000) ? List.of("book" + i) : null);
		}
	}

	@Test
	void whatATransactionLoadsIsBoundedInBytes() {
		MemcachedCache cache = this.application.transactional("books");
		Random random = new Random(1);
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			for (int i = 0; i < 6; i++) {
				byte[] bytes = new byte[900 << 10];
				random.nextBytes(bytes);
				assertThat(cache.<byte[]>get(i, () -> bytes)).isSameAs(bytes);
			}
			assertThat(cache.<String>get("small", () -> "fits")).isEqualTo("fits");
			assertThat(cache.get(3)).isNotNull();
			assertThat(cache.get(4)).isNull();
		});
		for (int i = 0; i < 6; i++) {
			assertThat(seen("books", i) != null).isEqualTo(i < 4);
		}
		assertThat(seen("books", "small")).isEqualTo("fits");
	}

	@Test
	void whatATransactionWritesIsBounded() {
		MemcachedCache cache = this.application.transactional("books");
		MemcachedCache authors = this.application.transactional("authors");
		authors.put("1", "old");
		cache.put("other", "old");
		cache.put(5_000, "old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			authors.put("1", "new");
			for (int i = 0; i < 1_500; i++) {
				cache.put(i, "new");
			}
		});
		assertThat(seen("authors", "1")).isEqualTo("new");
		assertThat(seen("books", 998)).isEqualTo("new");
		assertThat(seen("books", 1_200)).as("over the bound a put is an eviction").isNull();
		assertThat(seen("books", "other")).isEqualTo("old");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			authors.put("1", "newer");
			for (int i = 0; i < 10_500; i++) {
				cache.evict(i);
			}
			assertThat(seen("books", 998)).isEqualTo("new");
		});
		assertThat(seen("authors", "1")).isEqualTo("newer");
		assertThat(seen("books", 998)).isNull();
		assertThat(seen("books", 5_000)).isNull();
		assertThat(seen("books", "other")).as("over the bound evictions are a clear").isNull();
	}

	@Test
	void whatIsLoadedInAReadOnlyTransactionIsStoredAtOnceAndLoadedOnce() {
		MemcachedCache cache = this.application.transactional("books");
		TransactionTemplate readOnly = new TransactionTemplate(this.transactions);
		readOnly.setReadOnly(true);
		CountDownLatch loading = new CountDownLatch(1);
		CompletableFuture<Object> other = new CompletableFuture<>();
		readOnly.executeWithoutResult((status) -> {
			assertThat(invoke(cache, "plain", () -> "committed")).isEqualTo("committed");
			assertThat(seen("books", "plain")).isEqualTo("committed");
			assertThat(cache.<String>get("1", () -> {
				Thread joining = new Thread(() -> readOnly.executeWithoutResult(
						(inner) -> other.complete(Objects.requireNonNull(cache.<Object>get("1", () -> {
							loading.countDown();
							return "loaded twice";
						})))));
				joining.start();
				Application.await(() -> LockSupport.getBlocker(joining) instanceof Flight || loading.getCount() == 0);
				return "committed";
			})).isEqualTo("committed");
			assertThat(seen()).isEqualTo("committed");
			status.setRollbackOnly();
		});
		assertThat(other.join()).isEqualTo("committed");
	}

	@Test
	void eachWritingTransactionLoadsForItself() {
		MemcachedCache cache = this.application.transactional("books");
		CountDownLatch bothLoad = new CountDownLatch(2);
		CompletableFuture<Object> other = new CompletableFuture<>();
		Thread thread = new Thread(() -> in(TransactionDefinition.PROPAGATION_REQUIRED,
				() -> other.complete(Objects.requireNonNull(cache.<Object>get("1", () -> {
					bothLoad.countDown();
					bothLoad.await();
					return "of the other";
				})))));
		thread.start();
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> assertThat(cache.<String>get("1", () -> {
			bothLoad.countDown();
			bothLoad.await();
			return "its own";
		})).isEqualTo("its own"));
		assertThat(other.join()).isEqualTo("of the other");
	}

	@Test
	void anAsynchronousLoadOnTheThreadOfAWritingTransactionIsSeenByNobodyElse() {
		MemcachedCache cache = this.application.transactional("books");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.evict("1");
			assertThat(cache.retrieve("1", () -> CompletableFuture.completedFuture("uncommitted")))
				.succeedsWithin(Duration.ofSeconds(20))
				.isEqualTo("uncommitted");
			assertThat(seen()).isNull();
		});
		assertThat(seen()).isNull();
	}

	@Test
	void noValueOfATransactionIsSeenThatRollsBackToASavepoint() {
		MemcachedCache cache = this.application.transactional("books");
		in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
			cache.put("1", "before");
			assertThat(cache.<String>get("2", () -> "before")).isEqualTo("before");
			nestedThatRollsBack(() -> {
				cache.put("3", "rolled back");
				assertThat(cache.<String>get("4", () -> "rolled back")).isEqualTo("rolled back");
				assertThat(cache.putIfAbsent("5", "rolled back")).isNull();
			});
			assertThat(cache.get("4")).isNull();
			assertThat(cache.get("5")).isNull();
		});
		for (String key : List.of("1", "2", "3", "4", "5")) {
			assertThat(seen("books", key)).as(key).isNull();
		}
	}

	/** As Spring calls the cache for {@code @Cacheable}. */
	private static @Nullable Object invoke(MemcachedCache cache, Object key, Callable<?> method) {
		Cache view = new Invocation((value) -> true, false, null, null).viewAll(List.of(cache), null, false).get(0);
		Cache.ValueWrapper found = view.get(key);
		if (found != null) {
			return found.get();
		}
		try {
			Object value = method.call();
			view.put(key, value);
			return value;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void rollBack(Runnable work) {
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	private void commitFails(Runnable work) {
		this.transactions.commitFails = true;
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> in(TransactionDefinition.PROPAGATION_REQUIRED, work));
		this.transactions.commitFails = false;
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
