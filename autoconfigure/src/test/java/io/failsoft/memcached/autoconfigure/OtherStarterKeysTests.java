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

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OtherStarterKeysTests {

	@Test
	void whenKeysOfTheOtherStarterAreSetThenOneWarningNamesThem(CapturedOutput output) {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("memcached.cache.servers", "a:1");
		environment.setProperty("memcached.cache.provider", "static");
		environment.setProperty("memcached.cache.expiration", "3600");
		environment.setProperty("memcached.cache.expiration-per-cache.books", "60");
		environment.setProperty("memcached.cache.prefix", "p");
		environment.setProperty("memcached.cache.hashStrategy", "ketama");
		environment.setProperty("memcached.cache.authentication.username", "me");
		OtherStarterKeys.warn(environment);
		assertThat(output.getOut().lines().filter((line) -> line.contains("another memcached starter"))).hasSize(1);
		assertThat(output).contains(
				": memcached.cache.servers, memcached.cache.provider, memcached.cache.expiration, memcached.cache.expiration-per-cache, "
						+ "memcached.cache.prefix, memcached.cache.hash-strategy, memcached.cache.authentication. ")
			.contains("docs/migrating.md");
	}

	@ParameterizedTest
	@ValueSource(strings = { "servers", "servers-refresh-interval", "provider", "mode", "expiration", "expirations",
			"expiration-per-cache.books", "prefix", "namespace", "protocol", "operation-timeout", "hash-strategy",
			"serialization-transcoder", "authentication.password", "metrics-cache-names", "disabled-cache-names" })
	void everyKeyThatTheOtherStarterEverHadIsKnown(String key, CapturedOutput output) {
		OtherStarterKeys.warn(new MockEnvironment().withProperty("memcached.cache." + key, "1"));
		assertThat(output).contains(": memcached.cache." + key.replaceAll("\\..*", "") + ". ");
	}

	@Test
	void whenOnlyOurKeysAreSetThenNothingIsLogged(CapturedOutput output) {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("memcached.servers", "a:1");
		environment.setProperty("memcached.cache.time-to-live", "1h");
		environment.setProperty("memcached.cache.key-prefix", "p");
		environment.setProperty("memcached.cache.caches.prefix.time-to-live", "1h");
		OtherStarterKeys.warn(environment);
		assertThat(output).doesNotContain("another memcached starter");
	}

	@Test
	void whenSettingsOfAnotherCacheAreIgnoredThenOneLineNamesThem(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MemcachedCacheAutoConfiguration.class))
			.withUserConfiguration(Customized.class)
			.withPropertyValues(TestPools.REFUSED, TestPools.PREFIX, "spring.cache.caffeine.spec=maximumSize=500",
					"spring.cache.redis.time-to-live=10m")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output.getOut().lines().filter((line) -> line.contains("docs/migrating.md")).toList())
					.singleElement()
					.asString()
					.contains(
							"spring.cache.caffeine.spec, spring.cache.redis, JCacheManagerCustomizer 'jcacheCustomizer'");
			});
	}

	@Test
	void whenTheApplicationBringsItsCacheManagerOrSetsNothingThenNoSettingIsCalledIgnored(CapturedOutput output) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MemcachedCacheAutoConfiguration.class))
			.withPropertyValues(TestPools.REFUSED, TestPools.PREFIX);
		runner.withUserConfiguration(Plain.class).run((context) -> assertThat(context).hasNotFailed());
		runner.withUserConfiguration(Customized.class)
			.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("docs/migrating.md");
	}

	@EnableCaching
	@Configuration(proxyBeanMethods = false)
	static class Plain {

	}

	@EnableCaching
	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		JCacheManagerCustomizer jcacheCustomizer() {
			return (manager) -> {
			};
		}

	}

	@Test
	void whenKeysComeFromEnvironmentVariablesThenTheyAreFound(CapturedOutput output) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables-systemEnvironment",
					Map.of("MEMCACHED_CACHE_EXPIRATION", "60")));
		ConfigurationPropertySources.attach(environment);
		OtherStarterKeys.warn(environment);
		assertThat(output).contains(": memcached.cache.expiration. ");
	}

	@Test
	void whenKubernetesNamesAServiceMemcachedCacheThenNothingIsLogged(CapturedOutput output) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables-systemEnvironment", Map
				.of("MEMCACHED_CACHE_SERVICE_HOST", "10.0.0.1", "MEMCACHED_CACHE_PORT", "tcp://10.0.0.1:11211")));
		OtherStarterKeys.warn(environment);
		assertThat(output).doesNotContain("another memcached starter");
	}

}
