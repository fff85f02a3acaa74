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

package io.failsoft.memcached.consistency.model;

/**
 * Something that goes wrong. How often each may happen is part of the {@link Bounds}.
 */
enum Fault {

	/** An instance's connection is closed; what it sent may still be executed. */
	CUT(0),

	/** A caller gives up waiting; its command stays under way. */
	TIMEOUT(4),

	/** A write is refused before it is sent, as too many are in flight. */
	REFUSAL(8),

	/** An answer stays under way after its command was executed. */
	DELAYED_ANSWER(12),

	/** The load window of a tombstone ends. */
	TOMBSTONE_EXPIRY(16),

	/** The life of an entry ends, however short it was. */
	ENTRY_EXPIRY(20),

	/** The generation item is lost to LRU. */
	GENERATION_LOSS(24),

	/**
	 * A tombstone is lost to LRU: not promised, so not among the bounds that must hold.
	 */
	TOMBSTONE_LOSS(28),

	/** The server restarts, empty. */
	RESTART(32),

	/** An instance's connection to a stand-in is closed. */
	STAND_IN_CUT(36);

	private static final int MOST = 15;

	private final int shift;

	Fault(int shift) {
		this.shift = shift;
	}

	long times(int times) {
		if (times < 0 || times > MOST) {
			throw new IllegalArgumentException("A fault may happen 0 to " + MOST + " times");
		}
		return ((long) times) << this.shift;
	}

	int left(long faults) {
		return (int) (faults >>> this.shift) & MOST;
	}

}
