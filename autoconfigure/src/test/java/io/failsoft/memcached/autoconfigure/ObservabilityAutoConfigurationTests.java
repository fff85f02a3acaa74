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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.failsoft.memcached.actuate.MemcachedEndpoint;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.health.MemcachedHealthIndicator;
import io.failsoft.memcached.metrics.MemcachedServerMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The whole of what is auto-configured, against a server that refuses.
 */
@ExtendWith(OutputCaptureExtension.class)
class ObservabilityAutoConfigurationTests {

	private final ApplicationContextRunner withoutService = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class,
				CacheMetricsAutoConfiguration.class, MemcachedMetricsAutoConfiguration.class,
				MemcachedHealthContributorAutoConfiguration.class, MemcachedEndpointAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withBean(SimpleMeterRegistry.class)
		.withPropertyValues(TestPools.REFUSED, TestPools.PREFIX, "management.endpoints.web.exposure.include=*",
				"management.endpoints.jmx.exposure.include=*");

	private final ApplicationContextRunner runner = this.withoutService.withUserConfiguration(Service.class);

	@Test
	void whenTheServerRefusesThenTheComponentIsDegraded() {
		this.runner.run((context) -> {
			Health health = Objects.requireNonNull(context.getBean(MemcachedHealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
			assertThat(health.getDetails()).extractingByKey("servers").asString().contains("127.0.0.1:1");
			assertThat(context).hasBean("memcachedHealthContributor");
		});
	}

	@Test
	void whenTheApplicationBringsConnectionDetailsThenAllShowTheirServers() {
		this.runner
			.withBean(MemcachedConnectionDetails.class, () -> () -> List.of(new ServerAddress("127.0.0.1", 2, 1)))
			.run((context) -> {
				Health health = Objects.requireNonNull(context.getBean(MemcachedHealthIndicator.class).health());
				assertThat(health.getDetails()).extractingByKey("servers").asString().contains("127.0.0.1:2=");
				SimpleMeterRegistry registry = new SimpleMeterRegistry();
				context.getBean(MemcachedServerMetrics.class).bindTo(registry);
				assertThat(registry.get("memcached.server.up").gauges())
					.extracting((gauge) -> gauge.getId().getTag("server"))
					.containsExactly("127.0.0.1:2");
				assertThat(json(context.getBean(MemcachedEndpoint.class).memcached()).at("/servers/0/name").asString())
					.isEqualTo("127.0.0.1:2");
			});
	}

	@Test
	void whenServersAreNotDiscoveredYetThenTheComponentIsDegradedAndNamesWhatIsLookedUp() {
		this.runner.withPropertyValues("memcached.servers=cache.invalid", "memcached.discovery=dns").run((context) -> {
			Health health = Objects.requireNonNull(context.getBean(MemcachedHealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
			assertThat(health.getDetails()).extractingByKey("servers").asString().contains("cache.invalid:11211");
			context.getBean(Service.class).plain(1);
		});
	}

	@Test
	void whenTheIndicatorIsDisabledOrTheLibraryIsMissingThenThereIsNone() {
		this.runner.withPropertyValues("management.health.memcached.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MemcachedHealthIndicator.class));
		this.withoutService.withClassLoader(new FilteredClassLoader("org.springframework.boot.health.contributor"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("memcachedHealthContributor"));
	}

	@Test
	void whenThereIsNoRegistryThenNothingIsMetered() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class,
					MemcachedCacheAutoConfiguration.class, MemcachedMetricsAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues(TestPools.REFUSED, TestPools.PREFIX)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MemcachedServerMetrics.class));
	}

	@Test
	void theEndpointNamesCodecsAsTheConfigurationDoes() {
		this.runner
			.withPropertyValues("memcached.cache.caches.a.codec=json", "memcached.cache.caches.b.codec=smile",
					"memcached.cache.caches.c.codec=mine", "spring.cache.cache-names=a,b,c,d")
			.withBean("mine", ValueCodec.class,
					() -> Codecs.jdk(getClass().getClassLoader(), AllowedClasses.of(List.of())))
			.run((context) -> {
				JsonNode caches = json(context.getBean(MemcachedEndpoint.class).memcached())
					.at("/cacheManagers/cacheManager");
				Map.of("a", "json", "b", "smile", "c", "mine", "d", "jdk")
					.forEach((cache, codec) -> assertThat(caches.at("/" + cache + "/settings/codec").asString())
						.isEqualTo(codec));
			});
	}

	@Test
	void cachesNamedAtTheStartAndThoseMadeLaterAreMetered() {
		this.runner.withPropertyValues("spring.cache.cache-names=early").run((context) -> {
			context.getBean(Service.class).plain(1);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			for (String name : List.of("early", "books")) {
				assertThat(registry.get("cache.gets")
					.tags("cache", name, "result", "miss", "cache.manager", "cacheManager")
					.functionCounter()
					.count()).isEqualTo(name.equals("books") ? 1 : 0);
			}
		});
	}

	@Test
	void aCacheMadeLaterIsMeteredWithoutLookingAtAllMeters() {
		AtomicInteger scans = new AtomicInteger();
		SimpleMeterRegistry counting = new SimpleMeterRegistry() {

			@Override
			public List<Meter> getMeters() {
				scans.incrementAndGet();
				return super.getMeters();
			}

			@Override
			public void forEachMeter(Consumer<? super Meter> consumer) {
				scans.incrementAndGet();
				super.forEachMeter(consumer);
			}

		};
		this.runner.withAllowBeanDefinitionOverriding(true)
			.withBean("simpleMeterRegistry", SimpleMeterRegistry.class, () -> counting)
			.run((context) -> {
				assertThat(context.getBean(MeterRegistry.class)).isSameAs(counting);
				int before = scans.get();
				for (int i = 0; i < 10; i++) {
					context.getBean(CacheManager.class).getCache("later" + i);
				}
				assertThat(scans).hasValue(before);
				assertThat(counting.find("cache.gets").tag("cache", "later9").meters()).hasSize(2);
			});
	}

	@Test
	void noMeterIsRegisteredTwice(CapturedOutput output) {
		// Micrometer warns once in the life of a JVM, and then at this level.
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(MeterRegistry.class.getName(), LogLevel.DEBUG);
		try {
			this.runner.withPropertyValues("spring.cache.cache-names=early").run((context) -> {
				SimpleMeterRegistry registry = context.getBean(SimpleMeterRegistry.class);
				// As Boot does where its registries are auto-configured.
				context.getBean(MemcachedServerMetrics.class).bindTo(registry);
				context.getBean(Service.class).plain(1);
				assertThat(registry.find("cache.gets").tag("cache", "early").meters()).hasSize(2);
				assertThat(registry.find("cache.gets").tag("cache", "books").meters()).hasSize(2);
				assertThat(registry.find("memcached.server.up").meters()).hasSize(1);
			});
		}
		finally {
			logging.setLogLevel(MeterRegistry.class.getName(), null);
		}
		assertThat(output).doesNotContain("already registered");
	}

	@Test
	void failuresAreMeteredByReason() {
		this.runner.run((context) -> {
			context.getBean(Service.class).plain(1);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			double failures = registry.get("memcached.cache.failures")
				.tags("cache", "books", "reason", "down")
				.functionCounter()
				.count();
			assertThat(failures).isEqualTo(1);
		});
	}

	@Test
	void serversAreMetered() {
		this.runner.run((context) -> {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(MemcachedServerMetrics.class).bindTo(registry);
			assertThat(registry.get("memcached.server.up").tag("server", "127.0.0.1:1").gauge().value()).isZero();
			assertThat(registry.get("memcached.server.in.flight").gauge().value()).isZero();
			assertThat(registry.get("memcached.invalidations.pending").gauge().value()).isZero();
			context.getBean(Service.class).evict(1);
			assertThat(registry.get("memcached.invalidations.pending").gauge().value()).isEqualTo(1);
			assertThat(registry.get("memcached.invalidations.logged").functionCounter().count()).isEqualTo(1);
		});
	}

	@Test
	void theEndpointTellsOfServersAndCaches() {
		this.runner.withPropertyValues("memcached.cache.caches.books.time-to-live=5m").run((context) -> {
			context.getBean(Service.class).plain(1);
			MemcachedEndpoint endpoint = context.getBean(MemcachedEndpoint.class);
			JsonNode description = json(endpoint.memcached());
			assertThat(description.at("/servers").size()).isEqualTo(1);
			assertThat(description.at("/servers/0/name").asString()).isEqualTo("127.0.0.1:1");
			assertThat(description.at("/servers/0/share").asDouble()).isEqualTo(1.0);
			JsonNode caches = description.at("/cacheManagers/cacheManager");
			assertThat(caches.propertyNames()).containsOnly("books");
			JsonNode books = caches.at("/books");
			assertThat(books.at("/settings/timeToLive").asString()).isEqualTo("PT5M");
			assertThat(books.at("/figures/misses").asInt()).isEqualTo(1);
			assertThat(books.at("/figures/failures/down").asInt()).isEqualTo(1);
			assertThat(json(Objects.requireNonNull(endpoint.cache("books"))).propertyNames())
				.containsOnly("cacheManager");
			assertThat(endpoint.cache("unknown")).isNull();
			assertThat(context.getBean(CacheManager.class).getCacheNames()).containsOnly("books");
		});
	}

	@Test
	void whenTheEndpointIsNotExposedThenItIsNotMade() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=health",
					"management.endpoints.jmx.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(MemcachedEndpoint.class));
	}

	@Test
	void whenTheServerRefusesThenEveryKindOfMethodFallsThroughAndOneLineSaysSo(CapturedOutput output) {
		this.runner.run((context) -> {
			Service service = context.getBean(Service.class);
			assertThat(service.plain(1)).isEqualTo("plain 1");
			assertThat(service.sync(1)).isEqualTo("sync 1");
			assertThat(service.future(1).join()).isEqualTo("future 1");
			service.evict(1);
			assertThat(service.calls()).containsExactly("plain", "sync", "future", "evict");
			assertThat(output).containsOnlyOnce("Cache 'books', key '1': ");
		});
	}

	private static JsonNode json(Object answer) {
		return JsonMapper.builder().build().valueToTree(answer);
	}

	@Test
	void whenTheConfigurersHandlerThrowsThenItWasCalledOnceAndTheCallerGetsWhatItThrew() {
		this.runner.withUserConfiguration(Throwing.class).run((context) -> {
			Service service = context.getBean(Service.class);
			Throwing throwing = context.getBean(Throwing.class);
			assertThatIllegalStateException().isThrownBy(() -> service.plain(1)).withMessage("get");
			assertThatIllegalStateException().isThrownBy(() -> service.sync(1)).withMessage("get");
			assertThat(throwing.handled).containsExactly("get", "get");
			assertThat(service.calls()).isEmpty();
			assertThatIllegalStateException().isThrownBy(() -> service.evict(1)).withMessage("evict");
			assertThat(throwing.handled).containsExactly("get", "get", "evict");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Throwing implements CachingConfigurer {

		private final List<String> handled = new ArrayList<>();

		@Override
		public CacheErrorHandler errorHandler() {
			return new CacheErrorHandler() {

				@Override
				public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
					fail("get");
				}

				@Override
				public void handleCachePutError(RuntimeException exception, Cache cache, Object key,
						@Nullable Object value) {
					fail("put");
				}

				@Override
				public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
					fail("evict");
				}

				@Override
				public void handleCacheClearError(RuntimeException exception, Cache cache) {
					fail("clear");
				}

			};
		}

		private void fail(String operation) {
			this.handled.add(operation);
			throw new IllegalStateException(operation);
		}

	}

	static class Service {

		private final List<String> calls = new ArrayList<>();

		public List<String> calls() {
			return this.calls;
		}

		@Cacheable("books")
		public String plain(int id) {
			this.calls.add("plain");
			return "plain " + id;
		}

		@Cacheable(cacheNames = "books", sync = true)
		public String sync(int id) {
			this.calls.add("sync");
			return "sync " + id;
		}

		@Cacheable("books")
		public CompletableFuture<String> future(int id) {
			this.calls.add("future");
			return CompletableFuture.completedFuture("future " + id);
		}

		@CacheEvict("books")
		public void evict(int id) {
			this.calls.add("evict");
		}

	}

}
