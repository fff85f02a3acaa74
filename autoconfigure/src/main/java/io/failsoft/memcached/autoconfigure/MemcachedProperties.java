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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the memcached cache. Keys below {@code memcached} that are not known
 * are ignored, as everywhere in Spring Boot.
 */
@ConfigurationProperties("memcached")
class MemcachedProperties {

	/**
	 * Whether the memcached cache manager is configured.
	 */
	private boolean enabled = true;

	/**
	 * List of servers, each as host[:port][*weight]; IPv6 addresses stand in brackets,
	 * and the port is 11211 if left out.
	 */
	private List<String> servers = new ArrayList<>(List.of("localhost:11211"));

	/**
	 * How the servers are found from the names that are configured.
	 */
	private Discovery discovery = Discovery.NONE;

	/**
	 * Time between two look-ups when servers are discovered.
	 */
	private Duration discoveryInterval = Duration.ofSeconds(10);

	/**
	 * User name to authenticate with.
	 */
	private @Nullable String username;

	/**
	 * Password to authenticate with.
	 */
	private @Nullable String password;

	/**
	 * How to authenticate when a user name is set.
	 */
	private Authentication authentication = Authentication.TEXT;

	/**
	 * Bound on one attempt to connect.
	 */
	private Duration connectTimeout = Duration.ofMillis(250);

	/**
	 * Bound on one operation as the caller sees it.
	 */
	private Duration operationTimeout = Duration.ofMillis(250);

	/**
	 * Operations that may be under way per server; over it an operation fails at once.
	 */
	private int maxInFlight = 4096;

	/**
	 * Bytes that may be queued per server; over it an operation fails at once.
	 */
	private DataSize maxQueued = DataSize.ofMegabytes(16);

	/**
	 * What happens to the keys of a server that cannot be used.
	 */
	private OnServerFailure onServerFailure = OnServerFailure.MISS;

	/**
	 * Longest time to live of what is written to a server while it stands in for another.
	 */
	private Duration failoverTimeToLive = Duration.ofSeconds(10);

	private final Breaker breaker = new Breaker();

	private final InvalidationLog invalidationLog = new InvalidationLog();

	private final Health health = new Health();

	@NestedConfigurationProperty
	private final Observations observations = new Observations();

	@NestedConfigurationProperty
	private final MemcachedCacheProperties cache = new MemcachedCacheProperties();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public List<String> getServers() {
		return this.servers;
	}

	public void setServers(List<String> servers) {
		this.servers = servers;
	}

	public Discovery getDiscovery() {
		return this.discovery;
	}

	public void setDiscovery(Discovery discovery) {
		this.discovery = discovery;
	}

	public Duration getDiscoveryInterval() {
		return this.discoveryInterval;
	}

	public void setDiscoveryInterval(Duration discoveryInterval) {
		this.discoveryInterval = discoveryInterval;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public Authentication getAuthentication() {
		return this.authentication;
	}

	public void setAuthentication(Authentication authentication) {
		this.authentication = authentication;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public Duration getOperationTimeout() {
		return this.operationTimeout;
	}

	public void setOperationTimeout(Duration operationTimeout) {
		this.operationTimeout = operationTimeout;
	}

	public int getMaxInFlight() {
		return this.maxInFlight;
	}

	public void setMaxInFlight(int maxInFlight) {
		this.maxInFlight = maxInFlight;
	}

	public DataSize getMaxQueued() {
		return this.maxQueued;
	}

	public void setMaxQueued(DataSize maxQueued) {
		this.maxQueued = maxQueued;
	}

	public OnServerFailure getOnServerFailure() {
		return this.onServerFailure;
	}

	public void setOnServerFailure(OnServerFailure onServerFailure) {
		this.onServerFailure = onServerFailure;
	}

	public Duration getFailoverTimeToLive() {
		return this.failoverTimeToLive;
	}

	public void setFailoverTimeToLive(Duration failoverTimeToLive) {
		this.failoverTimeToLive = failoverTimeToLive;
	}

	public Breaker getBreaker() {
		return this.breaker;
	}

	public InvalidationLog getInvalidationLog() {
		return this.invalidationLog;
	}

	public Health getHealth() {
		return this.health;
	}

	public Observations getObservations() {
		return this.observations;
	}

	public MemcachedCacheProperties getCache() {
		return this.cache;
	}

	/**
	 * When a server counts as lost and how it comes back.
	 */
	static class Breaker {

		/**
		 * Operation timeouts in a row, in which the server answered nothing in time, that
		 * open the breaker.
		 */
		private int failureThreshold = 3;

		/**
		 * Upper bound of the time between two probes of a lost server.
		 */
		private Duration probeInterval = Duration.ofMillis(500);

		public int getFailureThreshold() {
			return this.failureThreshold;
		}

		public void setFailureThreshold(int failureThreshold) {
			this.failureThreshold = failureThreshold;
		}

		public Duration getProbeInterval() {
			return this.probeInterval;
		}

		public void setProbeInterval(Duration probeInterval) {
			this.probeInterval = probeInterval;
		}

	}

	/**
	 * Invalidations that could not be delivered yet.
	 */
	static class InvalidationLog {

		/**
		 * Keys per server whose invalidation is remembered until it can be delivered.
		 */
		private int capacity = 10_000;

		public int getCapacity() {
			return this.capacity;
		}

		public void setCapacity(int capacity) {
			this.capacity = capacity;
		}

	}

	/**
	 * What the health endpoint reports.
	 */
	static class Health {

		/**
		 * Health status that is reported when any server cannot be used.
		 */
		private String statusWhenDegraded = "DEGRADED";

		public String getStatusWhenDegraded() {
			return this.statusWhenDegraded;
		}

		public void setStatusWhenDegraded(String statusWhenDegraded) {
			this.statusWhenDegraded = statusWhenDegraded;
		}

	}

	/**
	 * Observations of operations.
	 */
	static class Observations {

		/**
		 * Whether each operation on a server is observed, as a span for instance, if
		 * there is an ObservationRegistry.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * How the servers are found.
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
	 * How to authenticate.
	 */
	enum Authentication {

		/** With the text protocol, as {@code memcached -Y} expects it. */
		TEXT,

		/** With SASL, which needs the binary protocol. */
		SASL

	}

	/**
	 * What happens to the keys of a server that cannot be used.
	 */
	enum OnServerFailure {

		/** They fall through to the method. */
		MISS,

		/** The next server of the ring takes them. */
		FAILOVER

	}

}
