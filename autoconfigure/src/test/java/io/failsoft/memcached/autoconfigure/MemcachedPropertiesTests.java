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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Authentication;
import io.failsoft.memcached.autoconfigure.MemcachedProperties.Discovery;
import io.failsoft.memcached.autoconfigure.MemcachedProperties.OnServerFailure;
import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.codec.ValueCodec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedPropertiesTests {

	@Test
	void whenNothingIsSetThenTheDefaultsAreThoseOfTheClientAndTheCache() {
		MemcachedProperties properties = bind(Map.of());
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.servers()).containsExactly("localhost:11211");
		assertThat(properties.discovery()).isEqualTo(Discovery.NONE);
		assertThat(properties.authentication()).isEqualTo(Authentication.TEXT);
		assertThat(properties.failoverTimeToLive()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.invalidationLog().capacity()).isEqualTo(10_000);
		assertThat(properties.health().statusWhenDegraded()).isEqualTo("DEGRADED");
		ClientSettings client = MemcachedCacheAutoConfiguration.clientSettings(properties,
				new PropertiesMemcachedConnectionDetails(properties, new MockEnvironment(), null));
		assertThat(client).isEqualTo(ClientSettings.defaults());
		MemcachedCacheSettings cache = defaults(properties);
		assertThat(cache).isEqualTo(MemcachedCacheSettings.defaults(cache.codec()));
		MemcachedPropertiesCheck.check(properties, new MockEnvironment());
	}

	@Test
	void theDefaultsInTheMetadataAreThoseOfTheCache() throws Exception {
		Map<String, String> values = new LinkedHashMap<>();
		try (InputStream stream = MemcachedProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonMapper.builder().build().readTree(stream).get("properties").forEach((property) -> {
				String name = property.get("name").asString();
				if (name.startsWith("memcached.cache.") && property.has("defaultValue")) {
					values.put(name, property.get("defaultValue").asString());
				}
			});
		}
		values.remove("memcached.cache.key-prefix");
		assertThat(values).hasSizeGreaterThan(6);
		MemcachedCacheSettings cache = defaults(bind(values));
		assertThat(cache).isEqualTo(MemcachedCacheSettings.defaults(cache.codec()));
	}

	@Test
	void whenAllIsSetThenTheClientGetsIt() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("memcached.connect-timeout", "1s");
		values.put("memcached.operationTimeout", "40");
		values.put("memcached.max-in-flight", "7");
		values.put("memcached.max_queued", "1MB");
		values.put("memcached.breaker.failure-threshold", "5");
		values.put("memcached.breaker.probe-interval", "2s");
		values.put("memcached.on-server-failure", "FAILOVER");
		values.put("memcached.username", "me");
		values.put("memcached.password", "secret");
		MemcachedProperties properties = bind(values);
		assertThat(MemcachedCacheAutoConfiguration.clientSettings(properties,
				new PropertiesMemcachedConnectionDetails(properties, new MockEnvironment(), null)))
			.isEqualTo(new ClientSettings(Duration.ofSeconds(1), Duration.ofMillis(40), 7, 1 << 20, 5,
					Duration.ofSeconds(2), true, "me", "secret", null));
		assertThat(properties.onServerFailure()).isEqualTo(OnServerFailure.FAILOVER);
		assertThat(new PropertiesMemcachedConnectionDetails(properties, new MockEnvironment(), null).toString())
			.doesNotContain("secret");
	}

	@Test
	void whenACacheHasSettingsOfItsOwnThenItInheritsTheRest() throws Exception {
		MemcachedProperties properties = yaml("""
				memcached:
				  cache:
				    time-to-live: 10m
				    time-to-idle: 5m
				    null-values: false
				    load-lease: 1s
				    caches:
				      books:
				        time-to-live: 1d
				        null-values: true
				      "[books:v2]":
				        enabled: false
				        compression-threshold: 1KB
				        maximum-value-size: 64KB
				        codec: json
				        time-to-live-jitter: 0.2
				        load-window: 1m
				""");
		CodecRegistry codecs = codecs();
		MemcachedCacheSettings defaults = MemcachedCacheManagerBuilderFactory.defaults(properties.cache(), codecs);
		Map<String, MemcachedCacheSettings> caches = MemcachedCacheManagerBuilderFactory.caches(properties.cache(),
				defaults, codecs);
		assertThat(caches).containsOnlyKeys("books", "books:v2");
		MemcachedCacheSettings books = Objects.requireNonNull(caches.get("books"));
		assertThat(books.timeToLive()).isEqualTo(Duration.ofDays(1));
		assertThat(books.nullValues()).isTrue();
		assertThat(books.timeToIdle()).isEqualTo(Duration.ofMinutes(5));
		assertThat(books.loadLease()).isEqualTo(Duration.ofSeconds(1));
		assertThat(books.enabled()).isTrue();
		assertThat(books.codec()).isSameAs(defaults.codec());
		MemcachedCacheSettings odd = Objects.requireNonNull(caches.get("books:v2"));
		assertThat(odd.enabled()).isFalse();
		assertThat(odd.timeToLive()).isEqualTo(Duration.ofMinutes(10));
		assertThat(odd.nullValues()).isFalse();
		assertThat(odd.compressionThreshold()).isEqualTo(1024);
		assertThat(odd.maximumValueSize()).isEqualTo(64 << 10);
		assertThat(books.maximumValueSize()).isEqualTo(32 << 20);
		assertThat(MemcachedCacheManagerBuilderFactory.maximumValueSize(properties.cache())).isEqualTo(32 << 20);
		assertThat(odd.timeToLiveJitter()).isEqualTo(0.2);
		assertThat(odd.loadWindow()).isEqualTo(Duration.ofMinutes(1));
		assertThat(odd.codec()).isNotSameAs(books.codec());
	}

	@Test
	void whenCompressionIsNegativeThenNeverCompressed() {
		MemcachedProperties properties = bind(Map.of("memcached.cache.compression-threshold", "-1"));
		assertThat(properties.cache().compressionThreshold()).isEqualTo(DataSize.ofBytes(-1));
		MemcachedPropertiesCheck.check(properties, new MockEnvironment());
		assertThat(defaults(properties).compressionThreshold()).isEqualTo(-1);
	}

	@Test
	void whenTheNameOfACacheIsOddThenItsPropertyIsWrittenInBrackets() {
		assertThat(MemcachedPropertiesCheck.cacheProperty("books")).isEqualTo("memcached.cache.caches.books");
		assertThat(MemcachedPropertiesCheck.cacheProperty("books:v2")).isEqualTo("memcached.cache.caches[books:v2]");
		assertThat(MemcachedPropertiesCheck.cacheProperty("a.b")).isEqualTo("memcached.cache.caches[a.b]");
		assertThat(MemcachedPropertiesCheck.cacheProperty("bookShelf")).isEqualTo("memcached.cache.caches[bookShelf]");
	}

	private static MemcachedCacheSettings defaults(MemcachedProperties properties) {
		return MemcachedCacheManagerBuilderFactory.defaults(properties.cache(), codecs());
	}

	private static CodecRegistry codecs() {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.registerSingleton("jdk", codec(256));
		beanFactory.registerSingleton("json", codec(257));
		return new CodecRegistry(beanFactory, List.of(), 1, new MockEnvironment());
	}

	private static ValueCodec codec(int id) {
		return new ValueCodec() {

			@Override
			public int id() {
				return id;
			}

			@Override
			public byte[] encode(Object value) {
				throw new UnsupportedOperationException();
			}

			@Override
			public Object decode(byte[] bytes, int offset, int length) {
				throw new UnsupportedOperationException();
			}

		};
	}

	private static MemcachedProperties bind(Map<String, String> values) {
		return bind(List.of(new MapConfigurationPropertySource(values)));
	}

	private static MemcachedProperties yaml(String yaml) throws Exception {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("test",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		return bind(ConfigurationPropertySources.from(sources));
	}

	private static MemcachedProperties bind(Iterable<ConfigurationPropertySource> sources) {
		return new Binder(sources).bindOrCreate("memcached", MemcachedProperties.class);
	}

}
