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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.autoconfigure.MemcachedCacheManagerBuilderCustomizer;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.JacksonCodec;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is configured reaches a real memcached, and managers stand side by side.
 */
@WithMemcached
class ConfiguredCachesIT {

	private final MemcachedServer server;

	ConfiguredCachesIT(MemcachedServer server) {
		this.server = server;
	}

	private void run(Class<?> configuration, List<String> properties,
			ContextConsumer<AssertableApplicationContext> consumer) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class))
			.withUserConfiguration(Caching.class, configuration)
			.withPropertyValues("memcached.servers=" + this.server.host() + ":" + this.server.port(),
					"memcached.operation-timeout=10s", "memcached.connect-timeout=10s")
			.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> {
				MemcachedServers servers = context.getBean(MemcachedServers.class);
				long deadline = System.nanoTime() + 30_000_000_000L;
				while (!servers.isAlive()) {
					assertThat(System.nanoTime() - deadline).as("The server is not used").isNegative();
					LockSupport.parkNanos(1_000_000);
				}
				consumer.accept(context);
			});
	}

	/**
	 * Put an entry, and ask memcached how long it lives.
	 * @return seconds, or -1 for no expiry
	 */
	private long secondsToLive(CacheManager manager, String prefix, String name, Object key, Object value) {
		cache(manager, name).put(key, value);
		String answer = this.server.command("mg " + new CacheKeys(prefix, name).of(key) + " t").get(0);
		assertThat(answer).startsWith("HD t");
		return Long.parseLong(answer.substring("HD t".length()));
	}

	private static Cache cache(CacheManager manager, String name) {
		return Objects.requireNonNull(manager.getCache(name));
	}

	private static MemcachedCacheSettings settings(CacheManager manager, String name) {
		return ((MemcachedCache) cache(manager, name)).getSettings();
	}

	private static @Nullable Object value(CacheManager manager, String name, Object key) {
		Cache.ValueWrapper wrapper = cache(manager, name).get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	@Test
	void timesToLiveAreConfiguredPerCacheAndByFunctionsOfKeyAndValue() {
		List<String> properties = List.of("spring.application.name=times", "memcached.cache.time-to-live=1000s",
				"memcached.cache.time-to-live-jitter=0", "memcached.cache.caches.books.time-to-live=2000s",
				"memcached.cache.caches[for-ever.v2].time-to-live=0",
				"memcached.cache.caches.jittery.time-to-live=1000s",
				"memcached.cache.caches.jittery.time-to-live-jitter=0.5",
				"memcached.cache.caches.idle.time-to-idle=50s", "memcached.cache.caches.prices.null-values=false");
		run(TimesToLive.class, properties, (context) -> {
			MemcachedCacheManager manager = context.getBean(MemcachedCacheManager.class);
			assertThat(secondsToLive(manager, "times", "other", "1", "x")).isBetween(990L, 1001L);
			assertThat(secondsToLive(manager, "times", "books", "1", "x")).isBetween(1990L, 2001L);
			assertThat(secondsToLive(manager, "times", "for-ever.v2", "1", "x")).isEqualTo(-1);
			assertThat(secondsToLive(manager, "times", "idle", "1", "x")).isBetween(40L, 51L);
			assertThat(secondsToLive(manager, "times", "prices", "today", 7)).isBetween(490L, 501L);
			assertThat(secondsToLive(manager, "times", "prices", "once", 70)).isBetween(60L, 71L);
			assertThat(settings(manager, "prices").nullValues()).as("what was configured stays").isFalse();
			long first = secondsToLive(manager, "times", "jittery", "0", "x");
			boolean differs = false;
			for (int i = 1; i < 20; i++) {
				long seconds = secondsToLive(manager, "times", "jittery", i, "x");
				assertThat(seconds).isBetween(490L, 1001L);
				differs |= Math.abs(seconds - first) > 5;
			}
			assertThat(differs).isTrue();
		});
	}

	@Test
	void eachCacheHasItsCodec() {
		run(TwoOfOurs.class, List.of("spring.application.name=codecs", "memcached.cache.caches.open.codec=json"),
				(context) -> {
					CacheManager manager = context.getBean(CacheManager.class);
					Object value = List.of("a", 1);
					for (String name : List.of("open", "closed")) {
						cache(manager, name).put("1", value);
						assertThat(value(manager, name, "1")).as(name).isEqualTo(value);
					}
					assertThat(settings(manager, "open").codec().id())
						.isNotEqualTo(settings(manager, "closed").codec().id());
				});
	}

	@Test
	void aMapperOfTheApplicationIsACodec() {
		run(OwnMapper.class, List.of("spring.application.name=mapper", "memcached.cache.caches.own.codec=ownCodec"),
				(context) -> {
					CacheManager manager = context.getBean(CacheManager.class);
					cache(manager, "own").put("1", new Fruit("apple"));
					assertThat(value(manager, "own", "1")).isEqualTo(new Fruit("apple"));
					assertThat(settings(manager, "own").codec().id()).isEqualTo(256);
					assertThat(this.server.command("get mapper:own:s:1").get(1)).contains("fruit_name");
				});
	}

	@Test
	void onlyNamedCachesExistWhereTheyAreFixed() {
		run(TwoOfOurs.class,
				List.of("spring.application.name=fixed", "memcached.cache.dynamic=false",
						"spring.cache.cache-names=books,authors", "memcached.cache.caches.prices.time-to-live=1m"),
				(context) -> {
					CacheManager manager = context.getBean(CacheManager.class);
					assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("books", "authors", "prices");
					assertThat(manager.getCache("misspelt")).isNull();
					cache(manager, "authors").put("1", "Austen");
					assertThat(value(manager, "authors", "1")).isEqualTo("Austen");
				});
	}

	@Test
	void aCacheManagerCustomizerIsGivenTheManager() {
		run(ManagerCustomizer.class, List.of("spring.application.name=customized"),
				(context) -> assertThat(context.getBean(CacheManager.class).getCacheNames())
					.containsExactly("made-by-the-customizer"));
	}

	@Test
	void oursAndCaffeineStandSideBySide() {
		run(WithCaffeine.class, List.of("spring.application.name=caffeine"), (context) -> {
			Prices prices = context.getBean(Prices.class);
			CacheManager local = context.getBean("cacheManager", CacheManager.class);
			CacheManager shared = context.getBean("shared", CacheManager.class);
			assertThat(local).isInstanceOf(CaffeineCacheManager.class);
			assertThat(context.getBean(CacheManager.class)).isSameAs(local);
			assertThat(prices.local("1")).isEqualTo("local 1");
			assertThat(prices.shared("1")).isEqualTo("shared 1");
			assertThat(value(local, "prices", "1")).isEqualTo("local 1");
			assertThat(value(shared, "prices", "1")).isEqualTo("shared 1");
			cache(shared, "prices").clear();
			assertThat(value(local, "prices", "1")).isEqualTo("local 1");
			assertThat(value(shared, "prices", "1")).isNull();
		});
	}

	@Test
	void twoOfOursStandSideBySide() {
		run(TwoOfOurs.class, List.of("spring.application.name=two"), (context) -> {
			Prices prices = context.getBean(Prices.class);
			CacheManager first = context.getBean("cacheManager", CacheManager.class);
			CacheManager second = context.getBean("shared", CacheManager.class);
			assertThat(context.getBean(CacheManager.class)).as("the configured one stays the default")
				.isSameAs(first)
				.isInstanceOf(MemcachedCacheManager.class);
			assertThat(prices.local("1")).isEqualTo("local 1");
			assertThat(prices.shared("1")).isEqualTo("shared 1");
			assertThat(value(first, "prices", "1")).isEqualTo("local 1");
			assertThat(value(second, "prices", "1")).isEqualTo("shared 1");
			assertThat(secondsToLive(first, "two", "other", "1", "x")).isBetween(3230L, 3601L);
			assertThat(secondsToLive(second, "two-short", "other", "1", "x")).isBetween(20L, 31L);
			cache(first, "prices").clear();
			assertThat(value(first, "prices", "1")).isNull();
			assertThat(value(second, "prices", "1")).isEqualTo("shared 1");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

		@Bean
		Prices prices() {
			return new Prices();
		}

	}

	static class Prices {

		@Cacheable("prices")
		public String local(String id) {
			return "local " + id;
		}

		@Cacheable(cacheNames = "prices", cacheManager = "shared")
		public String shared(String id) {
			return "shared " + id;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TimesToLive {

		@Bean
		MemcachedCacheManagerBuilderCustomizer pricesByValue() {
			return (builder) -> builder.cache("prices",
					builder.settings("prices")
						.toBuilder()
						.timeToLive((key, value) -> key.equals("today") ? Duration.ofSeconds(500)
								: Duration.ofSeconds((value instanceof Integer seconds) ? seconds : 1))
						.build());
		}

	}

	record Fruit(String fruitName) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMapper {

		@Bean
		ValueCodec ownCodec() {
			JsonMapper mapper = JsonMapper.builder()
				.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
				.build();
			return new JacksonCodec(256, mapper, AllowedClasses.of(List.of(Fruit.class.getName())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManagerCustomizer {

		@Bean
		CacheManagerCustomizer<MemcachedCacheManager> warmUp() {
			return (manager) -> manager.getCache("made-by-the-customizer");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithCaffeine {

		@Bean
		@Primary
		CaffeineCacheManager cacheManager() {
			CaffeineCacheManager manager = new CaffeineCacheManager();
			manager.setCaffeine(Caffeine.newBuilder().maximumSize(100));
			return manager;
		}

		@Bean
		MemcachedCacheManager shared(MemcachedCacheManager.Builder builder) {
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoOfOurs {

		/** Not a default candidate, so that the auto-configured one is made too. */
		@Bean(defaultCandidate = false)
		MemcachedCacheManager shared(MemcachedCacheManager.Builder builder) {
			return builder.keyPrefix("two-short")
				.defaults(builder.defaults().toBuilder().timeToLive(Duration.ofSeconds(30)).build())
				.build();
		}

	}

}
