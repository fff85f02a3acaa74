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

package io.failsoft.memcached.client;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Asks a configuration endpoint of Amazon ElastiCache for the nodes of its cluster. If
 * several endpoints are configured, the first that answers counts. Only a newer
 * configuration than the one that is known is taken, so that an endpoint that lags does
 * not bring back what is past.
 */
final class ElastiCacheDiscovery implements Discovery {

	private final List<ServerAddress> endpoints;

	private final ConfigurationExchange exchange;

	private @Nullable ClusterConfiguration known;

	ElastiCacheDiscovery(List<ServerAddress> endpoints, ConfigurationExchange exchange) {
		this.endpoints = List.copyOf(endpoints);
		this.exchange = exchange;
	}

	@Override
	public Found look() {
		Map<ServerAddress, String> failures = new LinkedHashMap<>();
		for (ServerAddress endpoint : this.endpoints) {
			try {
				String lagging = take(this.exchange.ask(endpoint));
				failures.clear();
				if (lagging != null) {
					failures.put(endpoint, lagging);
				}
				break;
			}
			catch (IOException ex) {
				failures.put(endpoint, Reasons.of(ex));
			}
		}
		ClusterConfiguration current = this.known;
		return new Found((current != null) ? current.nodes() : List.of(), failures);
	}

	private @Nullable String take(ClusterConfiguration answered) {
		ClusterConfiguration current = this.known;
		if (current == null || answered.version() > current.version()) {
			this.known = answered;
		}
		else if (answered.version() < current.version()) {
			return "version " + answered.version() + " of the configuration after " + current.version();
		}
		return null;
	}

	@Override
	public void close() {
		this.exchange.close();
	}

}
