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

import java.util.HashSet;
import java.util.Set;

import io.failsoft.memcached.client.MemcachedKey;

/**
 * The keys of one cache that were written to: all of them, once it was cleared. Not
 * thread-safe.
 */
final class WrittenKeys {

	private final Set<MemcachedKey> keys = new HashSet<>();

	private boolean all;

	void add(CacheWrite write) {
		MemcachedKey entry = write.entry();
		if (entry != null) {
			this.keys.add(entry);
		}
		else {
			this.all = true;
		}
	}

	/**
	 * Whether all that a write would write to was written to.
	 */
	boolean cover(CacheWrite write) {
		MemcachedKey entry = write.entry();
		return (entry != null) ? contains(entry) : this.all;
	}

	boolean contains(MemcachedKey entry) {
		return this.all || this.keys.contains(entry);
	}

}
