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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnknownKeysTests {

	@ParameterizedTest
	@CsvSource({ "memcached.server, memcached.servers", "memcached.cache.tim-to-live, memcached.cache.time-to-live",
			"memcached.cache.timToLive, memcached.cache.time-to-live",
			"memcached.time-to-live, memcached.cache.time-to-live",
			"memcached.braker.failure-threshold, memcached.breaker.failure-threshold",
			"memcached.cache.caches.books.tim-to-live, memcached.cache.caches.books.time-to-live",
			"memcached.cache.caches[books:v2].tim-to-live, memcached.cache.caches[books:v2].time-to-live",
			"memcached.cache.caches.books.v2.time-to-live, memcached.cache.caches[books.v2].time-to-live" })
	void whenAKeyIsMisspeltThenTheWarningNamesWhatWasMeant(String key, String meant, CapturedOutput output) {
		UnknownKeys.warn(new MockEnvironment().withProperty(key, "1"));
		assertThat(output).containsOnlyOnce("WARN").contains("(did you mean " + meant + "?)");
	}

	@Test
	void whenSeveralKeysAreUnknownThenOneWarningNamesAll(CapturedOutput output) {
		UnknownKeys.warn(new MockEnvironment().withProperty("memcached.server", "a")
			.withProperty("memcached.cache.caches.books.colour", "red")
			.withProperty("memcached.cache.time-to-live", "1h"));
		assertThat(output).containsOnlyOnce("Ignored unknown properties: ")
			.contains("memcached.server (did you mean memcached.servers?)")
			.contains("memcached.cache.caches.books.colour")
			.doesNotContain("books.colour (did");
	}

	@Test
	void everyPropertyOfTheMetadataIsKnownInEachForm(CapturedOutput output) throws Exception {
		List<String> names = new ArrayList<>();
		try (var stream = MemcachedProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : JsonMapper.builder().build().readTree(stream).get("properties")) {
				names.add(property.get("name").asString());
			}
		}
		names.removeIf((name) -> !name.startsWith("memcached."));
		assertThat(names).hasSizeGreaterThan(30);
		for (String name : names) {
			UnknownKeys.warn(new MockEnvironment().withProperty(name, "1")
				.withProperty(name.replace('-', '_'), "1")
				.withProperty(camel(name), "1")
				.withProperty(name.replace("-", "").toUpperCase(Locale.ROOT), "1"));
		}
		assertThat(output).isEmpty();
	}

	@Test
	void whenKeysHaveAnyFormThatIsBoundThenNothingIsLogged(CapturedOutput output) throws Exception {
		StandardEnvironment environment = new StandardEnvironment();
		new YamlPropertySourceLoader().load("test", new ByteArrayResource("""
				memcached:
				  servers:
				    - a:1
				    - b:1
				  breaker: {}
				  ssl:
				    enabled: false
				  cache:
				    allowedClasses: [com.acme.Foo, com.acme.bar.*]
				    time_to_live: 1h
				    caches:
				      books:
				        timeToLive: 1h
				        null_values: false
				      bookShelf.load-window: 1m
				      "[books:v2]":
				        time-to-live: 1h
				      "[a.b c]":
				        enabled: false
				      empty: {}
				""".getBytes(StandardCharsets.UTF_8))).forEach(environment.getPropertySources()::addFirst);
		UnknownKeys.warn(environment);
		assertThat(output).isEmpty();
	}

	@Test
	void whenVariablesBeginAlikeThenNothingIsLogged(CapturedOutput output) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables-systemEnvironment",
					Map.of("MEMCACHED_PORT", "tcp://10.0.0.1:11211", "MEMCACHED_SERVICE_HOST", "10.0.0.1")));
		UnknownKeys.warn(environment);
		assertThat(output).isEmpty();
	}

	@Test
	void whenASystemPropertyIsMisspeltThenItIsNamed(CapturedOutput output) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, new MapPropertySource(
					StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, Map.of("memcached.server", "a")));
		UnknownKeys.warn(environment);
		assertThat(output).contains("memcached.server (did you mean memcached.servers?)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memcached.binary", "memcached.image", "memcached.cache.expiration-per-cache.books",
			"memcached.cache.provider", "memcachedx.server" })
	void whenAKeyIsTheTestkitsOrToldOfElsewhereThenNothingIsLogged(String key, CapturedOutput output) {
		UnknownKeys.warn(new MockEnvironment().withProperty(key, "1"));
		assertThat(output).isEmpty();
	}

	private static String camel(String name) {
		StringBuilder camel = new StringBuilder();
		for (String part : name.split("-")) {
			camel.append(camel.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
		}
		return camel.toString();
	}

}
