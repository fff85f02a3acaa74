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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;

/**
 * The figures of one cache. Thread-safe; each figure is exact, several read together may
 * be of slightly different moments.
 */
public final class CacheStatistics {

	final LongAdder hits = new LongAdder();

	final LongAdder misses = new LongAdder();

	final LongAdder puts = new LongAdder();

	final LongAdder evictions = new LongAdder();

	final LongAdder fillsRefused = new LongAdder();

	final LongAdder nearHits = new LongAdder();

	final LongAdder reserveHits = new LongAdder();

	final LongAdder waits = new LongAdder();

	final LongAdder staleOnRevalidate = new LongAdder();

	final LongAdder staleOnError = new LongAdder();

	private final LongAdder loadsOnMiss = new LongAdder();

	private final LongAdder loadsOnFailure = new LongAdder();

	/** By the reason of a failure or the outcome of a refresh. */
	private final Map<Enum<?>, LongAdder> counts = new ConcurrentHashMap<>();

	CacheStatistics() {
	}

	void count(Enum<?> kind) {
		this.counts.computeIfAbsent(kind, (first) -> new LongAdder()).increment();
	}

	/**
	 * Counts a call of a method or loader after a miss.
	 */
	void load(boolean unsaid) {
		(unsaid ? this.loadsOnFailure : this.loadsOnMiss).increment();
	}

	/**
	 * Returns the reads answered from the cache, local hits included.
	 * @return the number since the start
	 */
	public long getHits() {
		return this.hits.sum();
	}

	/**
	 * Returns the reads not answered from the cache, failed ones included.
	 * @return the number since the start
	 */
	public long getMisses() {
		return this.misses.sum();
	}

	/**
	 * Returns the values stored.
	 * @return the number since the start
	 */
	public long getPuts() {
		return this.puts.sum();
	}

	/**
	 * Returns the evictions asked for, remembered ones included. A clear is no eviction.
	 * @return the number since the start
	 */
	public long getEvictions() {
		return this.evictions.sum();
	}

	/**
	 * Returns the values that were not stored as a newer entry was there, or may have
	 * been.
	 * @return the number since the start
	 */
	public long getFillsRefused() {
		return this.fillsRefused.sum();
	}

	/**
	 * Returns the reads answered by this instance itself, without asking memcached.
	 * @return the number since the start
	 */
	public long getNearHits() {
		return this.nearHits.sum();
	}

	/**
	 * Returns the reads answered by this instance itself as memcached could not say.
	 * @return the number since the start
	 */
	public long getReserveHits() {
		return this.reserveHits.sum();
	}

	/**
	 * Returns the loads of what memcached did not hold.
	 * @return the number since the start
	 */
	public long getLoadsOnMiss() {
		return this.loadsOnMiss.sum();
	}

	/**
	 * Returns the loads of what memcached could not be asked for, or had lost.
	 * @return the number since the start
	 */
	public long getLoadsOnFailure() {
		return this.loadsOnFailure.sum();
	}

	/**
	 * Returns the callers that waited for another's load of the same key.
	 * @return the number since the start
	 */
	public long getWaits() {
		return this.waits.sum();
	}

	/**
	 * Returns the values served after their time to live while they were loaded anew.
	 * @return the number since the start
	 */
	public long getStaleOnRevalidate() {
		return this.staleOnRevalidate.sum();
	}

	/**
	 * Returns the values served after their time to live as their load failed.
	 * @return the number since the start
	 */
	public long getStaleOnError() {
		return this.staleOnError.sum();
	}

	/**
	 * Returns the background refreshes that ended in one way.
	 * @param outcome the way
	 * @return the number since the start
	 */
	public long getRefreshes(Refresh outcome) {
		return this.counts.getOrDefault(outcome, new LongAdder()).sum();
	}

	/**
	 * Returns the failures of one kind.
	 * @param reason the kind
	 * @return the number since the start
	 */
	public long getFailures(Reason reason) {
		return this.counts.getOrDefault(reason, new LongAdder()).sum();
	}

	/**
	 * Outcome of a background refresh.
	 */
	public enum Refresh {

		/** The method or loader ran; its result may have lost to an eviction. */
		DONE,

		/** The method or loader failed. */
		FAILED,

		/** Another instance refreshes the entry, or it was written to meanwhile. */
		NOT_NEEDED,

		/** There was no room for it. */
		DROPPED

	}

}
