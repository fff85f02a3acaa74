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

import java.util.Collection;
import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * Swallows every failure, and notes which keys failed when, whether the thread's last
 * write failed, and which puts failed: these may be executed late, of which other
 * instances are not promised to be spared for the moment until the invalidation log is
 * replayed. Thread-safe.
 */
final class Failures implements CacheErrorHandler {

	private final Database database;

	private final AtomicLongArray failedAt = new AtomicLongArray(Area.ALL_KEYS);

	private final ThreadLocal<Boolean> writeFailed = ThreadLocal.withInitial(() -> false);

	private final ThreadLocal<Boolean> readFailed = ThreadLocal.withInitial(() -> false);

	Failures(Database database) {
		this.database = database;
		for (int key = 0; key < Area.ALL_KEYS; key++) {
			this.failedAt.set(key, Long.MIN_VALUE);
		}
	}

	/**
	 * Whether anything that this instance asked memcached for a key has failed.
	 * @param since the begin of the span, by {@link System#nanoTime()}
	 */
	boolean hasFailed(int key, long since) {
		long last = this.failedAt.get(key);
		return last != Long.MIN_VALUE && last - since >= 0;
	}

	/**
	 * Whether an eviction, a clear or a put of this thread failed since it last asked.
	 */
	boolean takeWriteFailed() {
		boolean failed = this.writeFailed.get();
		this.writeFailed.set(false);
		return failed;
	}

	/**
	 * Notes that a read of several keys may have failed for each, if one was told of.
	 */
	void readSeveral(Collection<Integer> keys) {
		if (this.readFailed.get()) {
			keys.forEach(this::note);
		}
		this.readFailed.set(false);
	}

	@Override
	public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
		note(key);
		this.readFailed.set(true);
	}

	@Override
	public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
		note(key);
		this.writeFailed.set(true);
		if (value instanceof Row row && row.putBy() >= 0) {
			this.database.putFailed(row.key(), row.version());
		}
	}

	@Override
	public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
		note(key);
		this.writeFailed.set(true);
	}

	@Override
	public void handleCacheClearError(RuntimeException exception, Cache cache) {
		for (int key = 0; key < Area.ALL_KEYS; key++) {
			note(key);
		}
		this.writeFailed.set(true);
	}

	private void note(Object key) {
		if (key instanceof Integer number) {
			this.failedAt.set(number, System.nanoTime());
		}
	}

}
