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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Keys of another memcached starter, which also begin with {@code memcached.cache} but
 * mean nothing here: ignored in silence, they would leave the cache at localhost.
 */
final class OtherStarterKeys {

	private static final Log logger = LogFactory.getLog(OtherStarterKeys.class);

	private static final Map<String, String> REPLACEMENTS = new LinkedHashMap<>();

	static {
		replace("servers", "memcached.servers");
		replace("servers-refresh-interval", "memcached.discovery-interval");
		replace("provider", "memcached.discovery");
		replace("mode", "memcached.discovery");
		replace("expiration", "memcached.cache.time-to-live (a Duration)");
		replace("expirations", "memcached.cache.time-to-live and memcached.cache.caches.<name>.time-to-live");
		replace("expiration-per-cache", "memcached.cache.caches.<name>.time-to-live");
		replace("prefix", "memcached.cache.key-prefix");
		replace("namespace", "nothing (clearing a cache needs no key of its own)");
		replace("protocol", "nothing (always text, as binary answers do not carry the key)");
		replace("operation-timeout", "memcached.operation-timeout");
		replace("hash-strategy", "nothing (always a consistent ring)");
		replace("serialization-transcoder", "memcached.cache.codec");
		replace("authentication", "memcached.username, memcached.password and memcached.authentication");
		replace("metrics-cache-names", "nothing (every cache is metered)");
		replace("disabled-cache-names", "memcached.cache.caches.<name>.enabled");
	}

	private OtherStarterKeys() {
	}

	private static void replace(String key, String replacement) {
		REPLACEMENTS.put("memcached.cache." + key, replacement);
	}

	/**
	 * Logs one warning that names each such key and what replaces it, if there is any.
	 * @param environment the environment
	 */
	static void warn(Environment environment) {
		List<String> found = new ArrayList<>();
		REPLACEMENTS.forEach((key, replacement) -> {
			if (isSet(environment, ConfigurationPropertyName.of(key))) {
				found.add(key + " -> " + replacement);
			}
		});
		if (!found.isEmpty()) {
			logger.warn("Ignored properties of another memcached starter. Replace them: " + String.join("; ", found));
		}
	}

	private static boolean isSet(Environment environment, ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
