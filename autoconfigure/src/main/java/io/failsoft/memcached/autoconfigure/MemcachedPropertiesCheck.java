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
import java.util.Locale;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Authentication;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Refuses properties that are out of their range, contradict each other or ask for
 * something that does not exist.
 */
final class MemcachedPropertiesCheck {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private static final Duration YEAR = Duration.ofDays(365);

	/** As many seconds as memcached's 32-bit expiry holds. */
	private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

	private MemcachedPropertiesCheck() {
	}

	/**
	 * Check all properties but the servers, which are checked when they are used.
	 * @param properties the properties
	 * @throws MemcachedConfigurationException if one cannot be used
	 */
	static void check(MemcachedProperties properties) {
		checkConnection(properties);
		checkRanges(properties);
		MemcachedCacheProperties cache = properties.getCache();
		checkCache("memcached.cache", cache.getTimeToLive(), cache.getTimeToLiveJitter(), cache.getTimeToIdle(),
				cache.getCompressionThreshold(), cache.getLoadWindow(), cache.getLoadLease());
		cache.getCaches().forEach(MemcachedPropertiesCheck::checkOverrides);
	}

	private static void checkConnection(MemcachedProperties properties) {
		if (properties.getAuthentication() == Authentication.SASL) {
			throw new MemcachedConfigurationException("memcached.authentication", "sasl",
					"needs memcached's binary protocol, whose client does not verify which key an answer belongs to, "
							+ "so that a wrong value could be returned",
					"Use 'text' and start memcached with '-Y <file>' in place of '-S'.");
		}
		checkCredentials("memcached.username", properties.getUsername(), "memcached.password",
				properties.getPassword());
	}

	/**
	 * Check what a bean of the application's own gives.
	 * @param details the bean
	 * @throws MemcachedConfigurationException if it cannot be used
	 */
	static void check(MemcachedConnectionDetails details) {
		String bean = "MemcachedConnectionDetails";
		if (details.getServers().isEmpty()) {
			throw new MemcachedConfigurationException(bean, null, "names no server",
					"Have the bean return at least one, or remove it and set memcached.servers.");
		}
		checkCredentials(bean + ".username", details.getUsername(), bean + ".password", details.getPassword());
	}

	private static void checkCredentials(String usernameProperty, @Nullable String username, String passwordProperty,
			@Nullable String password) {
		if (StringUtils.hasLength(username) && !StringUtils.hasLength(password)) {
			throw new MemcachedConfigurationException(usernameProperty, username, "is set without a password",
					"Set " + passwordProperty + " too, or remove " + usernameProperty + ".");
		}
		if (StringUtils.hasLength(password) && !StringUtils.hasLength(username)) {
			throw new MemcachedConfigurationException(passwordProperty, null, "is set without a user name",
					"Set " + usernameProperty + " too, or remove " + passwordProperty + ".");
		}
		checkCredential(usernameProperty, username, username);
		checkCredential(passwordProperty, password, null);
	}

	private static void checkCredential(String property, @Nullable String credential, @Nullable String shown) {
		if (credential != null && credential.chars().anyMatch((c) -> c <= ' ' || c == 127)) {
			throw new MemcachedConfigurationException(property, shown,
					"holds white space or a control character, which the text protocol cannot carry",
					"Choose another one, in the file that is given to 'memcached -Y' too.");
		}
	}

	private static void checkRanges(MemcachedProperties properties) {
		between("memcached.discovery-interval", properties.getDiscoveryInterval(), Duration.ofSeconds(1),
				Duration.ofHours(1));
		between("memcached.connect-timeout", properties.getConnectTimeout(), MILLISECOND, MINUTE);
		between("memcached.operation-timeout", properties.getOperationTimeout(), MILLISECOND, MINUTE);
		between("memcached.max-in-flight", properties.getMaxInFlight(), 1, 1_000_000);
		between("memcached.max-queued", properties.getMaxQueued(), DataSize.ofKilobytes(64), DataSize.ofGigabytes(1));
		between("memcached.failover-time-to-live", properties.getFailoverTimeToLive(), Duration.ofSeconds(1), DAY);
		between("memcached.breaker.failure-threshold", properties.getBreaker().getFailureThreshold(), 1, 1000);
		between("memcached.breaker.probe-interval", properties.getBreaker().getProbeInterval(), Duration.ofMillis(10),
				MINUTE);
		between("memcached.invalidation-log.capacity", properties.getInvalidationLog().getCapacity(), 1, 10_000_000);
		Duration interval = properties.getMetrics().getServerStatisticsInterval();
		if (!interval.isZero() && (interval.compareTo(SECOND) < 0 || interval.compareTo(DAY) > 0)) {
			throw new MemcachedConfigurationException("memcached.metrics.server-statistics-interval", text(interval),
					"is neither 0 nor between " + text(SECOND) + " and " + text(DAY),
					"Set 0 for never, or a value in between. A number without a unit counts as milliseconds.");
		}
		String status = properties.getHealth().getStatusWhenDegraded();
		if (!StringUtils.hasText(status)) {
			throw new MemcachedConfigurationException("memcached.health.status-when-degraded", status, "is empty",
					"Set a health status such as DEGRADED, DOWN or UP.");
		}
	}

	private static void checkOverrides(String name, MemcachedNamedCacheProperties settings) {
		checkCache(cacheProperty(name), settings.getTimeToLive(), settings.getTimeToLiveJitter(),
				settings.getTimeToIdle(), settings.getCompressionThreshold(), settings.getLoadWindow(),
				settings.getLoadLease());
	}

	private static void checkCache(String prefix, @Nullable Duration timeToLive, @Nullable Double jitter,
			@Nullable Duration timeToIdle, @Nullable DataSize compressionThreshold, @Nullable Duration loadWindow,
			@Nullable Duration loadLease) {
		between(prefix + ".time-to-live", timeToLive, Duration.ZERO, LONGEST);
		between(prefix + ".time-to-live-jitter", jitter, 0.0, 1.0);
		between(prefix + ".time-to-idle", timeToIdle, MILLISECOND, YEAR);
		between(prefix + ".compression-threshold", compressionThreshold, DataSize.ofBytes(-1),
				DataSize.ofBytes(Integer.MAX_VALUE));
		between(prefix + ".load-window", loadWindow, Duration.ofSeconds(2), DAY);
		between(prefix + ".load-lease", loadLease, MILLISECOND, Duration.ofHours(1));
	}

	private static <T extends Comparable<T>> void between(String property, @Nullable T value, T least, T most) {
		if (value != null && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
			throw new MemcachedConfigurationException(property, text(value),
					"is not between " + text(least) + " and " + text(most),
					"Set a value between " + text(least) + " and " + text(most) + ((value instanceof Duration)
							? ". A number without a unit counts as milliseconds." : "."));
		}
	}

	private static String text(Object value) {
		if (value instanceof Duration duration) {
			return (duration.toMillis() % 1000 == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
		}
		return value.toString();
	}

	/**
	 * The name of the group of properties of one cache.
	 * @param cache the cache's name
	 * @return the name as it is written in a configuration file
	 */
	static String cacheProperty(String cache) {
		boolean plain = ConfigurationPropertyName.isValid("memcached.cache.caches." + cache) && cache.indexOf('.') < 0;
		return "memcached.cache.caches" + (plain ? "." + cache : "[" + cache + "]");
	}

}
