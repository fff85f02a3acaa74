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

import org.springframework.util.unit.DataSize;

/**
 * Properties that can be set for all caches and for one of them. What is {@code null} is
 * inherited, in the end from {@code MemcachedCacheSettings.defaults}.
 */
abstract class SharedCacheProperties {

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

}
