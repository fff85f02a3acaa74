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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How the instances are set up, and with it the faults that strike and the reads that are
 * promised never to be stale. An instance's own evictions are promised in every mode.
 */
enum Mode {

	/** As configured by default, but without a local store. */
	PLAIN,

	/**
	 * Another server stands in for one that is down. Instances that do not agree on who
	 * is down do not see each other's evictions.
	 */
	FAILOVER,

	/**
	 * The load window of one instance is longer than that of the others, and some of its
	 * loads last longer than theirs. Generations are not deleted in this mode: a
	 * tombstone that suits the generation seen last is not promised to suit one that was
	 * put in place since.
	 */
	WINDOWS,

	/**
	 * One instance keeps values near and in reserve, one only near, one only in reserve,
	 * so another instance's eviction may be seen later by the longer one of these
	 * windows. One instance alone often cannot reach a server.
	 */
	LOCAL,

	/**
	 * The name of one server leads to two servers, now to this one, now to that.
	 * Instances that use different ones do not see each other's evictions.
	 */
	ADDRESSES,

	/**
	 * Over TLS.
	 */
	TLS,

	/**
	 * Values age within a second. One instance serves them while they are loaded anew and
	 * where their load fails, one only in the first case, one only in the second. Queries
	 * often fail as the database is lost.
	 */
	GRACE,

	/**
	 * Each instance keeps values near and in reserve, and serves them after their time to
	 * live. Only {@link Soak} works so.
	 */
	SOAK;

	/** The instance whose load window is the longer one. */
	static final int LONG_WINDOW_INSTANCE = 0;

	/** The instance that keeps values near only. */
	private static final int NEAR_INSTANCE = 1;

	/** The instance that keeps values in reserve only. */
	private static final int RESERVE_INSTANCE = 2;

	private static final Duration NEAR = Duration.ofMillis(300);

	private static final Duration RESERVE = Duration.ofSeconds(2);

	/** How much later than promised a read may begin before it counts. */
	private static final Duration TOLERANCE = Duration.ofMillis(250);

	/**
	 * The mode that a seed stands for.
	 */
	static Mode drawn(long seed) {
		List<Mode> all = all();
		return all.get(new Random(seed).nextInt(all.size()));
	}

	private static List<Mode> all() {
		return Stream.of(values()).filter((mode) -> mode != SOAK).toList();
	}

	/**
	 * The modes to hunt in.
	 * @param names the name of one, "all", or nothing for the one that the seed stands
	 * for
	 */
	static List<Mode> of(String names, long seed) {
		return names.isEmpty() ? List.of(drawn(seed))
				: names.equals("all") ? all() : List.of(valueOf(names.toUpperCase(Locale.ROOT)));
	}

	/**
	 * Whether an instance is promised to see an eviction of another one as soon as that
	 * was delivered.
	 */
	boolean promisesOthersEvictions() {
		return this != FAILOVER && this != ADDRESSES;
	}

	/**
	 * For how long after it was delivered an instance need not see another's eviction.
	 */
	Duration staleness(int instance) {
		return (this != LOCAL && this != SOAK) ? Duration.ZERO
				: (hasReserve(instance) ? RESERVE : NEAR).plus(TOLERANCE);
	}

	/**
	 * For how long an instance need not ask memcached for what it keeps.
	 */
	Duration nearness() {
		return hasNear(NEAR_INSTANCE) ? NEAR.plus(TOLERANCE) : Duration.ZERO;
	}

	/**
	 * Whether values age and the database is lost now and then.
	 */
	boolean losesDatabase() {
		return this == GRACE || this == SOAK;
	}

	private boolean hasNear(int instance) {
		return this == SOAK || (this == LOCAL && instance != RESERVE_INSTANCE);
	}

	private boolean hasReserve(int instance) {
		return this == SOAK || (this == LOCAL && instance != NEAR_INSTANCE);
	}

	Map<String, Object> properties(int instance) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("memcached.cache.near-time-to-live", hasNear(instance) ? NEAR : Duration.ZERO);
		properties.put("memcached.cache.reserve-time-to-live", hasReserve(instance) ? RESERVE : Duration.ZERO);
		if (this == FAILOVER) {
			properties.put("memcached.on-server-failure", "failover");
		}
		if (losesDatabase()) {
			properties.put("memcached.cache.time-to-live", "1s");
			properties.put("memcached.cache.stale-while-revalidate",
					(this == SOAK || instance != RESERVE_INSTANCE) ? "3s" : "0s");
			properties.put("memcached.cache.stale-if-error", (this == SOAK || instance != NEAR_INSTANCE) ? "1m" : "0s");
			properties.put("memcached.cache.stale-if-error-throttle", "1s");
		}
		if (this == WINDOWS) {
			properties.put("memcached.cache.load-window", (instance == LONG_WINDOW_INSTANCE) ? "30s" : "2s");
		}
		return properties;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
