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

package io.failsoft.memcached.consistency;

import java.time.Duration;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Server;
import org.jspecify.annotations.Nullable;

/**
 * Where a region's keys of one server are kept now: at home, or with a server that stands
 * in for it. There is one per region and server, and per pair of servers under takeover,
 * so nothing is allocated per operation. Thread-safe.
 */
final class Route {

	private static final int THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

	private final Server server;

	private final InvalidationLog log;

	private final MemcachedKey generationKey;

	private final int tombstoneSeconds;

	private final @Nullable Route home;

	private final LastSeenGeneration lastSeen;

	private final EvictionTimes evictions;

	Route(Server server, InvalidationLog log, MemcachedKey generationKey, Duration loadWindow, @Nullable Route home,
			WriteStripes stripes) {
		this.server = server;
		this.log = log;
		this.generationKey = generationKey;
		// memcached counts in whole seconds of its own clock: an exptime of 2 lived 1.15
		// s.
		this.tombstoneSeconds = (int) loadWindow.plusNanos(999_999_999).toSeconds() + 1;
		this.home = home;
		this.lastSeen = new LastSeenGeneration(stripes);
		this.evictions = new EvictionTimes(loadWindow.toNanos(), log.now());
		log.register(this);
	}

	/**
	 * The server the commands go to.
	 */
	Server server() {
		return this.server;
	}

	/**
	 * That server's log.
	 */
	InvalidationLog log() {
		return this.log;
	}

	MemcachedKey generationKey() {
		return this.generationKey;
	}

	/**
	 * The route that this one stands in for, or {@code null} if it leads home.
	 */
	@Nullable Route home() {
		return this.home;
	}

	LastSeenGeneration lastSeen() {
		return this.lastSeen;
	}

	/**
	 * Seconds that a tombstone is asked to live: no less than the load window.
	 */
	int tombstoneSeconds() {
		return this.tombstoneSeconds;
	}

	/**
	 * A time to live as the memcached protocol takes it: beyond 30 days it is a moment,
	 * in seconds since the epoch. What is written during a takeover lives no longer than
	 * the cap on it.
	 * @param timeToLive seconds, 0 for no expiry
	 */
	int expiry(int timeToLive, ConsistencySettings settings) {
		int seconds = timeToLive;
		if (this.home != null) {
			int cap = (int) Math.max(1, settings.failoverTimeToLive().toSeconds());
			seconds = (seconds == 0) ? cap : Math.min(seconds, cap);
		}
		if (seconds <= THIRTY_DAYS_SECONDS) {
			return seconds;
		}
		return (int) Math.min(Integer.MAX_VALUE, settings.secondsSinceEpoch().getAsLong() + seconds);
	}

	/**
	 * When tombstones were written over this route.
	 */
	EvictionTimes evictions() {
		return this.evictions;
	}

}
