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

import java.time.Duration;
import java.util.List;

/**
 * Makes {@link ServerPool}s.
 */
public final class ServerPools {

	/** Nobody waits for it; an endpoint that is merely slow should be heard. */
	private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(2);

	private ServerPools() {
	}

	/**
	 * Make a pool that is not connected yet; {@link ServerPool#start} does that.
	 * @param servers the servers, each once
	 * @param settings how to treat them
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no server, or one is listed twice; the
	 * message names the remedy
	 */
	public static ServerPool create(List<ServerAddress> servers, ClientSettings settings) {
		return new DefaultServerPool(servers, settings, Dialer.Resolver.SYSTEM);
	}

	/**
	 * Make a pool of the addresses that names have, as they change. Until a name has one,
	 * a server that cannot be used stands for it; once it has, its last known addresses
	 * stay while it cannot be resolved.
	 * @param names the names, each once; the port and weight of a name are those of each
	 * of its addresses
	 * @param interval the time between two look-ups; the JVM's own cache of names may
	 * make it longer
	 * @param settings how to treat the servers
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no name, or one is listed twice
	 */
	public static ServerPool discoverByDns(List<ServerAddress> names, Duration interval, ClientSettings settings) {
		return new DefaultServerPool(names, new DnsDiscovery(names, Dialer.Resolver.SYSTEM), interval, settings,
				Dialer.Resolver.SYSTEM);
	}

	/**
	 * Make a pool of the nodes that a configuration endpoint of Amazon ElastiCache names,
	 * as they change. Until it does, a server that cannot be used stands for it; once it
	 * has, the last known nodes stay while it does not answer.
	 * @param endpoints the endpoint, or several of which the first that answers counts
	 * @param interval the time between two questions
	 * @param settings how to treat the servers
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no endpoint, or one is listed twice
	 */
	public static ServerPool discoverByElastiCache(List<ServerAddress> endpoints, Duration interval,
			ClientSettings settings) {
		return new DefaultServerPool(endpoints, new ElastiCacheDiscovery(endpoints, settings.connectTimeout(),
				EXCHANGE_TIMEOUT, Dialer.Resolver.SYSTEM), interval, settings, Dialer.Resolver.SYSTEM);
	}

}
