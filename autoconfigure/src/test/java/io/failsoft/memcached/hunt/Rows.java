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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.cache.MemcachedCache;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The application: expensive queries that are cached, and what changes their rows. Counts
 * how often a thread's queries were run, and fails some of them, as applications do.
 */
class Rows {

	private final Database database;

	private final TransactionalWrites writes;

	private final int instance;

	private final ThreadLocal<int[]> runs = ThreadLocal.withInitial(() -> new int[1]);

	private final ThreadLocal<@Nullable Long> updatedMeanwhile = new ThreadLocal<>();

	private final ObjectProvider<Rows> cached;

	private final CacheManager caches;

	Rows(Database database, TransactionalWrites writes, int instance, ObjectProvider<Rows> cached,
			CacheManager caches) {
		this.caches = caches;
		this.database = database;
		this.writes = writes;
		this.instance = instance;
		this.cached = cached;
	}

	@Cacheable(cacheNames = "plain", key = "#key")
	Row find(int key, Load load) {
		return load(key, load);
	}

	@Cacheable(cacheNames = "sync", key = "#key", sync = true)
	Row findSync(int key, Load load) {
		return load(key, load);
	}

	@Cacheable(cacheNames = "quiet", key = "#key")
	Row findQuiet(int key, Load load) {
		return load(key, load);
	}

	@Cacheable(cacheNames = "put", key = "#key")
	Row findPut(int key, Load load) {
		return load(key, load);
	}

	@Cacheable(cacheNames = "outer", key = "#key")
	Row findNested(int key, Load load) {
		return this.cached.getObject().findInner(key, load);
	}

	@Cacheable(cacheNames = "inner", key = "#key")
	Row findInner(int key, Load load) {
		return load(key, load);
	}

	@CollectionCacheable(cacheNames = "plain", key = "#element")
	Map<Integer, Row> findAll(Collection<Integer> keys, Load load) {
		return loadAll(keys, load);
	}

	@CollectionCacheable(cacheNames = "put", key = "#element")
	Map<Integer, Row> findAllPut(List<Integer> keys, Load load) {
		return loadAll(keys, load);
	}

	/**
	 * Reads and loads without an annotation, which always shares loads.
	 */
	Map<Integer, Row> findAllSync(Collection<Integer> keys, Load load) {
		return cache("sync").getAll(keys, (missing) -> loadAll(missing, load));
	}

	private MemcachedCache cache(String name) {
		return (MemcachedCache) Objects.requireNonNull(this.caches.getCache(name));
	}

	private Map<Integer, Row> loadAll(Collection<Integer> keys, Load load) {
		this.runs.get()[0]++;
		Map<Integer, Row> rows = new HashMap<>();
		keys.forEach((key) -> rows.put(key, new Row(key, this.database.read(key), -1)));
		pause(load);
		return rows;
	}

	private Row load(int key, Load load) {
		this.runs.get()[0]++;
		if (this.database.isLost()) {
			if (load == Load.SLOW) {
				this.updatedMeanwhile.set(switch (Area.of(key)) {
					case PLAIN -> Long.valueOf(this.cached.getObject().update(key));
					case SYNC -> Long.valueOf(this.cached.getObject().updateSync(key));
					default -> null;
				});
			}
			throw new DataAccessResourceFailureException("lost");
		}
		Row row = new Row(key, this.database.read(key), -1);
		pause(load);
		return row;
	}

	private static void pause(Load load) {
		if (load.nanos > 0) {
			LockSupport.parkNanos(load.least + ThreadLocalRandom.current().nextLong(load.nanos));
		}
		if (load == Load.FAILS) {
			throw new BusinessException();
		}
	}

	@CacheEvict(cacheNames = "plain", key = "#key")
	long update(int key) {
		return this.writes.write(key);
	}

	@CacheEvict(cacheNames = "plain", key = "#key")
	CompletableFuture<Long> updateAsynchronously(int key) {
		return CompletableFuture.completedFuture(this.writes.write(key));
	}

