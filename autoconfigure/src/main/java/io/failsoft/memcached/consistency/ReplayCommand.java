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
import io.failsoft.memcached.client.Pending;
import org.jspecify.annotations.Nullable;

/**
 * An invalidation on its way from the log to the server: a tombstone, or a generation.
 * Never a value.
 *
 * @param route the route concerned
 * @param key the key, or {@code null} for a generation
 * @param sequence tells whether what was answered is still what the log holds
 * @param generation the generation, if it is one; each attempt has its own, as a late one
 * must not bring back what was filled under it
 * @param cleared whether the generation invalidates what was asked to be invalidated
 */
record ReplayCommand(Route route, @Nullable MemcachedKey key, long sequence, long generation, boolean cleared) {

	Pending send(Link link, long now) {
		if (this.key == null) {
			return link.set(this.route.generationKey(), 0,
					Envelope.generation(this.generation, this.route.window(), this.cleared), Region.NO_BODY);
		}
		int seconds = this.route.tombstoneSeconds(link, now);
		this.route.noteEviction(seconds, now);
		return link.set(this.key, seconds, Envelope.tombstone(), Region.NO_BODY);
	}

}
