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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import org.jspecify.annotations.Nullable;

/**
 * The read of many keys under way: as many commands per server as its keys need, all sent
 * before the first is awaited. Each asks for the generation behind its keys, so that each
 * of its keys is read by the rules of a single read.
 */
final class BulkRead {

	private final Region region;

	private final List<MemcachedKey> keys;

	private final Lookup[] lookups;

	private final List<Line> lines = new ArrayList<>();

	private final long sequence = WriteStripes.current();

	private final long takenAt;

	/** The generations that are put in place where there was none. */
	private final Map<Route, GenerationRequest> created = new HashMap<>();

	/** The servers whose failure one of their keys tells of. */
	private final Set<Route> failed = new HashSet<>();

	BulkRead(Region region, List<MemcachedKey> keys) {
		this.region = region;
		this.keys = keys;
		this.lookups = new Lookup[keys.size()];
		this.takenAt = region.now();
	}

	/**
	 * Sends what must be asked.
	 */
	BulkRead send(Routes routes, Budget budget) {
		Map<Route, Line> open = new HashMap<>();
		for (int i = 0; i < this.lookups.length; i++) {
			MemcachedKey key = this.keys.get(i);
			Route route = routes.of(key);
			Line line = open.get(route);
			Link link = (line != null) ? line.link : route.server().link();
			Lookup unasked = (link != null) ? Region.unasked(route, key, budget) : route.down();
			if (link == null || unasked != null) {
				this.lookups[i] = once(route, (unasked != null) ? unasked : route.down());
				continue;
			}
			if (line == null || !line.takes(key)) {
				line = new Line(route, link);
				open.put(route, line);
				this.lines.add(line);
			}
			line.add(key, i);
		}
		for (Line line : this.lines) {
			line.asked.add(line.route.generationKey());
			line.reply = line.link.gets(line.asked);
		}
		return this;
	}

	/**
	 * Returns the outcome of a key, so that a server that failed is told of by one of its
	 * keys only. The others are misses that memcached cannot say anything about.
	 */
	private Lookup once(Route route, Lookup lookup) {
		return (lookup.failure() == null || this.failed.add(route)) ? lookup
				: Lookup.missWithoutTicket(route.server());
	}

	List<Lookup> await(Budget budget) {
		for (Line line : this.lines) {
			line.reply = line.reply.await(budget.left() - (this.region.now() - this.takenAt));
		}
		budget.spend(this.region.now() - this.takenAt);
		see();
		return lookups((request) -> request.await(budget));
	}

	CompletableFuture<List<Lookup>> toFuture(Budget budget, Executor executor) {
		return all(this.lines.stream()
			.map((line) -> line.reply.toFuture(budget.left(), executor).thenAccept((reply) -> line.reply = reply))
			.toList())
			.thenCompose((over) -> {
				budget.spend(this.region.now() - this.takenAt);
				see();
				Map<GenerationRequest, CompletableFuture<Long>> fresh = new HashMap<>();
				this.created.values().forEach((request) -> fresh.put(request, request.toFuture(budget, executor)));
				return all(List.copyOf(fresh.values()))
					.thenApply((all) -> lookups((request) -> fresh.get(request).join()));
			});
	}

	private static CompletableFuture<?> all(List<? extends CompletableFuture<?>> futures) {
		return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Notes the generations and has one put in place on each server that holds none.
	 */
	private void see() {
		for (Line line : this.lines) {
			Reply.Item item = line.reply.item(line.places.size());
			line.generation = line.route.lastSeen().see(line.link, item, this.takenAt);
			if (line.reply.failure() == null && line.generation == Generation.NONE) {
				this.created.computeIfAbsent(line.route, (route) -> this.region.createGeneration(route, line.link, item));
			}
		}
	}

	private List<Lookup> lookups(ToLongFunction<GenerationRequest> fresh) {
		Map<Route, Long> known = new HashMap<>();
		this.created.forEach((route, request) -> known.put(route, fresh.applyAsLong(request)));
		for (Line line : this.lines) {
			Failure failure = line.reply.failure();
			long generation = (line.generation != Generation.NONE) ? line.generation
					: known.getOrDefault(line.route, Generation.NONE);
			for (int i = 0; i < line.places.size(); i++) {
				this.lookups[line.places.get(i)] = (failure != null)
						? once(line.route, Lookup.failed(line.route.server(), failure, line.reply.detail()))
						: this.region.lookup(line.route, line.link, line.reply.item(i), generation, line.asked.get(i),
								this.takenAt, this.sequence);
			}
		}
		return Arrays.asList(this.lookups);
	}

	/**
	 * One command.
	 */
	private static final class Line {

		private final Route route;

		private final Link link;

		private final List<MemcachedKey> asked = new ArrayList<>();

		/** Where the keys stand among those of the whole read. */
		private final List<Integer> places = new ArrayList<>();

		private int length;

		private Reply reply = () -> Failure.DOWN;

		private long generation;

		Line(Route route, Link link) {
			this.route = route;
			this.link = link;
			this.length = "gets\r\n".length() + 1 + route.generationKey().bytes().length;
		}

		boolean takes(MemcachedKey key) {
			return this.length + 1 + key.bytes().length <= Link.MAX_LINE;
		}

		void add(MemcachedKey key, int place) {
			this.asked.add(key);
			this.places.add(place);
			this.length += 1 + key.bytes().length;
		}

	}

}
