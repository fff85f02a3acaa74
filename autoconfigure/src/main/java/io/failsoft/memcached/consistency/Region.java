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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.failsoft.memcached.client.MemcachedKey;

/**
 * One cache's entries on all servers, read and written by the rules that keep them from
 * ever being stale ({@code docs/consistency.md}). Every operation is one command and one
 * round trip, but for the first after a generation was lost and for a put that does not
 * know it. No method throws for a server's sake; what a server was not seen to carry out
 * is remembered in its invalidation log. Thread-safe.
 */
public final class Region {

	static final byte[] NO_BODY = new byte[0];

	private final ConsistencySettings settings;

	private final Reads reads;

	private final Fills fills;

	private final Writes writes;

	Region(ConsistencySettings settings, WriteStripes stripes, Routes routes) {
		this.settings = settings;
		this.reads = new Reads(settings, routes);
		this.fills = new Fills(settings, stripes);
		this.writes = new Writes(settings, stripes, routes);
	}

	/**
	 * Seconds that the server is asked to keep whatever is written, at least: no less
	 * than the load window.
	 * @param loadWindow the load window
	 * @return the seconds
	 */
	public static int secondsKept(Duration loadWindow) {
		// memcached counts in whole seconds of its own clock: an exptime of 2 lived 1.15
		// s.
		return (int) loadWindow.plusNanos(999_999_999).toSeconds() + 1;
	}

	/**
	 * Read an entry.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @return a hit, a miss with a ticket if it may be filled, or a failure
	 */
	public Lookup read(MemcachedKey key, Budget budget) {
		return this.reads.read(key, budget);
	}

	/**
	 * Read an entry without holding a thread.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @param executor what completes the future
	 * @return a future of what {@link #read} returns; it never completes exceptionally
	 */
	public CompletableFuture<Lookup> readAsync(MemcachedKey key, Budget budget, Executor executor) {
		return this.reads.readAsync(key, budget, executor);
	}

	/**
	 * Store what was loaded after a miss, unless something newer is there or may be.
	 * @param ticket the miss's ticket
	 * @param key the entry's key
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry; one shorter than {@link #secondsKept}
	 * is kept by the clocks of those who write and read
	 * @return the write
	 */
	public PendingWrite fill(Ticket ticket, MemcachedKey key, Payload payload, int timeToLive) {
		return this.fills.fill(ticket, key, payload, timeToLive);
	}

	/**
	 * Mark the beginning of an invocation that will put, when its key is not known yet.
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(Budget budget) {
		return this.writes.beginPut(budget);
	}

	/**
	 * Mark the beginning of an invocation that will put.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(MemcachedKey key, Budget budget) {
		return this.writes.beginPut(key, budget);
	}

	/**
	 * Tell whether this JVM has written to a key, or cleared, since a mark.
	 * @param mark the mark
	 * @param key the entry's key
	 * @return whether it has, or may have
	 */
	public boolean isOvertaken(PutMark mark, MemcachedKey key) {
		return this.writes.isOvertaken(mark, key);
	}

	/**
	 * Store a value over whatever is there, unless another write or a clear of this JVM
	 * has come in between or the generation is not known: a tombstone is then written, as
	 * the value may be older than what it would replace.
	 * @param mark the beginning of the invocation
	 * @param key the entry's key
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry; one shorter than {@link #secondsKept}
	 * is kept by the clocks of those who write and read
	 * @return the write
	 */
	public PendingWrite put(PutMark mark, MemcachedKey key, Payload payload, int timeToLive) {
		return this.writes.put(mark, key, payload, timeToLive);
	}

	/**
	 * Invalidate an entry.
	 * @param key the entry's key
	 * @return the write
	 */
	public PendingWrite evict(MemcachedKey key) {
		return this.writes.evict(key);
	}

	/**
	 * Invalidate an entry and tell whether there was one, in one round trip.
	 * @param key the entry's key
	 * @return the write, whose status is {@link WriteResult.Status#PRESENT} if there was
	 * a live entry
	 */
	public PendingWrite evictIfPresent(MemcachedKey key) {
		return this.writes.evictIfPresent(key);
	}

	/**
	 * Invalidate all entries, with one small write per server, all under way at once.
	 * @return one write per server
	 */
	public List<PendingWrite> clear() {
		return this.writes.clear();
	}

	/**
	 * Ask for the lease of a key's load. Does not wait: what is sent after it to the same
	 * server is carried out after it.
	 * @param ticket the miss's ticket
	 * @param lease where the lease is held
	 * @param seconds how long it is held at most
	 * @return the request
	 */
	public LeaseRequest requestLease(Ticket ticket, MemcachedKey lease, int seconds) {
		return new LeaseRequest(ticket, lease, seconds, this.settings.ticker());
	}

	/**
	 * Have an entry that was read live on. What becomes of it is not waited for. It then
	 * lives no shorter than {@link #secondsKept}, as a tombstone may have taken its
	 * place; and what was read from a server that stands in does not live on.
	 * @param ticket the ticket that came with it
	 * @param key the entry's key
	 * @param seconds how long from now, more than 0
	 */
	public void touch(Ticket ticket, MemcachedKey key, int seconds) {
		this.fills.touch(ticket, key, seconds);
	}

}
