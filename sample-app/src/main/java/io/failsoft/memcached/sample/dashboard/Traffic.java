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

package io.failsoft.memcached.sample.dashboard;

import java.time.Clock;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.List;
import java.util.stream.LongStream;

import org.springframework.stereotype.Component;

/**
 * A count of what was asked and answered in each of the last seconds, for the dashboard's
 * charts. Its memory is bounded. Thread-safe.
 */
@Component
final class Traffic {

	/** The seconds that the charts reach back. */
	static final int SECONDS = 120;

	private final Clock clock;

	private final NavigableMap<Long, Second> sums = new TreeMap<>();

	Traffic() {
		this(Clock.systemUTC());
	}

	Traffic(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Counts an answer.
	 * @param trace what its request saw of the cache
	 */
	void answered(CacheTrace trace) {
		double database = trace.databaseMillis();
		double cache = Math.max(0, trace.elapsedMillis() - database);
		add(new Second(now(), 1, trace.isHit() ? 1 : 0, trace.isStale() ? 1 : 0, 0, cache, database));
	}

	/**
	 * Counts a query of the database.
	 */
	void queried() {
		add(new Second(now(), 0, 0, 0, 1, 0, 0));
	}

	/**
	 * Tells what happened in the seconds that are over.
	 * @param second the last second that is known already, since the epoch
	 * @return those after it, at most {@link #SECONDS}, without gaps, the oldest first
	 */
	synchronized List<Second> after(long second) {
		long now = now();
		return LongStream.range(Math.max(second + 1, now - SECONDS), now)
			.mapToObj((each) -> this.sums.getOrDefault(each, new Second(each, 0, 0, 0, 0, 0, 0)).mean())
			.toList();
	}

	private synchronized void add(Second more) {
		this.sums.merge(more.second(), more, Second::plus);
		this.sums.headMap(more.second() - SECONDS).clear();
	}

	private long now() {
		return this.clock.instant().getEpochSecond();
	}

	/**
	 * The traffic of one second.
	 *
	 * @param second the second, since the epoch
	 * @param requests number of requests answered
	 * @param hits how many of them by the cache alone
	 * @param stale how many of these hits were past their time to live
	 * @param queries number of times that the database was asked
	 * @param cacheMillis mean time that a request spent with the cache, in milliseconds
	 * @param databaseMillis mean time that a request spent with the database, in
	 * milliseconds
	 */
	record Second(long second, int requests, int hits, int stale, int queries, double cacheMillis,
			double databaseMillis) {

		private Second plus(Second other) {
			return new Second(this.second, this.requests + other.requests, this.hits + other.hits,
					this.stale + other.stale, this.queries + other.queries, this.cacheMillis + other.cacheMillis,
					this.databaseMillis + other.databaseMillis);
		}

		private Second mean() {
			int divisor = Math.max(1, this.requests);
			return new Second(this.second, this.requests, this.hits, this.stale, this.queries,
					this.cacheMillis / divisor, this.databaseMillis / divisor);
		}

	}

}
