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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.Reply.Item;
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

	private final ConsistencySettings settings;

	private final WriteStripes stripes;

	private final Routes routes;

	private final AtomicLong lastClear = new AtomicLong();

	private final AtomicLong lastSettledClear = new AtomicLong();

	Region(ConsistencySettings settings, WriteStripes stripes, Routes routes) {
		this.settings = settings;
		this.stripes = stripes;
		this.routes = routes;
	}

	/**
	 * Reads an entry.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @return a hit, a miss with a ticket if it may be filled, or a failure
	 */
	public Lookup read(MemcachedKey key, Budget budget) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return route.down();
		}
		Lookup unasked = unasked(route, key, budget);
		if (unasked != null) {
			return unasked;
		}
		long sequence = WriteStripes.current();
		long takenAt = now();
		Reply reply = link.gets(key, route.generationKey()).await(budget.left());
		budget.spend(now() - takenAt);
		Failure failure = reply.failure();
		if (failure != null) {
			return Lookup.failed(route.server(), failure, reply.detail());
		}
		long generation = route.lastSeen().see(link, reply.second(), takenAt);
		if (generation == Generation.NONE) {
			generation = GenerationRequest.create(route, link, reply.second()).await(budget);
		}
		return lookup(route, link, reply.first(), generation, key, takenAt, sequence);
	}

	/**
	 * Reads an entry without holding a thread.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @param executor what completes the future
	 * @return a future of what {@link #read} returns; it never completes exceptionally
	 */
	public CompletableFuture<Lookup> readAsync(MemcachedKey key, Budget budget, Executor executor) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return CompletableFuture.completedFuture(route.down());
		}
		Lookup unasked = unasked(route, key, budget);
		if (unasked != null) {
			return CompletableFuture.completedFuture(unasked);
		}
		long sequence = WriteStripes.current();
		long takenAt = now();
		return link.gets(key, route.generationKey()).toFuture(budget.left(), executor).thenCompose((reply) -> {
			budget.spend(now() - takenAt);
			Failure failure = reply.failure();
			if (failure != null) {
				return CompletableFuture.completedFuture(Lookup.failed(route.server(), failure, reply.detail()));
			}
			long generation = route.lastSeen().see(link, reply.second(), takenAt);
			if (generation != Generation.NONE) {
				return CompletableFuture
					.completedFuture(lookup(route, link, reply.first(), generation, key, takenAt, sequence));
			}
			return GenerationRequest.create(route, link, reply.second())
				.toFuture(budget, executor)
				.thenApply((fresh) -> lookup(route, link, reply.first(), fresh, key, takenAt, sequence));
		});
	}

	/**
	 * Reads many entries in as few commands as possible. They share one budget, and a
	 * server that fails is told of by one of its keys only.
	 * @param keys the keys
	 * @param budget the time the invocation has left
	 * @return what {@link #read} would return, in the order of the keys
	 */
	public List<Lookup> readAll(List<MemcachedKey> keys, Budget budget) {
		return new BulkRead(this, this.routes, keys, budget).await(budget);
	}

	/**
	 * Reads many entries without holding a thread.
	 * @param keys the keys
	 * @param budget the time the invocation has left
	 * @param executor what completes the future
	 * @return a future of what {@link #readAll} returns; it never completes exceptionally
	 */
	public CompletableFuture<List<Lookup>> readAllAsync(List<MemcachedKey> keys, Budget budget, Executor executor) {
		return new BulkRead(this, this.routes, keys, budget).toFuture(budget, executor);
	}

	/**
	 * Stores what was loaded after a miss, unless something newer is there or may be.
	 * @param ticket the miss's ticket
	 * @param key the entry's key
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry; one shorter than
	 * {@link ConsistencySettings#secondsKept} is kept by the clocks of those who write
	 * and read
	 * @return the write
	 */
	public PendingWrite fill(Ticket ticket, MemcachedKey key, Payload payload, int timeToLive) {
		Route route = ticket.route();
		long limit = ticket.limit();
		int window = (ticket.window() != 0) ? ticket.window()
				: route.lastSeen().window(ticket.link(), now(), Long.MAX_VALUE);
		Route.Lifetime lifetime = route.lifetime(window, timeToLive, payload);
		byte[] header = Envelope.entryHeader(ticket.generation(), payload, lifetime.end(), key.bytes());
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			if (route.log().blocks(route, key) || (ticket.absent() && now() - ticket.takenAt() > limit)) {
				return sent(PendingWrite.DOWN, (reply) -> WriteResult.REFUSED);
			}
			if (!ticket.absent()) {
				return sent(ticket.link().cas(key, lifetime.expiry(), header, payload.bytes(), ticket.cas()),
						(reply) -> filled(reply, route, (failure) -> {
						}));
			}
			return sent(ticket.link().add(key, lifetime.expiry(), header, payload.bytes()),
					(reply) -> added(reply, route, key, ticket, limit));
		}
	}

	/**
	 * Marks the beginning of an invocation that will put.
	 * @param key makes the entry's key, if that is needed; {@code null} if it is not
	 * known yet: no server is then asked, and the put may become an eviction
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(Supplier<@Nullable MemcachedKey> key, Budget budget) {
		PutMark began = mark();
		for (Route route : this.routes.all()) {
			if (unknown(route, began) != null) {
				MemcachedKey entry = key.get();
				return (entry != null) ? beginPut(entry, budget) : began;
			}
		}
		return began;
	}

	/**
	 * Marks the beginning of an invocation that will put.
	 * @param key the entry's key
	 * @param budget the time the invocation has left
	 * @return the mark
	 */
	public PutMark beginPut(MemcachedKey key, Budget budget) {
		Route route = this.routes.of(key);
		Link unknown = unknown(route, mark());
		if (unknown != null && budget.left() > 0) {
			GenerationRequest.read(route, unknown).await(budget);
		}
		return mark();
	}

	/**
	 * Returns the connection over which a generation is to be asked for, or {@code null}
	 * if it is known or cannot be.
	 */
	private static @Nullable Link unknown(Route route, PutMark began) {
		Link link = route.server().link();
		return (link != null && route.lastSeen().at(link, began, Route.GENERATION_MAX_AGE_NANOS) == Generation.NONE)
				? link : null;
	}

	/**
	 * Tells whether this JVM has written to a key, or cleared, since a mark.
	 * @param mark the mark
	 * @param key the entry's key
	 * @return whether it has, or may have
	 */
	public boolean isOvertaken(PutMark mark, MemcachedKey key) {
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			return stripe.movedSince(mark.sequence()) || this.lastClear.get() > mark.sequence();
		}
	}

	/**
	 * Runs an action unless this JVM has written to a key, or cleared, since a moment, or
	 * the outcome of such a write has come to be known. No write of the key is decided
	 * meanwhile.
	 * @param key the entry's key
	 * @param sequence the number of the last write at that moment
	 * @param action what is run; must not block
	 */
	public void unlessOvertaken(MemcachedKey key, long sequence, Runnable action) {
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			if (!stripe.settledSince(sequence) && !isCleared(sequence)) {
				action.run();
			}
		}
	}

	/**
	 * Tells whether this JVM has cleared the region since a moment.
	 * @param sequence the number of the last write at that moment
	 * @return whether it has, or has learned the outcome of a clear
	 */
	public boolean isCleared(long sequence) {
		return this.lastClear.get() > sequence || this.lastSettledClear.get() > sequence;
	}

	/**
	 * Notes that the outcome of an eviction, a put or a clear is known. What was read or
	 * loaded since an earlier moment then counts as overtaken.
	 * @param key the entry's key, or {@code null} for all entries
	 * @param action what is run at the same moment; must not block
	 */
	public void settled(@Nullable MemcachedKey key, Runnable action) {
		if (key == null) {
			this.lastSettledClear.accumulateAndGet(WriteStripes.next(), Math::max);
			return;
		}
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			stripe.settled(WriteStripes.next());
			action.run();
		}
	}

	/**
	 * Stores a value over whatever is there, unless another write or a clear of this JVM
	 * has come in between or the generation is not known: a tombstone is then written, as
	 * the value may be older than what it would replace.
	 * @param mark the beginning of the invocation
	 * @param key the entry's key
	 * @param payload what to store
	 * @param timeToLive seconds, 0 for no expiry; one shorter than
	 * {@link ConsistencySettings#secondsKept} is kept by the clocks of those who write
	 * and read
	 * @return the write
	 */
	public PendingWrite put(PutMark mark, MemcachedKey key, Payload payload, int timeToLive) {
		Route route = this.routes.ofWrite(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			Link link = route.server().link();
			boolean moved = isOvertaken(mark, key);
			stripe.moved(WriteStripes.next());
			if (link == null) {
				return invalidation(PendingWrite.DOWN, route, key);
			}
			long generation = route.lastSeen().at(link, mark, Route.GENERATION_MAX_AGE_NANOS);
			if (moved || generation == Generation.NONE || route.log().blocks(route, key)) {
				return invalidation(tombstone(route, link, key), route, key)
					.map((result) -> (result.failure() == null) ? WriteResult.REFUSED : result);
			}
			int window = route.lastSeen().window(link, now(), Long.MAX_VALUE);
			Route.Lifetime lifetime = route.lifetime(window, timeToLive, payload);
			route.noteEviction(lifetime.least(), now());
			byte[] header = Envelope.entryHeader(generation, payload, lifetime.end(), key.bytes());
			return sent(link.set(key, lifetime.expiry(), header, payload.bytes()),
					(reply) -> result(reply, route, (failure) -> remember(failure, route, key, link)));
		}
	}

	/**
	 * Invalidates an entry.
	 * @param key the entry's key
	 * @return the write
	 */
	public PendingWrite evict(MemcachedKey key) {
		Route route = this.routes.ofWrite(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			stripe.moved(WriteStripes.next());
			Link link = route.server().link();
			return invalidation((link != null) ? tombstone(route, link, key) : PendingWrite.DOWN, route, key);
		}
	}

	/**
	 * Invalidates an entry and tells whether there was one, in one round trip.
	 * @param key the entry's key
	 * @return the write, whose status is {@link WriteResult.Status#PRESENT} if there was
	 * a live entry
	 */
	public PendingWrite evictIfPresent(MemcachedKey key) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null || route.log().blocks(route, key)) {
			return evict(key);
		}
		Reply read = link.gets(key, route.generationKey());
		return evict(key).map((result) -> {
			// The server answers in order: where the eviction was answered, so was the
			// read.
			Reply reply = read.await(0);
			Item item = reply.first();
			Item generation = reply.second();
			if (result.status() != WriteResult.Status.DONE || item == null || generation == null) {
				return result;
			}
			Payload payload = Envelope.openEntry(item.value(), Envelope.openGeneration(generation.value()),
					key.bytes());
			return (payload != null && !this.settings.hasEnded(payload)) ? WriteResult.PRESENT : result;
		});
	}

	/**
	 * Invalidates all entries, with one small write per server, all under way at once.
	 * @return one write per server
	 */
	public List<PendingWrite> clear() {
		this.lastClear.accumulateAndGet(WriteStripes.next(), Math::max);
		List<PendingWrite> writes = new ArrayList<>();
		for (Route route : this.routes.all()) {
			Link link = route.server().link();
			long generation = Generation.fresh();
			byte[] item = Envelope.generation(generation, route.window(), true);
			long sentAt = now();
			Reply pending = (link != null) ? link.set(route.generationKey(), 0, item, Envelope.NO_BODY)
					: PendingWrite.DOWN;
			writes.add(sent(pending, (reply) -> {
				if (link != null && reply.failure() == null) {
					route.lastSeen().confirm(link, generation, route.window(), true, sentAt);
				}
				return result(reply, route, (failure) -> route.log().addGeneration(route, true));
			}));
		}
		return writes;
	}

	/**
	 * Asks for the lease of a key's load. Does not wait: what is sent after it to the
	 * same server is carried out after it.
	 * @param ticket the miss's ticket
	 * @param lease where the lease is held
	 * @param seconds how long it is held at most
	 * @return the request
	 */
	public Lease requestLease(Ticket ticket, MemcachedKey lease, int seconds) {
		return new Lease(ticket, lease, seconds);
	}

	/**
	 * Prolongs the life of an entry that was read, without waiting for the answer. It
	 * then lives no shorter than {@link ConsistencySettings#secondsKept}, as a tombstone
	 * may have taken its place; and what was read from a server that stands in does not
	 * live on.
	 * @param ticket the ticket that came with it
	 * @param key the entry's key
	 * @param seconds how long from now, more than 0
	 */
	public void touch(Ticket ticket, MemcachedKey key, int seconds) {
		Route route = ticket.route();
		if (ticket.isOfHome()) {
			int window = route.lastSeen().window(ticket.link(), now(), Long.MAX_VALUE);
			ticket.link().touch(key, route.expiry(seconds, route.leastSeconds(window)));
		}
	}

	/**
	 * Returns the outcome of a read that need not, or cannot, ask the server.
	 */
	static @Nullable Lookup unasked(Route route, MemcachedKey key, Budget budget) {
		if (route.log().blocks(route, key)) {
			return Lookup.missWithoutTicket(route.server());
		}
		return (budget.left() <= 0) ? Lookup.failed(route.server(), Failure.TIMEOUT, "the invocation's time is spent")
				: null;
	}

	Lookup lookup(Route route, Link link, @Nullable Item item, long generation, MemcachedKey key, long takenAt,
			long sequence) {
		if (generation == Generation.NONE) {
			return Lookup.missWithoutTicket(route.server());
		}
		Payload payload = (item != null) ? Envelope.openEntry(item.value(), generation, key.bytes()) : null;
		// A hit hardly ever needs it: it is looked up if so.
		int window = (payload != null) ? 0 : route.lastSeen().window(link, takenAt, Long.MAX_VALUE);
		Ticket ticket = new Ticket(route, link, generation, window, item == null, (item != null) ? item.cas() : 0,
				takenAt, sequence);
		if (payload != null) {
			return (payload.endOfLife() == 0 || !this.settings.hasEnded(payload)) ? Lookup.hit(payload, ticket)
					: Lookup.ended(payload, ticket);
		}
		return Lookup.miss(ticket,
				(item != null && Envelope.isTombstone(item.value())) || route.lastSeen().isCleared(link, generation));
	}

	private WriteResult added(Reply reply, Route route, MemcachedKey key, Ticket ticket, long limit) {
		if (reply.stored() && now() - ticket.takenAt() > limit) {
			// The tombstone that would have refused this may have expired on the way.
			route.log().addKey(route, key, null);
			return WriteResult.REFUSED;
		}
		return filled(reply, route, (failure) -> {
			if (isUnknown(failure)) {
				route.log().addKey(route, key, null);
			}
		});
	}

	private static WriteResult filled(Reply reply, Route route, Consumer<Failure> remember) {
		WriteResult result = result(reply, route, remember);
		return (result.failure() == null && !reply.stored()) ? WriteResult.REFUSED : result;
	}

	/**
	 * Returns the outcome of what was answered, or has its failure remembered.
	 */
	private static WriteResult result(Reply reply, Route route, Consumer<Failure> remember) {
		Failure failure = reply.failure();
		if (failure == null) {
			return WriteResult.DONE;
		}
		remember.accept(failure);
		return WriteResult.failed(route.server(), failure, reply.detail());
	}

	private PutMark mark() {
		return new PutMark(WriteStripes.current(), now());
	}

	/**
	 * Logs a put that failed.
	 */
	private static void remember(Failure failure, Route route, MemcachedKey key, Link link) {
		route.log().addKey(route, key, isUnknown(failure) ? link : null);
		if (failure == Failure.TOO_LARGE) {
			// The server dropped what was there, be it a tombstone that guards against a
			// load under way, and is ready for the next one.
			route.server().wake();
		}
	}

	/**
	 * Returns whether a command may still be executed, as no answer to it was seen.
	 */
	static boolean isUnknown(Failure failure) {
		return switch (failure) {
			case TIMEOUT, CONNECTION_LOST, PROTOCOL_ERROR, INTERRUPTED -> true;
			case DOWN, OVERLOADED, SERVER_ERROR, TOO_LARGE -> false;
		};
	}

	private Reply tombstone(Route route, Link link, MemcachedKey key) {
		long now = now();
		int seconds = route.tombstoneSeconds(link, now);
		if (seconds > Envelope.LONGEST_WINDOW && route.mayAskForGeneration(now)) {
			// So that later tombstones live no longer than need be.
			GenerationRequest.read(route, link)
				.toFuture(new Budget(this.settings.operationTimeout().toNanos()), Runnable::run);
		}
		return link.set(key, seconds, Envelope.TOMBSTONE, Envelope.NO_BODY);
	}

	/**
	 * Logs what a stand-in is told for the server that it stands in for.
	 */
	private void invalidateAtHome(Route route, MemcachedKey key) {
		Route home = route.home();
		if (home != null) {
			home.log().addKey(home, key, null);
		}
	}

	private PendingWrite invalidation(Reply pending, Route route, MemcachedKey key) {
		return sent(pending, (reply) -> result(reply, route, (failure) -> route.log().addKey(route, key, null)));
	}

	long now() {
		return this.settings.ticker().getAsLong();
	}

	private PendingWrite sent(Reply pending, Function<Reply, WriteResult> completion) {
		return new PendingWrite(pending, completion, this.settings.ticker());
	}

}
