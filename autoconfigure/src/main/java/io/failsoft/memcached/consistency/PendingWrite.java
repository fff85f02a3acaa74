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

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Reply;
import org.jspecify.annotations.Nullable;

/**
 * A write that was sent, or was decided without sending anything. What is to be
 * remembered of one that fails is remembered where that is settled, whether anyone waits
 * for it or not. At most one of the public methods is to be called, once. Thread-safe.
 */
public final class PendingWrite {

	/** The reply to what is not sent, which is settled as it is created. */
	static final Reply DOWN = () -> Failure.DOWN;

	private final Reply pending;

	private final Function<Reply, WriteResult> completion;

	private final LongSupplier ticker;

	private UnaryOperator<WriteResult> view = UnaryOperator.identity();

	/** Guarded by the monitor. */
	private @Nullable WriteResult result;

	/**
	 * Creates a write, and takes care of it.
	 * @param pending the operation, or {@link #DOWN} if nothing was sent
	 * @param completion remembers what is to be remembered and tells the outcome; called
	 * once, on any thread
	 * @param ticker a clock in nanoseconds
	 */
	PendingWrite(Reply pending, Function<Reply, WriteResult> completion, LongSupplier ticker) {
		this.pending = pending;
		this.completion = completion;
		this.ticker = ticker;
		pending.onCompletion(this::settle);
	}

	/**
	 * Shows the outcome in another way to who waits for it. To be called before that.
	 * @param operator makes what is shown
	 * @return this
	 */
	PendingWrite map(UnaryOperator<WriteResult> operator) {
		this.view = operator;
		return this;
	}

	/**
	 * Settles the write, unless that is done. When this returns, all is remembered.
	 */
	private synchronized WriteResult settle(Reply reply) {
		WriteResult settled = this.result;
		if (settled == null) {
			settled = this.completion.apply(reply);
			this.result = settled;
		}
		return settled;
	}

	private WriteResult outcome(Reply reply) {
		return this.view.apply(settle(reply));
	}

	/**
	 * Waits for the outcome. Never throws.
	 * @param budget the time the invocation has left; what is used of it is taken off
	 * @return the outcome
	 */
	public WriteResult await(Budget budget) {
		long began = this.ticker.getAsLong();
		Reply reply = this.pending.await(budget.left());
		budget.spend(this.ticker.getAsLong() - began);
		return outcome(reply);
	}

	/**
	 * Waits for the outcome for as long as the invocation has time, without giving the
	 * write up then.
	 * @param budget the time the invocation has left; what is used of it is taken off
	 * @param timeoutNanos bound on the outcome itself, in nanoseconds
	 * @param executor what hands over an outcome that comes later
	 * @param late given the outcome if it comes later
	 * @return the outcome, or {@code null} if it comes later
	 */
	public @Nullable WriteResult awaitOrElse(Budget budget, long timeoutNanos, Executor executor,
			Consumer<WriteResult> late) {
		long began = this.ticker.getAsLong();
		boolean answered = this.pending.isAnsweredWithin(Math.min(budget.left(), timeoutNanos));
		long waited = this.ticker.getAsLong() - began;
		budget.spend(waited);
		if (answered) {
			return outcome(this.pending);
		}
		toFuture(timeoutNanos - waited, executor).thenAccept(late);
		return null;
	}

	/**
	 * Returns the outcome as a future. It never completes exceptionally.
	 * @param timeoutNanos bound on it, in nanoseconds
	 * @param executor what completes it
	 * @return the future
	 */
	public CompletableFuture<WriteResult> toFuture(long timeoutNanos, Executor executor) {
		return this.pending.toFuture(timeoutNanos, executor).thenApply(this::outcome);
	}

}
