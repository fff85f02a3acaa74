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
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Item;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Pending;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.consistency.WriteStripes.Stripe;

/**
 * Puts, evictions and clears of a region. What a server was not seen to carry out goes
 * into its invalidation log.
 */
final class Writes {

	private final ConsistencySettings settings;

	private final WriteStripes stripes;

	private final Routes routes;

	private final AtomicLong lastClear = new AtomicLong();

	Writes(ConsistencySettings settings, WriteStripes stripes, Routes routes) {
		this.settings = settings;
		this.stripes = stripes;
		this.routes = routes;
	}

	PutMark beginPut(Budget budget) {
		return beginPut(this.routes.all(), budget);
	}

	PutMark beginPut(MemcachedKey key, Budget budget) {
		return beginPut(List.of(this.routes.of(key)), budget);
	}

	private PutMark mark() {
		return new PutMark(WriteStripes.current(), now());
	}

	private PutMark beginPut(List<Route> concerned, Budget budget) {
		List<GenerationRequest> unknown = List.of();
		PutMark began = mark();
		for (Route route : concerned) {
			Link link = route.server().link();
			if (link != null && route.lastSeen().at(link, began, Route.GENERATION_MAX_AGE_NANOS) == Generations.NONE
					&& budget.left() > 0 && !(concerned.size() > 1 && isSilent(route))) {
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
	 * Whether a server has let an operation timeout pass. Where the key may belong to any
	 * of several servers, a put must not wait for that one.
	 */
	private static boolean isSilent(Route route) {
		return route.server().snapshot().timeoutsInRow() > 0;
	}

	boolean isOvertaken(PutMark mark, MemcachedKey key) {
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			return stripe.movedSince(mark.sequence()) || this.lastClear.get() > mark.sequence();
		}
	}

	PendingWrite put(PutMark mark, MemcachedKey key, Payload payload, int timeToLive) {
		Route route = this.routes.ofWrite(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			Link link = route.server().link();
			boolean moved = isOvertaken(mark, key);
			stripe.moved(this.stripes.next());
			if (link == null) {
				return invalidateLater(route, key);
			}
			long generation = route.lastSeen().at(link, mark, Route.GENERATION_MAX_AGE_NANOS);
			if (moved || generation == Generations.NONE || route.log().blocks(route, key)) {
				return tombstone(route, link, key);
			}
			int least = route.leastSeconds(route.lastSeen().window(link, now(), Long.MAX_VALUE));
			route.noteEviction(least, now());
			int life = route.life(timeToLive);
			int end = route.endOfLife(life, least, payload, this.settings);
			byte[] header = Envelope.entryHeader(generation, payload, end, key.bytes());
			return PendingWrite.sent(link.set(key, route.expiry(life, least, this.settings), header, payload.bytes()),
					(reply) -> put(reply, route, key, link), this.settings.ticker());
		}
	}

	private static WriteResult put(Reply reply, Route route, MemcachedKey key, Link link) {
		Failure failure = reply.failure();
		if (failure == null) {
			return WriteResult.DONE;
		}
		route.log().addKey(route, key, isUnknown(failure) ? link : null);
		if (failure == Failure.TOO_LARGE) {
			// The server dropped what was there, be it a tombstone that guards against a
			// load under way, and is ready for the next one.
			route.server().wake();
		}
		return WriteResult.failed(route, failure, reply.detail());
	}

	/**
	 * Whether a command may still be executed, as no answer to it was seen.
	 */
	static boolean isUnknown(Failure failure) {
		return failure.mayHaveBeenExecuted() && failure != Failure.SERVER_ERROR && failure != Failure.TOO_LARGE;
	}

	PendingWrite evict(MemcachedKey key) {
		Route route = this.routes.ofWrite(key);
		invalidateAtHome(route, key);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			stripe.moved(this.stripes.next());
			Link link = route.server().link();
			return (link != null) ? tombstone(route, link, key) : invalidateLater(route, key);
		}
	}

	PendingWrite evictIfPresent(MemcachedKey key) {
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
			if (result.status() != WriteResult.Status.DONE || item == null || generation == null) {
				return result;
			}
			Payload payload = Envelope.openEntry(item.value(), Envelope.openGeneration(generation.value()),
					key.bytes());
			return (payload != null && !this.settings.hasEnded(payload)) ? WriteResult.PRESENT : result;
		});
	}

	private PendingWrite tombstone(Route route, Link link, MemcachedKey key) {
		long now = now();
		int seconds = route.tombstoneSeconds(link, now);
		route.noteEviction(seconds, now);
		route.refresh(link, this.settings);
		return PendingWrite.sent(link.set(key, seconds, Envelope.tombstone(), Region.NO_BODY), (reply) -> {
			Failure failure = reply.failure();
			if (failure == null) {
				return WriteResult.DONE;
			}
			route.log().addKey(route, key, null);
			return WriteResult.failed(route, failure, reply.detail());
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
	List<PendingWrite> clear() {
		this.lastClear.accumulateAndGet(this.stripes.next(), Math::max);
		List<PendingWrite> writes = new ArrayList<>();
		for (Route route : this.routes.all()) {
			Link link = route.server().link();
			if (link == null) {
				route.log().addGeneration(route, true);
				writes.add(done(WriteResult.failed(route, Failure.DOWN, null)));
				continue;
			}
			long generation = Generations.fresh();
			long sentAt = now();
			writes.add(PendingWrite.sent(link.set(route.generationKey(), 0,
					Envelope.generation(generation, route.window(), true), Region.NO_BODY), (reply) -> {
						Failure failure = reply.failure();
						if (failure == null) {
							route.lastSeen().confirm(link, generation, route.window(), sentAt);
							return WriteResult.DONE;
						}
						route.log().addGeneration(route, true);
						return WriteResult.failed(route, failure, reply.detail());
					}, this.settings.ticker()));
		}
		return writes;
	}

	private PendingWrite done(WriteResult result) {
		return PendingWrite.done(result, this.settings.ticker());
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

}
