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

package io.failsoft.memcached.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Spring Boot application that caches what its methods are told to return: in the cache
 * {@code jdk} by the default codec, in {@code json} and {@code smile} by those.
 */
final class ValuesApplication implements AutoCloseable {

	static final String PREFIX = "values";

	private final ConfigurableApplicationContext context;

	private ValuesApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static ValuesApplication start(MemcachedServer server, String... properties) {
		return start(server, List.of(), properties);
	}

	static ValuesApplication start(MemcachedServer server, List<Class<?>> configurations, String... properties) {
		return start(server, ValuesApplication.class.getClassLoader(), configurations, properties);
	}

	static ValuesApplication start(MemcachedServer server, ClassLoader classLoader, List<Class<?>> configurations,
			String... properties) {
		List<Class<?>> sources = new ArrayList<>(configurations);
		sources.add(Application.class);
		List<String> all = new ArrayList<>(List.of("memcached.cache.key-prefix=" + PREFIX,
				"memcached.servers=" + server.host() + ":" + server.port(), "memcached.operation-timeout=10s",
				"memcached.connect-timeout=10s", "memcached.cache.caches.json.codec=json",
				"memcached.cache.caches.smile.codec=smile", "spring.main.log-startup-info=false",
				"spring.main.register-shutdown-hook=false", "spring.docker.compose.enabled=false"));
		all.addAll(Arrays.asList(properties));
		ValuesApplication application = new ValuesApplication(
				new SpringApplicationBuilder(new DefaultResourceLoader(classLoader), sources.toArray(Class<?>[]::new))
					.web(WebApplicationType.NONE)
					.bannerMode(Banner.Mode.OFF)
					.properties(all.toArray(String[]::new))
					.run());
		MemcachedServers servers = application.servers();
		long deadline = System.nanoTime() + 30_000_000_000L;
		while (!servers.isAlive()) {
			assertThat(System.nanoTime() - deadline).as("The server is not used").isNegative();
			LockSupport.parkNanos(1_000_000);
		}
		return application;
	}

	<T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	Values values() {
		return this.context.getBean(Values.class);
	}

	@Nullable Object call(String codec, String id, Callable<?> method) throws Exception {
		return switch (codec) {
			case "json" -> values().json(id, method);
			case "smile" -> values().smile(id, method);
			default -> values().jdk(id, method);
		};
	}

	Optional<?> callOptional(String codec, String id, Callable<Optional<?>> method) throws Exception {
		return switch (codec) {
			case "json" -> values().optionalByJson(id, method);
			case "smile" -> values().optionalBySmile(id, method);
			default -> values().optionalByJdk(id, method);
		};
	}

	MemcachedCache cache(String name) {
		return (MemcachedCache) Objects.requireNonNull(this.context.getBean(CacheManager.class).getCache(name));
	}

	CacheStatistics statistics(String name) {
		return cache(name).getStatistics();
	}

	MemcachedServers servers() {
		return this.context.getBean(MemcachedServers.class);
	}

	long failures(String name) {
		return Arrays.stream(Reason.values()).mapToLong(statistics(name)::getFailures).sum();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Methods whose results are cached.
	 */
	static class Values {

		@Cacheable(cacheNames = "jdk", key = "#id")
		public @Nullable Object jdk(String id, Callable<?> method) throws Exception {
			return method.call();
		}

		@Cacheable(cacheNames = "json", key = "#id")
		public @Nullable Object json(String id, Callable<?> method) throws Exception {
			return method.call();
		}

		@Cacheable(cacheNames = "smile", key = "#id")
		public @Nullable Object smile(String id, Callable<?> method) throws Exception {
			return method.call();
		}

		@Cacheable(cacheNames = "jdk", key = "#id")
		public Optional<?> optionalByJdk(String id, Callable<Optional<?>> method) throws Exception {
			return method.call();
		}

		@Cacheable(cacheNames = "json", key = "#id")
		public Optional<?> optionalByJson(String id, Callable<Optional<?>> method) throws Exception {
			return method.call();
		}

		@Cacheable(cacheNames = "smile", key = "#id")
		public Optional<?> optionalBySmile(String id, Callable<Optional<?>> method) throws Exception {
			return method.call();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Application {

		@Bean
		Values values() {
			return new Values();
		}

	}

}
