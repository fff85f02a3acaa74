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

import java.util.Arrays;

import io.failsoft.memcached.client.MemcachedKey;

/**
 * A cache key as it is sent, with what an entry must carry to be taken for its own.
 * Immutable.
 */
final class CacheKey {

	private final MemcachedKey memcachedKey;

	private final byte[] verification;

	CacheKey(MemcachedKey memcachedKey, byte[] verification) {
		this.memcachedKey = memcachedKey;
		this.verification = verification;
	}

	/**
	 * The key under which the entry is stored.
	 * @return the memcached key
	 */
	MemcachedKey memcachedKey() {
		return this.memcachedKey;
	}

	/**
	 * What the entry must carry: the bytes of the memcached key where that says all, else
	 * the key's canonical form, or a digest of that if it is very long.
	 * @return the bytes; not a copy, so not to be changed
	 */
	byte[] verification() {
		return this.verification;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof CacheKey key && this.memcachedKey.equals(key.memcachedKey)
				&& Arrays.equals(this.verification, key.verification));
	}

	@Override
	public int hashCode() {
		return this.memcachedKey.hashCode();
	}

	@Override
	public String toString() {
		return this.memcachedKey.toString();
	}

}
