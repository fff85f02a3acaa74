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

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Keys of another memcached starter, which also begin with {@code memcached.cache} but
 * mean nothing here: ignored in silence, they would leave the cache at localhost. And
 * settings of Spring Boot's other caches, which memcached takes the place of.
 */
final class OtherStarterKeys {

	private static final Log logger = LogFactory.getLog(OtherStarterKeys.class);

	private static final List<String> KEYS = List.of("servers", "servers-refresh-interval", "provider", "mode",
			"expiration", "expirations", "expiration-per-cache", "prefix", "namespace", "protocol", "operation-timeout",
			"hash-strategy", "serialization-transcoder", "authentication", "metrics-cache-names",
			"disabled-cache-names");

	private static final List<String> OTHER_CACHES = List.of("caffeine.spec", "couchbase.expiration",
			"infinispan.config", "jcache.config", "jcache.provider", "redis");

	private OtherStarterKeys() {
	}

	/**
	 * Logs one warning that names each such key, if there is any.
	 * @param environment the environment
	 */
	static void warn(Environment environment) {
		List<String> found = set(environment, "memcached.cache.", KEYS);
		if (!found.isEmpty()) {
			logger.warn("Ignored properties of another memcached starter: " + String.join(", ", found)
					+ ". Set memcached.servers and memcached.cache.time-to-live instead; docs/migrating.md lists the"
					+ " replacement of each");
		}
	}

	/**
	 * Logs one warning that names what is there for one of Spring Boot's other caches, if
	 * there is anything.
	 * @param environment the environment
	 * @param beanFactory has the customizers
	 */
	static void warnOfOtherCaches(Environment environment, ListableBeanFactory beanFactory) {
		List<String> found = set(environment, "spring.cache.", OTHER_CACHES);
		for (Class<?> type : List.of(JCacheManagerCustomizer.class, RedisCacheManagerBuilderCustomizer.class)) {
			for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
				found.add(type.getSimpleName() + " '" + name + "'");
			}
		}
		if (!found.isEmpty()) {
			logger.warn("Ignored, as memcached holds the caches: " + String.join(", ", found)
					+ ". docs/migrating.md says what to set instead; with memcached.enabled: false it applies again");
		}
	}

	private static List<String> set(Environment environment, String prefix, List<String> keys) {
		return keys.stream()
			.map((key) -> prefix + key)
			.filter((key) -> isSet(environment, ConfigurationPropertyName.of(key)))
			.collect(Collectors.toList());
	}

	private static boolean isSet(Environment environment, ConfigurationPropertyName name) {
		return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.anyMatch((source) -> source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT);
	}

}
