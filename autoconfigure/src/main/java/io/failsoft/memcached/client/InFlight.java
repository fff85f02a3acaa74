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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What is under way over one link, by number and by bytes, and what waits for a place.
 * Thread-safe, without a lock.
 */
final class InFlight {

	private final int maxNumber;

	private final long maxBytes;

	private final Breaker breaker;

	private final Consumer<Operation> sender;

	private final AtomicInteger number = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	private final Queue<Operation> waiting = new ConcurrentLinkedQueue<>();

	/** Calls of {@link #sendWaiting} that the one at work has to make good for. */
	private final AtomicInteger calls = new AtomicInteger();

	InFlight(ClientSettings settings, Breaker breaker, Consumer<Operation> sender) {
		this.maxNumber = settings.maxInFlight();
		this.maxBytes = settings.maxQueuedBytes();
		this.breaker = breaker;
		this.sender = sender;
	}

	int number() {
		return this.number.get();
	}

	long bytes() {
		return this.bytes.get();
	}

	/**
	 * Take a place for an operation that is sent at once.
	 * @param size its bytes
	 * @return why there is none, or {@code null} if there is
	 */
	@Nullable FailedPending enter(long size) {
		if (!takeBytes(size)) {
			return FailedPending.OVERLOADED;
		}
		if (!takePlace()) {
			this.bytes.addAndGet(-size);
			return FailedPending.OVERLOADED;
		}
		return null;
	}

	/**
	 * Give back the place of an operation, to one that waits if there is one.
	 * @param size its bytes
	 */
	void leave(long size) {
		this.number.decrementAndGet();
		this.bytes.addAndGet(-size);
		sendWaiting();
	}

	/**
	 * Send an operation as soon as there is a place for it.
	 * @param operation the operation, which nobody waits for yet
	 * @return {@code false} if there is no room for it to wait in
	 */
	boolean sendLater(Operation operation) {
		if (!takeBytes(operation.size())) {
			return false;
		}
		operation.waitForPlace();
		this.waiting.add(operation);
		sendWaiting();
		return true;
	}

	/**
	 * Send what waits, as far as there are places. What was given up meanwhile is let go
	 * of. Only one thread does so at a time, and does it for others and for calls from
	 * within, so that thousands that fail do not nest.
	 */
	void sendWaiting() {
		if (this.waiting.isEmpty() || this.calls.getAndIncrement() != 0) {
			return;
		}
		int answered = 1;
		do {
			sendAsFarAsThereIsRoom();
			answered = this.calls.addAndGet(-answered);
		}
		while (answered != 0);
	}

	private void sendAsFarAsThereIsRoom() {
		for (Operation next = this.waiting.peek(); next != null; next = this.waiting.peek()) {
			boolean place = next.isWaiting() && takePlace();
			if (!place && next.isWaiting()) {
				return;
			}
			this.waiting.poll();
			if (place && next.takePlace(System.nanoTime())) {
				this.sender.accept(next);
			}
			else {
				this.bytes.addAndGet(-next.size());
				if (place) {
					this.number.decrementAndGet();
				}
			}
		}
	}

	private boolean takeBytes(long size) {
		if (this.bytes.addAndGet(size) > this.maxBytes) {
			this.bytes.addAndGet(-size);
			return false;
		}
		return true;
	}

	private boolean takePlace() {
		while (true) {
			int taken = this.number.get();
			if (taken >= this.maxNumber) {
				return false;
			}
			if (taken == 0) {
				// Before it counts: of several that start together, none may find the
				// breaker looking back at the time when nothing was asked.
				this.breaker.busy(System.nanoTime());
			}
			// Never more than there are, not even for a moment: who gives a place back
			// in that moment would find none for those who wait.
			if (this.number.compareAndSet(taken, taken + 1)) {
				return true;
			}
		}
	}

}
