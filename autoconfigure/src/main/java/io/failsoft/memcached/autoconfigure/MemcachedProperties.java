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

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the memcached cache. Keys below {@code memcached} that are not known
 * are ignored, as everywhere in Spring Boot.
 *
 * @param enabled Whether the memcached cache manager is configured.
 * @param servers List of servers, each as host[:port][*weight]; IPv6 addresses stand in
 * brackets, and the port is 11211 if left out.
 * @param discovery How the servers are found from the names that are configured.
 * @param discoveryInterval Time between two look-ups when servers are discovered.
 * @param username User name to authenticate with.
 * @param password Password to authenticate with.
 * @param authentication How to authenticate when a user name is set.
 * @param ssl encryption of the connections
 * @param connectTimeout Bound on one attempt to connect, and on the handshake of TLS.
 * @param operationTimeout Bound on one operation as the caller sees it.
 * @param maxInFlight Operations that may be under way per server; over it an operation
 * fails at once.
 * @param maxQueued Bytes that may be queued per server; over it an operation fails at
 * once.
 * @param onServerFailure What happens to the keys of a server that cannot be used.
 * @param failoverTimeToLive Longest time to live of what is written to a server while it
 * stands in for another.
 * @param breaker when a server counts as lost and how it comes back
 * @param invalidationLog invalidations that could not be delivered yet
 * @param health the answer of the health endpoint
 * @param observations observations of operations
 * @param local what this instance keeps itself, on the heap
 * @param cache the caches
 */
@ConfigurationProperties("memcached")
record MemcachedProperties(@DefaultValue("true") boolean enabled, @DefaultValue("localhost:11211") List<String> servers,
		@DefaultValue("none") Discovery discovery, @DefaultValue("10s") Duration discoveryInterval,
		@Nullable String username, @Nullable String password, @DefaultValue("text") Authentication authentication,
		@DefaultValue Ssl ssl, @DefaultValue("250ms") Duration connectTimeout,
		@DefaultValue("250ms") Duration operationTimeout, @DefaultValue("4096") int maxInFlight,
		@DefaultValue("16MB") DataSize maxQueued, @DefaultValue("miss") OnServerFailure onServerFailure,
		@DefaultValue("10s") Duration failoverTimeToLive, @DefaultValue Breaker breaker,
		@DefaultValue InvalidationLog invalidationLog, @DefaultValue Health health,
		@DefaultValue Observations observations, @DefaultValue Local local,
		@NestedConfigurationProperty @DefaultValue MemcachedCacheProperties cache) {

	/** Without the password. */
	@Override
	public String toString() {
		return "servers " + String.join(", ", this.servers);
	}

	/**
	 * Encryption of the connections.
	 *
	 * @param enabled Whether to use TLS; by default if a bundle is named.
	 * @param bundle Name of the SSL bundle; without one, the authorities that the JDK
	 * trusts are.
	 * @param verifyHostname Whether the certificate must be for the name of the server.
	 */
	record Ssl(@Nullable Boolean enabled, @Nullable String bundle, @DefaultValue("true") boolean verifyHostname) {

		boolean isEnabled() {
			return (this.enabled != null) ? this.enabled : StringUtils.hasText(this.bundle);
		}

	}

	/**
	 * Rules by which a server counts as lost and comes back.
	 *
	 * @param failureThreshold Operation timeouts in a row, in which the server answered
	 * nothing in time, that open the breaker.
	 * @param probeInterval Upper bound of the time between two probes of a lost server.
	 */
	record Breaker(@DefaultValue("3") int failureThreshold, @DefaultValue("500ms") Duration probeInterval) {

	}

	/**
	 * Invalidations that could not be delivered yet.
	 *
	 * @param capacity Keys per server whose invalidation is remembered until it can be
	 * delivered.
	 */
	record InvalidationLog(@DefaultValue("10000") int capacity) {

	}

	/**
	 * The answer of the health endpoint.
	 *
	 * @param statusWhenDegraded Health status that is reported when any server cannot be
	 * used.
	 */
	record Health(@DefaultValue("DEGRADED") String statusWhenDegraded) {

	}

	/**
	 * Observations of operations.
	 *
	 * @param enabled Whether each operation on a server is observed, as a span for
	 * instance, if there is an ObservationRegistry.
	 */
	record Observations(@DefaultValue("false") boolean enabled) {

	}

	/**
	 * Values that this instance keeps itself, on the heap.
	 *
	 * @param maximumWeight Heap for what this instance has read or loaded, encoded, keys
	 * and 200 bytes an entry included, all caches together; 0 turns near and reserve off.
	 */
	record Local(@DefaultValue("32MB") DataSize maximumWeight) {

	}

	/**
	 * Ways to find the servers.
	 */
	enum Discovery {

		/** The names that are configured are the servers. */
		NONE,

		/** Each name's addresses are servers. */
		DNS,

		/** The servers are asked for at a configuration endpoint of ElastiCache. */
		ELASTICACHE

	}

	/**
	 * Ways to authenticate.
	 */
	enum Authentication {

		/** With the text protocol, as {@code memcached -Y} expects it. */
		TEXT,

		/** With SASL, which needs the binary protocol. */
		SASL

	}

	/**
	 * Answers to the failure of a server.
	 */
	enum OnServerFailure {

		/** Its keys fall through to the method. */
		MISS,

		/** The next server of the ring takes its keys. */
		FAILOVER

	}

}
