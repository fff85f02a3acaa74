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

package io.failsoft.memcached.annotations;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.testkit.MemcachedServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.NamedCacheResolver;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application whose methods are annotated.
 */
final class Bookshop implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private Bookshop(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start with Spring's map-based cache manager.
	 */
	static Bookshop onMaps() {
		return start("spring.cache.type=simple");
	}

	/**
	 * Start with our cache manager, and wait until the server can be used.
	 */
	static Bookshop on(MemcachedServer server) {
		// A hit is expected however busy the machine is.
		Bookshop shop = start("memcached.servers=" + server.host() + ":" + server.port(),
				"memcached.operation-timeout=10s", "memcached.connect-timeout=10s",
				"memcached.cache.key-prefix=annotations",
				"memcached.cache.allowed-classes=" + Bookshop.class.getPackageName() + ".**");
		long deadline = System.nanoTime() + 30_000_000_000L;
		while (!shop.bean(MemcachedServers.class).isAlive()) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError("The server is not used: " + server);
			}
			LockSupport.parkNanos(1_000_000);
		}
		return shop;
	}

	private static Bookshop start(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("spring.main.log-startup-info=false", "spring.main.register-shutdown-hook=false"));
		all.addAll(Arrays.asList(properties));
		return new Bookshop(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run());
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	CacheManager manager(String name) {
		return this.context.getBean(name, CacheManager.class);
	}

	Shelf<Book> shelf(String name) {
		@SuppressWarnings("unchecked")
		Shelf<Book> shelf = this.context.getBean(name, Shelf.class);
		return shelf;
	}

	Calls calls() {
		return bean(Calls.class);
	}

	/**
	 * Clear all caches and count from zero.
	 */
	void reset() {
		this.context.getBeansOfType(CacheManager.class, true, true)
			.values()
			.forEach((manager) -> manager.getCacheNames().forEach((name) -> {
				Objects.requireNonNull(manager.getCache(name)).clear();
			}));
		calls().reset();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Application {

		@Bean
		Calls calls() {
			return new Calls();
		}

		@Bean
		Books books(Calls calls) {
			return new Books(calls);
		}

		@Bean
		AsynchronousBooks asynchronousBooks(Calls calls) {
			return new AsynchronousBooks(calls);
		}

		@Bean
		JsrBooks jsrBooks(Calls calls) {
			return new JsrBooks(calls);
		}

		@Bean
		Shelf<Book> configuredShelf(Calls calls) {
			return new ConfiguredShelf(calls);
		}

		@Bean
		Shelf<Book> plainShelf(Calls calls) {
			return new ConfiguredShelf.Plain(calls);
		}

		/**
		 * Not a default candidate, so that the one that is configured stays the default.
		 */
		@Bean(defaultCandidate = false)
		CacheManager second(ObjectProvider<MemcachedCacheManager.Builder> builders) {
			MemcachedCacheManager.Builder builder = builders.getIfAvailable();
			return (builder != null) ? builder.keyPrefix("annotations-second").build()
					: new ConcurrentMapCacheManager();
		}

		@Bean
		CacheResolver resolver(CacheManager cacheManager) {
			return new NamedCacheResolver(cacheManager, "resolved");
		}

		@Bean
		KeyGenerator methodKeys() {
			return (Object target, Method method, Object... params) -> method.getName() + Arrays.asList(params);
		}

	}

}
