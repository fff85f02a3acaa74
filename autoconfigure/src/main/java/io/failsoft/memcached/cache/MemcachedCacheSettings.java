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

package io.failsoft.memcached.cache;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache. Immutable; each {@code with…} method returns a changed copy.
 * The {@code memcached.cache.*} properties of the same names document meanings and
 * defaults.
 *
 * @param enabled whether the cache stores anything; if not, every read is a miss
 * @param timeToLive how long an entry lives; {@link Duration#ZERO} for no expiry
 * @param timeToLiveJitter share of the time to live, 0 to 1, by which it is shortened at
 * random
 * @param timeToLiveFunction computes the time to live from key and value, in place of
 * {@code timeToLive}, or {@code null}
 * @param timeToIdle how long an entry lives that is not read, or {@code null}
 * @param nullValues whether {@code null} is cached
 * @param codec what writes and reads the values
 * @param compressionThreshold size in bytes from which on values are compressed; negative
 * for never
 * @param maximumValueSize the most bytes that a value may take before compression, and
 * expand to on reading; larger ones are not stored, and a miss
 * @param loadWindow how long a tombstone guards against late fills
 * @param loadLease how long one instance may load a missing key while others wait, or
 * {@code null}
 * @param keyClasses patterns ({@code com.acme.Foo}, {@code com.acme.*},
 * {@code com.acme.**}) of the classes whose {@code toString()} tells keys apart exactly
 * as their {@code equals} does
 */
public record MemcachedCacheSettings(boolean enabled, Duration timeToLive, double timeToLiveJitter,
		@Nullable BiFunction<Object, @Nullable Object, Duration> timeToLiveFunction, @Nullable Duration timeToIdle,
		boolean nullValues, ValueCodec codec, int compressionThreshold, int maximumValueSize, Duration loadWindow,
		@Nullable Duration loadLease, List<String> keyClasses) {

	/** What a function of the time to live returns for an entry that does not expire. */
	public static final Duration NO_EXPIRY = Duration.ofSeconds(Long.MAX_VALUE);

	/**
	 * Check the settings.
	 * @param enabled see {@link #enabled()}
	 * @param timeToLive see {@link #timeToLive()}
	 * @param timeToLiveJitter see {@link #timeToLiveJitter()}
	 * @param timeToLiveFunction see {@link #timeToLiveFunction()}
	 * @param timeToIdle see {@link #timeToIdle()}
	 * @param nullValues see {@link #nullValues()}
	 * @param codec see {@link #codec()}
	 * @param compressionThreshold see {@link #compressionThreshold()}
	 * @param maximumValueSize see {@link #maximumValueSize()}
	 * @param loadWindow see {@link #loadWindow()}
	 * @param loadLease see {@link #loadLease()}
	 * @param keyClasses see {@link #keyClasses()}
	 * @throws IllegalArgumentException if one is out of its range; the message names it
	 */
	public MemcachedCacheSettings {
		require(!timeToLive.isNegative(), "time-to-live", timeToLive, "must not be negative; 0 means no expiry");
		require(timeToLiveJitter >= 0 && timeToLiveJitter <= 1, "time-to-live-jitter", timeToLiveJitter,
				"must be between 0 and 1");
		require(timeToIdle == null || (!timeToIdle.isNegative() && !timeToIdle.isZero()), "time-to-idle", timeToIdle,
				"must be positive");
		require(maximumValueSize > 0, "maximum-value-size", maximumValueSize, "must be positive");
		require(loadWindow.compareTo(Duration.ofSeconds(2)) >= 0 && loadWindow.compareTo(Duration.ofDays(1)) <= 0,
				"load-window", loadWindow, "must be between 2 seconds and 1 day");
		require(loadLease == null || (!loadLease.isNegative() && !loadLease.isZero()), "load-lease", loadLease,
				"must be positive");
		keyClasses = List.copyOf(keyClasses);
	}

	private static void require(boolean condition, String name, @Nullable Object value, String rule) {
		if (!condition) {
			throw new IllegalArgumentException(name + " is " + value + " but " + rule);
		}
	}

	/**
	 * The defaults of the properties.
	 * @param codec see {@link #codec()}
	 * @return the settings
	 */
	public static MemcachedCacheSettings defaults(ValueCodec codec) {
		return new MemcachedCacheSettings(true, Duration.ofHours(1), 0, null, null, true, codec, 16 << 10, 32 << 20,
				Duration.ofSeconds(30), null, List.of());
	}

	/**
	 * Changes the time to live.
	 * @param timeToLive see {@link #timeToLive()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withTimeToLive(Duration timeToLive) {
		return new MemcachedCacheSettings(this.enabled, timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes the function that computes the time to live.
	 * @param function from key and value, which may be {@code null}, to the time to live:
	 * {@link #NO_EXPIRY} for none, zero or negative for a value that is not to be stored;
	 * {@code null} for no function
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withTimeToLive(@Nullable BiFunction<Object, @Nullable Object, Duration> function) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, function,
				this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes the codec.
	 * @param codec see {@link #codec()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withCodec(ValueCodec codec) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, this.nullValues, codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes the most bytes that a value may take.
	 * @param maximumValueSize see {@link #maximumValueSize()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withMaximumValueSize(int maximumValueSize) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold, maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes whether {@code null} is cached.
	 * @param nullValues see {@link #nullValues()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withNullValues(boolean nullValues) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes the time to idle.
	 * @param timeToIdle see {@link #timeToIdle()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withTimeToIdle(@Nullable Duration timeToIdle) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				timeToIdle, this.nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, this.keyClasses);
	}

	/**
	 * Changes the load lease.
	 * @param loadLease see {@link #loadLease()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withLoadLease(@Nullable Duration loadLease) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, loadLease, this.keyClasses);
	}

	/**
	 * Changes the classes whose {@code toString()} the application vouches for.
	 * @param keyClasses see {@link #keyClasses()}
	 * @return the changed settings
	 */
	public MemcachedCacheSettings withKeyClasses(List<String> keyClasses) {
		return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter, this.timeToLiveFunction,
				this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold, this.maximumValueSize,
				this.loadWindow, this.loadLease, keyClasses);
	}

}
