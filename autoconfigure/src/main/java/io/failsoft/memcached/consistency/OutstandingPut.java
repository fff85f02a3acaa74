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

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;

/**
 * A put of a value that was sent and not answered yet. Told apart by identity: two puts
 * of one key may be under way.
 */
final class OutstandingPut {

	private final Route route;

	private final MemcachedKey key;

	private final Link link;

	/** Guarded by the monitor. */
	private boolean logged;

	OutstandingPut(Route route, MemcachedKey key, Link link) {
		this.route = route;
		this.key = key;
		this.link = link;
	}

	/**
	 * Remember that the put failed, unless that is done. When this returns its key is in
	 * the log, whoever put it there.
	 * @param late whether it may still be executed
	 */
	synchronized void logOnce(boolean late) {
		if (!this.logged) {
			this.logged = true;
			this.route.log().addKey(this.route, this.key, late ? this.link : null);
		}
	}

	Route route() {
		return this.route;
	}

	Link link() {
		return this.link;
	}

}
