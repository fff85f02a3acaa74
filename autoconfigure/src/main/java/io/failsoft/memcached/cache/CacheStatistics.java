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

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;

/**
 * What one cache counts. Thread-safe; each figure is exact, several read together may be
 * of slightly different moments.
 */
public final class CacheStatistics {

	private final LongAdder hits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder puts = new LongAdder();

	private final LongAdder evictions = new LongAdder();

	private final LongAdder fillsRefused = new LongAdder();

	private final Map<Reason, LongAdder> failures = new EnumMap<>(Reason.class);

	CacheStatistics() {
		for (Reason reason : Reason.values()) {
			this.failures.put(reason, new LongAdder());
		}
	}

	void hit() {
		this.hits.increment();
	}

	void miss() {
		this.misses.increment();
	}

	void put() {
		this.puts.increment();
	}

	void eviction() {
		this.evictions.increment();
	}

	void fillRefused() {
		this.fillsRefused.increment();
	}

	void failure(Reason reason) {
		failures(reason).increment();
	}

	/**
	 * Reads answered from the cache.
	 * @return the number since the start
	 */
	public long getHits() {
		return this.hits.sum();
	}

	/**
	 * Reads not answered from the cache, failed ones included.
	 * @return the number since the start
	 */
	public long getMisses() {
		return this.misses.sum();
	}

	/**
	 * Values stored.
	 * @return the number since the start
	 */
	public long getPuts() {
		return this.puts.sum();
	}

	/**
	 * Evictions asked for, those that had to be remembered included; clearing is none.
	 * @return the number since the start
	 */
	public long getEvictions() {
		return this.evictions.sum();
	}

	/**
	 * Loaded values that were not stored as something newer was there, or may have been.
	 * @return the number since the start
	 */
	public long getFillsRefused() {
		return this.fillsRefused.sum();
	}

	/**
	 * Failures of one kind.
	 * @param reason the kind
	 * @return the number since the start
	 */
	public long getFailures(Reason reason) {
		return failures(reason).sum();
	}

	private LongAdder failures(Reason reason) {
		return Objects.requireNonNull(this.failures.get(reason));
	}

}
