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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Item;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Pending;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.consistency.WriteStripes.Stripe;
import org.jspecify.annotations.Nullable;

/**
 * One cache's entries on all servers, read and written by the rules that keep them from
 * ever being stale ({@code docs/consistency.md}). Every operation is one command and one
 * round trip, but for the first after a generation was lost and for a put that does not
 * know it. No method throws for a server's sake; what a server was not seen to carry out
 * is remembered in its invalidation log. Thread-safe.
 */
public final class Region {

	static final byte[] NO_BODY = new byte[0];

	/** How long the generation that a put stamps may have gone unconfirmed. */
	private static final long GENERATION_MAX_AGE_NANOS = 5_000_000_000L;

	private static final long ONE_SECOND_NANOS = 1_000_000_000L;

	private static final int THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

	private final ConsistencySettings settings;

	private final WriteStripes stripes;

	private final Routes routes;

	private final long windowNanos;

	private final LongAdder fillsRefused = new LongAdder();

	private final AtomicLong lastClear = new AtomicLong();

	Region(ConsistencySettings settings, WriteStripes stripes, Routes routes, long windowNanos) {
		this.settings = settings;
		this.stripes = stripes;
		this.routes = routes;
		this.windowNanos = windowNanos;
	}

	/**
	 * Read an entry.
	 * @param key the entry's key
	 * @param verification what the entry must have been written for
	 * @param budget the time the invocation has left
	 * @return a hit, a miss with a ticket if it may be filled, or a failure
	 */
	public Lookup read(MemcachedKey key, byte[] verification, Budget budget) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return Lookup.failed(route, Failure.DOWN, null);
		}
		if (route.log().blocks(route, key)) {
			return Lookup.missWithoutTicket(route);
		}
		long left = budget.left();
		if (left <= 0) {
			return Lookup.failed(route, Failure.TIMEOUT, "the invocation's time is spent");
		}
		long takenAt = now();
		Reply reply = link.gets(key, route.generationKey()).await(left);
		budget.spend(now() - takenAt);
		Failure failure = reply.failure();
		if (failure != null) {
			return Lookup.failed(route, failure, reply.detail());
		}
		long generation = generationIn(reply, route, link, takenAt);
		if (generation == Generations.NONE) {
			generation = GenerationRequest.create(route, link, this.settings.ticker(), reply.second()).await(budget);
		}
		return lookup(route, link, reply.first(), generation, verification, takenAt);
	}

	/**
	 * Read an entry without holding a thread.
	 * @param key the entry's key
	 * @param verification what the entry must have been written for
	 * @param budget the time the invocation has left
	 * @param executor what completes the future
	 * @return a future of what {@link #read} returns; it never completes exceptionally
	 */
	public CompletableFuture<Lookup> readAsync(MemcachedKey key, byte[] verification, Budget budget,
			Executor executor) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return CompletableFuture.completedFuture(Lookup.failed(route, Failure.DOWN, null));
		}
		if (route.log().blocks(route, key)) {
			return CompletableFuture.completedFuture(Lookup.missWithoutTicket(route));
		}
		long left = budget.left();
		if (left <= 0) {
			return CompletableFuture
				.completedFuture(Lookup.failed(route, Failure.TIMEOUT, "the invocation's time is spent"));
		}
		long takenAt = now();
		return link.gets(key, route.generationKey()).toFuture(left, executor).thenCompose((reply) -> {
			budget.spend(now() - takenAt);
			Failure failure = reply.failure();
			if (failure != null) {
				return CompletableFuture.completedFuture(Lookup.failed(route, failure, reply.detail()));
			}
			long generation = generationIn(reply, route, link, takenAt);
			if (generation != Generations.NONE) {
				return CompletableFuture
					.completedFuture(lookup(route, link, reply.first(), generation, verification, takenAt));
			}
			return GenerationRequest.create(route, link, this.settings.ticker(), reply.second())
				.toFuture(budget, executor)
				.thenApply((fresh) -> lookup(route, link, reply.first(), fresh, verification, takenAt));
		});
	}

	private long generationIn(Reply reply, Route route, Link link, long sentAt) {
		Item item = reply.second();
		long generation = (item != null) ? Envelope.openGeneration(item.value()) : Generations.NONE;
		if (generation != Generations.NONE) {
			route.lastSeen().confirm(link, generation, sentAt);
		}
		return generation;
	}

	private Lookup lookup(Route route, Link link, @Nullable Item item, long generation, byte[] verification,
			long takenAt) {
		if (generation == Generations.NONE) {
			return Lookup.missWithoutTicket(route);
		}
		if (item == null) {
			return Lookup.miss(new Ticket(route, link, generation, true, 0, takenAt));
		}
		Payload payload = Envelope.openEntry(item.value(), generation, verification);
		Ticket ticket = new Ticket(route, link, generation, false, item.cas(), takenAt);
		return (payload != null) ? Lookup.hit(payload, ticket) : Lookup.miss(ticket);
	}

	/**
	 * Store what was loaded after a miss, unless something newer is there or may be.
	 * @param ticket the miss's ticket
	 * @param key the entry's key
	 * @param verification what the entry is verified by
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry
	 * @return the write
	 */
	public PendingWrite fill(Ticket ticket, MemcachedKey key, byte[] verification, Payload payload, int timeToLive) {
		Route route = ticket.route;
		long limit = ticketLimit(route, timeToLive);
		byte[] header = Envelope.entryHeader(ticket.generation, payload, verification);
		int expiry = expiry(route, timeToLive);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			if (route.log().blocks(route, key) || (ticket.absent && now() - ticket.takenAt > limit)) {
				this.fillsRefused.increment();
				return done(WriteResult.REFUSED);
			}
			if (!ticket.absent) {
				return new PendingWrite(ticket.link.cas(key, expiry, header, payload.bytes(), ticket.cas),
						(reply) -> filled(reply, route), this.settings.ticker());
			}
			return new PendingWrite(ticket.link.add(key, expiry, header, payload.bytes()),
					(reply) -> added(reply, route, key, ticket, limit), this.settings.ticker());
		}
	}

	private WriteResult added(@Nullable Reply reply, Route route, MemcachedKey key, Ticket ticket, long limit) {
		Failure failure = (reply != null) ? reply.failure() : null;
		if (failure != null && isUnknown(failure)) {
			route.log().addKey(route, key, null);
		}
		else if (reply != null && reply.stored() && now() - ticket.takenAt > limit) {
			// The tombstone that would have refused this may have expired on the way.
			route.log().addKey(route, key, null);
			this.fillsRefused.increment();
			return WriteResult.REFUSED;
		}
		return filled(reply, route);
	}

	private WriteResult filled(@Nullable Reply reply, Route route) {
		if (reply == null) {
			return WriteResult.REFUSED;
		}
		Failure failure = reply.failure();
		if (failure != null) {
			return WriteResult.failed(route, failure, reply.detail());
		}
		if (!reply.stored()) {
			this.fillsRefused.increment();
			return WriteResult.REFUSED;
		}
		return WriteResult.DONE;
	}

	private long ticketLimit(Route route, int timeToLive) {
		long bound = this.windowNanos;
		long lives = (timeToLive > 0) ? timeToLive * ONE_SECOND_NANOS : Long.MAX_VALUE;
		if (route.home() != null) {
			lives = Math.min(lives, this.settings.failoverTimeToLive().toNanos());
		}
		bound = Math.min(bound, lives) - ONE_SECOND_NANOS - this.settings.operationTimeoutNanos();
		// Entries that live for a second or two would never be filled. What a late fill
		// of
		// theirs brings back is gone as soon.
		return Math.max(bound, Math.min(lives, 2 * ONE_SECOND_NANOS) / 4);
	}

	/**
	 * Mark the beginning of an invocation that will put, when its key is not known yet.
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(Budget budget) {
		return beginPut(this.routes.all(), budget);
	}

	/**
	 * Mark the beginning of an invocation that will put.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(MemcachedKey key, Budget budget) {
		return beginPut(List.of(this.routes.of(key)), budget);
	}

	/**
	 * Mark the beginning of an invocation without asking any server.
	 * @return the mark; a put with it stores its value only if the generation happens to
	 * be known
	 */
	public PutMark mark() {
		return new PutMark(this.stripes.current(), now());
	}

	private PutMark beginPut(List<Route> concerned, Budget budget) {
		List<GenerationRequest> unknown = List.of();
		PutMark began = mark();
		for (Route route : concerned) {
			Link link = route.server().link();
			if (link != null && route.lastSeen().at(link, began, GENERATION_MAX_AGE_NANOS) == Generations.NONE
					&& budget.left() > 0) {
				unknown = unknown.isEmpty() ? new ArrayList<>() : unknown;
				unknown.add(GenerationRequest.read(route, link, this.settings.ticker()));
			}
		}
		for (GenerationRequest generation : unknown) {
			generation.await(budget);
		}
		return mark();
	}

	/**
	 * Store a value over whatever is there, unless another write or a clear of this JVM
	 * has come in between or the generation is not known: a tombstone is then written, as
	 * the value may be older than what it would replace.
	 * @param mark the beginning of the invocation
	 * @param key the entry's key
	 * @param verification what the entry is verified by
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry
	 * @return the write
	 */
	public PendingWrite put(PutMark mark, MemcachedKey key, byte[] verification, Payload payload, int timeToLive) {
		Route route = this.routes.of(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			Link link = route.server().link();
			boolean moved = stripe.movedSince(mark.sequence()) || this.lastClear.get() > mark.sequence();
			stripe.moved(this.stripes.next());
			if (link == null) {
				return invalidateLater(route, key);
			}
			long generation = route.lastSeen().at(link, mark, GENERATION_MAX_AGE_NANOS);
			if (moved || generation == Generations.NONE || route.log().blocks(route, key)) {
				return tombstone(route, link, key);
			}
			byte[] header = Envelope.entryHeader(generation, payload, verification);
			return new PendingWrite(link.set(key, expiry(route, timeToLive), header, payload.bytes()),
					(reply) -> put(reply, route, link, key), this.settings.ticker());
		}
	}

	private WriteResult put(@Nullable Reply reply, Route route, Link link, MemcachedKey key) {
		Failure failure = (reply != null) ? reply.failure() : Failure.DOWN;
		if (failure == null) {
			return WriteResult.DONE;
		}
		route.log().addKey(route, key, isUnknown(failure) ? link : null);
		return WriteResult.failed(route, failure, (reply != null) ? reply.detail() : null);
	}

	/**
	 * Whether a command may still be executed, as no answer to it was seen.
	 */
	private static boolean isUnknown(Failure failure) {
		return failure.mayHaveBeenExecuted() && failure != Failure.SERVER_ERROR && failure != Failure.TOO_LARGE;
	}

	/**
	 * Invalidate an entry.
	 * @param key the entry's key
	 * @return the write
	 */
	public PendingWrite evict(MemcachedKey key) {
		Route route = this.routes.of(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			stripe.moved(this.stripes.next());
			Link link = route.server().link();
			return (link != null) ? tombstone(route, link, key) : invalidateLater(route, key);
		}
	}

	/**
	 * Invalidate an entry and tell whether there was one, in one round trip.
	 * @param key the entry's key
	 * @param verification what a live entry must have been written for
	 * @return the write, whose status is {@link WriteResult.Status#PRESENT} if there was
	 * a live entry
	 */
	public PendingWrite evictIfPresent(MemcachedKey key, byte[] verification) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null || route.log().blocks(route, key)) {
			return evict(key);
		}
		Pending read = link.gets(key, route.generationKey());
		return evict(key).map((result) -> {
			// The server answers in order: where the eviction was answered, so was the
			// read.
			Reply reply = read.await(0);
			Item item = reply.first();
			Item generation = reply.second();
			boolean present = result.status() == WriteResult.Status.DONE && item != null && generation != null
					&& Envelope.openEntry(item.value(), Envelope.openGeneration(generation.value()),
							verification) != null;
			return present ? WriteResult.PRESENT : result;
		});
	}

	private PendingWrite tombstone(Route route, Link link, MemcachedKey key) {
		route.noteEviction(now());
		return new PendingWrite(link.set(key, route.tombstoneSeconds(), Envelope.tombstone(), NO_BODY), (reply) -> {
			Failure failure = (reply != null) ? reply.failure() : Failure.DOWN;
			if (failure == null) {
				return WriteResult.DONE;
			}
			route.log().addKey(route, key, null);
			return WriteResult.failed(route, failure, (reply != null) ? reply.detail() : null);
		}, this.settings.ticker());
	}

	/**
	 * What a stand-in is told, the server that it stands in for is told on its return.
	 */
	private void invalidateAtHome(Route route, MemcachedKey key) {
		Route home = route.home();
		if (home != null) {
			home.log().addKey(home, key, null);
		}
	}

	private PendingWrite invalidateLater(Route route, MemcachedKey key) {
		route.log().addKey(route, key, null);
		return done(WriteResult.failed(route, Failure.DOWN, null));
	}

	/**
	 * Invalidate all entries, with one small write per server, all under way at once.
	 * @return one write per server
	 */
	public List<PendingWrite> clear() {
		this.lastClear.accumulateAndGet(this.stripes.next(), Math::max);
		List<PendingWrite> writes = new ArrayList<>();
		for (Route route : this.routes.all()) {
			Link link = route.server().link();
			if (link == null) {
				route.log().addGeneration(route);
				writes.add(done(WriteResult.failed(route, Failure.DOWN, null)));
				continue;
			}
			long generation = Generations.fresh();
			long sentAt = now();
			writes.add(new PendingWrite(link.set(route.generationKey(), 0, Envelope.generation(generation), NO_BODY),
					(reply) -> {
						Failure failure = (reply != null) ? reply.failure() : Failure.DOWN;
						if (failure == null) {
							route.lastSeen().confirm(link, generation, sentAt);
							return WriteResult.DONE;
						}
						route.log().addGeneration(route);
						return WriteResult.failed(route, failure, (reply != null) ? reply.detail() : null);
					}, this.settings.ticker()));
		}
		return writes;
	}

	/**
	 * Fills that were refused because something newer was there, or may have been.
	 * @return the number since the start
	 */
	public long fillsRefused() {
		return this.fillsRefused.sum();
	}

	private PendingWrite done(WriteResult result) {
		return new PendingWrite(result, this.settings.ticker());
	}

	private int expiry(Route route, int timeToLive) {
		int seconds = timeToLive;
		if (route.home() != null) {
			int cap = (int) Math.max(1, this.settings.failoverTimeToLive().toSeconds());
			seconds = (seconds == 0) ? cap : Math.min(seconds, cap);
		}
		if (seconds <= THIRTY_DAYS_SECONDS) {
			return seconds;
		}
		return (int) Math.min(Integer.MAX_VALUE, this.settings.secondsSinceEpoch().getAsLong() + seconds);
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

}
