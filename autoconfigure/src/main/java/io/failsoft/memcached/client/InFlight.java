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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The operations under way over one link, by number and by bytes, and the limits on both.
 * Thread-safe, without a lock.
 */
final class InFlight {

	private final int maxNumber;

	private final long maxBytes;

	private final Breaker breaker;

	private final AtomicInteger number = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	InFlight(ClientSettings settings, Breaker breaker) {
		this.maxNumber = settings.maxInFlight();
		this.maxBytes = settings.maxQueuedBytes();
		this.breaker = breaker;
	}

	int number() {
		return this.number.get();
	}

	long bytes() {
		return this.bytes.get();
	}

	/**
	 * Takes a place for an operation.
	 * @param size its bytes
	 * @return {@code false} if there is none
	 */
	boolean enter(long size) {
		if (this.bytes.addAndGet(size) <= this.maxBytes && takePlace()) {
			return true;
		}
		this.bytes.addAndGet(-size);
		return false;
	}

	/**
	 * Gives back the place of an operation.
	 * @param size its bytes
	 */
	void leave(long size) {
		this.number.decrementAndGet();
		this.bytes.addAndGet(-size);
	}

	private boolean takePlace() {
		while (true) {
			int taken = this.number.get();
			if (taken >= this.maxNumber) {
				return false;
			}
			if (taken == 0) {
				// Before it counts: of several that start together, none may find the
				// breaker looking back at the time when nothing was asked.
				this.breaker.busy(System.nanoTime());
			}
			if (this.number.compareAndSet(taken, taken + 1)) {
				return true;
			}
		}
	}

}
