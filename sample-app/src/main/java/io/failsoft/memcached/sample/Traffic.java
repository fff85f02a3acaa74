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

package io.failsoft.memcached.sample;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.springframework.stereotype.Component;

/**
 * What was asked and answered in each of the last seconds, for the dashboard's charts.
 * Its memory is bounded. Thread-safe.
 */
@Component
final class Traffic {

	/** How far back the charts reach. */
	static final int SECONDS = 120;

	private final Clock clock;

	private final Bucket[] buckets = new Bucket[SECONDS + 1];

	Traffic() {
		this(Clock.systemUTC());
	}

	Traffic(Clock clock) {
		this.clock = clock;
	}

	/**
	 * A request was answered.
	 * @param trace what it saw of the cache
	 */
	void answered(CacheTrace trace) {
		double database = trace.databaseMillis();
		double cache = Math.max(0, trace.elapsedMillis() - database);
		synchronized (this) {
			Bucket bucket = current();
			bucket.requests++;
			bucket.hits += trace.isHit() ? 1 : 0;
			bucket.cacheMillis += cache;
			bucket.databaseMillis += database;
		}
	}

	/**
	 * The database was asked.
	 */
	synchronized void queried() {
		current().queries++;
	}

	/**
	 * What happened in the seconds that are over.
	 * @param second the last second that is known already, since the epoch
	 * @return those after it, at most {@link #SECONDS}, without gaps, the oldest first
	 */
	synchronized List<Second> after(long second) {
		long now = this.clock.instant().getEpochSecond();
		List<Second> seconds = new ArrayList<>();
		for (long each = Math.max(second + 1, now - SECONDS); each < now; each++) {
			Bucket bucket = this.buckets[index(each)];
			boolean known = bucket != null && bucket.second == each;
			seconds.add(known ? bucket.toSecond() : new Second(each, 0, 0, 0, 0, 0));
		}
		return seconds;
	}

	private Bucket current() {
		long now = this.clock.instant().getEpochSecond();
		Bucket bucket = this.buckets[index(now)];
		if (bucket == null || bucket.second != now) {
			bucket = new Bucket(now);
			this.buckets[index(now)] = bucket;
		}
		return bucket;
	}

	private int index(long second) {
		return (int) Math.floorMod(second, (long) this.buckets.length);
	}

	private static final class Bucket {

		private final long second;

		private int requests;

		private int hits;

		private int queries;

		private double cacheMillis;

		private double databaseMillis;

		private Bucket(long second) {
			this.second = second;
		}

		private Second toSecond() {
			double share = 1.0 / Math.max(1, this.requests);
			return new Second(this.second, this.requests, this.hits, this.queries, this.cacheMillis * share,
					this.databaseMillis * share);
		}

	}

	/**
	 * What happened in one second.
	 *
	 * @param second the second, since the epoch
	 * @param requests number of requests answered
	 * @param hits how many of them by the cache alone
	 * @param queries number of times that the database was asked
	 * @param cacheMillis mean time that a request spent with the cache, in milliseconds
	 * @param databaseMillis mean time that a request spent with the database, in
	 * milliseconds
	 */
	record Second(long second, int requests, int hits, int queries, double cacheMillis, double databaseMillis) {

	}

}
