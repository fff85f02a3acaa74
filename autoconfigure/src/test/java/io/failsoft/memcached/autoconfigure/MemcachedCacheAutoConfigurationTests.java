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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.failsoft.memcached.cache.MemcachedCacheErrorHandler;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.RecoveryGate;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class MemcachedCacheAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class))
		.withPropertyValues(TestPools.REFUSED, TestPools.PREFIX);

	private final ApplicationContextRunner caching = this.runner.withUserConfiguration(Caching.class);

	@Test
	void whenCachingIsEnabledThenOursIsTheCacheManager() {
		this.caching.run((context) -> {
			assertThat(context).hasSingleBean(CacheManager.class).hasSingleBean(MemcachedCacheManager.class);
			assertThat(context).hasBean("cacheManager");
			assertThat(context).hasSingleBean(MemcachedServers.class);
			assertThat(context).hasSingleBean(MemcachedCacheErrorHandler.class);
		});
	}

	@Test
	void whenCachingIsNotEnabledThenNothingIsConfigured() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(CacheManager.class)
			.doesNotHaveBean(MemcachedServers.class)
			.doesNotHaveBean(MemcachedProperties.class));
	}

	@Test
	void whenDisabledThenBootChoosesCaffeineWhichTheStarterBrings() {
		this.caching.withPropertyValues("memcached.enabled=false").run((context) -> {
			assertThat(context).hasSingleBean(CaffeineCacheManager.class).doesNotHaveBean(MemcachedCacheManager.class);
			assertThat(context).doesNotHaveBean(MemcachedServers.class);
		});
	}

	@Test
	void whenDisabledThenABadPropertyDoesNotMatter() {
		this.caching.withPropertyValues("memcached.enabled=false", "memcached.ssl.bundle=any")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenCacheTypeIsNoneThenNoOp() {
		this.caching.withPropertyValues("spring.cache.type=none").run((context) -> {
			assertThat(context).hasSingleBean(NoOpCacheManager.class);
			assertThat(context).doesNotHaveBean(MemcachedServers.class);
		});
	}

	@Test
	void whenCacheTypeIsSimpleThenBootsOwn() {
		this.caching.withPropertyValues("spring.cache.type=simple")
			.run((context) -> assertThat(context).getBean(CacheManager.class)
				.isInstanceOf(ConcurrentMapCacheManager.class));
	}

	@Test
	void whenCacheTypeIsEmptyThenItCountsAsUnset() {
		this.caching.withPropertyValues("spring.cache.type=")
			.run((context) -> assertThat(context).hasSingleBean(MemcachedCacheManager.class));
	}

	@Test
	void whenApplicationBringsACacheManagerThenItWinsAndTheServersAndABuilderRemain() {
		this.caching.withUserConfiguration(OwnManager.class).run((context) -> {
			assertThat(context).hasSingleBean(CacheManager.class).hasBean("ownManager");
			assertThat(context).hasSingleBean(MemcachedServers.class);
			MemcachedCacheManager.Builder builder = context.getBean(MemcachedCacheManager.Builder.class);
			assertThat(builder).isNotSameAs(context.getBean(MemcachedCacheManager.Builder.class));
			assertThat(builder.build()).isNotNull();
		});
	}

	@Test
	void whenApplicationBringsACacheResolverThenNoManagerIsMade() {
		this.caching.withUserConfiguration(OwnResolver.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheManager.class));
	}

	@Test
	void whenTwoManagersStandSideBySideThenBothWork() {
		this.caching.withUserConfiguration(TwoManagers.class).run((context) -> {
			assertThat(context).getBeans(CacheManager.class).hasSize(2);
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
			assertThat(context).hasSingleBean(MemcachedCacheManager.class);
		});
	}

	@Test
	void whenApplicationBringsConnectionDetailsThenTheyAreUsedAndThePropertyIsNot() {
		this.caching.withUserConfiguration(OwnDetails.class)
			.withPropertyValues("memcached.servers=not a server")
			.run((context) -> assertThat(context.getBean(MemcachedServers.class).snapshots())
				.extracting(ServerSnapshot::name)
				.containsExactly("127.0.0.1:2"));
	}

	@Test
	void whenApplicationBringsConnectionDetailsThenTheirServersAreNotDiscovered() {
		this.caching.withUserConfiguration(OwnDetails.class)
			.withPropertyValues("memcached.discovery=elasticache")
			.run((context) -> {
				MemcachedServers servers = context.getBean(MemcachedServers.class);
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> servers.snapshots().get(0).lastFailure() != null);
				assertThat(servers.snapshots().get(0).lastFailure()).isEqualTo("refused");
				assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
					.contains("failsoft-memcached-127.0.0.1:2");
			});
	}

	@Test
	void whenServersAreConfiguredThenThePoolHasThemInTheirOrder() {
		this.caching.withPropertyValues("memcached.servers=127.0.0.1:3,[::1]:4*2").run((context) -> {
			assertThat(context.getBean(MemcachedServers.class).snapshots()).extracting(ServerSnapshot::name)
				.containsExactly("127.0.0.1:3", "[::1]:4");
			assertThat(context.getBean(MemcachedConnectionDetails.class)).hasToString("servers 127.0.0.1:3, [::1]:4*2");
		});
	}

	@Test
	void whenContextClosesThenThePoolIsClosed() {
		this.caching.withUserConfiguration(OwnPool.class).run((context) -> {
			RecordingServerPool pool = context.getBean(RecordingServerPool.class);
			assertThat(pool.closed).isFalse();
			context.close();
			assertThat(pool.closed).isTrue();
		});
	}

	@Test
	void whenInitializationIsLazyThenTheManagerIsMadeAllTheSame() {
		this.caching
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("cacheManager")).isTrue());
	}

	@Test
	void whenCustomizersArePresentThenBothKindsAreApplied() {
		this.caching.withUserConfiguration(Customizers.class).run((context) -> {
			assertThat(context.getBean(Customizers.class).called).containsExactly("builder 1", "builder 2", "manager");
		});
	}

	@Test
	void whenNoPrefixThenOneWarningNamesTheProperty(CapturedOutput output) {
		this.caching.withPropertyValues("spring.application.name=").run((context) -> {
			context.getBean(MemcachedCacheManager.Builder.class);
			assertThat(output).containsOnlyOnce("memcached.cache.key-prefix");
		});
	}

	@Test
	void whenAPrefixIsSetThenNoWarning(CapturedOutput output) {
		this.caching.withPropertyValues("spring.application.name=", "memcached.cache.key-prefix=p")
			.run((context) -> assertThat(output).doesNotContain("memcached.cache.key-prefix"));
	}

	@Test
	void whenJacksonIsMissingThenTheJsonCodecFailsClearly() {
		this.caching.withPropertyValues("memcached.cache.codec=json")
			.withClassLoader(new FilteredClassLoader("tools.jackson"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getReason()).contains("tools.jackson.core:jackson-databind")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tools.jackson", "tools.jackson.dataformat.smile" })
	void whenAnyOfItsLibrariesIsMissingThenTheSmileCodecFailsClearly(String missing) {
		this.caching.withPropertyValues("memcached.cache.codec=smile")
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getReason())
							.contains("tools.jackson.dataformat:jackson-dataformat-smile")));
	}

	@Test
	void theSmileCodecIsUsedIfItIsNamed() {
		this.caching.withPropertyValues("memcached.cache.codec=smile")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenACodecBeanIsNamedThenItIsUsed() {
		this.caching.withUserConfiguration(OwnCodec.class)
			.withPropertyValues("memcached.cache.codec=mine", "memcached.cache.caches.books.codec=mine")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 255 })
	void whenACodecBeanHasANumberThatIsReservedThenTheStartStops(int id) {
		this.caching.withBean("own", ValueCodec.class, () -> new NumberedCodec(id))
			.withPropertyValues("memcached.cache.caches.books.codec=own")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("memcached.cache.caches.books.codec");
					assertThat(ex).hasMessageContaining("id() is " + id + ", which is reserved");
					assertThat(ex.getReason()).contains(NumberedCodec.class.getName() + ".id()").contains("256");
				}));
	}

	@Test
	void whenTwoCodecBeansHaveTheSameNumberThenTheStartStops() {
		this.caching.withBean("own", ValueCodec.class, () -> new NumberedCodec(256))
			.withBean("other", ValueCodec.class, () -> new NumberedCodec(256))
			.withPropertyValues("memcached.cache.codec=own", "memcached.cache.caches.books.codec=other")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("memcached.cache.caches.books.codec");
					assertThat(ex).hasMessageContaining("id() is 256, as is that of the codec 'own'");
				}));
	}

	@Test
	void whenCodecBeansAreOfThisLibraryThenTheyKeepItsNumbers() {
		AllowedClasses allowed = AllowedClasses.of(List.of("com.acme.**"));
		ClassLoader loader = getClass().getClassLoader();
		this.caching.withBean("own", ValueCodec.class, () -> Codecs.json(loader, allowed))
			.withBean("other", ValueCodec.class, () -> new NumberedCodec(256))
			.withPropertyValues("memcached.cache.codec=json", "memcached.cache.caches.books.codec=own",
					"memcached.cache.caches.films.codec=other", "memcached.cache.caches.songs.codec=other")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenACodecIsUnknownThenTheKnownOnesAreListed() {
		this.caching.withUserConfiguration(OwnCodec.class)
			.withPropertyValues("memcached.cache.caches.books.codec=kryo")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("memcached.cache.caches.books.codec");
					assertThat(ex.getReason()).contains("jdk, json, mine, smile");
				}));
	}

	@Test
	void withSpringTxTooACacheIsAMemcachedCache() {
		this.caching.run((context) -> assertThat(context.getBean(CacheManager.class).getCache("books"))
			.isInstanceOf(MemcachedCache.class));
	}

	@Test
	void whenSpringTxHealthMetricsReactorAndJCacheAreMissingThenTheContextStarts() {
		this.caching
			.withClassLoader(new FilteredClassLoader("org.springframework.transaction", "reactor", "javax.cache",
					"io.micrometer", "org.springframework.boot.health", "org.springframework.boot.persistence",
					"org.springframework.boot.actuate", "tools.jackson"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MemcachedCacheManager.class));
	}

	@Test
	void whenKubernetesSetsVariablesForAServiceNamedMemcachedThenTheContextStarts() {
		Map<String, Object> variables = Map.of("MEMCACHED_PORT", "tcp://10.0.0.1:11211", "MEMCACHED_SERVICE_HOST",
				"10.0.0.1", "MEMCACHED_SERVICE_PORT", "11211", "MEMCACHED_SERVICE_PORT_MEMCACHE", "11211",
				"MEMCACHED_PORT_11211_TCP", "tcp://10.0.0.1:11211", "MEMCACHED_PORT_11211_TCP_PROTO", "tcp",
				"MEMCACHED_PORT_11211_TCP_PORT", "11211", "MEMCACHED_PORT_11211_TCP_ADDR", "10.0.0.1",
				"MEMCACHED_CACHE_SERVICE_HOST", "10.0.0.2", "MEMCACHED_SERVERS_PORT", "tcp://10.0.0.3:11211");
		this.caching
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MemcachedProperties.class).servers()).containsExactly("127.0.0.1:1");
			});
	}

	@Test
	void whenTheApplicationBringsAnErrorHandlerBeanThenOursIsNotMade() {
		this.caching.withBean("errors", SimpleCacheErrorHandler.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MemcachedCacheErrorHandler.class));
	}

	@Test
	void whenTwoManagersHaveNoPrimaryThenItFailsAsInPlainSpring() {
		this.caching.withUserConfiguration(TwoManagersWithoutPrimary.class)
			.run((context) -> assertThatThrownBy(context::getBeanFactory).rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining(
						"no CacheResolver specified and expected single matching CacheManager but found"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		CacheManager ownManager() {
			return new ConcurrentMapCacheManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnResolver {

		@Bean
		CacheResolver cacheResolver() {
			return new SimpleCacheResolver(new ConcurrentMapCacheManager());
		}

		@Bean
		CachingConfigurer configurer(CacheResolver cacheResolver) {
			return new CachingConfigurer() {

				@Override
				public CacheResolver cacheResolver() {
					return cacheResolver;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoManagers {

		@Bean
		@Primary
		CacheManager local() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		MemcachedCacheManager shared(MemcachedCacheManager.Builder builder) {
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoManagersWithoutPrimary {

		@Bean
		CacheManager local() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		CacheManager other() {
			return new ConcurrentMapCacheManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDetails {

		@Bean
		MemcachedConnectionDetails details() {
			return () -> List.of(new ServerAddress("127.0.0.1", 2, 1));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPool {

		@Bean
		RecordingServerPool pool() {
			return new RecordingServerPool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(OwnCodec.class)
	static class Customizers {

		private final List<String> called = new ArrayList<>();

		@Bean
		@Order(2)
		MemcachedCacheManagerBuilderCustomizer second() {
			return (builder) -> this.called.add("builder 2");
		}

		@Bean
		@Order(1)
		MemcachedCacheManagerBuilderCustomizer first() {
			return (builder) -> this.called.add("builder 1");
		}

		@Bean
		CacheManagerCustomizer<MemcachedCacheManager> manager() {
			return (manager) -> this.called.add("manager");
		}

		@Bean
		CacheManagerCustomizer<ConcurrentMapCacheManager> foreign() {
			return (manager) -> this.called.add("foreign");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCodec {

		@Bean
		ValueCodec mine() {
			return new NumberedCodec(300);
		}

	}

	private record NumberedCodec(int id) implements ValueCodec {

		@Override
		public byte[] encode(Object value) {
			return new byte[0];
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			return "";
		}

	}

	static final class RecordingServerPool implements ServerPool {

		boolean closed;

		@Override
		public Server home(MemcachedKey key) {
			throw new UnsupportedOperationException();
		}

		@Override
		public @Nullable Server failoverServer(MemcachedKey key) {
			return null;
		}

		@Override
		public List<Server> servers() {
			return List.of();
		}

		@Override
		public double share(Server server) {
			return 0;
		}

		@Override
		public void setOperationListener(OperationListener listener) {
		}

		@Override
		public void start(RecoveryGate.Factory gates) {
		}

		@Override
		public void close() {
			this.closed = true;
		}

		@Override
		public boolean isAlive() {
			return false;
		}

		@Override
		public List<ServerSnapshot> snapshots() {
			return List.of();
		}

	}

}
