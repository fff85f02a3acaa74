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

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.Reply.Item;
import org.jspecify.annotations.Nullable;

/**
 * A generation that is on its way: read, or put in place where there was none that could
 * be read.
 *
 * @param route the route whose generation it is
 * @param link the connection it was asked for over
 * @param fresh the generation that is being put in place, or {@link Generation#NONE} for
 * a read
 * @param sentAt when it was sent
 * @param pending the reply
 */
record GenerationRequest(Route route, Link link, long fresh, long sentAt, Reply pending) {

	/**
	 * Asks for the generation that is in force.
	 */
	static GenerationRequest read(Route route, Link link) {
		return new GenerationRequest(route, link, Generation.NONE, route.log().now(), link.gets(route.generationKey()));
	}

	/**
	 * Puts a fresh generation in place, unless another instance has just done so.
	 * @param unreadable what is there but cannot be read, or {@code null}
	 */
	static GenerationRequest create(Route route, Link link, @Nullable Item unreadable) {
		long fresh = Generation.fresh();
		byte[] item = Envelope.generation(fresh, route.window(), false);
		long sentAt = route.log().now();
		Reply pending = (unreadable == null) ? link.add(route.generationKey(), 0, item, Envelope.NO_BODY)
				: link.cas(route.generationKey(), 0, item, Envelope.NO_BODY, unreadable.cas());
		return new GenerationRequest(route, link, fresh, sentAt, pending);
	}

	/**
	 * Waits for it.
	 * @return the generation, or {@link Generation#NONE} if it is not known now
	 */
	long await(Budget budget) {
		Reply reply = this.pending.await(budget.left());
		budget.spend(this.route.log().now() - this.sentAt);
		if (isOutrun(reply)) {
			return read(this.route, this.link).await(budget);
		}
		long generation = complete(reply);
		return (this.fresh == Generation.NONE && reply.failure() == null && generation == Generation.NONE)
				? create(this.route, this.link, reply.first()).await(budget) : generation;
	}

	/**
	 * Returns whether another caller or instance has put a generation in place meanwhile.
	 */
	private boolean isOutrun(Reply reply) {
		return this.fresh != Generation.NONE && reply.failure() == null && !reply.stored();
	}

	CompletableFuture<Long> toFuture(Budget budget, Executor executor) {
		return this.pending.toFuture(budget.left(), executor).thenCompose((reply) -> {
			budget.spend(this.route.log().now() - this.sentAt);
			return isOutrun(reply) ? read(this.route, this.link).toFuture(budget, executor)
					: CompletableFuture.completedFuture(complete(reply));
		});
	}

	private long complete(Reply reply) {
		if (this.fresh == Generation.NONE) {
			return this.route.lastSeen().see(this.link, reply.first(), this.sentAt);
		}
		if (!reply.stored()) {
			return Generation.NONE;
		}
		this.route.lastSeen().confirm(this.link, this.fresh, this.route.window(), false, this.sentAt);
		return this.fresh;
	}

}