	@CacheEvict(cacheNames = "sync", key = "#key")
	long updateSync(int key) {
		return this.writes.write(key);
	}

	@CacheEvict(cacheNames = "quiet", key = "#key")
	long updateQuiet(int key) {
		return this.writes.write(key);
	}

	@CacheEvict(cacheNames = "inner", key = "#key")
	long updateInner(int key) {
		return this.writes.write(key);
	}

	@CacheEvict(cacheNames = "outer", key = "#key")
	void evictNested(int key) {
		// Nothing to do but to evict.
	}

	@CacheEvict(cacheNames = "put", key = "#key")
	long updatePut(int key) {
		return this.writes.write(key);
	}

	@CachePut(cacheNames = "put", key = "#key")
	Row put(int key, boolean slow) {
		Row row = new Row(key, this.writes.write(key), this.instance);
		if (slow) {
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000));
		}
		return row;
	}

	@CacheEvict(cacheNames = "plain", allEntries = true)
	long[] updateAll(int from, int to) {
		return writeAll(from, to);
	}

	@CacheEvict(cacheNames = "sync", allEntries = true)
	long[] updateAllSync(int from, int to) {
		return writeAll(from, to);
	}

	@CacheEvict(cacheNames = "put", allEntries = true)
	long[] updateAllPut(int from, int to) {
		return writeAll(from, to);
	}

	private long[] writeAll(int from, int to) {
		long[] versions = new long[to - from];
		for (int key = from; key < to; key++) {
			versions[key - from] = this.writes.write(key);
		}
		return versions;
	}

	@CollectionCacheEvict("plain")
	Map<Integer, Long> updateEach(Collection<Integer> keys) {
		return writeEach(keys);
	}

	@CollectionCacheEvict(cacheNames = "put", key = "#element")
	Map<Integer, Long> updateEachPut(List<Integer> keys) {
		return writeEach(keys);
	}

	Map<Integer, Long> updateEachSync(Collection<Integer> keys) {
		Map<Integer, Long> versions = writeEach(keys);
		cache("sync").evictAll(keys);
		return versions;
	}

	Map<Integer, Long> putEach(Collection<Integer> keys) {
		Map<Integer, Long> versions = writeEach(keys);
		Map<Integer, Row> rows = new HashMap<>();
		versions.forEach((key, version) -> rows.put(key, new Row(key, version, this.instance)));
		cache("put").putAll(rows);
		return versions;
	}

	private Map<Integer, Long> writeEach(Collection<Integer> keys) {
		Map<Integer, Long> versions = new HashMap<>();
		keys.forEach((key) -> versions.put(key, this.writes.write(key)));
		return versions;
	}

	/**
	 * The version that this thread has written while its query failed, or {@code null}.
	 */
	@Nullable Long takeUpdatedMeanwhile() {
		Long taken = this.updatedMeanwhile.get();
		this.updatedMeanwhile.remove();
		return taken;
	}

	/**
	 * How often this thread's queries were run since it last asked.
	 */
	int takeRuns() {
		int[] counter = this.runs.get();
		int taken = counter[0];
		counter[0] = 0;
		return taken;
	}

	/**
	 * How a query behaves. Not a part of the cache's key.
	 */
	enum Load {

		QUICK(0, 0), SLOW(0, 30_000_000), VERY_SLOW(0, 900_000_000), FAILS(0, 1_000_000),

		/** Longer than the shorter one of two load windows. */
		ENDLESS(3_500_000_000L, 2_500_000_000L);

		private final long least;

		private final long nanos;

		Load(long least, long nanos) {
			this.least = least;
			this.nanos = nanos;
		}

	}

	/**
	 * What a failed query throws.
	 */
	@SuppressWarnings("serial")
	static final class BusinessException extends RuntimeException {

		BusinessException() {
			super("a query that fails", null, false, false);
		}

	}

}
