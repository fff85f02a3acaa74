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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache. Immutable; {@link #toBuilder()} begins a changed copy. The
 * {@code memcached.cache.*} properties of the same names document meanings and defaults.
 *
 * @param enabled whether the cache stores anything; if not, every read is a miss
 * @param timeToLive how long an entry lives; {@link Duration#ZERO} for no expiry
 * @param timeToLiveJitter share of the time to live, 0 to 1, by which it is shortened at
 * random
 * @param timeToLiveFunction computes the time to live from key and value, in place of
 * {@code timeToLive}, or {@code null}
 * @param timeToIdle how long an entry lives that is not read, or {@code null}
 * @param nullValues whether {@code null} is cached
 * @param codec encodes and decodes the values
 * @param compressionThreshold size in bytes from which on values are compressed; negative
 * for never
 * @param maximumValueSize the most bytes that a value may take before compression, and
 * expand to on reading; larger ones are not stored, and a miss
 * @param loadWindow how long a tombstone guards against late fills
 * @param loadLease how long one instance may load a missing key while others wait, or
 * {@code null}
 * @param nearTimeToLive how long a value is served that this instance has read or loaded,
 * without asking memcached; {@link Duration#ZERO} for never
 * @param reserveTimeToLive how old such a value may be that is served while memcached
 * cannot say; {@link Duration#ZERO} for never
 * @param singleFlight when callers of methods that are not {@code sync} share one load
 * @param staleWhileRevalidate for how long after its time to live a value is served while
 * it is loaded anew in the background; {@link Duration#ZERO} for never
 * @param staleIfError for how long after its time to live a value is served where its
 * load fails; {@link Duration#ZERO} for never
 * @param staleIfErrorOn the exceptions that count as such a failure, subclasses included,
 * beside those that tell of a lost database or service
 * @param staleIfErrorThrottle how long no instance loads a key again whose load failed,
 * or refreshes it again, at least a second
 * @param keyClasses patterns ({@code com.acme.Foo}, {@code com.acme.*},
 * {@code com.acme.**}) of the classes whose {@code toString()} tells keys apart exactly
 * as their {@code equals} does
 */
public record MemcachedCacheSettings(boolean enabled, Duration timeToLive, double timeToLiveJitter,
		@Nullable BiFunction<Object, @Nullable Object, Duration> timeToLiveFunction, @Nullable Duration timeToIdle,
		boolean nullValues, ValueCodec codec, int compressionThreshold, int maximumValueSize, Duration loadWindow,
		@Nullable Duration loadLease, Duration nearTimeToLive, Duration reserveTimeToLive,
		SingleFlightMode singleFlight, Duration staleWhileRevalidate, Duration staleIfError,
		List<Class<? extends Throwable>> staleIfErrorOn, Duration staleIfErrorThrottle, List<String> keyClasses) {

	/** The time to live that a function returns for an entry that does not expire. */
	public static final Duration NO_EXPIRY = Duration.ofSeconds(Long.MAX_VALUE);

	/**
	 * Checks the settings.
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
	 * @param nearTimeToLive see {@link #nearTimeToLive()}
	 * @param reserveTimeToLive see {@link #reserveTimeToLive()}
	 * @param singleFlight see {@link #singleFlight()}
	 * @param staleWhileRevalidate see {@link #staleWhileRevalidate()}
	 * @param staleIfError see {@link #staleIfError()}
	 * @param staleIfErrorOn see {@link #staleIfErrorOn()}
	 * @param staleIfErrorThrottle see {@link #staleIfErrorThrottle()}
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
		require(!nearTimeToLive.isNegative(), "near-time-to-live", nearTimeToLive, "must not be negative");
		require(nearTimeToLive.isZero() || timeToLive.isZero() || nearTimeToLive.compareTo(timeToLive) < 0,
				"near-time-to-live", nearTimeToLive, "must be shorter than time-to-live, " + timeToLive);
		require(nearTimeToLive.isZero() || timeToIdle == null || nearTimeToLive.compareTo(timeToIdle) < 0,
				"near-time-to-live", nearTimeToLive, "must be shorter than time-to-idle, " + timeToIdle);
		require(!reserveTimeToLive.isNegative(), "reserve-time-to-live", reserveTimeToLive, "must not be negative");
		require(singleFlight != SingleFlightMode.ALWAYS || !reserveTimeToLive.isZero(), "single-flight", "always",
				"needs a reserve-time-to-live, in which callers find what another has loaded");
		requireGrace("stale-while-revalidate", staleWhileRevalidate, timeToLive, timeToLiveFunction, timeToIdle);
		requireGrace("stale-if-error", staleIfError, timeToLive, timeToLiveFunction, timeToIdle);
		require(staleIfErrorThrottle.compareTo(Duration.ofSeconds(1)) >= 0, "stale-if-error-throttle",
				staleIfErrorThrottle, "must be at least 1 second");
		staleIfErrorOn = List.copyOf(staleIfErrorOn);
		keyClasses = List.copyOf(keyClasses);
	}

	private static void requireGrace(String name, Duration grace, Duration timeToLive, @Nullable Object function,
			@Nullable Duration timeToIdle) {
		require(!grace.isNegative(), name, grace, "must not be negative");
		require(grace.isZero() || function != null || !timeToLive.isZero(), name, grace, "needs a time-to-live");
		require(grace.isZero() || timeToIdle == null, name, grace,
				"an entry with a time-to-idle ends when it is not read, and is not served after that");
	}

	private static void require(boolean condition, String name, @Nullable Object value, String rule) {
		if (!condition) {
			throw new IllegalArgumentException(name + " is " + value + " but " + rule);
		}
	}

	/**
	 * Returns the defaults of the properties.
	 * @param codec see {@link #codec()}
	 * @return the settings
	 */
	public static MemcachedCacheSettings defaults(ValueCodec codec) {
		return new MemcachedCacheSettings(true, Duration.ofHours(1), 0.1, null, null, true, codec, 16 << 10, 32 << 20,
				Duration.ofSeconds(30), null, Duration.ZERO, Duration.ofSeconds(10), SingleFlightMode.OUTAGE,
				Duration.ZERO, Duration.ZERO, List.of(), Duration.ofSeconds(5), List.of());
	}

	/**
	 * Begins a changed copy.
	 * @return a builder that has these settings
	 */
	public Builder toBuilder() {
		return new Builder(this);
	}

	/**
	 * Describes the settings by the names of their components, those that are set.
	 * @return the settings; a duration in ISO 8601, the codec by its class
	 */
	public Map<String, Object> describe() {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("timeToLive", (this.timeToLiveFunction != null) ? "function" : this.timeToLive.toString());
		described.put("timeToLiveJitter", this.timeToLiveJitter);
		if (this.timeToIdle != null) {
			described.put("timeToIdle", this.timeToIdle.toString());
		}
		described.put("nullValues", this.nullValues);
		described.put("codec", this.codec.getClass().getName());
		described.put("compressionThreshold", this.compressionThreshold);
		described.put("maximumValueSize", this.maximumValueSize);
		described.put("loadWindow", this.loadWindow.toString());
		if (this.loadLease != null) {
			described.put("loadLease", this.loadLease.toString());
		}
		described.put("nearTimeToLive", this.nearTimeToLive.toString());
		described.put("reserveTimeToLive", this.reserveTimeToLive.toString());
		described.put("singleFlight", this.singleFlight.name().toLowerCase(Locale.ROOT));
		described.put("staleWhileRevalidate", this.staleWhileRevalidate.toString());
		described.put("staleIfError", this.staleIfError.toString());
		return described;
	}

	/**
	 * Cases in which callers of methods that are not {@code sync} share one load.
	 */
	public enum SingleFlightMode {

		/** Where memcached cannot say what the key's value is. */
		OUTAGE,

		/** After each miss. */
		ALWAYS,

		/** Never. */
		NEVER

	}

	/**
	 * A builder of settings. Not thread-safe.
	 */
	public static final class Builder {

		private boolean enabled;

		private Duration timeToLive;

		private double timeToLiveJitter;

		private @Nullable BiFunction<Object, @Nullable Object, Duration> timeToLiveFunction;

		private @Nullable Duration timeToIdle;

		private boolean nullValues;

		private ValueCodec codec;

		private int compressionThreshold;

		private int maximumValueSize;

		private Duration loadWindow;

		private @Nullable Duration loadLease;

		private Duration nearTimeToLive;

		private Duration reserveTimeToLive;

		private SingleFlightMode singleFlight;

		private Duration staleWhileRevalidate;

		private Duration staleIfError;

		private List<Class<? extends Throwable>> staleIfErrorOn;

		private Duration staleIfErrorThrottle;

		private List<String> keyClasses;

		private Builder(MemcachedCacheSettings settings) {
			this.enabled = settings.enabled;
			this.timeToLive = settings.timeToLive;
			this.timeToLiveJitter = settings.timeToLiveJitter;
			this.timeToLiveFunction = settings.timeToLiveFunction;
			this.timeToIdle = settings.timeToIdle;
			this.nullValues = settings.nullValues;
			this.codec = settings.codec;
			this.compressionThreshold = settings.compressionThreshold;
			this.maximumValueSize = settings.maximumValueSize;
			this.loadWindow = settings.loadWindow;
			this.loadLease = settings.loadLease;
			this.nearTimeToLive = settings.nearTimeToLive;
			this.reserveTimeToLive = settings.reserveTimeToLive;
			this.singleFlight = settings.singleFlight;
			this.staleWhileRevalidate = settings.staleWhileRevalidate;
			this.staleIfError = settings.staleIfError;
			this.staleIfErrorOn = settings.staleIfErrorOn;
			this.staleIfErrorThrottle = settings.staleIfErrorThrottle;
			this.keyClasses = settings.keyClasses;
		}

		/**
		 * Changes whether the cache stores anything.
		 * @param enabled see {@link MemcachedCacheSettings#enabled()}
		 * @return this
		 */
		public Builder enabled(boolean enabled) {
			this.enabled = enabled;
			return this;
		}

		/**
		 * Changes the time to live.
		 * @param timeToLive see {@link MemcachedCacheSettings#timeToLive()}
		 * @return this
		 */
		public Builder timeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
			return this;
		}

		/**
		 * Changes the jitter of the time to live.
		 * @param timeToLiveJitter see {@link MemcachedCacheSettings#timeToLiveJitter()}
		 * @return this
		 */
		public Builder timeToLiveJitter(double timeToLiveJitter) {
			this.timeToLiveJitter = timeToLiveJitter;
			return this;
		}

		/**
		 * Changes the function that computes the time to live.
		 * @param function from key and value, which may be {@code null}, to the time to
		 * live: {@link #NO_EXPIRY} for none, zero or negative for a value that is not to
		 * be stored; {@code null} for no function
		 * @return this
		 */
		public Builder timeToLive(@Nullable BiFunction<Object, @Nullable Object, Duration> function) {
			this.timeToLiveFunction = function;
			return this;
		}

		/**
		 * Changes the time to idle.
		 * @param timeToIdle see {@link MemcachedCacheSettings#timeToIdle()}
		 * @return this
		 */
		public Builder timeToIdle(@Nullable Duration timeToIdle) {
			this.timeToIdle = timeToIdle;
			return this;
		}

		/**
		 * Changes whether {@code null} is cached.
		 * @param nullValues see {@link MemcachedCacheSettings#nullValues()}
		 * @return this
		 */
		public Builder nullValues(boolean nullValues) {
			this.nullValues = nullValues;
			return this;
		}

		/**
		 * Changes the codec.
		 * @param codec see {@link MemcachedCacheSettings#codec()}
		 * @return this
		 */
		public Builder codec(ValueCodec codec) {
			this.codec = codec;
			return this;
		}

		/**
		 * Changes the size from which on values are compressed.
		 * @param compressionThreshold see
		 * {@link MemcachedCacheSettings#compressionThreshold()}
		 * @return this
		 */
		public Builder compressionThreshold(int compressionThreshold) {
			this.compressionThreshold = compressionThreshold;
			return this;
		}

		/**
		 * Changes the most bytes that a value may take.
		 * @param maximumValueSize see {@link MemcachedCacheSettings#maximumValueSize()}
		 * @return this
		 */
		public Builder maximumValueSize(int maximumValueSize) {
			this.maximumValueSize = maximumValueSize;
			return this;
		}

		/**
		 * Changes the load window.
		 * @param loadWindow see {@link MemcachedCacheSettings#loadWindow()}
		 * @return this
		 */
		public Builder loadWindow(Duration loadWindow) {
			this.loadWindow = loadWindow;
			return this;
		}

		/**
		 * Changes the load lease.
		 * @param loadLease see {@link MemcachedCacheSettings#loadLease()}
		 * @return this
		 */
		public Builder loadLease(@Nullable Duration loadLease) {
			this.loadLease = loadLease;
			return this;
		}

		/**
		 * Changes how long a value is served without asking memcached.
		 * @param nearTimeToLive see {@link MemcachedCacheSettings#nearTimeToLive()}
		 * @return this
		 */
		public Builder nearTimeToLive(Duration nearTimeToLive) {
			this.nearTimeToLive = nearTimeToLive;
			return this;
		}

		/**
		 * Changes how old a value may be that is served while memcached cannot say.
		 * @param reserveTimeToLive see {@link MemcachedCacheSettings#reserveTimeToLive()}
		 * @return this
		 */
		public Builder reserveTimeToLive(Duration reserveTimeToLive) {
			this.reserveTimeToLive = reserveTimeToLive;
			return this;
		}

		/**
		 * Changes when callers share one load.
		 * @param singleFlight see {@link MemcachedCacheSettings#singleFlight()}
		 * @return this
		 */
		public Builder singleFlight(SingleFlightMode singleFlight) {
			this.singleFlight = singleFlight;
			return this;
		}

		/**
		 * Changes how long a value is served while it is loaded anew.
		 * @param staleWhileRevalidate see
		 * {@link MemcachedCacheSettings#staleWhileRevalidate()}
		 * @return this
		 */
		public Builder staleWhileRevalidate(Duration staleWhileRevalidate) {
			this.staleWhileRevalidate = staleWhileRevalidate;
			return this;
		}

		/**
		 * Changes how long a value is served where its load fails.
		 * @param staleIfError see {@link MemcachedCacheSettings#staleIfError()}
		 * @return this
		 */
		public Builder staleIfError(Duration staleIfError) {
			this.staleIfError = staleIfError;
			return this;
		}

		/**
		 * Changes the exceptions that count as a failed load.
		 * @param staleIfErrorOn see {@link MemcachedCacheSettings#staleIfErrorOn()}
		 * @return this
		 */
		public Builder staleIfErrorOn(List<Class<? extends Throwable>> staleIfErrorOn) {
			this.staleIfErrorOn = staleIfErrorOn;
			return this;
		}

		/**
		 * Changes how long a key is not loaded again.
		 * @param staleIfErrorThrottle see
		 * {@link MemcachedCacheSettings#staleIfErrorThrottle()}
		 * @return this
		 */
		public Builder staleIfErrorThrottle(Duration staleIfErrorThrottle) {
			this.staleIfErrorThrottle = staleIfErrorThrottle;
			return this;
		}

		/**
		 * Changes the classes whose {@code toString()} the application vouches for.
		 * @param keyClasses see {@link MemcachedCacheSettings#keyClasses()}
		 * @return this
		 */
		public Builder keyClasses(List<String> keyClasses) {
			this.keyClasses = keyClasses;
			return this;
		}

		/**
		 * Builds the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if one is out of its range; the message names
		 * it
		 */
		public MemcachedCacheSettings build() {
			return new MemcachedCacheSettings(this.enabled, this.timeToLive, this.timeToLiveJitter,
					this.timeToLiveFunction, this.timeToIdle, this.nullValues, this.codec, this.compressionThreshold,
					this.maximumValueSize, this.loadWindow, this.loadLease, this.nearTimeToLive, this.reserveTimeToLive,
					this.singleFlight, this.staleWhileRevalidate, this.staleIfError, this.staleIfErrorOn,
					this.staleIfErrorThrottle, this.keyClasses);
		}

	}

}
