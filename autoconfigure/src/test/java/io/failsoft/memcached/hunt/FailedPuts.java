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

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * Swallows every failure, and notes which puts failed: these may be executed late, of
 * which other instances are not promised to be spared for the moment until the
 * invalidation log is replayed.
 */
final class FailedPuts implements CacheErrorHandler {

	private final Database database;

	FailedPuts(Database database) {
		this.database = database;
	}

	@Override
	public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
	}

	@Override
	public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
		if (value instanceof Row row && row.putBy() >= 0) {
			this.database.putFailed(row.key(), row.version());
		}
	}

	@Override
	public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
	}

	@Override
	public void handleCacheClearError(RuntimeException exception, Cache cache) {
	}

}
