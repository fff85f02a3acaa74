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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.TestTls;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A Spring Boot application with a {@link Catalogue} whose caches are ours.
 */
final class RunningApplication implements AutoCloseable {

	static final String PREFIX = "faults";

	private final ConfigurableApplicationContext context;

	private RunningApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static RunningApplication start(List<Class<?>> configurations, String... properties) {
		List<Class<?>> sources = new ArrayList<>(configurations);
		sources.add(Application.class);
		List<String> all = new ArrayList<>(List.of("memcached.cache.key-prefix=" + PREFIX,
				"memcached.cache.allowed-classes=io.failsoft.memcached.faults.**", "spring.main.log-startup-info=false",
				"spring.main.register-shutdown-hook=false", "spring.docker.compose.enabled=false",
				// A hit is expected however busy the machine is, and it may pause.
				"memcached.operation-timeout=5s"));
		all.addAll(TestTls.properties());
		all.addAll(Arrays.asList(properties));
		return new RunningApplication(
				new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).web(WebApplicationType.NONE)
					.bannerMode(Banner.Mode.OFF)
					.run(arguments(all)));
	}

	/**
	 * Returns the arguments that set properties above those of the environment. Of two
	 * values the last one counts.
	 */
	private static String[] arguments(List<String> properties) {
		Map<String, String> last = new LinkedHashMap<>();
		properties.forEach((property) -> last.put(property.substring(0, property.indexOf('=')), "--" + property));
		return last.values().toArray(String[]::new);
	}

	static RunningApplication start(String... properties) {
		return start(List.of(), properties);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Catalogue catalogue() {
		return bean(Catalogue.class);
	}

	MemcachedCacheManager caches() {
		return bean(MemcachedCacheManager.class);
	}

	List<ServerSnapshot> servers() {
		return bean(MemcachedServers.class).snapshots();
	}

	/**
	 * Wait until all servers are up.
	 * @return this
	 */
	RunningApplication up() {
		Polling.until("all servers are up",
				() -> servers().stream().allMatch((server) -> server.state() == ServerSnapshot.State.UP));
		return this;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, CacheAutoConfiguration.class,
			MemcachedCacheAutoConfiguration.class })
	static class Application {

		@Bean
		Catalogue catalogue() {
			return new Catalogue();
		}

	}

}
