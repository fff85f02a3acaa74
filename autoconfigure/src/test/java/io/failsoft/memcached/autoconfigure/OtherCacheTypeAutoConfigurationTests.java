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

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OtherCacheTypeAutoConfigurationTests {

	private static final String WARNING = "memcached is not used";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class,
				OtherCacheTypeAutoConfiguration.class))
		.withPropertyValues(TestPools.PREFIX);

	private final ApplicationContextRunner caching = this.runner.withUserConfiguration(Caching.class);

	@Test
	void whenAForgottenTypeKeepsMemcachedUnusedThenOneWarningNamesBothAndTheRemedy(CapturedOutput output) {
		this.caching
			.withPropertyValues("spring.cache.type=simple", TestPools.REFUSED, "memcached.cache.time-to-live=1h")
			.run((context) -> {
				context.publishEvent(new ContextRefreshedEvent(context));
				assertThat(output)
					.containsOnlyOnce("memcached is not used, as spring.cache.type is 'simple', though these are set: ")
					.contains("memcached.servers")
					.contains("memcached.cache.time-to-live")
					.contains("Remove spring.cache.type, or set memcached.enabled: false.");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "memcached.servers[0]=a:1", "memcached.cache.caches.books.time-to-live=1h",
			"memcached.cache.timeToLive=1h", "memcached.enabled=true" })
	void whenAnyPropertyOfOursIsSetThenItIsNamed(String property, CapturedOutput output) {
		this.caching.withPropertyValues("spring.cache.type=simple", property)
			.run((context) -> assertThat(output).contains(WARNING));
	}

	@Test
	void whenAVariableSetsTheServersThenItIsNamed(CapturedOutput output) {
		this.caching.withPropertyValues("spring.cache.type=simple")
			.withInitializer((context) -> variables(context.getEnvironment(), Map.of("MEMCACHED_SERVERS", "a:1")))
			.run((context) -> assertThat(output).contains(WARNING).contains("memcached.servers"));
	}

	@Test
	void whenOnlyKubernetesSetsVariablesThenNothingIsSaid(CapturedOutput output) {
		this.caching.withPropertyValues("spring.cache.type=simple")
			.withInitializer((context) -> variables(context.getEnvironment(),
					Map.of("MEMCACHED_PORT", "tcp://10.0.0.1:11211", "MEMCACHED_SERVERS_SERVICE_HOST", "10.0.0.1",
							"MEMCACHED_CACHE_CACHES_PORT", "tcp://10.0.0.1:11211")))
			.run((context) -> assertThat(output).doesNotContain(WARNING));
	}

	@Test
	void whenBeansAreLazyThenTheWarningComesToo(CapturedOutput output) {
		this.caching.withPropertyValues("spring.cache.type=simple", TestPools.REFUSED)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(output).contains(WARNING));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.cache.type=none", "spring.cache.type=NONE", "spring.cache.type=",
			"memcached.cache.dynamic=true", "spring.cache.type=simple,memcached.enabled=false" })
	void whenNothingIsForgottenThenNothingIsSaid(String settings, CapturedOutput output) {
		this.caching.withPropertyValues(TestPools.REFUSED)
			.withPropertyValues(settings.split(","))
			.run((context) -> assertThat(output).doesNotContain(WARNING));
	}

	@Test
	void whenMemcachedIsNotConfiguredOrCachingNotEnabledThenNothingIsSaid(CapturedOutput output) {
		this.caching.withPropertyValues("spring.cache.type=simple")
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withPropertyValues("spring.cache.type=simple", TestPools.REFUSED)
			.run((context) -> assertThat(context).doesNotHaveBean(UnusedServerSettings.class));
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void itIsAmongTheAutoConfigurations() {
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
			.contains(OtherCacheTypeAutoConfiguration.class.getName());
	}

	private static void variables(ConfigurableEnvironment environment, Map<String, Object> variables) {
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

}
