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

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.Reply.Item;

/**
 * The lease of a key's load, asked for. It is an item that only one can {@code add}; that
 * item's number is read along with it, so that its holder can end it later only if it is
 * still the same. Exactly one of {@link #await} and {@link #toFuture} is to be called,
 * once. Thread-safe.
 */
public final class Lease {

	private static final byte[] ENDED = {};

	/** Stands in place of the token of a holder whose load failed. */
	private static final byte[] FAILED = { 0 };

	private final Ticket ticket;

	private final MemcachedKey key;

	private final byte[] token;

	private final Reply add;

	private final Reply read;

	/** The number of the item if this instance has put it there and it can be ended. */
	private volatile long cas;

	private volatile boolean failed;

	Lease(Ticket ticket, MemcachedKey key, int seconds) {
		this.ticket = ticket;
		this.key = key;
		this.token = ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(ThreadLocalRandom.current().nextLong())
			.putLong(System.nanoTime())
			.array();
		this.add = ticket.link().add(key, seconds, this.token, Envelope.NO_BODY);
		this.read = ticket.link().gets(key);
	}

	/**
	 * Waits for the answer. Never throws.
	 * @param budget the time the invocation has left; what is used of it is taken off
	 * @return {@code DONE} if the lease was taken, {@code REFUSED} if another has it
	 */
	public WriteResult await(Budget budget) {
		long began = now();
		Reply added = this.add.await(budget.left());
		Reply found = this.read.await(budget.left() - (now() - began));
		budget.spend(now() - began);
		return answer(added, found);
	}

	/**
	 * Returns the answer as a future. It never completes exceptionally.
	 * @param timeoutNanos bound on it, in nanoseconds
	 * @param executor what completes it
	 * @return a future of what {@link #await} returns
	 */
	public CompletableFuture<WriteResult> toFuture(long timeoutNanos, Executor executor) {
		return this.add.toFuture(timeoutNanos, executor)
			.thenCombine(this.read.toFuture(timeoutNanos, executor), this::answer);
	}

	private long now() {
		return this.ticket.route().log().now();
	}

	private WriteResult answer(Reply added, Reply found) {
		Failure failure = added.failure();
		if (failure != null) {
			return WriteResult.failed(this.ticket.route().server(), failure, added.detail());
		}
		Item item = found.first();
		if (!added.stored()) {
			this.failed = item != null && Arrays.equals(item.value(), FAILED);
			return WriteResult.REFUSED;
		}
		if (item != null && Arrays.equals(item.value(), this.token)) {
			this.cas = item.cas();
		}
		return WriteResult.DONE;
	}

	/**
	 * Returns whether the lease was refused as its holder's load has failed.
	 * @return whether that was seen
	 */
	public boolean hasFailed() {
		return this.failed;
	}

	/**
	 * Has the lease, if it was taken, tell all who ask for it that its load has failed.
	 * @param seconds for how long
	 */
	public void fail(int seconds) {
		if (this.cas != 0) {
			this.ticket.link().cas(this.key, seconds, FAILED, Envelope.NO_BODY, this.cas);
		}
	}

	/**
	 * Ends the lease if it was taken, unless it has ended and another has it by now. The
	 * answer is not waited for: a lease ends by itself.
	 */
	public void release() {
		if (this.cas != 0) {
			this.ticket.link().cas(this.key, -1, ENDED, Envelope.NO_BODY, this.cas);
		}
	}

}
