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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.client.Pending;
import io.failsoft.memcached.client.Reply;
import org.jspecify.annotations.Nullable;

/**
 * A write that was sent, or was decided without sending anything. Exactly one of the
 * methods is to be called, once: what is to be remembered of a write that failed is
 * remembered then.
 */
public final class PendingWrite {

	private final @Nullable Pending pending;

	private final Function<@Nullable Reply, WriteResult> completion;

	private final LongSupplier ticker;

	PendingWrite(@Nullable Pending pending, Function<@Nullable Reply, WriteResult> completion, LongSupplier ticker) {
		this.pending = pending;
		this.completion = completion;
		this.ticker = ticker;
	}

	PendingWrite(WriteResult result, LongSupplier ticker) {
		this.pending = null;
		this.completion = (reply) -> result;
		this.ticker = ticker;
	}

	PendingWrite map(UnaryOperator<WriteResult> operator) {
		Function<@Nullable Reply, WriteResult> first = this.completion;
		return new PendingWrite(this.pending, (reply) -> operator.apply(first.apply(reply)), this.ticker);
	}

	/**
	 * Wait for the outcome. Never throws.
	 * @param budget the time the invocation has left; what is used of it is taken off
	 * @return the outcome
	 */
	public WriteResult await(Budget budget) {
		if (this.pending == null) {
			return this.completion.apply(null);
		}
		long began = this.ticker.getAsLong();
		Reply reply = this.pending.await(budget.left());
		budget.spend(this.ticker.getAsLong() - began);
		return this.completion.apply(reply);
	}

	/**
	 * Wait for the outcome for as long as the invocation has time, without giving the
	 * write up then.
	 * @param budget the time the invocation has left; what is used of it is taken off
	 * @param timeoutNanos bound on the outcome itself, in nanoseconds
	 * @param executor what hands over an outcome that comes later
	 * @param late given the outcome if it comes later
	 * @return the outcome, or {@code null} if it comes later
	 */
	public @Nullable WriteResult awaitOrElse(Budget budget, long timeoutNanos, Executor executor,
			Consumer<WriteResult> late) {
		if (this.pending == null) {
			return this.completion.apply(null);
		}
		long began = this.ticker.getAsLong();
		boolean answered = this.pending.isAnsweredWithin(Math.min(budget.left(), timeoutNanos));
		long waited = this.ticker.getAsLong() - began;
		budget.spend(waited);
		if (answered) {
			return this.completion.apply(this.pending.await(0));
		}
		toFuture(timeoutNanos - waited, executor).thenAccept(late);
		return null;
	}

	/**
	 * The outcome as a future. It never completes exceptionally.
	 * @param timeoutNanos bound on it, in nanoseconds
	 * @param executor what completes it
	 * @return the future
	 */
	public CompletableFuture<WriteResult> toFuture(long timeoutNanos, Executor executor) {
		if (this.pending == null) {
			return CompletableFuture.completedFuture(this.completion.apply(null));
		}
		return this.pending.toFuture(timeoutNanos, executor).thenApply(this.completion);
	}

}
