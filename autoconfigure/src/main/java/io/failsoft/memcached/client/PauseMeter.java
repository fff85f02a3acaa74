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

import java.util.function.LongSupplier;

/**
 * A meter of pauses of this JVM (a long garbage collection, a stopped or starved
 * process), which shows by ticks that come too late, so that a server is not blamed for
 * them. Thread-safe; one thread ticks.
 */
final class PauseMeter {

	private final long late;

	private final LongSupplier clock;

	private volatile long lastTick;

	private volatile long lastPause;

	private volatile boolean paused;

	/**
	 * Creates a meter.
	 * @param periodNanos time between ticks
	 * @param toleranceNanos how late a tick may be
	 * @param clock a clock in nanoseconds
	 */
	PauseMeter(long periodNanos, long toleranceNanos, LongSupplier clock) {
		this.late = periodNanos + toleranceNanos;
		this.clock = clock;
		this.lastTick = clock.getAsLong();
	}

	/**
	 * Notes that this JVM runs.
	 */
	void tick() {
		long now = this.clock.getAsLong();
		if (now - this.lastTick > this.late) {
			this.lastPause = now;
			this.paused = true;
		}
		this.lastTick = now;
	}

	/**
	 * Returns whether there was a pause. A tick that is overdue counts as a pause, as
	 * after one the caller may run before the ticking thread does.
	 * @param since the begin of the time in question, by the clock
	 * @return whether a pause ended after it
	 */
	boolean pausedSince(long since) {
		return this.clock.getAsLong() - this.lastTick > this.late || (this.paused && this.lastPause - since > 0);
	}

}
