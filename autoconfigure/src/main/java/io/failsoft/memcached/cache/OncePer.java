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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets something through once per period. Thread-safe.
 */
final class OncePer {

	private final long periodNanos;

	private final LongSupplier ticker;

	private final AtomicLong next;

	OncePer(Duration period) {
		this(period, System::nanoTime);
	}

	OncePer(Duration period, LongSupplier ticker) {
		this.periodNanos = period.toNanos();
		this.ticker = ticker;
		this.next = new AtomicLong(ticker.getAsLong());
	}

	boolean tryAcquire() {
		long now = this.ticker.getAsLong();
		long due = this.next.get();
		return now - due >= 0 && this.next.compareAndSet(due, now + this.periodNanos);
	}

}
