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

package io.failsoft.memcached.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.failsoft.memcached.cache.FailureReporter.CacheOperation;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.PendingWrite;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * A put, a fill, an eviction or a clear that was asked for. It is {@linkplain #send sent}
 * now or later, once, and then settled by exactly one of the methods that do so. Not
 * thread-safe.
 */
final class CacheWrite {

	private final CacheOperation operation;

	private final MemcachedCache cache;

	private final @Nullable Object key;

	private final @Nullable MemcachedKey entry;

	private final @Nullable PutMark mark;

	private final Budget budget;

	private final Function<CacheWrite, List<PendingWrite>> sender;

	private @Nullable Object value;

	private @Nullable Encoded encoded;

	private boolean isEncoded;

	private List<PendingWrite> sent = List.of();

	/**
	 * Prepare a write.
	 * @param operation what it does
	 * @param cache the cache, or the view of it, that was asked
	 * @param key what is written to, {@code null} for the whole cache
	 * @param entry the key as it is sent, {@code null} for the whole cache
	 * @param value what is written
	 * @param mark the beginning of the invocation that writes a value
	 * @param budget the time the invocation has left
	 * @param sender sends it without waiting, and returns what was sent
	 */
	CacheWrite(CacheOperation operation, MemcachedCache cache, @Nullable Object key, @Nullable MemcachedKey entry,
			@Nullable Object value, @Nullable PutMark mark, Budget budget,
			Function<CacheWrite, List<PendingWrite>> sender) {
		this.operation = operation;
		this.cache = cache;
		this.key = key;
		this.entry = entry;
		this.value = value;
		this.mark = mark;
		this.budget = budget;
		this.sender = sender;
	}

	CacheOperation operation() {
		return this.operation;
	}

	MemcachedCache cache() {
		return this.cache;
	}

	/**
	 * The key as it is sent, or {@code null} if the whole cache is written to.
	 */
	@Nullable MemcachedKey entry() {
		return this.entry;
	}

	boolean isOfValue() {
		return this.operation == CacheOperation.PUT || this.operation == CacheOperation.FILL;
	}

	/**
	 * Whether this JVM has written to the key since the invocation began.
	 */
	boolean isOvertaken() {
		return this.mark != null && this.entry != null
				&& this.cache.store().region().isOvertaken(this.mark, this.entry);
	}

	/**
	 * Prepare the invalidation of all that this writes to.
	 */
	CacheWrite invalidation() {
		CacheStore store = this.cache.store();
		return (this.entry != null) ? store.eviction(this.cache, this.key, this.entry, false, this.budget)
				: store.clear(this.cache, this.budget);
	}

	/**
	 * Encode the value, once.
	 * @return the encoded value, or {@code null} if it is not to be stored
	 */
	@SuppressWarnings("NullAway") // callers may use null as a key
	@Nullable Encoded encoded() {
		if (!this.isEncoded) {
			this.encoded = this.cache.store().encode(this.cache, this.key, this.value);
			this.isEncoded = true;
		}
		return this.encoded;
	}

	/**
	 * Encode the value now and let go of it.
	 * @return the encoded value, or {@code null} if it is not to be stored
	 */
	@Nullable Payload encode() {
		Encoded result = encoded();
		this.value = null;
		return (result != null) ? result.payload() : null;
	}

	/**
	 * Send it. Does not wait. What cannot be written is reported.
	 * @return this
	 */
	CacheWrite send() {
		this.sent = this.sender.apply(this);
		return this;
	}

	boolean isSent() {
		return !this.sent.isEmpty();
	}

	/**
	 * Wait for the outcome within the invocation's time and report it.
	 * @return what became of it, {@code REFUSED} if nothing was sent
	 */
	Status settle() {
		return settle(this.budget);
	}

	Status settle(Budget budget) {
		WriteResult worst = null;
		for (PendingWrite write : this.sent) {
			worst = worse(worst, write.await(budget));
		}
		return settled(worst);
	}

	/**
	 * Wait for the outcome within the invocation's time. If it takes longer it goes on,
	 * and is reported when it is known. Only for what no promise hangs on: a fill.
	 */
	void settleEventually() {
		CacheStore store = this.cache.store();
		for (PendingWrite write : this.sent) {
			WriteResult result = write.awaitOrElse(this.budget, store.operationTimeoutNanos(), store.executor(),
					this::settledLater);
			if (result != null) {
				settled(result);
			}
		}
	}

	/**
	 * Reports the outcome when it is known. Nobody waits for it, so whatever the error
	 * handler throws is logged.
	 * @return completes when the outcome has been reported
	 */
	CompletableFuture<?> settleLater() {
		CacheStore store = this.cache.store();
		CompletableFuture<@Nullable WriteResult> all = CompletableFuture.completedFuture(null);
		for (PendingWrite write : this.sent) {
			all = all.thenCombine(write.toFuture(store.operationTimeoutNanos(), store.executor()), CacheWrite::worse);
		}
		return all.thenAccept(this::settledLater);
	}

	private void settledLater(@Nullable WriteResult result) {
		try {
			settled(result);
		}
		catch (RuntimeException | Error ex) {
			this.cache.store().failures().handlerThrew(this.operation, this.cache, ex);
		}
	}

	private static WriteResult worse(@Nullable WriteResult first, WriteResult second) {
		return (first != null && first.status() == Status.FAILED) ? first : second;
	}

	private Status settled(@Nullable WriteResult result) {
		if (result == null) {
			return Status.REFUSED;
		}
		CacheStore store = this.cache.store();
		if (result.failure() != null) {
			store.failures().serverFailed(this.operation, this.cache, this.key, this.value, result);
		}
		else if (isOfValue() && result.status() == Status.REFUSED) {
			store.statistics().fillRefused();
		}
		else if (isOfValue()) {
			store.statistics().put();
		}
		return result.status();
	}

	@Override
	public String toString() {
		return this.operation + " " + ((this.entry != null) ? this.entry : this.cache);
	}

	/**
	 * An encoded value and how long it lives, in memcached's seconds.
	 */
	record Encoded(Payload payload, int seconds) {

	}

}
