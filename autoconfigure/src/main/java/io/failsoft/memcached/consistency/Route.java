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

import io.failsoft.memcached.client.Failure;
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

	private final Routes region;

	private final Server server;

	private final InvalidationLog log;

	private final MemcachedKey generationKey;

	private final int tombstoneSeconds;

	private final int cap;

	private final int leastSeconds;

	private final @Nullable Route home;

	private final LastSeenGeneration lastSeen;

	private final EvictionTimes evictions;

	private final Lookup down;

	Route(Routes region, Server server, InvalidationLog log, MemcachedKey generationKey, Duration loadWindow,
			@Nullable Route home, Duration failoverTimeToLive, WriteStripes stripes) {
		this.region = region;
		this.server = server;
		this.log = log;
		this.generationKey = generationKey;
		this.tombstoneSeconds = Region.secondsKept(loadWindow);
		this.cap = (home != null) ? (int) Math.max(1, failoverTimeToLive.toSeconds()) : Integer.MAX_VALUE;
		this.leastSeconds = Math.min(this.tombstoneSeconds, this.cap);
		this.home = home;
		this.lastSeen = new LastSeenGeneration(stripes);
		this.evictions = new EvictionTimes(loadWindow.toNanos(), log.now());
		this.down = Lookup.failed(this, Failure.DOWN, null);
		log.register(this);
	}

	/**
	 * All routes of the region.
	 */
	Routes region() {
		return this.region;
	}

	/**
	 * The server the commands go to.
	 */
	Server server() {
		return this.server;
	}

	/**
	 * The outcome of reads while that server cannot be used. The same object each time:
	 * then there are many.
	 */
	Lookup down() {
		return this.down;
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
	 * How long an entry lives. What is written during a takeover lives no longer than the
	 * cap on it.
	 * @param timeToLive seconds, 0 for no end
	 * @return seconds, 0 for no end
	 */
	int life(int timeToLive) {
		return (this.home == null) ? timeToLive : (timeToLive == 0) ? this.cap : Math.min(timeToLive, this.cap);
	}

	/**
	 * What memcached is told of a life. A short one is prolonged: what a load finds
	 * missing must still be there, or something newer, when it is refused for it. The end
	 * of such an entry stands in its {@linkplain #endOfLife envelope}.
	 * @param life seconds, 0 for no end
	 * @return seconds; beyond 30 days a moment, in seconds since the epoch
	 */
	int expiry(int life, ConsistencySettings settings) {
		int seconds = (life == 0) ? 0 : Math.max(life, this.leastSeconds);
		if (seconds <= THIRTY_DAYS_SECONDS) {
			return seconds;
		}
		return (int) Math.min(Integer.MAX_VALUE, settings.secondsSinceEpoch().getAsLong() + seconds);
	}

	/**
	 * What the envelope says of the end of an entry.
	 * @param life seconds, 0 for no end
	 * @param payload what it carries, which may end sooner
	 * @return seconds since the epoch, 0 if memcached ends it
	 */
	int endOfLife(int life, Payload payload, ConsistencySettings settings) {
		int given = payload.endOfLife();
		if (life == 0 || life >= this.leastSeconds) {
			return given;
		}
		int end = (int) (settings.secondsSinceEpoch().getAsLong() + life);
		return (given == 0 || Integer.compareUnsigned(end, given) < 0) ? end : given;
	}

	/**
	 * What memcached is told when an entry was read that is to live on, or 0 for nothing.
	 * By the time it is executed a tombstone may be there, which must not live shorter;
	 * and nothing prolongs what was written during a takeover.
	 * @param seconds how long the entry shall live from now
	 */
	int expiryOnTouch(int seconds, ConsistencySettings settings) {
		return (this.home != null) ? 0 : expiry(Math.max(seconds, this.tombstoneSeconds), settings);
	}

	/**
	 * Seconds that whatever is written stays at least.
	 */
	int leastSeconds() {
		return this.leastSeconds;
	}

	/**
	 * When tombstones, and values in their place, were written over this route.
	 */
	EvictionTimes evictions() {
		return this.evictions;
	}

}
