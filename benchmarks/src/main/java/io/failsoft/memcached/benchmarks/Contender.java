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

package io.failsoft.memcached.benchmarks;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

/**
 * A participant of the comparison: a cache, a client, or a socket. Thread-safe.
 */
interface Contender extends AutoCloseable {

	/**
	 * Says if it stores bytes as they are, so that it is given bytes and no objects.
	 * @return {@code true} for clients
	 */
	default boolean takesBytes() {
		return false;
	}

	@Nullable Object get(Long key);

	void put(Long key, Object value);

	void evict(Long key);

	@Override
	void close();

	/**
	 * A cache as an application uses it: by way of Spring's {@link Cache}.
	 */
	interface OfSpring extends Contender {

		Cache cache();

		@Override
		default @Nullable Object get(Long key) {
			ValueWrapper wrapper = cache().get(key);
			return (wrapper != null) ? wrapper.get() : null;
		}

		@Override
		default void put(Long key, Object value) {
			cache().put(key, value);
		}

		@Override
		default void evict(Long key) {
			cache().evict(key);
		}

	}

	/**
	 * A cache of Spring's.
	 *
	 * @param cache the cache
	 * @param resource run when the contender is closed
	 */
	record SpringCache(Cache cache, Runnable resource) implements OfSpring {

		@Override
		public void close() {
			this.resource.run();
		}

	}

}
