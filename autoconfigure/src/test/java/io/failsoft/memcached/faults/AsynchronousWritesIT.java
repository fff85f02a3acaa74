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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Methods that return a future or a publisher hold no thread for memcached's sake, and
 * what they return completes when their writes have been sent.
 */
@WithMemcached
@ExtendWith(OutputCaptureExtension.class)
class AsynchronousWritesIT {

	private static final String TIMEOUT = "memcached.operation-timeout=2500ms";

	/** Longer than a busy machine pauses, and well below the timeout of an operation. */
	private static final int PROMPT_MILLIS = 1500;

	@Test
	void whenTheServerHangsThenTheThreadThatCompletesTheMethodIsNotHeld(MemcachedServer server) throws Exception {
		try (RunningApplication application = start(server)) {
			Handlers.Recording handler = application.bean(Handlers.Recording.class);
			for (Way way : List.of(Way.FUTURE_EVICT, Way.MONO_PUT, Way.FLUX_EVICT)) {
				int handled = handler.calls();
				completeWhileHanging(way, application, server);
				Polling.until("handled", () -> handler.calls() > handled);
				assertThat(cache(application).get("k")).as("to be delivered, after %s", way).isNull();
				server.resume();
				application.up();
				assertThat(cache(application).get("k")).as("delivered, after %s", way).isNull();
			}
			assertThat(handler.calls()).isEqualTo(3);
		}
	}

	@Test
	void whatTheHandlerThrowsForAWriteThatNobodyWaitsForIsLogged(MemcachedServer server, CapturedOutput output)
			throws Exception {
		try (RunningApplication application = start(server)) {
			Handlers.Recording handler = application.bean(Handlers.Recording.class);
			for (Way way : Way.values()) {
				warm(way, application);
			}
			server.pause();
			handler.rethrow();
			for (Way way : Way.values()) {
				complete(way, application);
			}
			// Each way fails once, a timeout later.
			Polling.until("handled", () -> handler.calls() >= Way.values().length);
			Polling.until("logged", () -> output.toString().contains("no caller waits for"));
			handler.swallow();
			server.resume();
			application.up();
			assertThat(handler.calls()).isEqualTo(Way.values().length);
		}
	}

	private static void completeWhileHanging(Way way, RunningApplication application, MemcachedServer server)
			throws Exception {
		warm(way, application);
		server.pause();
		complete(way, application);
	}

	/** Loading classes is not what holds a thread. */
	private static void warm(Way way, RunningApplication application) throws Exception {
		way.call(application.bean(Service.class), CompletableFuture.completedFuture("warm")).get(20, TimeUnit.SECONDS);
		Polling.until("cached", () -> {
			cache(application).put("k", "old");
			return cache(application).get("k") != null;
		});
	}

	private static void complete(Way way, RunningApplication application) {
		CompletableFuture<String> method = new CompletableFuture<>();
		Stopwatch.Timed<CompletableFuture<?>> result = Stopwatch.time(() -> {
			CompletableFuture<?> called = way.call(application.bean(Service.class), method);
			method.complete("new");
			return called;
		});
		assertThat(result.millis()).as("held by %s", way).isLessThan(PROMPT_MILLIS);
		assertThat(result.result()).as("nobody waits for what %s writes", way)
			.succeedsWithin(Duration.ofMillis(PROMPT_MILLIS));
	}

	@Test
	void whoWaitsForTheResultSeesTheWrite(MemcachedServer server) throws Exception {
		try (RunningApplication application = start(server)) {
			assertThat(cache(application).get("warm")).isNull();
			for (Way way : Way.values()) {
				cache(application).put("k", "old");
				way.call(application.bean(Service.class), CompletableFuture.completedFuture("new"))
					.get(20, TimeUnit.SECONDS);
				Cache.ValueWrapper seen = cache(application).get("k");
				assertThat((seen != null) ? seen.get() : null).as("%s", way)
					.isEqualTo(way.isPut() ? way.written() : null);
			}
		}
	}

