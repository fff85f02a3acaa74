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
 * An operation of a cache.
 */
enum CacheOperation {

	/** Reads an entry. */
	GET("get"),

	/** Stores a value over any entry that is there. */
	PUT("put"),

	/** Stores what was loaded after a miss, unless something newer is there. */
	FILL("put"),

	/** Invalidates an entry. */
	EVICT("evict"),

	/** Invalidates an entry and finds out if there was one. */
	EVICT_IF_PRESENT("evict"),

	/** Invalidates all entries. */
	CLEAR("clear");

	final String words;

	CacheOperation(String words) {
		this.words = words;
	}

}
