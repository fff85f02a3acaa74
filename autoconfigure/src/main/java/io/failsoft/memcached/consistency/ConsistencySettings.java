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

package io.failsoft.memcached.consistency;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Settings that all caches share. See the {@code memcached.*} properties for meanings and
 * defaults.
 *
 * @param operationTimeout bound on one operation as the caller sees it
 * @param logCapacity keys per server whose invalidation is remembered
 * @param failoverTimeToLive cap on the time to live of what is written during a takeover
 * @param quarantine how long a key stays out of use after a put of it was under way when
 * its connection closed
 * @param ticker a clock in nanoseconds, as {@link System#nanoTime()}
 * @param secondsSinceEpoch the wall clock in seconds
 */
public record ConsistencySettings(Duration operationTimeout, int logCapacity, Duration failoverTimeToLive,
		Duration quarantine, LongSupplier ticker, LongSupplier secondsSinceEpoch) {

	/**
	 * Returns settings with the system's clocks.
	 * @param operationTimeout see {@link #operationTimeout()}
	 * @param logCapacity see {@link #logCapacity()}
	 * @param failoverTimeToLive see {@link #failoverTimeToLive()}
	 * @return the settings
	 */
	public static ConsistencySettings of(Duration operationTimeout, int logCapacity, Duration failoverTimeToLive) {
		return new ConsistencySettings(operationTimeout, logCapacity, failoverTimeToLive, Duration.ofSeconds(5),
				System::nanoTime, () -> System.currentTimeMillis() / 1000);
	}

	/**
	 * Returns for how many seconds the server is asked to keep whatever is written, at
	 * least: no less than the load window.
	 * @param loadWindow the load window
	 * @return the seconds
	 */
	public static int secondsKept(Duration loadWindow) {
		// memcached counts in whole seconds of its own clock: an exptime of 2 lived 1.15
		// s.
		return (int) loadWindow.plusNanos(999_999_999).toSeconds() + 1;
	}

	/**
	 * Returns whether an entry has outlived its end, though its server still holds it. To
	 * be treated like a miss: what is there may be replaced by its {@code cas} number.
	 * @param payload what the entry holds
	 * @return whether it has ended
	 */
	public boolean hasEnded(Payload payload) {
		return payload.endOfLife() != 0 && secondsSinceEnd(payload) >= 0;
	}

	/**
	 * Returns how long ago an entry has ended.
	 * @param payload what the entry holds, which has an end
	 * @return the seconds, negative if it has not ended
	 */
	public long secondsSinceEnd(Payload payload) {
		return this.secondsSinceEpoch.getAsLong() - Integer.toUnsignedLong(payload.endOfLife());
	}

}
