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

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The time that one invocation may spend waiting for memcached, all its caches and
 * servers together. Thread-safe.
 */
public final class Budget {

	private static final AtomicLongFieldUpdater<Budget> LEFT = AtomicLongFieldUpdater.newUpdater(Budget.class, "left");

	private volatile long left;

	/**
	 * Grants a time.
	 * @param nanos the time in nanoseconds
	 */
	public Budget(long nanos) {
		this.left = nanos;
	}

	/**
	 * Returns what is left.
	 * @return nanoseconds; 0 or less if it is spent
	 */
	public long left() {
		return this.left;
	}

	/**
	 * Takes off what was spent waiting.
	 * @param nanos nanoseconds
	 */
	public void spend(long nanos) {
		LEFT.addAndGet(this, -nanos);
	}

}
