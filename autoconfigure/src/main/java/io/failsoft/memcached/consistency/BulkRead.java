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

	private final Lookup[] lookups;

	private final List<Line> lines = new ArrayList<>();

	/** The servers whose failure one of their keys tells of. */
	private final Set<Route> failed = new HashSet<>();

	private final long sequence = WriteStripes.current();

	private final long takenAt;

	/**
	 * Sends what must be asked.
	 */
	BulkRead(Region region, Routes routes, List<MemcachedKey> keys, Budget budget) {
		this.region = region;
		this.lookups = new Lookup[keys.size()];
		this.takenAt = region.now();
		Map<Route, Line> open = new HashMap<>();
		for (int i = 0; i < this.lookups.length; i++) {
			MemcachedKey key = keys.get(i);
			Route route = routes.of(key);
			Line line = open.get(route);
			Link link = (line != null) ? line.link : route.server().link();
			Lookup unasked = (link != null) ? Region.unasked(route, key, budget) : route.down();
			if (link == null || unasked != null) {
				this.lookups[i] = once(route, (unasked != null) ? unasked : route.down());
				continue;
			}
			if (line == null || line.length + key.bytes().length >= Link.MAX_LINE) {
				line = new Line(route, link);
				open.put(route, line);
				this.lines.add(line);
			}
			line.asked.add(key);
			line.places.add(i);
			line.length += 1 + key.bytes().length;
		}
		for (Line line : this.lines) {
			line.asked.add(line.route.generationKey());
			line.reply = line.link.gets(line.asked.toArray(MemcachedKey[]::new));
		}
	}

	/**
	 * Returns the outcome of a key, so that a server that failed is told of by one of its
	 * keys only. The others are misses that memcached cannot say anything about.
	 */
	private Lookup once(Route route, Lookup lookup) {
		return (lookup.failure() == null || this.failed.add(route)) ? lookup : Lookup.missWithoutTicket(route.server());
	}

	List<Lookup> await(Budget budget) {
		for (Line line : this.lines) {
			line.reply = line.reply.await(left(budget));
		}
		budget.spend(this.region.now() - this.takenAt);
		this.lines.forEach(this::see);
		for (Line line : this.lines) {
			line.generation = (line.fresh != null) ? line.fresh.await(budget) : line.generation;
		}
		return lookups();
	}

	CompletableFuture<List<Lookup>> toFuture(Budget budget, Executor executor) {
		List<CompletableFuture<Void>> answered = this.lines.stream()
			.map((line) -> line.reply.toFuture(budget.left(), executor).thenCompose((reply) -> {
				line.reply = reply;
				see(line);
				return (line.fresh != null) ? line.fresh.toFuture(new Budget(left(budget)), executor)
						: CompletableFuture.completedFuture(line.generation);
			}).thenAccept((generation) -> line.generation = generation))
			.toList();
		return CompletableFuture.allOf(answered.toArray(CompletableFuture<?>[]::new)).thenApply((all) -> {
			budget.spend(this.region.now() - this.takenAt);
			return lookups();
		});
	}

	private long left(Budget budget) {
		return budget.left() - (this.region.now() - this.takenAt);
	}

	/**
	 * Notes the generation, or has one put in place where there is none.
	 */
	private void see(Line line) {
		Reply.Item item = line.reply.item(line.places.size());
		line.generation = line.route.lastSeen().see(line.link, item, this.takenAt);
		if (line.reply.failure() == null && line.generation == Generation.NONE) {
			line.fresh = GenerationRequest.create(line.route, line.link, item);
		}
	}

	private List<Lookup> lookups() {
		for (Line line : this.lines) {
			Failure failure = line.reply.failure();
			for (int i = 0; i < line.places.size(); i++) {
				this.lookups[line.places.get(i)] = (failure != null)
						? once(line.route, Lookup.failed(line.route.server(), failure, line.reply.detail()))
						: this.region.lookup(line.route, line.link, line.reply.item(i), line.generation,
								line.asked.get(i), this.takenAt, this.sequence);
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

		/** The keys, and behind them that of the generation. */
		private final List<MemcachedKey> asked = new ArrayList<>();

		/** Where the keys stand among those of the whole read. */
		private final List<Integer> places = new ArrayList<>();

		private int length;

		private Reply reply = () -> Failure.DOWN;

		private long generation;

		private @Nullable GenerationRequest fresh;

		Line(Route route, Link link) {
			this.route = route;
			this.link = link;
			this.length = "gets \r\n".length() + route.generationKey().bytes().length;
		}

	}

}
