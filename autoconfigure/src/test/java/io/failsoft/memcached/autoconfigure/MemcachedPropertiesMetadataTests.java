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

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedPropertiesMetadataTests {

	private static final Map<String, JsonNode> PROPERTIES = new LinkedHashMap<>();

	private static final List<String> HINTS = new ArrayList<>();

	@BeforeAll
	static void read() throws Exception {
		try (InputStream stream = MemcachedProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonNode metadata = JsonMapper.builder().build().readTree(stream);
			metadata.get("properties").forEach((node) -> {
				if (node.get("name").asString().startsWith("memcached.")) {
					PROPERTIES.put(node.get("name").asString(), node);
				}
			});
			metadata.get("hints").forEach((node) -> HINTS.add(node.get("name").asString()));
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "memcached.enabled, true", "memcached.servers, localhost:11211",
			"memcached.discovery, none", "memcached.discovery-interval, 10s", "memcached.username, -",
			"memcached.password, -", "memcached.authentication, text", "memcached.ssl.enabled, -",
			"memcached.ssl.bundle, -", "memcached.ssl.verify-hostname, true", "memcached.connect-timeout, 250ms",
			"memcached.operation-timeout, 250ms", "memcached.max-in-flight, 4096", "memcached.max-queued, 16MB",
			"memcached.breaker.failure-threshold, 3", "memcached.breaker.probe-interval, 500ms",
			"memcached.on-server-failure, miss", "memcached.failover-time-to-live, 10s",
			"memcached.invalidation-log.capacity, 10000", "memcached.health.status-when-degraded, DEGRADED",
			"memcached.observations.enabled, false", "memcached.cache.time-to-live, 1h",
			"memcached.cache.time-to-live-jitter, 0.1", "memcached.cache.time-to-idle, -",
			"memcached.cache.key-prefix, ${spring.application.name:}", "memcached.cache.null-values, true",
			"memcached.cache.codec, jdk", "memcached.cache.allowed-classes, -", "memcached.cache.key-classes, -",
			"memcached.cache.compression-threshold, 16KB", "memcached.cache.maximum-value-size, 32MB",
			"memcached.cache.load-window, 30s", "memcached.cache.load-lease, -",
			"memcached.cache.near-time-to-live, 0s", "memcached.cache.reserve-time-to-live, 10s",
			"memcached.cache.single-flight, outage", "memcached.cache.stale-while-revalidate, 0s",
			"memcached.cache.stale-if-error, 0s", "memcached.cache.stale-if-error-on, -",
			"memcached.cache.stale-if-error-throttle, 5s", "memcached.cache.refresh-concurrency, 8",
			"memcached.local.maximum-weight, 32MB", "memcached.cache.transaction-aware, -",
			"memcached.cache.dynamic, true", "memcached.cache.caches, -" })
	void everyPropertyOfTheContractHasADescriptionAndItsDefault(String name, String defaultValue) {
		assertThat(PROPERTIES).containsKey(name);
		JsonNode property = Objects.requireNonNull(PROPERTIES.get(name));
		assertThat(property.get("description").asString()).isNotBlank();
		JsonNode actual = property.get("defaultValue");
		if (defaultValue == null) {
			assertThat(actual).isNull();
		}
		else {
			assertThat((actual.isArray() ? actual.get(0) : actual).asString()).isEqualTo(defaultValue);
		}
	}

	@Test
	void thereIsNoOtherProperty() {
		assertThat(PROPERTIES).hasSize(45);
	}

	@Test
	void descriptionsFollowTheRulesForStarters() {
		PROPERTIES.forEach((name, property) -> {
			String description = property.get("description").asString();
			assertThat(description).as(name).endsWith(".").doesNotStartWith("The ").doesNotStartWith("A ");
			if (property.get("type").asString().equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void thereAreHintsForNamesThatAreNoEnum() {
		assertThat(HINTS).contains("memcached.cache.codec", "memcached.health.status-when-degraded");
	}

}
