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

import org.springframework.core.env.Environment;

/**
 * Refuses properties that ask for TLS: who sets them must not believe that the traffic is
 * encrypted. It names them one by one, as Kubernetes sets variables that begin alike for
 * a service named {@code memcached-ssl}.
 */
final class TlsKeys {

	private static final String PREFIX = "memcached.ssl.";

	private static final List<String> NAMES = List.of("bundle", "key-store", "trust-store", "certificate",
			"trust-certificate", "ciphers", "protocol");

	private TlsKeys() {
	}

	static void refuse(Environment environment) {
		for (String name : NAMES) {
			String value = environment.getProperty(PREFIX + name);
			if (value != null) {
				throw refusal(name, value);
			}
		}
		String enabled = environment.getProperty(PREFIX + "enabled");
		if (enabled != null && !"false".equalsIgnoreCase(enabled.trim())) {
			throw refusal("enabled", enabled);
		}
	}

	private static MemcachedConfigurationException refusal(String name, String value) {
		return new MemcachedConfigurationException(PREFIX + name, value,
				"asks for TLS, which the memcached client does not have",
				"Remove the property. To encrypt the traffic today, run a TLS tunnel (stunnel, Envoy, a service "
						+ "mesh sidecar) next to the application and point memcached.servers to its local port; docs/tls.md has a file that works.");
	}

}
