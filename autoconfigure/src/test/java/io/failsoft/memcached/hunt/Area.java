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

package io.failsoft.memcached.hunt;

/**
 * A part of the keys, with a cache and a way of working of its own.
 */
enum Area {

	/** Read by plain {@code @Cacheable}, written with {@code @CacheEvict}. */
	PLAIN(0, "plain"),

	/** Read by {@code @Cacheable(sync = true)}, written with {@code @CacheEvict}. */
	SYNC(1, "sync"),

	/** Read by plain {@code @Cacheable}, written with {@code @CachePut} as well. */
	PUT(2, "put"),

	/**
	 * Read by plain {@code @Cacheable}, by a query that is made of another cached one,
	 * and evicted from both caches, one after the other. Only {@link Mode#LOCAL} works
	 * here.
	 */
	NESTED(3, "outer"),

	/**
	 * Read by plain {@code @Cacheable} and written with {@code @CacheEvict}, both so
	 * rarely that tombstones expire. Only {@link Mode#WINDOWS} works here.
	 */
	QUIET(4, "quiet");

	static final int KEYS = 40;

	static final int ALL_KEYS = 5 * KEYS;

	/** The keys of the areas that are always worked in. */
	static final int BUSY_KEYS = 3 * KEYS;

	/** The same where one is worked in that is nested. */
	static final int NESTED_KEYS = 4 * KEYS;

	final String cache;

	private final int number;

	Area(int number, String cache) {
		this.number = number;
		this.cache = cache;
	}

	int firstKey() {
		return this.number * KEYS;
	}

	static Area of(int key) {
		return values()[key / KEYS];
	}

}
