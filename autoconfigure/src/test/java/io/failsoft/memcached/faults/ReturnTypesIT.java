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

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import kotlin.Metadata;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.flow.FlowKt;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Cached methods return the type they are declared with, whatever it is, and what the
 * method throws reaches the caller as it is.
 */
@WithMemcached
class ReturnTypesIT {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final List<String> TYPES = List.of("future", "stage", "mono", "flux", "publisher", "single", "maybe",
			"observable", "flowable", "flow", "deferred");

	private static RunningApplication start(MemcachedServer server) {
		RunningApplication application = RunningApplication
			.start(List.of(Beans.class), "memcached.servers=" + server.host() + ":" + server.port())
			.up();
		List.of("types", "first", "second").forEach((name) -> cache(application, name).clear());
		return application;
	}

	private static Cache cache(RunningApplication application, String name) {
		return Objects.requireNonNull(application.caches().getCache(name));
	}

	private static Method method(String name) {
		return Objects.requireNonNull(ReflectionUtils.findMethod(Service.class, name, (Class<?>[]) null));
	}

	/**
	 * Calls a method and returns the values that its result has in the end.
	 */
	private static List<Object> values(Service service, String name, Object... arguments) {
		Method method = method(name);
		ReflectionUtils.makeAccessible(method);
		Object result = Objects.requireNonNull(ReflectionUtils.invokeMethod(method, service, arguments));
		assertThat(result).as(name).isInstanceOf(method.getReturnType());
		return values(result, method.getReturnType());
	}

	private static List<Object> values(Object result, Class<?> type) {
		ReactiveAdapter adapter = Objects.requireNonNull(ReactiveAdapterRegistry.getSharedInstance().getAdapter(type));
		return Objects.requireNonNull(Flux.<Object>from(adapter.toPublisher(result)).collectList().block(LONG));
	}

