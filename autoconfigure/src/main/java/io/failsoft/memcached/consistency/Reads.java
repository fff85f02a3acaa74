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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Item;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Reads a region's entries: entry and generation in one command to one server.
 */
final class Reads {

	private final ConsistencySettings settings;

	private final Routes routes;

	Reads(ConsistencySettings settings, Routes routes) {
		this.settings = settings;
		this.routes = routes;
	}

	Lookup read(MemcachedKey key, Budget budget) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return route.down();
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
		int window = window(reply, route, generation);
		if (generation == Generations.NONE) {
			generation = GenerationRequest.create(route, link, this.settings.ticker(), reply.second()).await(budget);
		}
		return lookup(route, link, reply.first(), generation, window, key, takenAt);
	}

	CompletableFuture<Lookup> readAsync(MemcachedKey key, Budget budget, Executor executor) {
		Route route = this.routes.of(key);
		Link link = route.server().link();
		if (link == null) {
			return CompletableFuture.completedFuture(route.down());
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
			int window = window(reply, route, generation);
			if (generation != Generations.NONE) {
				return CompletableFuture
					.completedFuture(lookup(route, link, reply.first(), generation, window, key, takenAt));
			}
			return GenerationRequest.create(route, link, this.settings.ticker(), reply.second())
				.toFuture(budget, executor)
				.thenApply((fresh) -> lookup(route, link, reply.first(), fresh, window, key, takenAt));
		});
	}

	private long generationIn(Reply reply, Route route, Link link, long sentAt) {
		Item item = reply.second();
		long generation = (item != null) ? Envelope.openGeneration(item.value()) : Generations.NONE;
		if (item != null && generation != Generations.NONE) {
			route.lastSeen().confirm(link, generation, Envelope.window(item.value()), sentAt);
		}
		return generation;
	}

	/**
	 * Returns the load window of the generation that was read, or of the one that is put
	 * in its place.
	 */
	private static int window(Reply reply, Route route, long generation) {
		Item item = reply.second();
		return (item != null && generation != Generations.NONE) ? Envelope.window(item.value()) : route.window();
	}

	private Lookup lookup(Route route, Link link, @Nullable Item item, long generation, int window, MemcachedKey key,
			long takenAt) {
		if (generation == Generations.NONE) {
			return Lookup.missWithoutTicket(route);
		}
		if (item == null) {
			return Lookup.miss(new Ticket(route, link, generation, window, true, 0, takenAt));
		}
		Payload payload = Envelope.openEntry(item.value(), generation, key.bytes());
		Ticket ticket = new Ticket(route, link, generation, window, false, item.cas(), takenAt);
		return (payload != null && !this.settings.hasEnded(payload)) ? Lookup.hit(payload, ticket)
				: Lookup.miss(ticket);
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

}
