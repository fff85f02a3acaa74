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
import java.util.Map;

import io.failsoft.memcached.cache.MemcachedCacheSettings.SingleFlightMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the caches, {@code memcached.cache.*}.
 *
 * @param timeToLive How long an entry lives, at least 1s; 0 for no expiry.
 * @param timeToLiveJitter Share of the time to live, 0 to 1, by which it is shortened at
 * random.
 * @param timeToIdle How long an entry lives that is not read, no less than the load
 * window; costs a second command for each hit.
 * @param nullValues Whether null is cached.
 * @param codec What writes and reads the values: jdk, json, smile, or the name of a
 * ValueCodec bean.
 * @param keyClasses Patterns of classes, such as com.acme.**, whose toString() tells
 * cache keys apart exactly as their equals() does.
 * @param compressionThreshold Size from which on values are compressed; -1 for never.
 * @param maximumValueSize What one value may take in bytes before compression, and expand
 * to on reading; larger ones are not cached.
 * @param loadWindow How long an eviction guards against loads that began before it.
 * @param loadLease How long one instance may load a missing key while others wait for it.
 * @param nearTimeToLive How long a value that this instance has read or loaded is served
 * without asking memcached; what other instances evict is seen that much later. 0 for
 * never.
 * @param reserveTimeToLive How old such a value may be that is served while its server
 * cannot answer, or has lost it; 0 for never.
 * @param singleFlight When callers of methods that are not sync share one load.
 * @param staleWhileRevalidate For how long after its time to live a value is served while
 * it is loaded anew in the background; 0 for never.
 * @param staleIfError For how long after its time to live a value is served if its load
 * fails for want of the database or service behind it; 0 for never.
 * @param staleIfErrorOn Classes of exceptions, beside those of a lost database or
 * service, after which such a value is served.
 * @param staleIfErrorThrottle How long no instance loads a key again whose load failed,
 * or refreshes it again; at least 1s.
 * @param refreshConcurrency Refreshes that run in the background at once, all caches
 * together; what finds no room is left to a later read.
 * @param keyPrefix Text that keeps the keys of this application apart from those of
 * others.
 * @param allowedClasses Patterns of classes, such as com.acme.**, that may be
 * deserialized in addition to the application's own.
 * @param transactionAware Whether puts and evictions within a transaction wait for its
 * commit; true if spring-tx is on the class path.
 * @param dynamic Whether caches that were not named are made on demand.
 * @param caches Settings per cache, by its name; what is not set is inherited from
 * memcached.cache.*.
 */
record MemcachedCacheProperties(@Nullable Duration timeToLive, @Nullable Double timeToLiveJitter,
		@Nullable Duration timeToIdle, @Nullable Boolean nullValues, @Nullable String codec,
		@Nullable List<String> keyClasses, @Nullable DataSize compressionThreshold, @Nullable DataSize maximumValueSize,
		@Nullable Duration loadWindow, @Nullable Duration loadLease, @Nullable Duration nearTimeToLive,
		@Nullable Duration reserveTimeToLive, @Nullable SingleFlightMode singleFlight,
		@Nullable Duration staleWhileRevalidate, @Nullable Duration staleIfError,
		@Nullable List<Class<? extends Throwable>> staleIfErrorOn, @Nullable Duration staleIfErrorThrottle,
		@DefaultValue("8") int refreshConcurrency, @Nullable String keyPrefix,
		@DefaultValue List<String> allowedClasses, @Nullable Boolean transactionAware,
		@DefaultValue("true") boolean dynamic,
		@DefaultValue Map<String, Named> caches) implements SharedCacheProperties {

	/**
	 * Configuration of one cache, {@code memcached.cache.caches.<name>.*}: what can be
	 * set for all caches, and one property more.
	 *
	 * @param enabled Whether the cache stores anything; if not, every read is a miss.
	 */
	record Named(@Nullable Duration timeToLive, @Nullable Double timeToLiveJitter, @Nullable Duration timeToIdle,
			@Nullable Boolean nullValues, @Nullable String codec, @Nullable List<String> keyClasses,
			@Nullable DataSize compressionThreshold, @Nullable DataSize maximumValueSize, @Nullable Duration loadWindow,
			@Nullable Duration loadLease, @Nullable Duration nearTimeToLive, @Nullable Duration reserveTimeToLive,
			@Nullable SingleFlightMode singleFlight, @Nullable Duration staleWhileRevalidate,
			@Nullable Duration staleIfError, @Nullable List<Class<? extends Throwable>> staleIfErrorOn,
			@Nullable Duration staleIfErrorThrottle,
			@DefaultValue("true") boolean enabled) implements SharedCacheProperties {

	}

}
