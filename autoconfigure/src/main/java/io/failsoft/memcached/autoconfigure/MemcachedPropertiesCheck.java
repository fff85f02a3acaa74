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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Authentication;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Checks that stop the start where properties are out of their range, contradict each
 * other or ask for something that does not exist. Each throws Spring Boot's
 * {@link InvalidConfigurationPropertyValueException}, whose reason ends with the remedy.
 */
final class MemcachedPropertiesCheck {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final String UNIT = " A number without a unit counts as milliseconds, so write the unit, as in 10m.";

	private static final Duration YEAR = Duration.ofDays(365);

	private static final Pattern CLASSES = Pattern
		.compile("[\\p{javaJavaIdentifierPart}-]+(\\.[\\p{javaJavaIdentifierPart}-]+)*(\\.\\*\\*?)?");

	/**
	 * Properties that belong to a bundle, one by one, as Kubernetes sets variables that
	 * begin alike for a service named {@code memcached-ssl}.
	 */
	private static final List<String> OF_BUNDLE = List.of("key-store", "trust-store", "certificate",
			"trust-certificate", "ciphers", "protocol");

	private MemcachedPropertiesCheck() {
	}

	/**
	 * Checks all properties but the servers and the credentials, which are checked when
	 * they are used.
	 * @param properties the properties
	 * @param environment tells how a list is written
	 * @throws InvalidConfigurationPropertyValueException if one cannot be used
	 */
	static void check(MemcachedProperties properties, Environment environment) {
		if (properties.authentication() == Authentication.SASL) {
			throw new InvalidConfigurationPropertyValueException("memcached.authentication", "sasl",
					"SASL needs memcached's binary protocol, whose client does not verify which key an answer belongs "
							+ "to, so that a wrong value could be returned. Use 'text' and start memcached with "
							+ "'-Y <file>' in place of '-S'.");
		}
		refuseOfBundle(environment);
		checkRanges(properties);
		checkCache("memcached.cache", properties.cache(), environment);
		properties.cache().caches().forEach((name, cache) -> checkCache(cacheProperty(name), cache, environment));
	}

	/**
	 * Refuses properties of TLS that would be ignored: whoever sets them must not believe
	 * that they hold.
	 */
	private static void refuseOfBundle(Environment environment) {
		for (String name : OF_BUNDLE) {
			String property = "memcached.ssl." + name;
			if (environment.containsProperty(property)) {
				throw new InvalidConfigurationPropertyValueException(property, environment.getProperty(property),
						"it belongs to an SSL bundle. Define one below spring.ssl.bundle and name it with "
								+ "memcached.ssl.bundle.");
			}
		}
	}

	/**
	 * Creates an exception that does not show the value of a property. Boot's analyzer
	 * prints the value that it finds by the name, so the name is made one that it does
	 * not find.
	 */
	static InvalidConfigurationPropertyValueException secret(String property, String masked, String reason,
			Environment environment) {
		String origin = (environment instanceof ConfigurableEnvironment configurable)
				? configurable.getPropertySources()
					.stream()
					.map((source) -> OriginLookup.getOrigin(source, property))
					.filter(Objects::nonNull)
					.findFirst()
					.map((found) -> ", originating from " + found)
					.orElse("")
				: "";
		return new InvalidConfigurationPropertyValueException(property + " (masked" + origin + ")", masked, reason);
	}

	/**
	 * Applies a check to each entry of a list.
	 * @param list the property that holds the list
	 * @param entries the entries
	 * @param environment tells how the list is written
	 * @param check throws {@code IllegalArgumentException} for an entry that cannot be
	 * used; its message names the entry
	 * @throws InvalidConfigurationPropertyValueException with that message
	 */
	static void each(String list, List<String> entries, Environment environment, Consumer<String> check) {
		for (int i = 0; i < entries.size(); i++) {
			try {
				check.accept(entries.get(i));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConfigurationPropertyValueException(entry(list, i, environment), entries.get(i),
						ex.getMessage() + ".");
			}
		}
	}

	/**
	 * Returns the name by which an entry of a list is found: its own, or that of the list
	 * if this is written as one value.
	 */
	static String entry(String list, int index, Environment environment) {
		String entry = list + "[" + index + "]";
		return environment.containsProperty(entry) ? entry : list;
	}

