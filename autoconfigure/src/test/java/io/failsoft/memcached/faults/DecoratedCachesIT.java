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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Caches that the application decorates, proxies or spies on: each call goes by the
 * decorator, and a slow load does not overwrite a newer eviction of another instance.
 */
@WithMemcached
@ExtendWith(OutputCaptureExtension.class)
class DecoratedCachesIT {

	private static final AtomicInteger COUNTED = new AtomicInteger();

	@ParameterizedTest
	@EnumSource
	void aSlowLoadDoesNotOverwriteANewerEviction(Decorator decorator, MemcachedServer server, CapturedOutput output) {
		try (RunningApplication application = start(server, decorator.configuration());
				RunningApplication other = start(server, Beans.class)) {
			Service service = application.bean(Service.class);
			Cache elsewhere = Objects.requireNonNull(other.caches().getCache("rows"));
			for (Way way : Way.values()) {
				elsewhere.evict("k");
				COUNTED.set(0);
				assertThat(way.call(service, () -> "v1")).as("%s", way).isEqualTo("v1");
				assertThat(way.call(service, () -> "never")).as("a hit of %s", way).isEqualTo("v1");
				assertThat(elsewhere.get("k", String.class)).as("%s", way).isEqualTo("v1");
				if (decorator.counts()) {
					assertThat(COUNTED).as("calls of the decorator by %s", way).hasValueGreaterThanOrEqualTo(2);
				}
				elsewhere.evict("k");
				way.call(service, () -> {
					elsewhere.evict("k");
					return "old";
				});
				assertThat(elsewhere.get("k")).as("after a slow load by %s", way).isNull();
			}
			assertThat(output).doesNotContain("did not pass");
		}
	}

	@Test
	void aDirectUseOfTheCacheWithinTheMethodIsNotTheInvocations(MemcachedServer server) {
		try (RunningApplication application = start(server, OfManager.class)) {
			Service service = application.bean(Service.class);
			Cache cache = Objects.requireNonNull(application.bean(CacheManager.class).getCache("rows"));
			for (Way way : Way.values()) {
				cache.evict("k");
				way.call(service, () -> {
					cache.put("k", "put by the method itself");
					assertThat(cache.get("k", String.class)).isEqualTo("put by the method itself");
					return "loaded";
				});
				assertThat(cache.get("k", String.class)).as("%s", way).isEqualTo("put by the method itself");
			}
		}
	}

	@Test
	void aPutByWayOfADecoratorDoesNotOverwriteAnEvictionSinceTheCallBegan(MemcachedServer server) {
		try (RunningApplication application = start(server, OfManager.class)) {
			Service service = application.bean(Service.class);
			Cache cache = Objects.requireNonNull(application.bean(CacheManager.class).getCache("rows"));
			cache.evict("k");
			assertThat(cache.get("k")).isNull();
			assertThat(service.put(() -> "new")).isEqualTo("new");
			assertThat(cache.get("k", String.class)).isEqualTo("new");
			service.put(() -> {
				cache.evict("k");
				return "old";
			});
			assertThat(cache.get("k")).isNull();
		}
	}

	@Test
	void aDecoratorThatWritesOnAnotherThreadIsNamedOnce(MemcachedServer server, CapturedOutput output) {
		try (RunningApplication application = start(server, OfHop.class)) {
			Service service = application.bean(Service.class);
			Cache cache = Objects.requireNonNull(application.caches().getCache("rows"));
			for (String value : List.of("a", "b", "c")) {
				cache.evict("k");
				service.find(() -> value);
			}
			assertThat(output.toString().split("did not pass a put", -1)).as("lines").hasSize(2);
			assertThat(output).contains(Hop.class.getName()).contains("'rows'");
		}
	}

	private static RunningApplication start(MemcachedServer server, Class<?> configuration) {
		return RunningApplication
			.start((configuration != Beans.class) ? List.of(Beans.class, configuration) : List.of(Beans.class),
					"memcached.servers=" + server.host() + ":" + server.port())
			.up();
	}

	/**
	 * A cache manager that is asked in place of ours.
	 */
	private static CacheManager decorated(MemcachedCacheManager manager, UnaryOperator<Cache> decorator) {
		return new CacheManager() {

			@Override
			public @Nullable Cache getCache(String name) {
				Cache cache = manager.getCache(name);
				return (cache != null) ? decorator.apply(cache) : null;
			}

			@Override
			public Collection<String> getCacheNames() {
				return manager.getCacheNames();
			}

		};
	}

	private static void count() {
		COUNTED.incrementAndGet();
	}

	/** Ways to decorate. */
	enum Decorator {

		MANAGER(OfManager.class), JDK_PROXY(OfJdkProxy.class), CGLIB_PROXY(OfCglibProxy.class), SPY(OfSpy.class),
		TRANSACTION_AWARE(OfTransactions.class), TWICE(OfTwo.class);

		private final Class<?> configuration;

		Decorator(Class<?> configuration) {
			this.configuration = configuration;
		}

		Class<?> configuration() {
			return this.configuration;
		}

		boolean counts() {
			return this != TRANSACTION_AWARE;
		}

	}

	/** Ways to load. */
	@SuppressWarnings("ImmutableEnumChecker") // the functions keep no state
	enum Way {

		PLAIN(Service::find), SYNC(Service::findSync), SEVERAL(Service::findSeveral),
		FUTURE((service, work) -> service.findFuture(work).join()),
		FUTURE_SYNC((service, work) -> service.findFutureSync(work).join()),
		MONO((service, work) -> service.findMono(work).block()),
		MONO_SYNC((service, work) -> service.findMonoSync(work).block());

		private final BiFunction<Service, Supplier<String>, @Nullable String> method;

