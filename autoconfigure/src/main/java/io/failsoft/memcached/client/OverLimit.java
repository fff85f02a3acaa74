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

package io.failsoft.memcached.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * An operation for which there was no place. A thread that would wait for it learns so at
 * once; a future holds no thread, so it queues for a place within its deadline. Whichever
 * is asked for first decides.
 */
final class OverLimit implements Pending {

	private final InFlight inFlight;

	private final Operation operation;

	private State state = State.UNDECIDED;

	OverLimit(InFlight inFlight, Operation operation) {
		this.inFlight = inFlight;
		this.operation = operation;
	}

	@Override
	public Reply await(long timeoutNanos) {
		return decide(false) ? this.operation.await(timeoutNanos) : FailedPending.OVERLOADED;
	}

	@Override
	public boolean isAnsweredWithin(long nanos) {
		return !decide(false) || this.operation.isAnsweredWithin(nanos);
	}

	@Override
	public CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor) {
		return decide(timeoutNanos > 0) ? this.operation.toFuture(timeoutNanos, executor)
				: FailedPending.OVERLOADED.toFuture(timeoutNanos, executor);
	}

	private synchronized boolean decide(boolean wait) {
		if (this.state == State.UNDECIDED) {
			this.state = (wait && this.inFlight.sendLater(this.operation)) ? State.QUEUED : State.REFUSED;
			if (this.state == State.REFUSED) {
				this.operation.refused();
			}
		}
		return this.state == State.QUEUED;
	}

	private enum State {

		UNDECIDED, QUEUED, REFUSED

	}

}
