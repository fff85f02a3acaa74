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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * When a server answered, and how long it took. Only the I/O thread adds; anyone reads.
 */
final class RoundTrips {

	private static final int NONE = -1;

	private final AtomicLong lastStart;

	private volatile long average = NONE;

	/**
	 * Begin to measure.
	 * @param now the time, which counts as the start of the last command answered as long
	 * as none was
	 */
	RoundTrips(long now) {
		this.lastStart = new AtomicLong(now);
	}

	/**
	 * Add one.
	 * @param start when the command was sent
	 * @param end when it was answered
	 */
	void add(long start, long end) {
		this.lastStart.lazySet(start);
		long sample = end - start;
		long before = this.average;
		// An average over about 16 answers, as TCP smooths its round trip time (RFC 6298
		// with another weight).
		this.average = (before < 0) ? sample : before + ((sample - before) >> 4);
	}

	/**
	 * When the command was sent that was answered last.
	 */
	long lastStart() {
		return this.lastStart.get();
	}

	/**
	 * How long answers take, the last ones above all.
	 * @return the average, or {@code null} if there was none yet
	 */
	@Nullable Duration average() {
		long known = this.average;
		return (known < 0) ? null : Duration.ofNanos(known);
	}

}
