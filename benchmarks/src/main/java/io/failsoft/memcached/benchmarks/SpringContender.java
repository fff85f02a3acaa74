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
 * A cache as an application uses it: by way of Spring's {@link Cache}.
 *
 * @param cache the cache
 * @param resource what to close at the end
 */
record SpringContender(Cache cache, Runnable resource) implements Contender {

	@Override
	public @Nullable Object get(Long key) {
		ValueWrapper wrapper = this.cache.get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	@Override
	public void put(Long key, Object value) {
		this.cache.put(key, value);
	}

	@Override
	public void evict(Long key) {
		this.cache.evict(key);
	}

	@Override
	public void close() {
		this.resource.run();
	}

}
