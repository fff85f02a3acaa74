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
import java.util.function.Function;
import java.util.regex.Pattern;

import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Properties that can be set for all caches and for one of them. What is {@code null} is
 * inherited, in the end from {@code MemcachedCacheSettings.defaults}.
 */
abstract class SharedCacheProperties {

	private static final Pattern CLASSES = Pattern
		.compile("[\\p{javaJavaIdentifierPart}-]+(\\.[\\p{javaJavaIdentifierPart}-]+)*(\\.\\*\\*?)?");

	/**
	 * How long an entry lives, at least 1s; 0 for no expiry.
	 */
	private @Nullable Duration timeToLive;

	/**
	 * Share of the time to live, 0 to 1, by which it is shortened at random.
	 */
	private @Nullable Double timeToLiveJitter;

	/**
	 * How long an entry lives that is not read, no less than the load window; costs a
	 * second command for each hit.
	 */
	private @Nullable Duration timeToIdle;

	/**
	 * Whether null is cached.
	 */
	private @Nullable Boolean nullValues;

	/**
	 * What writes and reads the values: jdk, json, smile, or the name of a ValueCodec
	 * bean.
	 */
	private @Nullable String codec;

	/**
	 * Patterns of classes, such as com.acme.**, whose toString() tells cache keys apart
	 * exactly as their equals() does.
	 */
	private @Nullable List<String> keyClasses;

	/**
	 * Size from which on values are compressed; -1 for never.
	 */
	private @Nullable DataSize compressionThreshold;

	/**
	 * What one value may take in bytes before compression, and expand to on reading;
	 * larger ones are not cached.
	 */
	private @Nullable DataSize maximumValueSize;

	/**
	 * How long an eviction guards against loads that began before it.
	 */
	private @Nullable Duration loadWindow;

	/**
	 * How long one instance may load a missing key while others wait for it.
	 */
	private @Nullable Duration loadLease;

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

	public @Nullable List<String> getKeyClasses() {
		return this.keyClasses;
	}

	public void setKeyClasses(@Nullable List<String> keyClasses) {
		this.keyClasses = keyClasses;
	}

	public @Nullable DataSize getCompressionThreshold() {
		return this.compressionThreshold;
	}

	public void setCompressionThreshold(@Nullable DataSize compressionThreshold) {
		this.compressionThreshold = compressionThreshold;
	}

	public @Nullable DataSize getMaximumValueSize() {
		return this.maximumValueSize;
	}

	public void setMaximumValueSize(@Nullable DataSize maximumValueSize) {
		this.maximumValueSize = maximumValueSize;
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

	/**
	 * Applies what is set here.
	 * @param settings the settings that it is applied to
	 * @param codecs finds a codec by its name
	 */
	void applyTo(MemcachedCacheSettings.Builder settings, Function<String, ValueCodec> codecs) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::getTimeToLive).to(settings::timeToLive);
		map.from(this::getTimeToLiveJitter).to(settings::timeToLiveJitter);
		map.from(this::getTimeToIdle).to(settings::timeToIdle);
		map.from(this::getNullValues).to(settings::nullValues);
		map.from(this::getCodec).as(codecs::apply).to(settings::codec);
		map.from(this::getKeyClasses).to(settings::keyClasses);
		map.from(this::getCompressionThreshold).asInt(DataSize::toBytes).to(settings::compressionThreshold);
		map.from(this::getMaximumValueSize).asInt(DataSize::toBytes).to(settings::maximumValueSize);
		map.from(this::getLoadWindow).to(settings::loadWindow);
		map.from(this::getLoadLease).to(settings::loadLease);
	}

	/**
	 * Checks the ranges.
	 * @param prefix the name of this group of properties
	 * @param environment tells how a list is written
	 * @throws InvalidConfigurationPropertyValueException if a value is out of its range
	 */
	void check(String prefix, Environment environment) {
		if (!Duration.ZERO.equals(this.timeToLive)) {
			MemcachedPropertiesCheck.between(prefix + ".time-to-live", this.timeToLive, Duration.ofSeconds(1),
					Duration.ofSeconds(Integer.MAX_VALUE), "0, or ");
		}
		MemcachedPropertiesCheck.between(prefix + ".time-to-live-jitter", this.timeToLiveJitter, 0.0, 1.0);
		MemcachedPropertiesCheck.between(prefix + ".time-to-idle", this.timeToIdle, Duration.ofMillis(1),
				Duration.ofDays(365));
		MemcachedPropertiesCheck.between(prefix + ".compression-threshold", this.compressionThreshold,
				DataSize.ofBytes(-1), DataSize.ofBytes(Integer.MAX_VALUE));
		MemcachedPropertiesCheck.between(prefix + ".maximum-value-size", this.maximumValueSize, DataSize.ofKilobytes(1),
				DataSize.ofGigabytes(1));
		MemcachedPropertiesCheck.between(prefix + ".load-window", this.loadWindow, Duration.ofSeconds(2),
				Duration.ofDays(1));
		MemcachedPropertiesCheck.between(prefix + ".load-lease", this.loadLease, Duration.ofMillis(1),
				Duration.ofHours(1));
		if (this.keyClasses != null) {
			MemcachedPropertiesCheck.each(prefix + ".key-classes", this.keyClasses, environment,
					SharedCacheProperties::checkClasses);
		}
	}

	private static void checkClasses(String pattern) {
		if (!CLASSES.matcher(pattern).matches()) {
			throw new IllegalArgumentException("'" + pattern + "' is not a pattern of classes. Write com.acme.Foo for"
					+ " a class, com.acme.* for a package, or com.acme.** for a package and those below it");
		}
	}

}
