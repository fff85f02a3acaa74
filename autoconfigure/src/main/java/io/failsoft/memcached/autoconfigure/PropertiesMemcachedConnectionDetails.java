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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Discovery;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The {@link MemcachedConnectionDetails} that the properties give.
 */
final class PropertiesMemcachedConnectionDetails implements MemcachedConnectionDetails {

	private static final String FORM = "Write each server as host[:port][*weight], for example "
			+ "'cache1.example.com', 'cache1.example.com:11212*2' or '[2001:db8::1]:11211'.";

	private final MemcachedProperties properties;

	private final List<ServerAddress> servers;

	PropertiesMemcachedConnectionDetails(MemcachedProperties properties) {
		this.properties = properties;
		this.servers = parse(properties.getServers());
		if (properties.getDiscovery() == Discovery.ELASTICACHE) {
			refuseWeights();
		}
	}

	private void refuseWeights() {
		for (int i = 0; i < this.servers.size(); i++) {
			if (this.servers.get(i).weight() != 1) {
				throw new MemcachedConfigurationException("memcached.servers[" + i + "]",
						this.properties.getServers().get(i), "gives a weight to a configuration endpoint",
						"Remove the weight: the nodes that the endpoint names get equal shares of the keys.");
			}
		}
	}

	private static List<ServerAddress> parse(List<String> entries) {
		if (entries.isEmpty()) {
			throw new MemcachedConfigurationException("memcached.servers", "", "names no server",
					FORM + " To run without memcached, set memcached.enabled=false.");
		}
		List<ServerAddress> servers = new ArrayList<>(entries.size());
		Set<String> names = new HashSet<>();
		for (int i = 0; i < entries.size(); i++) {
			String property = "memcached.servers[" + i + "]";
			ServerAddress server = parse(property, entries.get(i));
			if (!names.add(server.name().toLowerCase(Locale.ROOT))) {
				throw new MemcachedConfigurationException(property, entries.get(i),
						"names a server that is in the list already",
						"Name each server once. To give it a larger share of the keys, append a weight, as in '"
								+ server.name() + "*2'.");
			}
			servers.add(server);
		}
		return List.copyOf(servers);
	}

	private static ServerAddress parse(String property, String entry) {
		try {
			return ServerAddress.parse(entry);
		}
		catch (IllegalArgumentException ex) {
			throw new MemcachedConfigurationException(property, entry, "is not a server: " + ex.getMessage(), FORM);
		}
	}

	@Override
	public List<ServerAddress> getServers() {
		return this.servers;
	}

	@Override
	public @Nullable String getUsername() {
		return emptyToNull(this.properties.getUsername());
	}

	@Override
	public @Nullable String getPassword() {
		return emptyToNull(this.properties.getPassword());
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	@Override
	public String toString() {
		return "servers " + String.join(", ", this.properties.getServers());
	}

}