	@Test
	void theMethodsOwnFailureReachesTheCallerAndNothingIsPut(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			for (Way way : Way.values()) {
				SoldOut soldOut = new SoldOut("k");
				CompletableFuture<?> result = way.call(application.bean(Service.class),
						CompletableFuture.failedFuture(soldOut));
				assertThat(catchThrowable(() -> result.get(20, TimeUnit.SECONDS))).as("%s", way).hasCause(soldOut);
				assertThat(cache(application).get("k")).as("%s", way).isNull();
			}
			assertThat(application.bean(Handlers.Recording.class).calls()).isZero();
		}
	}

	private static RunningApplication start(MemcachedServer server) {
		return RunningApplication
			.start(List.of(Writes.class, Handlers.AsBean.class),
					"memcached.servers=" + server.host() + ":" + server.port(), TIMEOUT, Fault.BREAKER_STAYS_CLOSED)
			.up();
	}

	private static Cache cache(RunningApplication application) {
		Cache cache = application.caches().getCache("written");
		if (cache == null) {
			throw new AssertionError("no cache");
		}
		return cache;
	}

	/**
	 * A way to a method that writes to the cache when a future completes.
	 */
	@SuppressWarnings("ImmutableEnumChecker") // the functions keep no state
	enum Way {

		FUTURE_PUT((service) -> service::futurePut), FUTURE_PUT_OF_TWO((service) -> service::futurePutOfTwo),
		FUTURE_EVICT((service) -> service::futureEvict), FUTURE_EVICT_BEFORE((service) -> service::futureEvictBefore),
		FUTURE_CLEAR((service) -> service::futureClear),
		MONO_PUT((service) -> (method) -> service.monoPut(method).toFuture()),
		MONO_EVICT((service) -> (method) -> service.monoEvict(method).toFuture()),
		MONO_EVICT_EMPTY((service) -> (method) -> service.monoEvictEmpty(method).toFuture()),
		MONO_CLEAR((service) -> (method) -> service.monoClear(method).toFuture()),
		FLUX_PUT((service) -> (method) -> service.fluxPut(method).collectList().toFuture()),
		FLUX_EVICT((service) -> (method) -> service.fluxEvict(method).collectList().toFuture());

		private final Function<Service, Function<CompletableFuture<String>, CompletableFuture<?>>> method;

		Way(Function<Service, Function<CompletableFuture<String>, CompletableFuture<?>>> method) {
			this.method = method;
		}

		boolean isPut() {
			return this == FUTURE_PUT || this == FUTURE_PUT_OF_TWO || this == MONO_PUT || this == FLUX_PUT;
		}

		Object written() {
			return (this == FLUX_PUT) ? List.of("new") : "new";
		}

		CompletableFuture<?> call(Service service, CompletableFuture<String> result) {
			return this.method.apply(service).apply(result);
		}

	}

	/** An application that has the service. */
	@Configuration(proxyBeanMethods = false)
	static class Writes {

		@Bean
		Service service() {
			return new Service();
		}

	}

	/**
	 * Methods that return what a test gives them.
	 */
	@CacheConfig(cacheNames = "written")
	static class Service {

		@CachePut(key = "'k'")
		public CompletableFuture<String> futurePut(CompletableFuture<String> result) {
			return result;
		}

		@Caching(put = { @CachePut(key = "'k'"), @CachePut(key = "'none'", unless = "true") })
		public CompletableFuture<String> futurePutOfTwo(CompletableFuture<String> result) {
			return result;
		}

		@CacheEvict(key = "'k'")
		public CompletableFuture<String> futureEvict(CompletableFuture<String> result) {
			return result;
		}

		@CacheEvict(key = "'k'", beforeInvocation = true)
		public CompletableFuture<String> futureEvictBefore(CompletableFuture<String> result) {
			return result;
		}

		@CacheEvict(allEntries = true)
		public CompletableFuture<@Nullable String> futureClear(CompletableFuture<@Nullable String> result) {
			return result;
		}

		@CachePut(key = "'k'")
		public Mono<String> monoPut(CompletableFuture<String> result) {
			return Mono.fromFuture(result);
		}

		@CacheEvict(key = "'k'")
		public Mono<String> monoEvict(CompletableFuture<String> result) {
			return Mono.fromFuture(result);
		}

		@CacheEvict(key = "'k'")
		public Mono<Void> monoEvictEmpty(CompletableFuture<String> result) {
			return Mono.fromFuture(result).then();
		}

		@CacheEvict(allEntries = true)
		public Mono<String> monoClear(CompletableFuture<String> result) {
			return Mono.fromFuture(result);
		}

		@CachePut(key = "'k'")
		public Flux<String> fluxPut(CompletableFuture<String> result) {
			return Mono.fromFuture(result).flux();
		}

		@CacheEvict(key = "'k'")
		public Flux<String> fluxEvict(CompletableFuture<String> result) {
			return Mono.fromFuture(result).flux();
		}

	}

}
