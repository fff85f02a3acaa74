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

import org.springframework.util.unit.DataSize;

/**
 * Configuration of the caches, {@code memcached.cache.*}.
 */
public class MemcachedCacheProperties {

	/**
	 * How long an entry lives, at least 1s; 0 for no expiry.
	 */
	private Duration timeToLive = Duration.ofHours(1);

	/**
	 * Share of the time to live, 0 to 1, by which it is shortened at random.
	 */
	private double timeToLiveJitter = 0;

	/**
	 * How long an entry lives that is not read, no less than the load window; costs a
	 * second command for each hit.
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
	 * What writes and reads the values: jdk, json, smile, or the name of a ValueCodec
	 * bean.
	 */
	private String codec = "jdk";

	/**
	 * Patterns of classes, such as com.acme.**, that may be deserialized in addition to
	 * the application's own.
	 */
	private List<String> allowedClasses = new ArrayList<>();

	/**
	 * Patterns of classes, such as com.acme.**, whose toString() tells cache keys apart
	 * exactly as their equals() does.
	 */
	private List<String> keyClasses = new ArrayList<>();

	/**
	 * Size from which on values are compressed; -1 for never.
	 */
	private DataSize compressionThreshold = DataSize.ofKilobytes(16);

	/**
	 * What one value may take in bytes before compression, and expand to on reading;
	 * larger ones are not cached.
	 */
	private DataSize maximumValueSize = DataSize.ofMegabytes(32);

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
	private Map<String, MemcachedNamedCacheProperties> caches = new LinkedHashMap<>();

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

	public List<String> getKeyClasses() {
		return this.keyClasses;
	}

	public void setKeyClasses(List<String> keyClasses) {
		this.keyClasses = keyClasses;
	}

	public DataSize getCompressionThreshold() {
		return this.compressionThreshold;
	}

	public void setCompressionThreshold(DataSize compressionThreshold) {
		this.compressionThreshold = compressionThreshold;
	}

	public DataSize getMaximumValueSize() {
		return this.maximumValueSize;
	}

	public void setMaximumValueSize(DataSize maximumValueSize) {
		this.maximumValueSize = maximumValueSize;
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

	public Map<String, MemcachedNamedCacheProperties> getCaches() {
		return this.caches;
	}

	public void setCaches(Map<String, MemcachedNamedCacheProperties> caches) {
		this.caches = caches;
	}

}
