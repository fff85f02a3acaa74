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

import io.failsoft.memcached.cache.Grace.Attempt;
import io.failsoft.memcached.consistency.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * The result of a read: a hit and its value, or a miss and its ticket for a fill.
 *
 * @param isHit whether there was an entry
 * @param value its value
 * @param ticket the ticket for a fill; {@code null} if none is allowed
 * @param isFailed whether it is a miss as the server could not be asked
 * @param isUnsaid whether it is a miss as memcached cannot say what the key's value is
 * @param aged what is a miss only as its time to live is over, or {@code null}
 * @param attempt the load that is to begin if {@code aged} may be served where it fails,
 * or {@code null}
 */
record Found(boolean isHit, @Nullable Object value, @Nullable Ticket ticket, boolean isFailed, boolean isUnsaid,
		@Nullable Aged aged, @Nullable Attempt attempt) {

	static final Found NOTHING = new Found(false, null, null, false, false, null, null);

	static final Found FAILED = new Found(false, null, null, true, true, null, null);

	private static final Found UNSAID = new Found(false, null, null, false, true, null, null);

	static Found hit(@Nullable Object value) {
		return new Found(true, value, null, false, false, null, null);
	}

	static Found miss(@Nullable Ticket ticket, boolean unsaid) {
		return (ticket != null) ? new Found(false, null, ticket, false, unsaid, null, null) : UNSAID;
	}

	static Found aged(Aged aged, @Nullable Attempt attempt) {
		return new Found(false, null, aged.ticket(), false, false, aged, attempt);
	}

	/**
	 * The value of an entry whose time to live is over.
	 *
	 * @param value the value
	 * @param ticket the ticket that came with it
	 * @param seconds for how long it is over
	 */
	record Aged(@Nullable Object value, Ticket ticket, long seconds) {

	}

}
