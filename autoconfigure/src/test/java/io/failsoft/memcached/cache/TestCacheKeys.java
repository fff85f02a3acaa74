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

/**
 * Shows tests of other packages where an entry is kept.
 */
public final class TestCacheKeys {

	private TestCacheKeys() {
	}

	/**
	 * The memcached key of an entry.
	 * @param prefix the key prefix
	 * @param cache the cache's name
	 * @param key the key
	 * @return the key, as text
	 */
	public static String entry(String prefix, String cache, Object key) {
		return new CacheKeys(prefix, cache).of(key).toString();
	}

	/**
	 * The memcached key of a cache's generation.
	 * @param prefix the key prefix
	 * @param cache the cache's name
	 * @return the key, as text
	 */
	public static String generation(String prefix, String cache) {
		return new CacheKeys(prefix, cache).own("g").toString();
	}

}