		Way(BiFunction<Service, Supplier<String>, @Nullable String> method) {
			this.method = method;
		}

		@Nullable String call(Service service, Supplier<String> work) {
			return this.method.apply(service, work);
		}

	}

	/** An application that has the service. */
	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Service service() {
			return new Service();
		}

		@Bean
		MemcachedCacheManager cacheManager(MemcachedCacheManager.Builder builder) {
			return builder.build();
		}

	}

	/** Decorates what the manager returns. */
	@Configuration(proxyBeanMethods = false)
	static class OfManager {

		@Bean
		@Primary
		CacheManager counting(MemcachedCacheManager manager) {
			return decorated(manager, Counting::new);
		}

	}

	/** Decorates twice. */
	@Configuration(proxyBeanMethods = false)
	static class OfTwo {

		@Bean
		@Primary
		CacheManager counting(MemcachedCacheManager manager) {
			return decorated(manager, (cache) -> new Counting(new TransactionAwareCacheDecorator(cache)));
		}

	}

	/** Decorates by a proxy of the interface. */
	@Configuration(proxyBeanMethods = false)
	static class OfJdkProxy {

		@Bean
		@Primary
		CacheManager counting(MemcachedCacheManager manager) {
			return decorated(manager, (cache) -> (Cache) Proxy.newProxyInstance(Cache.class.getClassLoader(),
					new Class<?>[] { Cache.class }, (proxy, method, arguments) -> {
						count();
						try {
							return method.invoke(cache, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					}));
		}

	}

	/** Decorates by a proxy of the class. */
	@Configuration(proxyBeanMethods = false)
	static class OfCglibProxy {

		@Bean
		@Primary
		CacheManager counting(MemcachedCacheManager manager) {
			return decorated(manager, (cache) -> {
				ProxyFactory factory = new ProxyFactory(cache);
				factory.setProxyTargetClass(true);
				factory.addAdvice((MethodInterceptor) (invocation) -> {
					count();
					return invocation.proceed();
				});
				return (Cache) factory.getProxy();
			});
		}

	}

	/** Spies on the cache. */
	@Configuration(proxyBeanMethods = false)
	static class OfSpy {

		@Bean
		@Primary
		CacheManager counting(MemcachedCacheManager manager) {
			return decorated(manager, (cache) -> Mockito.mock(cache.getClass(),
					Mockito.withSettings().spiedInstance(cache).stubOnly().defaultAnswer((invocation) -> {
						count();
						return invocation.callRealMethod();
					})));
		}

	}

	/** Uses Spring's own decorator. */
	@Configuration(proxyBeanMethods = false)
	static class OfTransactions {

		@Bean
		@Primary
		CacheManager transactions(MemcachedCacheManager manager) {
			return decorated(manager, TransactionAwareCacheDecorator::new);
		}

	}

	/** Writes elsewhere. */
	@Configuration(proxyBeanMethods = false)
	static class OfHop {

		@Bean
		@Primary
		CacheManager hopping(MemcachedCacheManager manager) {
			return decorated(manager, Hop::new);
		}

	}

	private static final class Hop extends Counting {

		Hop(Cache target) {
			super(target);
		}

		@Override
		public void put(Object key, @Nullable Object value) {
			CompletableFuture.runAsync(() -> super.put(key, value)).join();
		}

	}

	/**
	 * Counts calls, as an application would log them.
	 */
	private static class Counting implements Cache {

		private final Cache target;

		Counting(Cache target) {
			this.target = target;
		}

		@Override
		public String getName() {
			return this.target.getName();
		}

		@Override
		public Object getNativeCache() {
			return this.target.getNativeCache();
		}

		@Override
		public @Nullable ValueWrapper get(Object key) {
			count();
			return this.target.get(key);
		}

		@Override
		public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
			count();
			return this.target.get(key, type);
		}

		@Override
		public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
			count();
			return this.target.get(key, valueLoader);
		}

		@Override
		public @Nullable CompletableFuture<?> retrieve(Object key) {
			count();
			return this.target.retrieve(key);
		}

		@Override
		public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
			count();
			return this.target.retrieve(key, valueLoader);
		}

		@Override
		public void put(Object key, @Nullable Object value) {
			count();
			this.target.put(key, value);
		}

		@Override
		public void evict(Object key) {
			count();
			this.target.evict(key);
		}

		@Override
		public void clear() {
			count();
			this.target.clear();
		}

	}

	/**
	 * Methods that load.
	 */
	@CacheConfig(cacheNames = "rows")
	static class Service {

		@Cacheable(key = "'k'")
		public String find(Supplier<String> work) {
			return work.get();
		}

		@Cacheable(key = "'k'", sync = true)
		public String findSync(Supplier<String> work) {
			return work.get();
		}

		@Caching(cacheable = { @Cacheable(key = "'k'"),
				@Cacheable(cacheNames = "more", key = "'none'", unless = "true") })
		public String findSeveral(Supplier<String> work) {
			return work.get();
		}

		@Cacheable(key = "'k'")
		public CompletableFuture<String> findFuture(Supplier<String> work) {
			return CompletableFuture.supplyAsync(work);
		}

		@Cacheable(key = "'k'", sync = true)
		public CompletableFuture<String> findFutureSync(Supplier<String> work) {
			return CompletableFuture.supplyAsync(work);
		}

		@Cacheable(key = "'k'")
		public Mono<String> findMono(Supplier<String> work) {
			return Mono.fromSupplier(work);
		}

		@Cacheable(key = "'k'", sync = true)
		public Mono<String> findMonoSync(Supplier<String> work) {
			return Mono.fromSupplier(work);
		}

		@CachePut(key = "'k'")
		public String put(Supplier<String> work) {
			return work.get();
		}

		@CacheEvict(key = "'k'")
		public void evict() {
		}

	}

}
