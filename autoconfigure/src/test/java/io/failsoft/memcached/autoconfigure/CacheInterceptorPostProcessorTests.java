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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import javax.cache.annotation.CacheResult;

import io.failsoft.memcached.cache.CacheInterceptorPostProcessor;
import io.failsoft.memcached.cache.CurrentView;
import io.failsoft.memcached.cache.MemcachedCacheExceptions;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.config.CacheManagementConfigUtils;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.cache.jcache.interceptor.JCacheInterceptor;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@ExtendWith(OutputCaptureExtension.class)
class CacheInterceptorPostProcessorTests {

	private static final List<Viewed> VIEWED = new ArrayList<>();

	private static final List<Throwable> HANDLED = new ArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Binding.class,
			EnablesCaching.class, Service.class);

	private final ApplicationContextRunner oneManager = this.runner.withUserConfiguration(OneManager.class);

	@BeforeEach
	void forget() {
		VIEWED.clear();
		HANDLED.clear();
	}

	@Test
	void whenAMethodIsCachedThenItsInvocationUsesOneViewForGetAndPut() {
		this.oneManager.run((context) -> {
			Service service = context.getBean(Service.class);
			assertThat(AopUtils.isAopProxy(service)).isTrue();
			assertThat(service.cached(1)).isEqualTo("value 1");
			assertThat(VIEWED).hasSize(1);
			assertThat(VIEWED.get(0).operations).containsExactly("get", "put");
			assertThat(service.cached(1)).isEqualTo("value 1");
			assertThat(VIEWED).hasSize(2);
			assertThat(VIEWED.get(1).operations).containsExactly("get");
			assertThat(VIEWED.get(1).invocation()).isNotSameAs(VIEWED.get(0).invocation());
		});
	}

	@Test
	void whenAnInvocationHasSeveralOperationsThenTheyShareTheInvocationAndOnlyPutsAreMarked() {
		this.oneManager.run((context) -> {
			context.getBean(Service.class).several("x");
			assertThat(VIEWED).hasSize(4);
			assertThat(VIEWED).extracting(Viewed::invocation).containsOnly(VIEWED.get(0).invocation());
			assertThat(VIEWED).filteredOn((viewed) -> viewed.puts()).extracting(Viewed::name).containsExactly("put");
		});
	}

	@Test
	void whenAMethodCallsAnotherCachedOneThenEachIsAnInvocationOfItsOwn() {
		this.oneManager.run((context) -> {
			context.getBean(Service.class).outer(1);
			assertThat(VIEWED).extracting(Viewed::name).containsExactly("books", "books");
			assertThat(VIEWED.get(0).invocation()).isNotSameAs(VIEWED.get(1).invocation());
			assertThat(VIEWED.get(0).operations).containsExactly("get", "put");
		});
	}

	@Test
	void whenTheResultIsAFutureThenThePutGoesToTheSameView() {
		this.oneManager.run((context) -> {
			CompletableFuture<String> future = new CompletableFuture<>();
			CompletableFuture<String> result = context.getBean(Service.class).future(future);
			Thread completer = new Thread(() -> future.complete("late"));
			completer.start();
			assertThat(result.join()).isEqualTo("late");
			completer.join();
			assertThat(VIEWED).hasSize(1);
			assertThat(VIEWED.get(0).operations).containsExactly("retrieve", "put");
		});
	}

	@Test
	void whenTheResultIsReactiveThenThePutGoesToTheSameView() {
		this.oneManager.run((context) -> {
			assertThat(context.getBean(Service.class).mono(1).block()).isEqualTo("mono 1");
			assertThat(VIEWED).hasSize(1);
			assertThat(VIEWED.get(0).operations).containsExactly("retrieve", "put");
		});
	}

	@Test
	void whenSyncThenTheLoaderRunsOnTheView() {
		this.oneManager.run((context) -> {
			assertThat(context.getBean(Service.class).sync(1)).isEqualTo("sync 1");
			assertThat(VIEWED).hasSize(1);
			assertThat(VIEWED.get(0).operations).containsExactly("load");
		});
	}

	@Test
	void whenTheOperationNamesAManagerThenItsCachesAreViewedToo() {
		this.runner.withUserConfiguration(TwoManagers.class).run((context) -> {
			context.getBean(Service.class).otherManager(1);
			assertThat(VIEWED).extracting(Viewed::name).containsExactly("named");
		});
	}

	@Test
	void whenTheOperationNamesAResolverThenItResolves() {
		this.oneManager.withUserConfiguration(OwnResolver.class).run((context) -> {
			context.getBean(Service.class).ownResolver(1);
			assertThat(VIEWED).extracting(Viewed::name).containsExactly("resolved");
		});
	}

	@Test
	void whenThereIsACachingConfigurerThenItStaysInForce() {
		this.oneManager.withUserConfiguration(Configurer.class).run((context) -> {
			context.getBean(Service.class).cached(1);
			assertThat(VIEWED).extracting(Viewed::name).containsExactly("configured");
			assertThat(VIEWED.get(0).cache.lookup("generated key")).isNotNull();
		});
	}

	@Test
	void whenThereAreTwoManagersWithoutPrimaryThenItFailsAsWithoutUs() {
		String withUs = startFailure(this.runner.withUserConfiguration(TwoPlainManagers.class));
		String without = startFailure(new ApplicationContextRunner().withUserConfiguration(EnablesCaching.class,
				Service.class, TwoPlainManagers.class));
		assertThat(withUs).isEqualTo(without).contains("No unique bean of type CacheManager found");
	}

	@Test
	void whenThereIsNoManagerThenItFailsAsWithoutUs() {
		assertThat(startFailure(this.runner))
			.isEqualTo(startFailure(
					new ApplicationContextRunner().withUserConfiguration(EnablesCaching.class, Service.class)))
			.contains("No bean of type CacheManager found");
	}

	@Test
	void whenAspectjWeavesTheCachesThenOneWarningSaysWhatIsNotShared(CapturedOutput output) {
		this.oneManager.run((context) -> assertThat(output).doesNotContain("ASPECTJ"));
		this.oneManager.withBean(CacheManagementConfigUtils.CACHE_ASPECT_BEAN_NAME, CacheAspectSupport.class,
				() -> new CacheAspectSupport() {
				})
			.run((context) -> assertThat(output.getOut().lines())
				.filteredOn((line) -> line.contains("WARN") && line.contains("ASPECTJ"))
				.hasSize(1));
	}

	@Test
	void whenTheInterceptorIsASubclassThenItStaysAndItsResolverIsWrapped() {
		this.oneManager.withAllowBeanDefinitionOverriding(true)
			.withUserConfiguration(OwnInterceptor.class)
			.run((context) -> {
				assertThat(context.getBean(CacheInterceptor.class)).isExactlyInstanceOf(OwnInterceptor.Counting.class);
				context.getBean(Service.class).cached(1);
				assertThat(VIEWED).hasSize(1);
				assertThat(VIEWED.get(0).operations).containsExactly("get", "put");
			});
	}

	@Test
	void whenAnnotationsAreThoseOfJsr107ThenTheirInvocationsUseViews() {
		this.oneManager.run((context) -> {
			assertThat(context.getBean(JCacheInterceptor.class).getClass()).isNotEqualTo(JCacheInterceptor.class);
			assertThat(context.getBean(Service.class).jsr(1)).isEqualTo("jsr 1");
			assertThat(context.getBean(Service.class).jsr(1)).isEqualTo("jsr 1");
			assertThat(VIEWED).hasSize(2);
			assertThat(VIEWED.get(0).operations).containsExactly("get", "put");
			assertThat(VIEWED.get(1).operations).containsExactly("get");
		});
	}

	@Test
	void whenAnotherCacheFailsThenSpringsDefaultHandlerThrowsAsWithoutUs() {
		this.oneManager.run((context) -> assertThatIllegalStateException()
			.isThrownBy(() -> context.getBean(Service.class).broken(1))
			.withMessage("foreign cache is broken"));
	}

	@Test
	void whenAnotherCacheFailsThenTheConfigurersHandlerIsAskedAsWithoutUs() {
		this.oneManager.withUserConfiguration(HandlingConfigurer.class).run((context) -> {
			assertThat(context.getBean(Service.class).broken(1)).isEqualTo("broken 1");
			assertThat(HANDLED).hasSize(2);
		});
	}

	@Test
	void whenAHandlerIsOnlyABeanThenAnotherCacheDoesNotUseItAsWithoutUs() {
		this.oneManager.withBean("handler", Recording.class).run((context) -> {
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Service.class).broken(1));
			assertThat(HANDLED).isEmpty();
		});
	}

	@Test
	void whenAnExceptionOfOursReachesAnInterceptorThenItIsThrownOnAndNotHandledAgain() {
		this.oneManager.withUserConfiguration(HandlingConfigurer.class).run((context) -> {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> context.getBean(Service.class).ours(1))
				.withMessage("of ours");
			assertThat(HANDLED).isEmpty();
		});
	}

	@Test
	void whenTheConfigurerCreatesAHandlerThenOurCachesUseTheInstanceThatSpringUses() {
		this.oneManager.withUserConfiguration(HandlingConfigurer.class).run((context) -> {
			CacheErrorHandler applicable = context.getBean(ApplicableErrorHandler.class).get();
			assertThat(applicable).isInstanceOf(Recording.class);
			assertThat(context.getBean(HandlingConfigurer.class).created).isEqualTo(1);
		});
	}

	@Test
	void whenAConfigurerAsksForTheThrowingHandlerThenItApplies() {
		this.oneManager.withUserConfiguration(ThrowingConfigurer.class)
			.withBean("handler", Recording.class)
			.run((context) -> assertThat(context.getBean(ApplicableErrorHandler.class).get())
				.isExactlyInstanceOf(SimpleCacheErrorHandler.class));
	}

	@Test
	void whenAConfigurerHasNoHandlerThenTheBeanApplies() {
		this.oneManager.withUserConfiguration(Configurer.class)
			.withBean("handler", Recording.class)
			.run((context) -> assertThat(context.getBean(ApplicableErrorHandler.class).get())
				.isInstanceOf(Recording.class));
	}

	@Test
	void whenThereAreTwoHandlersThenTheFirstApplies() {
		this.oneManager.withBean("first", Recording.class)
			.withBean("second", SimpleCacheErrorHandler.class)
			.run((context) -> assertThat(context.getBean(ApplicableErrorHandler.class).get())
				.isInstanceOf(CacheErrorHandler.class));
	}

	private static String startFailure(ApplicationContextRunner runner) {
		List<String> messages = new ArrayList<>();
		runner.run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			messages.add(String.valueOf(failure));
		});
		return messages.get(0);
	}

	@Configuration(proxyBeanMethods = false)
	static class Binding {

		@Bean
		static CacheInterceptorPostProcessor binding() {
			return new CacheInterceptorPostProcessor();
		}

		@Bean
		ApplicableErrorHandler applicable(CacheInterceptorPostProcessor interceptors,
				ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheErrorHandler> handlers) {
			return new ApplicableErrorHandler(interceptors.getOriginalHandlers(), configurers, handlers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class EnablesCaching {

	}

	@Configuration(proxyBeanMethods = false)
	static class OneManager {

		@Bean
		CacheManager cacheManager() {
			return manager("books", "a", "b", "put", "evict", "named", "configured");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoManagers {

		@Bean
		@Primary
		CacheManager first() {
			return manager("books");
		}

		@Bean
		CacheManager other() {
			return manager("named");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPlainManagers {

		@Bean
		CacheManager first() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		CacheManager other() {
			return new ConcurrentMapCacheManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnResolver {

		@Bean
		CacheResolver mine() {
			Cache cache = new Recorder("resolved");
			return (context) -> List.of(cache);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configurer implements CachingConfigurer {

		@Override
		public CacheResolver cacheResolver() {
			return new CacheResolver() {

				private final Cache cache = new Recorder("configured");

				@Override
				public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
					return List.of(this.cache);
				}

			};
		}

		@Override
		public KeyGenerator keyGenerator() {
			return (target, method, params) -> "generated key";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HandlingConfigurer implements CachingConfigurer {

		private int created;

		@Override
		public CacheErrorHandler errorHandler() {
			this.created++;
			return new Recording();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingConfigurer implements CachingConfigurer {

		@Override
		public CacheErrorHandler errorHandler() {
			return new SimpleCacheErrorHandler();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnInterceptor {

		@Bean
		@Role(2)
		CacheInterceptor cacheInterceptor(CacheOperationSource cacheOperationSource) {
			Counting interceptor = new Counting();
			interceptor.setCacheOperationSource(cacheOperationSource);
			return interceptor;
		}

		@SuppressWarnings("serial")
		static class Counting extends CacheInterceptor {

		}

	}

	static class Recording implements CacheErrorHandler {

		@Override
		public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
			HANDLED.add(exception);
		}

		@Override
		public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
			HANDLED.add(exception);
		}

		@Override
		public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
			HANDLED.add(exception);
		}

		@Override
		public void handleCacheClearError(RuntimeException exception, Cache cache) {
			HANDLED.add(exception);
		}

	}

	private static CacheManager manager(String... names) {
		List<Cache> caches = new ArrayList<>();
		for (String name : names) {
			caches.add(new Recorder(name));
		}
		caches.add(new Broken("broken", () -> new IllegalStateException("foreign cache is broken")));
		caches.add(new Broken("ours", () -> MemcachedCacheExceptions.create(Reason.DOWN, "a:1", "of ours")));
		SimpleCacheManager manager = new SimpleCacheManager();
		manager.setCaches(caches);
		manager.initializeCaches();
		return manager;
	}

	static class Service {

		private final ObjectProvider<Service> self;

		Service(ObjectProvider<Service> self) {
			this.self = self;
		}

		@Cacheable("books")
		public String cached(int id) {
			return "value " + id;
		}

		@Caching(cacheable = @Cacheable({ "a", "b" }), put = @CachePut("put"), evict = @CacheEvict("evict"))
		public String several(String id) {
			return id;
		}

		@Cacheable(cacheNames = "books", key = "'outer'")
		public String outer(int id) {
			return this.self.getObject().cached(id);
		}

		@Cacheable(cacheNames = "books", key = "1")
		public CompletableFuture<String> future(CompletableFuture<String> result) {
			return result;
		}

		@Cacheable("books")
		public Mono<String> mono(int id) {
			return Mono.fromSupplier(() -> "mono " + id);
		}

		@Cacheable(cacheNames = "books", sync = true)
		public String sync(int id) {
			return "sync " + id;
		}

		@Cacheable(cacheNames = "named", cacheManager = "other")
		public String otherManager(int id) {
			return "other " + id;
		}

		@Cacheable(cacheNames = "books", cacheResolver = "mine")
		public String ownResolver(int id) {
			return "own " + id;
		}

		@CacheResult(cacheName = "books")
		public String jsr(int id) {
			return "jsr " + id;
		}

		@Cacheable("broken")
		public String broken(int id) {
			return "broken " + id;
		}

		@Cacheable("ours")
		public String ours(int id) {
			return "ours " + id;
		}

	}

	private static final class Broken extends ConcurrentMapCache {

		private final Supplier<RuntimeException> failure;

		Broken(String name, Supplier<RuntimeException> failure) {
			super(name);
			this.failure = failure;
		}

		@Override
		protected @Nullable Object lookup(Object key) {
			throw this.failure.get();
		}

		@Override
		public void put(Object key, @Nullable Object value) {
			throw this.failure.get();
		}

	}

	/**
	 * Notes which invocation's view each call comes by.
	 */
	private static final class Recorder extends ConcurrentMapCache {

		Recorder(String name) {
			super(name);
		}

		private void note(String operation) {
			CurrentView view = CurrentView.get();
			Viewed viewed = VIEWED.stream().filter((known) -> known.view.equals(view)).findFirst().orElse(null);
			if (viewed == null) {
				viewed = new Viewed(view, this, new ArrayList<>());
				VIEWED.add(viewed);
			}
			viewed.operations.add(operation);
		}

		@Override
		protected @Nullable Object lookup(Object key) {
			return super.lookup(key);
		}

		@Override
		public @Nullable ValueWrapper get(Object key) {
			note("get");
			return super.get(key);
		}

		@Override
		public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
			note("load");
			return super.get(key, valueLoader);
		}

		@Override
		public @Nullable CompletableFuture<?> retrieve(Object key) {
			note("retrieve");
			return super.retrieve(key);
		}

		@Override
		public void put(Object key, @Nullable Object value) {
			note("put");
			super.put(key, value);
		}

		@Override
		public void evict(Object key) {
			note("evict");
			super.evict(key);
		}

	}

	private record Viewed(CurrentView view, Recorder cache, List<String> operations) {

		String name() {
			return this.cache.getName();
		}

		Object invocation() {
			return this.view.invocation();
		}

		boolean puts() {
			return this.view.puts();
		}

	}

}
