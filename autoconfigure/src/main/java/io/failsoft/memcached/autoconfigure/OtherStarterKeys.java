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

	private static final List<String> KEYS = List.of("servers", "servers-refresh-interval", "provider", "mode",
			"expiration", "expirations", "expiration-per-cache", "prefix", "namespace", "protocol", "operation-timeout",
			"hash-strategy", "serialization-transcoder", "authentication", "metrics-cache-names",
			"disabled-cache-names");

	private OtherStarterKeys() {
	}

	/**
	 * Logs one warning that names each such key, if there is any.
	 * @param environment the environment
	 */
	static void warn(Environment environment) {
		List<String> found = KEYS.stream()
			.map((key) -> "memcached.cache." + key)
			.filter((key) -> isSet(environment, ConfigurationPropertyName.of(key)))
			.toList();
		if (!found.isEmpty()) {
			logger.warn("Ignored properties of another memcached starter: " + String.join(", ", found)
					+ ". Set memcached.servers and memcached.cache.time-to-live instead; docs/migrating.md lists the"
					+ " replacement of each");
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
