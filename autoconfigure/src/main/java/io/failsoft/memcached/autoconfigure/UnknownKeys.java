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

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds keys below {@code memcached} that mean nothing, which most often are misspelt.
 * They are no failure, and environment variables are not looked at, as others set some
 * that begin alike.
 */
final class UnknownKeys {

	private static final Log logger = LogFactory.getLog(UnknownKeys.class);

	/** System properties by which the testkit finds a memcached. */
	private static final Set<ConfigurationPropertyName> TESTKIT = Set
		.of(ConfigurationPropertyName.of("memcached.binary"), ConfigurationPropertyName.of("memcached.image"));

	private UnknownKeys() {
	}

	/**
	 * Log one warning that names each such key, if there is any, and what was probably
	 * meant.
	 * @param environment the environment
	 */
	static void warn(Environment environment) {
		Set<ConfigurationPropertyName> unknown = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names
					&& !KnownProperties.isSystemEnvironment(source)) {
				names.stream().filter(UnknownKeys::isUnknown).forEach(unknown::add);
			}
		}
		if (!unknown.isEmpty()) {
			logger.warn("Ignored unknown properties: "
					+ unknown.stream().map(UnknownKeys::describe).collect(Collectors.joining("; ")));
		}
	}

	private static boolean isUnknown(ConfigurationPropertyName name) {
		return KnownProperties.PREFIX.isAncestorOf(name) && !KnownProperties.contains(name)
				&& !OtherStarterKeys.contains(name) && !TESTKIT.contains(name);
	}

	private static String describe(ConfigurationPropertyName name) {
		String nearest = KnownProperties.nearest(name);
		return name + ((nearest != null) ? " (did you mean " + nearest + "?)" : "");
	}

}
