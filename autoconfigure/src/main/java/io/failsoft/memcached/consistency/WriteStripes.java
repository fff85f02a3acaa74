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

import io.failsoft.memcached.client.MemcachedKey;

/**
 * Numbers the writes of this JVM and remembers the latest per stripe of keys. A stripe is
 * also the monitor under which it is decided what to write and the command is enqueued,
 * so that both are one step per key. It is held for nothing that blocks. Keys that share
 * a stripe are at worst taken for one another's writers, which costs a put its value and
 * nothing else.
 */
final class WriteStripes {

	private static final int COUNT = 1 << 13;

	/**
	 * Shared, so that a moment can be marked before it is known which cache it is for.
	 */
	private static final AtomicLong SEQUENCE = new AtomicLong();

	private final Stripe[] stripes = new Stripe[COUNT];

	WriteStripes() {
		for (int i = 0; i < COUNT; i++) {
			this.stripes[i] = new Stripe();
		}
	}

	Stripe of(MemcachedKey key) {
		return this.stripes[(int) (key.hash() >>> 20) & (COUNT - 1)];
	}

	static long current() {
		return SEQUENCE.get();
	}

	static long next() {
		return SEQUENCE.incrementAndGet();
	}

	/**
	 * A set of keys. Its fields are guarded by its monitor.
	 */
	static final class Stripe {

		private long lastWrite;

		private long lastSettled;

		boolean movedSince(long sequence) {
			return this.lastWrite > sequence;
		}

		void moved(long sequence) {
			this.lastWrite = sequence;
		}

		/**
		 * Returns whether a write was sent, or its outcome came to be known, since a
		 * moment.
		 */
		boolean settledSince(long sequence) {
			return movedSince(sequence) || this.lastSettled > sequence;
		}

		void settled(long sequence) {
			this.lastSettled = sequence;
		}

	}

}
