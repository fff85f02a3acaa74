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

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts an application with the YAML of docs/production.md.
 */
class ProductionPageTests {

	private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

	@Test
	void theTenLinesAreWhatAnApplicationStartsWith() throws Exception {
		run(0, (context) -> {
			MemcachedCacheManager caches = context.getBean(MemcachedCacheManager.class);
			assertThat(caches.getCacheNames()).containsExactlyInAnyOrder("books", "authors");
			assertThat(caches.getCache("boks")).isNull();
			assertThat(context.getBean(MemcachedServers.class).snapshots()).extracting(ServerSnapshot::name)
				.containsExactly("cache-1.internal:11211", "cache-2.internal:11211", "cache-3.internal:11211");
			assertThat(context.getBean(MemcachedCacheManager.Builder.class).settings("books").describe())
				.containsEntry("timeToLive", "PT10M")
				.containsEntry("timeToLiveJitter", 0.1);
		});
	}

	@Test
	void theLinesForKubernetesDiscoverThePods() throws Exception {
		run(1, (context) -> assertThat(context).hasNotFailed().hasSingleBean(MemcachedCacheManager.class));
	}

	private static void run(int block, ContextConsumer<AssertableApplicationContext> assertions) throws Exception {
		List<String> blocks = BLOCK.matcher(Files.readString(Path.of("../docs/production.md")))
			.results()
			.map((result) -> result.group(1))
			.toList();
		assertThat(blocks).hasSize(2);
		List<PropertySource<?>> yaml = new YamlPropertySourceLoader().load("page",
				new ByteArrayResource(blocks.get(block).getBytes(StandardCharsets.UTF_8)));
		assertThat(yaml).hasSize(1);
		String[] names = ((EnumerablePropertySource<?>) yaml.get(0)).getPropertyNames();
		assertThat(names).filteredOn((name) -> name.startsWith("memcached.")).allMatch(ReadmePropertiesTests::isKnown);
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class))
			.withUserConfiguration(Caching.class)
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(yaml.get(0)))
			.run(assertions);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

}
