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

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Roughly when tombstones were written, far enough back to tell which of them expired
 * during an outage. Kept in buckets of a share of the load window, so that its size does
 * not grow with the number of evictions. Thread-safe, without a lock.
 */
final class EvictionTimes {

	private static final int BUCKETS = 64;

	/** So the buckets reach back twice as far as a tombstone lives. */
	private static final int BUCKETS_PER_WINDOW = BUCKETS / 2;

	private static final long NEVER = Long.MIN_VALUE;

	private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

	/** The newest bucket that had to make room, for a server that is silent for long. */
	private final AtomicLong overwritten = new AtomicLong(NEVER);

	private final long windowNanos;

	private final long bucketNanos;

	private final long origin;

	/**
	 * Begins to remember.
	 * @param windowNanos how long a tombstone lives at least
	 * @param now the ticker's time
	 */
	EvictionTimes(long windowNanos, long now) {
		this.windowNanos = windowNanos;
		this.bucketNanos = Math.max(1, windowNanos / BUCKETS_PER_WINDOW);
		this.origin = now;
		for (int i = 0; i < BUCKETS; i++) {
			this.buckets.set(i, NEVER);
		}
	}

	void note(long now) {
		long number = (now - this.origin) / this.bucketNanos;
		int index = (int) Math.floorMod(number, (long) BUCKETS);
		long former = this.buckets.get(index);
		if (former != number) {
			this.buckets.set(index, number);
			this.overwritten.accumulateAndGet(former, Math::max);
		}
	}

	/**
	 * Returns whether a tombstone may have expired in a span of time.
	 * @param from the begin of the span
	 * @param to its end
	 * @param slackNanos by how much a tombstone's end may differ from what was asked for
	 * @return {@code true} if there is one that may
	 */
	boolean mayHaveExpired(long from, long to, long slackNanos) {
		long first = from - slackNanos - this.windowNanos - this.origin;
		long last = to + slackNanos - this.windowNanos - this.origin;
		for (int i = 0; i < BUCKETS; i++) {
			long number = this.buckets.get(i);
			if (number != NEVER && (number + 1) * this.bucketNanos > first && number * this.bucketNanos < last) {
				return true;
			}
		}
		return this.overwritten.get() != NEVER && (this.overwritten.get() + 1) * this.bucketNanos > first;
	}

	/**
	 * Forgets what a new generation has outdated.
	 * @param before when that generation was sent
	 */
	void forget(long before) {
		long lost = this.overwritten.get();
		if (lost != NEVER && (lost + 1) * this.bucketNanos <= before - this.origin) {
			this.overwritten.compareAndSet(lost, NEVER);
		}
		for (int i = 0; i < BUCKETS; i++) {
			long number = this.buckets.get(i);
			if (number != NEVER && (number + 1) * this.bucketNanos <= before - this.origin) {
				this.buckets.compareAndSet(i, number, NEVER);
			}
		}
	}

}
