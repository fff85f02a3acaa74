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

import org.jspecify.annotations.Nullable;

/**
 * A key whose invalidation is in the log.
 *
 * @param route the route the key belongs to
 * @param sequence tells whether what was answered is still what the log holds
 * @param latePut the connection over which a put of the key may still be executed,
 * {@link #CLOSED_LINK}, or {@code null}
 * @param due when its tombstone is to be sent, by the ticker
 * @param quarantined whether the tombstone was replayed and is to be repeated
 */
record LoggedKey(Route route, long sequence, @Nullable Object latePut, long due, boolean quarantined) {

	/** Stands for connections of which at least one is closed. */
	static final Object CLOSED_LINK = new Object();

	/**
	 * Where a put may still come from once the key is logged again. A new eviction does
	 * not end a quarantine.
	 * @param present what is in the log already
	 * @param latePut where a put may come from now, or {@code null}
	 */
	static @Nullable Object latePut(@Nullable LoggedKey present, @Nullable Object latePut) {
		if (present == null || (present.latePut == null && !present.quarantined)) {
			return latePut;
		}
		boolean same = present.latePut != null && (latePut == null || latePut == present.latePut);
		return same ? present.latePut : CLOSED_LINK;
	}

	/**
	 * Whether a put may still be executed after what is sent over a connection.
	 * @param link the connection
	 */
	boolean mayFollow(Object link) {
		return this.latePut != null && this.latePut != link;
	}

	LoggedKey quarantined(long until) {
		return new LoggedKey(this.route, this.sequence, null, until, true);
	}

}
