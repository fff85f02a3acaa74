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

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * A sequence of times between attempts, which double up to a limit. Each is shortened at
 * random by up to half, so that the instances of an application do not come back in step.
 */
final class Backoff {

	private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(20);

	private final long limit;

	private final DoubleSupplier random;

	private long next;

	/**
	 * Creates a back-off at its begin.
	 * @param limitNanos the longest time
	 * @param random numbers from 0 to 1
	 */
	Backoff(long limitNanos, DoubleSupplier random) {
		this.limit = limitNanos;
		this.random = random;
		reset();
	}

	void reset() {
		this.next = Math.min(FIRST, this.limit);
	}

	/**
	 * Returns the time to wait now.
	 * @return nanoseconds
	 */
	long next() {
		long full = this.next;
		this.next = Math.min(full * 2, this.limit);
		return full - (long) (full * 0.5 * this.random.getAsDouble());
	}

}
