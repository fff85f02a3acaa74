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

import org.jspecify.annotations.Nullable;

/**
 * All servers of an application and the ring that tells which of them a key belongs to.
 * Thread-safe.
 */
public interface ServerPool extends MemcachedServers, AutoCloseable {

	/**
	 * Makes a pool that is not connected yet; {@link #start} does that.
	 * @param servers the servers, each once
	 * @param settings how to treat them
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no server, or one is listed twice; the
	 * message names the remedy
	 */
	static ServerPool create(List<ServerAddress> servers, ClientSettings settings) {
		return new DefaultServerPool(servers, null, Duration.ZERO, settings, Dialer.Resolver.SYSTEM);
	}

	/**
	 * Makes a pool of the addresses that names have, as they change. Until a name has
	 * one, a server that cannot be used stands for it; once it has, its last known
	 * addresses stay while it cannot be resolved.
	 * @param names the names, each once; the port and weight of a name are those of each
	 * of its addresses
	 * @param interval the time between two look-ups; the JVM's own cache of names may
	 * make it longer
	 * @param settings how to treat the servers
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no name, or one is listed twice
	 */
	static ServerPool discoverByDns(List<ServerAddress> names, Duration interval, ClientSettings settings) {
		return new DefaultServerPool(names, new DnsDiscovery(names, Dialer.Resolver.SYSTEM), interval, settings,
				Dialer.Resolver.SYSTEM);
	}

	/**
	 * Makes a pool of the nodes that a configuration endpoint of Amazon ElastiCache
	 * names, as they change. Until it does, a server that cannot be used stands for it;
	 * once it has, the last known nodes stay while it does not answer.
	 * @param endpoints the endpoint, or several of which the first that answers counts
	 * @param interval the time between two questions
	 * @param settings how to treat the servers
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no endpoint, or one is listed twice
	 */
	static ServerPool discoverByElastiCache(List<ServerAddress> endpoints, Duration interval, ClientSettings settings) {
		return new DefaultServerPool(
				endpoints, new ElastiCacheDiscovery(endpoints, settings.connectTimeout(),
						ElastiCacheDiscovery.EXCHANGE_TIMEOUT, settings.tls(), Dialer.Resolver.SYSTEM),
				interval, settings, Dialer.Resolver.SYSTEM);
	}

	/**
	 * Returns the server that a key belongs to, whether it can be used now or not.
	 * @param key the key
	 * @return its home
	 */
	Server home(MemcachedKey key);

	/**
	 * Returns the server that takes a key while its home cannot be used.
	 * @param key the key
	 * @return the next usable server of the ring after the key's home, or {@code null} if
	 * there is none or {@code on-server-failure} is not {@code failover}
	 */
	@Nullable Server failoverServer(MemcachedKey key);

	/**
	 * Returns all servers, in the order of the configuration. Where servers are
	 * discovered, those of now, and until there are any, those configured, which cannot
	 * be used.
	 * @return the servers
	 */
	List<Server> servers();

	/**
	 * Returns the share of the keys that a server is home to.
	 * @param server a server
	 * @return the share, 0 to 1; 0 if it is none of {@link #servers()} any more
	 */
	double share(Server server);

	/**
	 * Has a listener told of each operation from now on, in place of the one before.
	 * Without one, operations cost nothing more.
	 * @param listener the listener
	 */
	void setOperationListener(OperationListener listener);

	/**
	 * Connects in the background. Returns at once, whatever the servers do.
	 * @param gates makes the gate that each server asks before it is used
	 */
	void start(RecoveryGate.Factory gates);

	/**
	 * Closes all connections at once, without flushing. Takes well under a second, hung
	 * servers included.
	 */
	@Override
	void close();

}
