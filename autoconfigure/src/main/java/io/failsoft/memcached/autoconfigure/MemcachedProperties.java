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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the memcached cache. Keys below {@code memcached} that are not known
 * are ignored, as Kubernetes sets environment variables such as {@code MEMCACHED_PORT}
 * for a service of that name.
 */
@ConfigurationProperties("memcached")
public class MemcachedProperties {

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
	private int maxInFlight = 1024;

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

	private final Ssl ssl = new Ssl();

	private final Breaker breaker = new Breaker();

	private final InvalidationLog invalidationLog = new InvalidationLog();

	private final Health health = new Health();

	private final Cache cache = new Cache();

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

	public Ssl getSsl() {
		return this.ssl;
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

	public Cache getCache() {
		return this.cache;
	}

	/**
	 * TLS, which the client does not have.
	 */
	public static class Ssl {

		/**
		 * Name of an SSL bundle; refused at start-up, as the client has no TLS.
		 */
		private @Nullable String bundle;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * When a server counts as lost and how it comes back.
	 */
	public static class Breaker {

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
	public static class InvalidationLog {

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
	public static class Health {

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
	 * Settings of the caches.
	 */
	public static class Cache {

		/**
		 * How long an entry lives; 0 for no expiry.
		 */
		private Duration timeToLive = Duration.ofHours(1);

		/**
		 * Share of the time to live, 0 to 1, by which it is shortened at random.
		 */
		private double timeToLiveJitter = 0;

		/**
		 * How long an entry lives that is not read; costs a second command for each hit.
		 */
		private @Nullable Duration timeToIdle;

		/**
		 * Text that keeps the keys of this application apart from those of others.
		 */
		private @Nullable String keyPrefix;

		/**
		 * Whether null is cached.
		 */
		private boolean nullValues = true;

		/**
		 * What writes and reads the values: jdk, json, or the name of a ValueCodec bean.
		 */
		private String codec = "jdk";

		/**
		 * Patterns of classes, such as com.acme.**, that may be deserialized in addition
		 * to the application's own.
		 */
		private List<String> allowedClasses = new ArrayList<>();

		/**
		 * Size from which on values are compressed; negative for never.
		 */
		private DataSize compressionThreshold = DataSize.ofKilobytes(16);

		/**
		 * How long an eviction guards against loads that began before it.
		 */
		private Duration loadWindow = Duration.ofSeconds(30);

		/**
		 * How long one instance may load a missing key while others wait for it.
		 */
		private @Nullable Duration loadLease;

		/**
		 * Whether puts and evictions within a transaction wait for its commit; true if
		 * spring-tx is on the class path.
		 */
		private @Nullable Boolean transactionAware;

		/**
		 * Whether caches that were not named are made on demand.
		 */
		private boolean dynamic = true;

		/**
		 * Settings per cache, by its name; what is not set is inherited from
		 * memcached.cache.*.
		 */
		private Map<String, CacheSettings> caches = new LinkedHashMap<>();

		public Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public double getTimeToLiveJitter() {
			return this.timeToLiveJitter;
		}

		public void setTimeToLiveJitter(double timeToLiveJitter) {
			this.timeToLiveJitter = timeToLiveJitter;
		}

		public @Nullable Duration getTimeToIdle() {
			return this.timeToIdle;
		}

		public void setTimeToIdle(@Nullable Duration timeToIdle) {
			this.timeToIdle = timeToIdle;
		}

		public @Nullable String getKeyPrefix() {
			return this.keyPrefix;
		}

		public void setKeyPrefix(@Nullable String keyPrefix) {
			this.keyPrefix = keyPrefix;
		}

		public boolean isNullValues() {
			return this.nullValues;
		}

		public void setNullValues(boolean nullValues) {
			this.nullValues = nullValues;
		}

		public String getCodec() {
			return this.codec;
		}

		public void setCodec(String codec) {
			this.codec = codec;
		}

		public List<String> getAllowedClasses() {
			return this.allowedClasses;
		}

		public void setAllowedClasses(List<String> allowedClasses) {
			this.allowedClasses = allowedClasses;
		}

		public DataSize getCompressionThreshold() {
			return this.compressionThreshold;
		}

		public void setCompressionThreshold(DataSize compressionThreshold) {
			this.compressionThreshold = compressionThreshold;
		}

		public Duration getLoadWindow() {
			return this.loadWindow;
		}

		public void setLoadWindow(Duration loadWindow) {
			this.loadWindow = loadWindow;
		}

		public @Nullable Duration getLoadLease() {
			return this.loadLease;
		}

		public void setLoadLease(@Nullable Duration loadLease) {
			this.loadLease = loadLease;
		}

		public @Nullable Boolean getTransactionAware() {
			return this.transactionAware;
		}

		public void setTransactionAware(@Nullable Boolean transactionAware) {
			this.transactionAware = transactionAware;
		}

		public boolean isDynamic() {
			return this.dynamic;
		}

		public void setDynamic(boolean dynamic) {
			this.dynamic = dynamic;
		}

		public Map<String, CacheSettings> getCaches() {
			return this.caches;
		}

		public void setCaches(Map<String, CacheSettings> caches) {
			this.caches = caches;
		}

	}

	/**
	 * Settings of one cache. What is {@code null} is inherited.
	 */
	public static class CacheSettings {

		/**
		 * Whether the cache stores anything; if not, every read is a miss.
		 */
		private boolean enabled = true;

		/**
		 * How long an entry lives; 0 for no expiry.
		 */
		private @Nullable Duration timeToLive;

		/**
		 * Share of the time to live, 0 to 1, by which it is shortened at random.
		 */
		private @Nullable Double timeToLiveJitter;

		/**
		 * How long an entry lives that is not read.
		 */
		private @Nullable Duration timeToIdle;

		/**
		 * Whether null is cached.
		 */
		private @Nullable Boolean nullValues;

		/**
		 * What writes and reads the values: jdk, json, or the name of a ValueCodec bean.
		 */
		private @Nullable String codec;

		/**
		 * Size from which on values are compressed; negative for never.
		 */
		private @Nullable DataSize compressionThreshold;

		/**
		 * How long an eviction guards against loads that began before it.
		 */
		private @Nullable Duration loadWindow;

		/**
		 * How long one instance may load a missing key while others wait for it.
		 */
		private @Nullable Duration loadLease;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(@Nullable Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public @Nullable Double getTimeToLiveJitter() {
			return this.timeToLiveJitter;
		}

		public void setTimeToLiveJitter(@Nullable Double timeToLiveJitter) {
			this.timeToLiveJitter = timeToLiveJitter;
		}

		public @Nullable Duration getTimeToIdle() {
			return this.timeToIdle;
		}

		public void setTimeToIdle(@Nullable Duration timeToIdle) {
			this.timeToIdle = timeToIdle;
		}

		public @Nullable Boolean getNullValues() {
			return this.nullValues;
		}

		public void setNullValues(@Nullable Boolean nullValues) {
			this.nullValues = nullValues;
		}

		public @Nullable String getCodec() {
			return this.codec;
		}

		public void setCodec(@Nullable String codec) {
			this.codec = codec;
		}

		public @Nullable DataSize getCompressionThreshold() {
			return this.compressionThreshold;
		}

		public void setCompressionThreshold(@Nullable DataSize compressionThreshold) {
			this.compressionThreshold = compressionThreshold;
		}

		public @Nullable Duration getLoadWindow() {
			return this.loadWindow;
		}

		public void setLoadWindow(@Nullable Duration loadWindow) {
			this.loadWindow = loadWindow;
		}

		public @Nullable Duration getLoadLease() {
			return this.loadLease;
		}

		public void setLoadLease(@Nullable Duration loadLease) {
			this.loadLease = loadLease;
		}

	}

	/**
	 * How the servers are found.
	 */
	public enum Discovery {

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
	public enum Authentication {

		/** With the text protocol, as {@code memcached -Y} expects it. */
		TEXT,

		/** With SASL, which needs the binary protocol. */
		SASL

	}

	/**
	 * What happens to the keys of a server that cannot be used.
	 */
	public enum OnServerFailure {

		/** They fall through to the method. */
		MISS,

		/** The next server of the ring takes them. */
		FAILOVER

	}

}
