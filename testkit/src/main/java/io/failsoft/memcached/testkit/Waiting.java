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

package io.failsoft.memcached.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for what another process does, by looking again and again.
 */
final class Waiting {

	private static final long PAUSE_MILLIS = 2;

	private Waiting() {
	}

	/**
	 * Waits until a condition holds.
	 * @param limit how long to wait at most
	 * @param condition the condition
	 * @return whether it held in time
	 */
	static boolean until(Duration limit, BooleanSupplier condition) {
		long deadline = System.nanoTime() + limit.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				return false;
			}
			pause();
		}
		return true;
	}

	/**
	 * Waits a moment.
	 * @throws IllegalStateException if the thread was interrupted, which it still is then
	 */
	static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for memcached", ex);
		}
	}

}