	@Test
	void eachTypeIsLoadedOnceAndReturnedAsDeclared(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (String type : TYPES) {
				for (String name : List.of(type, type + "Sync")) {
					int calls = service.calls();
					List<Object> loaded = values(service, name);
					assertThat(loaded).as(name).isNotEmpty();
					assertThat(values(service, name)).as("hit of %s", name).isEqualTo(loaded);
					assertThat(service.calls() - calls).as(name).isEqualTo(1);
				}
			}
		}
	}

	@Test
	void eachTypeIsPutAndEvicted(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			assertThat(cache(application, "types").get("warm")).isNull();
			for (String type : TYPES) {
				List<Object> put = values(service, type + "Put");
				Cache.ValueWrapper stored = cache(application, "types").get("written");
				assertThat(stored).as("put by %s", type).isNotNull();
				assertThat(stored.get()).as("put by %s", type).isIn(put, put.get(0));
				values(service, type + "Evict");
				assertThat(cache(application, "types").get("written")).as("evicted by %s", type).isNull();
			}
		}
	}

	@Test
	void aMissCanBeSubscribedToAgain(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			assertThat(service.flakyMono(new AtomicInteger()).retry(2).block(LONG)).isEqualTo("value");
			assertThat(service.flakyFlux(new AtomicInteger()).retry(2).collectList().block(LONG))
				.containsExactly("value");
			assertThat(service.flakySingle(new AtomicInteger()).retry(2).blockingGet()).isEqualTo("value");
			assertThat(service.flux().repeat(1).collectList().block(LONG)).hasSize(4);
			int calls = service.calls();
			Mono<String> mono = service.mono();
			String first = mono.block(LONG);
			assertThat(mono.block(LONG)).as("a hit by now").isEqualTo(first);
			cache(application, "types").evict("mono");
			assertThat(mono.block(LONG)).as("loaded again").isNotEqualTo(first);
			assertThat(mono.block(LONG)).as("stored again").isEqualTo(service.mono().block(LONG));
			assertThat(service.calls() - calls).as("subscriptions to what the method returned").isEqualTo(2);
		}
	}

	@Test
	void aPutThatIsSubscribedToAgainStoresTheLatestValue(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			assertThat(cache(application, "types").get("warm")).isNull();
			Mono<String> mono = service.monoPut();
			mono.block(LONG);
			String second = mono.block(LONG);
			assertThat(cache(application, "types").get("written", String.class)).isEqualTo(second);
		}
	}

	@Test
	void anExceptionThatTheMethodThrowsBeforeItReturnsReachesTheCallerAsItself(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (Exception failure : List.of(new SoldOut("k"), new IOException("checked"))) {
				for (String type : List.of("future", "stage", "mono", "flux", "single")) {
					for (String kind : List.of("", "Sync", "Put", "Evict")) {
						Throwable thrown = catchThrowable(() -> values(service, type + "Throws" + kind, failure));
						assertThat(original(thrown)).as(type + kind).isSameAs(failure);
					}
				}
			}
		}
	}

	private static Throwable original(@Nullable Throwable thrown) {
		Throwable unwrapped = Exceptions.unwrap(Objects.requireNonNull(thrown));
		if (unwrapped instanceof UndeclaredThrowableException undeclared) {
			unwrapped = Objects.requireNonNull(undeclared.getCause());
		}
		return (unwrapped instanceof CompletionException && unwrapped.getCause() != null) ? unwrapped.getCause()
				: unwrapped;
	}

	@Test
	void aMethodWithSeveralCachesLooksInAllOfThemAndFillsThem(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			for (String name : List.of("futureOfTwo", "monoOfTwo")) {
				cache(application, "second").put(name, "second");
				assertThat(values(service, name)).as(name).containsExactly("second");
				cache(application, "second").evict(name);
				List<Object> loaded = values(service, name);
				for (String cache : List.of("first", "second")) {
					assertThat(cache(application, cache).get(name, String.class)).as("%s in %s", name, cache)
						.isEqualTo(loaded.get(0));
				}
			}
		}
	}

	/**
	 * Spring's proxies turn a Kotlin function into a publisher before an interceptor sees
	 * what it returned; this calls the interceptor as they do.
	 */
	@Test
	void aSuspendingFunctionIsCachedPutAndEvicted(MemcachedServer server) throws Throwable {
		try (RunningApplication application = start(server)) {
			CacheInterceptor interceptor = application.bean(CacheInterceptor.class);
			AtomicInteger calls = new AtomicInteger();
			Suspending target = new Suspending();
			for (int i = 0; i < 2; i++) {
				Object result = interceptor
					.invoke(new Call(target, "find", () -> Mono.fromSupplier(calls::incrementAndGet)));
				assertThat((result instanceof Mono<?> mono) ? mono.block(LONG) : result).isEqualTo(1);
			}
			Object put = interceptor.invoke(new Call(target, "put", () -> Mono.just("put")));
			assertThat((put instanceof Mono<?> mono) ? mono.block(LONG) : "no publisher").isEqualTo("put");
			assertThat(cache(application, "types").get("1", String.class)).isEqualTo("put");
			Object evicted = interceptor.invoke(new Call(target, "evict", () -> Mono.just("done")));
			assertThat((evicted instanceof Mono<?> mono) ? mono.block(LONG) : "no publisher").isEqualTo("done");
			assertThat(cache(application, "types").get("1")).isNull();
		}
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
	 * Methods that look to Spring like Kotlin functions.
	 */
	@Metadata
	@CacheConfig(cacheNames = "types")
	static class Suspending {

		@Cacheable
		public @Nullable Object find(String id, Continuation<? super String> continuation) {
			throw new AssertionError("called by the proxy only");
		}

		@CachePut
		public @Nullable Object put(String id, Continuation<? super String> continuation) {
			throw new AssertionError("called by the proxy only");
		}

		@CacheEvict
		public @Nullable Object evict(String id, Continuation<? super String> continuation) {
			throw new AssertionError("called by the proxy only");
		}

	}

	private record Call(Object target, String name, Supplier<Object> result) implements MethodInvocation {

		@Override
		public Method getMethod() {
			return ClassUtils.getMethod(this.target.getClass(), this.name, String.class, Continuation.class);
		}

		@Override
		public @Nullable Object[] getArguments() {
			return new @Nullable Object[] { "1", null };
		}

		@Override
		public Object proceed() {
			return this.result.get();
		}

		@Override
		public Object getThis() {
			return this.target;
		}

		@Override
		public AccessibleObject getStaticPart() {
			return getMethod();
		}

	}

	/**
	 * A method of each type.
	 */
	@CacheConfig(cacheNames = "types")
	static class Service {

		private final AtomicInteger calls = new AtomicInteger();

		int calls() {
			return this.calls.get();
		}

		private String next() {
			return "value " + this.calls.incrementAndGet();
		}

		@Cacheable(key = "'future'")
		public CompletableFuture<String> future() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@Cacheable(key = "'future sync'", sync = true)
		public CompletableFuture<String> futureSync() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@CachePut(key = "'written'")
		public CompletableFuture<String> futurePut() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@CacheEvict(key = "'written'")
		public CompletableFuture<String> futureEvict() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@Cacheable(key = "'stage'")
		public CompletionStage<String> stage() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@Cacheable(key = "'stage sync'", sync = true)
		public CompletionStage<String> stageSync() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@CachePut(key = "'written'")
		public CompletionStage<String> stagePut() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@CacheEvict(key = "'written'")
		public CompletionStage<String> stageEvict() {
			return CompletableFuture.supplyAsync(this::next);
		}

		@Cacheable(key = "'mono'")
		public Mono<String> mono() {
			return Mono.fromSupplier(this::next);
		}

		@Cacheable(key = "'mono sync'", sync = true)
		public Mono<String> monoSync() {
			return Mono.fromSupplier(this::next);
		}

		@CachePut(key = "'written'")
		public Mono<String> monoPut() {
			return Mono.fromSupplier(this::next);
		}

		@CacheEvict(key = "'written'")
		public Mono<String> monoEvict() {
			return Mono.fromSupplier(this::next);
		}

		@Cacheable(key = "'flux'")
		public Flux<String> flux() {
			return Flux.defer(() -> Flux.just(next(), "second"));
		}

		@Cacheable(key = "'flux sync'", sync = true)
		public Flux<String> fluxSync() {
			return Flux.defer(() -> Flux.just(next(), "second"));
		}

		@CachePut(key = "'written'")
		public Flux<String> fluxPut() {
			return Flux.defer(() -> Flux.just(next(), "second"));
		}

		@CacheEvict(key = "'written'")
		public Flux<String> fluxEvict() {
			return Flux.defer(() -> Flux.just(next(), "second"));
		}

		@Cacheable(key = "'publisher'")
		public Publisher<String> publisher() {
			return Mono.fromSupplier(this::next);
		}

		@Cacheable(key = "'publisher sync'", sync = true)
		public Publisher<String> publisherSync() {
			return Mono.fromSupplier(this::next);
		}

		@CachePut(key = "'written'")
		public Publisher<String> publisherPut() {
			return Mono.fromSupplier(this::next);
		}

		@CacheEvict(key = "'written'")
		public Publisher<String> publisherEvict() {
			return Mono.fromSupplier(this::next);
		}

		@Cacheable(key = "'single'")
		public Single<String> single() {
			return Single.fromCallable(this::next);
		}

		@Cacheable(key = "'single sync'", sync = true)
		public Single<String> singleSync() {
			return Single.fromCallable(this::next);
		}

		@CachePut(key = "'written'")
		public Single<String> singlePut() {
			return Single.fromCallable(this::next);
		}

		@CacheEvict(key = "'written'")
		public Single<String> singleEvict() {
			return Single.fromCallable(this::next);
		}

		@Cacheable(key = "'maybe'")
		public Maybe<String> maybe() {
			return Maybe.fromCallable(this::next);
		}

		@Cacheable(key = "'maybe sync'", sync = true)
		public Maybe<String> maybeSync() {
			return Maybe.fromCallable(this::next);
		}

		@CachePut(key = "'written'")
		public Maybe<String> maybePut() {
			return Maybe.fromCallable(this::next);
		}

		@CacheEvict(key = "'written'")
		public Maybe<String> maybeEvict() {
			return Maybe.fromCallable(this::next);
		}

		@Cacheable(key = "'observable'")
		public Observable<String> observable() {
			return Observable.fromCallable(this::next);
		}

		@Cacheable(key = "'observable sync'", sync = true)
		public Observable<String> observableSync() {
			return Observable.fromCallable(this::next);
		}

		@CachePut(key = "'written'")
		public Observable<String> observablePut() {
			return Observable.fromCallable(this::next);
		}

		@CacheEvict(key = "'written'")
		public Observable<String> observableEvict() {
			return Observable.fromCallable(this::next);
		}

		@Cacheable(key = "'flowable'")
		public Flowable<String> flowable() {
			return Flowable.fromCallable(this::next);
		}

		@Cacheable(key = "'flowable sync'", sync = true)
		public Flowable<String> flowableSync() {
			return Flowable.fromCallable(this::next);
		}

		@CachePut(key = "'written'")
		public Flowable<String> flowablePut() {
			return Flowable.fromCallable(this::next);
		}

		@CacheEvict(key = "'written'")
		public Flowable<String> flowableEvict() {
			return Flowable.fromCallable(this::next);
		}

		@Cacheable(key = "'flow'")
		public Flow<String> flow() {
			return FlowKt.flowOf(next(), "second");
		}

		@Cacheable(key = "'flow sync'", sync = true)
		public Flow<String> flowSync() {
			return FlowKt.flowOf(next(), "second");
		}

		@CachePut(key = "'written'")
		public Flow<String> flowPut() {
			return FlowKt.flowOf(next(), "second");
		}

		@CacheEvict(key = "'written'")
		public Flow<String> flowEvict() {
			return FlowKt.flowOf(next(), "second");
		}

		@Cacheable(key = "'deferred'")
		public Deferred<String> deferred() {
			return CompletableDeferredKt.CompletableDeferred(next());
		}

		@Cacheable(key = "'deferred sync'", sync = true)
		public Deferred<String> deferredSync() {
			return CompletableDeferredKt.CompletableDeferred(next());
		}

		@CachePut(key = "'written'")
		public Deferred<String> deferredPut() {
			return CompletableDeferredKt.CompletableDeferred(next());
		}

		@CacheEvict(key = "'written'")
		public Deferred<String> deferredEvict() {
			return CompletableDeferredKt.CompletableDeferred(next());
		}

		@Cacheable(key = "'throws'")
		public CompletableFuture<String> futureThrows(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'", sync = true)
		public CompletableFuture<String> futureThrowsSync(Exception failure) throws Exception {
			throw failure;
		}

		@CachePut(key = "'throws'")
		public CompletableFuture<String> futureThrowsPut(Exception failure) throws Exception {
			throw failure;
		}

		@CacheEvict(key = "'throws'")
		public CompletableFuture<String> futureThrowsEvict(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'")
		public CompletionStage<String> stageThrows(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'", sync = true)
		public CompletionStage<String> stageThrowsSync(Exception failure) throws Exception {
			throw failure;
		}

		@CachePut(key = "'throws'")
		public CompletionStage<String> stageThrowsPut(Exception failure) throws Exception {
			throw failure;
		}

		@CacheEvict(key = "'throws'")
		public CompletionStage<String> stageThrowsEvict(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'")
		public Mono<String> monoThrows(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'", sync = true)
		public Mono<String> monoThrowsSync(Exception failure) throws Exception {
			throw failure;
		}

		@CachePut(key = "'throws'")
		public Mono<String> monoThrowsPut(Exception failure) throws Exception {
			throw failure;
		}

		@CacheEvict(key = "'throws'")
		public Mono<String> monoThrowsEvict(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'")
		public Flux<String> fluxThrows(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'", sync = true)
		public Flux<String> fluxThrowsSync(Exception failure) throws Exception {
			throw failure;
		}

		@CachePut(key = "'throws'")
		public Flux<String> fluxThrowsPut(Exception failure) throws Exception {
			throw failure;
		}

		@CacheEvict(key = "'throws'")
		public Flux<String> fluxThrowsEvict(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'")
		public Single<String> singleThrows(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'throws'", sync = true)
		public Single<String> singleThrowsSync(Exception failure) throws Exception {
			throw failure;
		}

		@CachePut(key = "'throws'")
		public Single<String> singleThrowsPut(Exception failure) throws Exception {
			throw failure;
		}

		@CacheEvict(key = "'throws'")
		public Single<String> singleThrowsEvict(Exception failure) throws Exception {
			throw failure;
		}

		@Cacheable(key = "'flaky Mono'")
		public Mono<String> flakyMono(AtomicInteger attempts) {
			return Mono.fromCallable(() -> attempt(attempts));
		}

		@Cacheable(key = "'flaky Flux'")
		public Flux<String> flakyFlux(AtomicInteger attempts) {
			return Mono.fromCallable(() -> attempt(attempts)).flux();
		}

		@Cacheable(key = "'flaky Single'")
		public Single<String> flakySingle(AtomicInteger attempts) {
			return Single.fromCallable(() -> attempt(attempts));
		}

		private static String attempt(AtomicInteger attempts) {
			if (attempts.incrementAndGet() < 2) {
				throw new SoldOut("for now");
			}
			return "value";
		}

		@Cacheable(cacheNames = { "first", "second" }, key = "'futureOfTwo'")
		public CompletableFuture<String> futureOfTwo() {
			return future();
		}

		@Cacheable(cacheNames = { "first", "second" }, key = "'monoOfTwo'")
		public Mono<String> monoOfTwo() {
			return mono();
		}

	}

}
