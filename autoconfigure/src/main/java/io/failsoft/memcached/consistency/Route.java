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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Server;
import org.jspecify.annotations.Nullable;

/**
 * The present place of a region's keys of one server: at home, or with a server that
 * stands in for it. There is one per region and server, and per pair of servers under
 * takeover, so nothing is allocated per operation. Thread-safe.
 */
final class Route {

	private static final int THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

	/** The time for which a confirmed generation counts as known. */
	static final long GENERATION_MAX_AGE_NANOS = 5_000_000_000L;

	private static final long ONE_SECOND_NANOS = 1_000_000_000L;

	private final Routes region;

	private final Server server;

	private final InvalidationLog log;

	private final MemcachedKey generationKey;

	private final int window;

	private final long windowNanos;

	private final int cap;

	private final @Nullable Route home;

	private final ConsistencySettings settings;

	private final Generation lastSeen = new Generation();

	/** By the seconds that the tombstones were asked to live. */
	private final Map<Integer, EvictionTimes> evictions = new ConcurrentHashMap<>(4);

	private final AtomicLong askedAt;

	private final Lookup down;

	Route(Routes region, Server server, InvalidationLog log, MemcachedKey generationKey, Duration loadWindow,
			@Nullable Route home, ConsistencySettings settings) {
		this.region = region;
		this.server = server;
		this.log = log;
		this.generationKey = generationKey;
		this.window = ConsistencySettings.secondsKept(loadWindow) - 1;
		this.windowNanos = loadWindow.toNanos();
		this.cap = (home != null) ? (int) Math.max(1, settings.failoverTimeToLive().toSeconds()) : Integer.MAX_VALUE;
		this.home = home;
		this.settings = settings;
		this.askedAt = new AtomicLong(log.now() - ONE_SECOND_NANOS);
		this.down = Lookup.failed(server, Failure.DOWN, null);
		log.register(this);
	}

	/**
	 * Returns all routes of the region.
	 */
	Routes region() {
		return this.region;
	}

	/**
	 * Returns the server that the commands go to.
	 */
	Server server() {
		return this.server;
	}

	/**
	 * Returns the outcome of reads while that server cannot be used. The same object each
	 * time: then there are many.
	 */
	Lookup down() {
		return this.down;
	}

	/**
	 * Returns that server's log.
	 */
	InvalidationLog log() {
		return this.log;
	}

	MemcachedKey generationKey() {
		return this.generationKey;
	}

	/**
	 * Returns the route that this one stands in for, or {@code null} if it leads home.
	 */
	@Nullable Route home() {
		return this.home;
	}

	Generation lastSeen() {
		return this.lastSeen;
	}

	/**
	 * Returns the load window of this instance in seconds, rounded up.
	 */
	int window() {
		return this.window;
	}

	/**
	 * Notes a tombstone and returns the seconds that it is asked to live: no less than
	 * the load window of any instance that may fill under the generation in force, or
	 * more than {@link Envelope#LONGEST_WINDOW} where that is not known.
	 * @param link the connection it is sent over
	 * @param now the time
	 */
	int tombstoneSeconds(Link link, long now) {
		int seen = this.lastSeen.window(link, now, GENERATION_MAX_AGE_NANOS);
		int seconds = ((seen == 0) ? Envelope.LONGEST_WINDOW : Math.max(this.window, seen)) + 1;
		noteEviction(seconds, now);
		return seconds;
	}

	/**
	 * Returns whether the generation in force may be asked for: at most once a second.
	 * @param now the time
	 */
	boolean mayAskForGeneration(long now) {
		long asked = this.askedAt.get();
		return now - asked >= ONE_SECOND_NANOS && this.askedAt.compareAndSet(asked, now);
	}

	/**
	 * Returns how long an entry lives that is written now. During a takeover it lives no
	 * longer than the cap on it. A short life is prolonged at the server: what a load
	 * finds missing must still be there, or something newer, when it is refused for it.
	 * The end of such an entry stands in its envelope.
	 * @param window the load window of the generation in force, in seconds; 0 for this
	 * instance's
	 * @param timeToLive seconds, 0 for no end
	 * @param payload what it carries, which may end sooner
	 */
	Lifetime lifetime(int window, int timeToLive, Payload payload) {
		int least = leastSeconds(window);
		int life = (this.home == null) ? timeToLive : (timeToLive == 0) ? this.cap : Math.min(timeToLive, this.cap);
		int end = payload.endOfLife();
		if (life != 0 && life < least) {
			int shorter = (int) (this.settings.secondsSinceEpoch().getAsLong() + life);
			end = (end == 0 || Integer.compareUnsigned(shorter, end) < 0) ? shorter : end;
		}
		return new Lifetime(least, expiry(life, least), end);
	}

	/**
	 * Returns the expiry that memcached is told.
	 * @param life seconds, 0 for no end
	 * @param least {@linkplain #leastSeconds seconds} that it stays at least
	 * @return seconds; beyond 30 days a moment, in seconds since the epoch
	 */
	int expiry(int life, int least) {
		int seconds = (life == 0) ? 0 : Math.max(life, least);
		if (seconds <= THIRTY_DAYS_SECONDS) {
			return seconds;
		}
		return (int) Math.min(Integer.MAX_VALUE, this.settings.secondsSinceEpoch().getAsLong() + seconds);
	}

	/**
	 * Returns the seconds that whatever is written stays at least.
	 * @param seen the load window in the generation in force, in seconds
	 */
	int leastSeconds(int seen) {
		return Math.min(Math.max(this.window, seen) + 1, this.cap);
	}

	/**
	 * Returns how old a ticket that saw nothing may be, in nanoseconds.
	 * @param seen the load window that came with it, in seconds
	 */
	long ticketLimit(int seen) {
		long kept = Math.min(this.windowNanos, Math.min(seen, this.cap) * ONE_SECOND_NANOS);
		long limit = kept - ONE_SECOND_NANOS - this.settings.operationTimeout().toNanos();
		// With a window of two seconds nothing would ever be filled.
		return Math.max(limit, Math.min(kept, 2 * ONE_SECOND_NANOS) / 4);
	}

	/**
	 * Notes that a tombstone, or a value in its place, is written over this route.
	 * @param seconds how long it guards against loads that began before it
	 * @param now the time
	 */
	void noteEviction(int seconds, long now) {
		EvictionTimes times = this.evictions.get(seconds);
		if (times == null) {
			times = this.evictions.computeIfAbsent(seconds,
					(life) -> new EvictionTimes((life - 1) * ONE_SECOND_NANOS, now));
		}
		times.note(now);
	}

	/**
	 * Returns whether a tombstone may have expired in a span of time.
	 * @see EvictionTimes#mayHaveExpired
	 */
	boolean mayHaveLostTombstones(long from, long to, long slackNanos) {
		return this.evictions.values().stream().anyMatch((times) -> times.mayHaveExpired(from, to, slackNanos));
	}

	/**
	 * Forgets the tombstones that a new generation has outdated.
	 * @param before when that generation was sent
	 */
	void forgetEvictions(long before) {
		this.evictions.values().forEach((times) -> times.forget(before));
	}

	/**
	 * The lifetime of an entry.
	 *
	 * @param least seconds that the server keeps it at least
	 * @param expiry the expiry that memcached is told
	 * @param end the end in its envelope, in seconds since the epoch; 0 if memcached ends
	 * it
	 */
	record Lifetime(int least, int expiry, int end) {

	}

}
