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

package io.failsoft.memcached.client;

/**
 * A count of the operation timeouts in a row in which a connection answered nothing in
 * time. Windows do not overlap, so that many threads that time out together count once,
 * and one in which this JVM paused does not count. Thread-safe.
 */
final class Breaker {

	private final int threshold;

	private final long window;

	private final PauseMeter pauses;

	private volatile long busySince;

	private volatile long lastReply;

	private volatile long lastWindow;

	private volatile int windows;

	/**
	 * Creates a closed breaker.
	 * @param threshold windows in a row that open it
	 * @param windowNanos the operation timeout
	 * @param pauses knows the pauses of this JVM
	 * @param now the time, by the clock of the pauses
	 */
	Breaker(int threshold, long windowNanos, PauseMeter pauses, long now) {
		this.threshold = threshold;
		this.window = windowNanos;
		this.pauses = pauses;
		this.busySince = now;
		this.lastReply = now;
		this.lastWindow = now;
	}

	/**
	 * Notes that an operation is about to begin while none is under way.
	 * @param now the time
	 */
	void busy(long now) {
		if (now - this.busySince > 0) {
			this.busySince = now;
		}
	}

	/**
	 * Notes that the server answered in time.
	 * @param now the time
	 */
	void replied(long now) {
		this.lastReply = now;
		if (this.windows != 0) {
			reset();
		}
	}

	private synchronized void reset() {
		this.windows = 0;
	}

	/**
	 * Checks how long the server has been silent. To be called while an operation is
	 * under way.
	 * @param now the time
	 * @return whether the breaker opens
	 */
	boolean check(long now) {
		return now - silentSince() >= this.window && count(now);
	}

	private synchronized boolean count(long now) {
		long since = silentSince();
		if (now - since < this.window) {
			return false;
		}
		this.lastWindow = now;
		if (this.pauses.pausedSince(since)) {
			return false;
		}
		this.windows++;
		return this.windows >= this.threshold;
	}

	private long silentSince() {
		return later(later(this.busySince, this.lastReply), this.lastWindow);
	}

	private static long later(long a, long b) {
		return (a - b > 0) ? a : b;
	}

	/**
	 * Returns the windows in a row in which the server answered nothing in time.
	 * @return the number
	 */
	int windows() {
		return this.windows;
	}

	/**
	 * Returns when something was last asked or answered.
	 * @return the time
	 */
	long lastActivity() {
		return later(this.busySince, this.lastReply);
	}

}