	private static void checkRanges(MemcachedProperties properties) {
		between("memcached.discovery-interval", properties.discoveryInterval(), SECOND, HOUR);
		between("memcached.connect-timeout", properties.connectTimeout(), MILLISECOND, MINUTE);
		between("memcached.operation-timeout", properties.operationTimeout(), MILLISECOND, MINUTE);
		between("memcached.max-in-flight", properties.maxInFlight(), 1, 1_000_000);
		between("memcached.max-queued", properties.maxQueued(), DataSize.ofKilobytes(64), DataSize.ofGigabytes(1));
		between("memcached.failover-time-to-live", properties.failoverTimeToLive(), SECOND, DAY);
		between("memcached.cache.refresh-concurrency", properties.cache().refreshConcurrency(), 1, 1000);
		between("memcached.breaker.failure-threshold", properties.breaker().failureThreshold(), 1, 1000);
		between("memcached.breaker.probe-interval", properties.breaker().probeInterval(), Duration.ofMillis(10),
				MINUTE);
		between("memcached.invalidation-log.capacity", properties.invalidationLog().capacity(), 1, 10_000_000);
		between("memcached.local.maximum-weight", properties.local().maximumWeight(), DataSize.ofBytes(0),
				DataSize.ofTerabytes(1));
		String status = properties.health().statusWhenDegraded();
		if (!StringUtils.hasText(status)) {
			throw new InvalidConfigurationPropertyValueException("memcached.health.status-when-degraded", status,
					"it is empty. Set a health status such as DEGRADED, DOWN or UP.");
		}
	}

	private static void checkCache(String prefix, SharedCacheProperties cache, Environment environment) {
		zeroOr(prefix + ".time-to-live", cache.timeToLive(), Duration.ofSeconds(Integer.MAX_VALUE));
		between(prefix + ".time-to-live-jitter", cache.timeToLiveJitter(), 0.0, 1.0);
		between(prefix + ".time-to-idle", cache.timeToIdle(), MILLISECOND, YEAR);
		between(prefix + ".compression-threshold", cache.compressionThreshold(), DataSize.ofBytes(-1),
				DataSize.ofBytes(Integer.MAX_VALUE));
		between(prefix + ".maximum-value-size", cache.maximumValueSize(), DataSize.ofKilobytes(1),
				DataSize.ofGigabytes(1));
		between(prefix + ".load-window", cache.loadWindow(), Duration.ofSeconds(2), DAY);
		between(prefix + ".load-lease", cache.loadLease(), MILLISECOND, HOUR);
		between(prefix + ".near-time-to-live", cache.nearTimeToLive(), Duration.ZERO, HOUR);
		zeroOr(prefix + ".reserve-time-to-live", cache.reserveTimeToLive(), HOUR);
		zeroOr(prefix + ".stale-while-revalidate", cache.staleWhileRevalidate(), YEAR);
		zeroOr(prefix + ".stale-if-error", cache.staleIfError(), YEAR);
		between(prefix + ".stale-if-error-throttle", cache.staleIfErrorThrottle(), SECOND, HOUR);
		if (cache.keyClasses() != null) {
			each(prefix + ".key-classes", cache.keyClasses(), environment, MemcachedPropertiesCheck::checkClasses);
		}
	}

	private static void checkClasses(String pattern) {
		if (!CLASSES.matcher(pattern).matches()) {
			throw new IllegalArgumentException("'" + pattern + "' is not a pattern of classes. Write com.acme.Foo for"
					+ " a class, com.acme.* for a package, or com.acme.** for a package and those below it");
		}
	}

	private static void zeroOr(String property, @Nullable Duration value, Duration most) {
		if (!Duration.ZERO.equals(value)) {
			between(property, value, SECOND, most, "0, or ");
		}
	}

	private static <T extends Comparable<T>> void between(String property, @Nullable T value, T least, T most) {
		between(property, value, least, most, "");
	}

	private static <T extends Comparable<T>> void between(String property, @Nullable T value, T least, T most,
			String or) {
		if (value != null && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
			throw new InvalidConfigurationPropertyValueException(property, text(value), "it must be " + or + "between "
					+ text(least) + " and " + text(most) + "." + ((value instanceof Duration) ? UNIT : ""));
		}
	}

	private static String text(Object value) {
		if (value instanceof Duration duration) {
			return (duration.toMillis() % 1000 == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
		}
		return value.toString();
	}

	/**
	 * Returns the name of the group of properties of one cache.
	 * @param cache the cache's name
	 * @return the name as it is written in a configuration file
	 */
	static String cacheProperty(String cache) {
		boolean plain = ConfigurationPropertyName.isValid("memcached.cache.caches." + cache) && cache.indexOf('.') < 0;
		return "memcached.cache.caches" + (plain ? "." + cache : "[" + cache + "]");
	}

}
