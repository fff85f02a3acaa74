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

package io.failsoft.memcached.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for conditions.
 */
final class Polling {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private Polling() {
	}

	/**
	 * Wait until a condition holds, up to 30 s.
	 * @param what the condition in words
	 * @param condition the condition
	 * @return how long it took, in milliseconds
	 */
	static double until(String what, BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > LIMIT.toNanos()) {
				throw new AssertionError("not within " + LIMIT + ": " + what);
			}
			LockSupport.parkNanos(1_000_000);
		}
		return millisSince(start);
	}

	static double millisSince(long start) {
		return (System.nanoTime() - start) / 1e6;
	}

}
