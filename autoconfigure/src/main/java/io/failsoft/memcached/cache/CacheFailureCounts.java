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
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;

/**
 * Counts cache operations that failed, each exactly once, by reason. Thread-safe;
 * counting takes no lock.
 */
public final class CacheFailureCounts {

	private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

	private final LongAdder others = new LongAdder();

	/**
	 * Start at zero.
	 */
	public CacheFailureCounts() {
		for (Reason reason : Reason.values()) {
			this.counts.put(reason, new LongAdder());
		}
	}

	/**
	 * Count a failure.
	 * @param failure the failure; any exception other than a
	 * {@link MemcachedCacheException} counts as {@link #getOthers() other}
	 */
	public void record(RuntimeException failure) {
		LongAdder count = (failure instanceof MemcachedCacheException exception)
				? this.counts.get(exception.getReason()) : this.others;
		if (count != null) {
			count.increment();
		}
	}

	/**
	 * Failures of one reason so far.
	 * @param reason the reason
	 * @return how many there were
	 */
	public long get(Reason reason) {
		LongAdder count = this.counts.get(reason);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Failures that were not memcached's, so far.
	 * @return how many there were
	 */
	public long getOthers() {
		return this.others.sum();
	}

	/**
	 * All failures so far.
	 * @return how many there were
	 */
	public long getTotal() {
		return this.others.sum() + this.counts.values().stream().mapToLong(LongAdder::sum).sum();
	}

}
