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

import org.jspecify.annotations.Nullable;

/**
 * How long an entry lives, in memcached's whole seconds. Thread-safe.
 */
final class TimeToLive {

	private final Duration duration;

	private final @Nullable BiFunction<Object, @Nullable Object, Duration> function;

	private final @Nullable Duration timeToIdle;

	private final double jitter;

	TimeToLive(MemcachedCacheSettings settings) {
		this.duration = settings.timeToLive();
		this.function = settings.timeToLiveFunction();
		this.timeToIdle = settings.timeToIdle();
		this.jitter = settings.timeToLiveJitter();
	}

	/**
	 * The time to live of an entry.
	 * @return whole seconds, rounded up; 0 for no expiry
	 */
	int seconds(Object key, @Nullable Object value) {
		Duration lives = (this.function != null) ? this.function.apply(key, value) : this.duration;
		if (this.timeToIdle != null && (lives.isZero() || this.timeToIdle.compareTo(lives) < 0)) {
			lives = this.timeToIdle;
		}
		if (lives.isZero() || lives.isNegative()) {
			return 0;
		}
		double seconds = lives.toSeconds() + lives.toNanosPart() / 1e9;
		if (this.jitter > 0) {
			seconds *= 1 - this.jitter * ThreadLocalRandom.current().nextDouble();
		}
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(seconds)));
	}

}
