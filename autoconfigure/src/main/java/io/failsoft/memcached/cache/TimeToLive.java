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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.ConsistencySettings;
import org.jspecify.annotations.Nullable;

/**
 * The time to live of a cache's entries, in memcached's whole seconds. Thread-safe.
 */
final class TimeToLive {

	private final Duration duration;

	private final @Nullable BiFunction<Object, @Nullable Object, Duration> function;

	/** 0 for none. */
	private final int secondsToIdle;

	private final LongSupplier secondsSinceEpoch;

	private final double jitter;

	TimeToLive(MemcachedCacheSettings settings, LongSupplier secondsSinceEpoch) {
		this.duration = settings.timeToLive();
		this.function = settings.timeToLiveFunction();
		Duration timeToIdle = settings.timeToIdle();
		this.secondsToIdle = (timeToIdle != null)
				? (int) Math.max(ConsistencySettings.secondsKept(settings.loadWindow()),
						Math.min(Integer.MAX_VALUE, timeToIdle.plusNanos(999_999_999).toSeconds()))
				: 0;
		this.secondsSinceEpoch = secondsSinceEpoch;
		this.jitter = settings.timeToLiveJitter();
	}

	/**
	 * Returns the time to live of an entry.
	 * @return whole seconds, rounded up; 0 for no expiry, negative if it is over already
	 */
	int seconds(Object key, @Nullable Object value) {
		Duration lives = (this.function != null) ? this.function.apply(key, value) : this.duration;
		if (lives.isZero() || lives.isNegative()) {
			return (this.function != null) ? -1 : 0;
		}
		if (lives.equals(MemcachedCacheSettings.NO_EXPIRY)) {
			return 0;
		}
		double seconds = lives.toSeconds() + lives.toNanosPart() / 1e9;
		if (this.jitter > 0) {
			seconds *= 1 - this.jitter * ThreadLocalRandom.current().nextDouble();
		}
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(seconds)));
	}

	/**
	 * Adds the end of an entry whose expiry each read defers.
	 */
	Payload seal(Payload payload, int seconds) {
		if (this.secondsToIdle == 0 || seconds == 0) {
			return payload;
		}
		return payload.withEndOfLife((int) Math.min(Integer.MAX_VALUE, this.secondsSinceEpoch.getAsLong() + seconds));
	}

	/**
	 * Returns the expiry that memcached is given when an entry is written.
	 */
	int secondsOnWrite(int seconds) {
		if (this.secondsToIdle == 0) {
			return seconds;
		}
		return (seconds == 0) ? this.secondsToIdle : Math.min(seconds, this.secondsToIdle);
	}

	/**
	 * Returns the expiry that memcached is given when an entry is read; 0 for none.
	 */
	int secondsOnRead(Payload payload) {
		if (this.secondsToIdle == 0) {
			return 0;
		}
		long left = (payload.endOfLife() == 0) ? Integer.MAX_VALUE
				: payload.endOfLife() - this.secondsSinceEpoch.getAsLong();
		return (int) Math.max(1, Math.min(left, this.secondsToIdle));
	}

}
