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

package io.failsoft.memcached.faults;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.expression.EvaluationException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What is left in the cache when a reactive transaction has ended.
 */
@WithMemcached
class ReactiveTransactionsIT {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final TransactionalOperator transaction = TransactionalOperator.create(new NoResourceTransactions());

	@Test
	void anEvictionIsRepeatedAfterTheCommit(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Cache cache = cache(application);
			Service service = application.bean(Service.class);
			for (Function<Service, Mono<?>> eviction : List.<Function<Service, Mono<?>>>of(Service::evict,
					Service::evictEmpty, Service::evictBefore, Service::clear, (target) -> target.evictAll("k"),
					(target) -> target.evictAllBefore("k"), (target) -> target.evictBeforeAndFail().onErrorComplete(),
					(target) -> target.evictFluxBeforeAndFail().onErrorComplete().collectList(),
					(target) -> target.evictFlux().collectList())) {
				cache.put("k", "old");
				this.transaction.transactional(eviction.apply(service).then(Mono.fromRunnable(() -> {
					assertThat(cache.get("k")).isNull();
					assertThat(cache.<String>get("k", () -> "read before the commit")).isNotNull();
				}))).block(LONG);
				assertThat(cache.get("k")).isNull();
			}
		}
	}

	@Test
	void whatIsStoredIsEvictedWhenTheTransactionRollsBackAndLeftWhenItCommits(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Cache cache = cache(application);
			Service service = application.bean(Service.class);
			assertThat(cache.get("warm")).isNull();
			for (Function<Service, Mono<?>> store : List.<Function<Service, Mono<?>>>of(Service::put, Service::load,
					Service::loadSync, (target) -> target.loadAll("k"))) {
				cache.evict("k");
				this.transaction
					.transactional(store.apply(service).then(Mono.error(new IllegalStateException("rolls back"))))
					.onErrorComplete(IllegalStateException.class)
					.block(LONG);
				assertThat(cache.get("k")).isNull();
				this.transaction.transactional(store.apply(service)).block(LONG);
				assertThat(cache.get("k", String.class)).isEqualTo("new");
			}
		}
	}

	@Test
	void whatIsStoredBeforeTheSubscriberIsToldOfAFailureIsEvictedToo(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Cache cache = cache(application);
			cache.evict("k");
			assertThat(cache.get("warm")).isNull();
			assertThatThrownBy(
					() -> this.transaction.transactional(application.bean(Service.class).loadTwo(List.of("k", "l")))
						.block(LONG))
				.isInstanceOf(EvaluationException.class);
			assertThat(cache.get("k")).isNull();
		}
	}

	@Test
	void whatOneTransactionLoadsIsNotHeldUntilItsEnd(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			List<WeakReference<Object>> loaded = new CopyOnWriteArrayList<>();
			this.transaction.transactional(Flux.range(0, 200)
				.concatMap(service::loadKey)
				.doOnNext((value) -> loaded.add(new WeakReference<>(value)))
				.then()
				// Off the pool that reports the outcomes, as a report holds its value.
				.publishOn(Schedulers.boundedElastic())
				.then(Mono.fromRunnable(() -> Polling.until("collected", () -> {
					System.gc();
					return loaded.stream().filter((value) -> value.get() != null).count() < 10;
				})))
				.then(Mono.error(new IllegalStateException("rolls back"))))
				.onErrorComplete(IllegalStateException.class)
				.block(LONG.multipliedBy(2));
			assertThat(loaded).hasSize(200);
			for (int i = 0; i < 200; i++) {
				assertThat(cache(application).get(i)).isNull();
			}
		}
	}

	private static RunningApplication start(MemcachedServer server) {
		return RunningApplication
			.start(List.of(Beans.class), "memcached.servers=" + server.host() + ":" + server.port())
			.up();
	}

	private static Cache cache(RunningApplication application) {
		Cache cache = application.caches().getCache("reactive");
		if (cache == null) {
			throw new AssertionError("no cache");
		}
		return cache;
	}

	/** An application that has the service. */
	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Service service() {
			return new Service();
		}

	}

	/**
	 * Methods that take part in a transaction.
	 */
	@CacheConfig(cacheNames = "reactive")
	static class Service {

		@CacheEvict(key = "'k'")
		public Mono<String> evict() {
			return Mono.just("done");
		}

		@CacheEvict(key = "'k'")
		public Mono<Void> evictEmpty() {
			return Mono.empty();
		}

		@CacheEvict(key = "'k'", beforeInvocation = true)
		public Mono<String> evictBefore() {
			return Mono.just("done");
		}

		@CacheEvict(key = "'k'", beforeInvocation = true)
		public Mono<String> evictBeforeAndFail() {
			return Mono.error(new IllegalStateException("failed"));
		}

		@CacheEvict(key = "'k'", beforeInvocation = true)
		public Flux<String> evictFluxBeforeAndFail() {
			return Flux.error(new IllegalStateException("failed"));
		}

		@CollectionCacheEvict(key = "'k'")
		public Mono<String> evictAll(String... keys) {
			return Mono.just("done");
		}

		@CollectionCacheEvict(key = "'k'", beforeInvocation = true)
		public Mono<String> evictAllBefore(String... keys) {
			return Mono.just("done");
		}

		@CollectionCacheable(key = "'k'")
		public Mono<Map<String, String>> loadAll(String... keys) {
			return Mono.just(Map.of("k", "new"));
		}

		@CollectionCacheable(unless = "#result.equals('refused') and #fails")
		public Mono<Map<String, String>> loadTwo(List<String> keys) {
			return Mono.just(Map.of("k", "new", "l", "refused"));
		}

		@CacheEvict(allEntries = true)
		public Mono<String> clear() {
			return Mono.just("done");
		}

		@CacheEvict(key = "'k'")
		public Flux<String> evictFlux() {
			return Flux.just("done", "well");
		}

		@CachePut(key = "'k'")
		public Mono<String> put() {
			return Mono.just("new");
		}

		@Cacheable(key = "'k'")
		public Mono<String> load() {
			return Mono.just("new");
		}

		@Cacheable
		public Mono<List<Integer>> loadKey(int key) {
			return Mono.fromSupplier(() -> List.of(key));
		}

		@Cacheable(key = "'k'", sync = true)
		public Mono<String> loadSync() {
			return Mono.just("new");
		}

	}

	/**
	 * Transactions without anything that is transacted.
	 */
	@SuppressWarnings("serial")
	private static final class NoResourceTransactions extends AbstractReactiveTransactionManager {

		@Override
		protected Object doGetTransaction(TransactionSynchronizationManager manager) {
			return this;
		}

		@Override
		protected Mono<Void> doBegin(TransactionSynchronizationManager manager, Object transaction,
				TransactionDefinition definition) {
			return Mono.empty();
		}

		@Override
		protected Mono<Void> doCommit(TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
			return Mono.empty();
		}

		@Override
		protected Mono<Void> doRollback(TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
			return Mono.empty();
		}

	}

}
