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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.CacheStore.Encoded;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.PendingWrite;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Region;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.consistency.WriteResult;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A put, a fill, an eviction or a clear that was requested. It is {@linkplain #send sent}
 * once, now or at the end of a transaction, and its outcome is then reported once, by
 * {@link #await} or {@link #reportLater}. Not thread-safe.
 */
final class CacheWrite {

	/** Writes sent at once: well below the default of {@code max-in-flight}. */
	static final int BATCH = 256;

	private final CacheStore store;

	private final CacheOperation operation;

	private final Cache cache;

	private final @Nullable Object key;

	private final @Nullable MemcachedKey entry;

	private final @Nullable Ticket ticket;

	private final @Nullable PutMark mark;

	private final Budget budget;

	private @Nullable Object value;

	private @Nullable Encoded encoded;

	private boolean isEncoded;

	private List<PendingWrite> sent = List.of();

	private CacheWrite(CacheStore store, CacheOperation operation, Cache cache, @Nullable Object key,
			@Nullable MemcachedKey entry, @Nullable Object value, @Nullable Ticket ticket, @Nullable PutMark mark,
			Budget budget) {
		this.store = store;
		this.operation = operation;
		this.cache = cache;
		this.key = key;
		this.entry = entry;
		this.value = value;
		this.ticket = ticket;
		this.mark = mark;
		this.budget = budget;
	}

	/**
	 * Creates a write that stores what was loaded after a miss.
	 * @param store the store of the cache
	 * @param cache the cache, or the view of it, that was asked
	 * @param key the key
	 * @param entry the key as it is sent
	 * @param value the value
	 * @param ticket the ticket of the miss, or {@code null} if nothing may be stored
	 * @param mark the beginning of the load, or {@code null} if the value was not loaded
	 * @param budget the time the invocation has left
	 * @return the write
	 */
	static CacheWrite fill(CacheStore store, Cache cache, Object key, MemcachedKey entry, @Nullable Object value,
			@Nullable Ticket ticket, @Nullable PutMark mark, Budget budget) {
		return new CacheWrite(store, CacheOperation.FILL, cache, key, entry, value, ticket, mark, budget);
	}

	/**
	 * Creates a write that stores a value over any entry that is there. A value that
	 * cannot be stored, or has no mark, leaves nothing behind that is older.
	 */
	static CacheWrite put(CacheStore store, Cache cache, Object key, MemcachedKey entry, @Nullable Object value,
			@Nullable PutMark mark, Budget budget) {
		return new CacheWrite(store, CacheOperation.PUT, cache, key, entry, value, null, mark, budget);
	}

	/**
	 * Creates a write that invalidates an entry, or all on all servers at once.
	 */
	static CacheWrite invalidation(CacheStore store, CacheOperation operation, Cache cache, @Nullable Object key,
			@Nullable MemcachedKey entry, Budget budget) {
		return new CacheWrite(store, operation, cache, key, entry, null, null, null, budget);
	}

	/**
	 * Sends writes in batches that wait for their answers together, whatever any of them
	 * throws.
	 * @param items what is written
	 * @param send sends the write of an item; returns {@code null} if there is none to
	 * wait for
	 * @param batch called once per batch, for what waits for each of its writes
	 * @return what was thrown first, or {@code null}
	 */
	static <T> @Nullable Throwable sendAll(List<T> items, Function<T, @Nullable CacheWrite> send,
			Supplier<Consumer<CacheWrite>> batch) {
		List<Throwable> thrown = new ArrayList<>(0);
		for (int from = 0; from < items.size(); from += BATCH) {
			List<CacheWrite> sent = new ArrayList<>();
			items.subList(from, Math.min(from + BATCH, items.size())).forEach((item) -> attempt(() -> {
				CacheWrite write = send.apply(item);
				if (write != null) {
					sent.add(write);
				}
			}, thrown));
			Consumer<CacheWrite> await = batch.get();
			sent.forEach((write) -> attempt(() -> await.accept(write), thrown));
		}
		return thrown.isEmpty() ? null : thrown.get(0);
	}

	private static void attempt(Runnable step, List<Throwable> thrown) {
		try {
			step.run();
		}
		catch (RuntimeException | Error ex) {
			thrown.add(ex);
		}
	}

	CacheStore store() {
		return this.store;
	}

	CacheOperation operation() {
		return this.operation;
	}

	/**
	 * Returns the key as it is sent, or {@code null} if the whole cache is written to.
	 */
	@Nullable MemcachedKey entry() {
		return this.entry;
	}

	boolean isOfValue() {
		return this.operation == CacheOperation.PUT || this.operation == CacheOperation.FILL;
	}

	/**
	 * Sends the write or, within a transaction, has it wait for its end.
	 * @return whether it was sent
	 */
	boolean sendUnlessHeld() {
		CacheTransaction transaction = transaction();
		if (transaction != null) {
			transaction.add(this);
			return false;
		}
		send();
		return true;
	}

	/**
	 * Returns the transaction of this thread that the write belongs to. What is loaded in
	 * one that only reads belongs to none.
	 */
	@Nullable CacheTransaction transaction() {
		return (this.operation == CacheOperation.FILL) ? this.store.writingTransaction() : this.store.transaction();
	}

	/**
	 * Returns if this JVM has written to the key since the invocation began.
	 */
	boolean isOvertaken() {
		return this.mark != null && this.entry != null && this.store.region().isOvertaken(this.mark, this.entry);
	}

	/**
	 * Creates the invalidation of all that this writes to.
	 */
	CacheWrite invalidation() {
		CacheOperation invalidates = (this.entry != null) ? CacheOperation.EVICT : CacheOperation.CLEAR;
		return invalidation(this.store, invalidates, this.cache, this.key, this.entry, this.budget);
	}

	/**
	 * Creates a clear of the whole cache.
	 */
	CacheWrite clear() {
		return invalidation(this.store, CacheOperation.CLEAR, this.cache, null, null, this.budget);
	}

	/**
	 * Returns this write without its value, which suffices to undo it.
	 */
	CacheWrite withoutValue() {
		return invalidation(this.store, this.operation, this.cache, this.key, this.entry, this.budget);
	}

	/**
	 * Encodes the value now and lets go of it.
	 * @return the encoded value, or {@code null} if it is not to be stored
	 */
	@Nullable Payload encode() {
		Encoded result = encoded();
		this.value = null;
		return (result != null) ? result.payload() : null;
	}

	@SuppressWarnings("NullAway") // callers may use null as a key
	private @Nullable Encoded encoded() {
		if (!this.isEncoded) {
			this.encoded = this.store.encode(this.cache, this.key, this.value);
			this.isEncoded = true;
		}
		return this.encoded;
	}

	/**
	 * Sends the write. Does not wait. A value that cannot be encoded is reported.
	 * @return this
	 */
	CacheWrite send() {
		if (!isOfLoad()) {
			this.store.detach(this.entry);
		}
		try {
			this.sent = sent(this.store.region());
		}
		finally {
			outdateLocally();
		}
		return this;
	}

	private boolean isOfLoad() {
		return this.operation == CacheOperation.FILL && this.mark != null;
	}

	/**
	 * Has this instance let go of what the write outdates: once it was sent, as nobody
	 * may wait for its outcome, and when that is known.
	 */
	private void outdateLocally() {
		if (!isOfLoad()) {
			this.store.local().invalidated(this.entry);
		}
	}

	private List<PendingWrite> sent(Region region) {
		MemcachedKey key = this.entry;
		if (key == null) {
			return region.clear();
		}
		return switch (this.operation) {
			case FILL -> fill(region, key);
			case PUT -> List.of(put(region, key));
			case EVICT_IF_PRESENT -> List.of(region.evictIfPresent(key));
			default -> List.of(region.evict(key));
		};
	}

	private List<PendingWrite> fill(Region region, MemcachedKey key) {
		Encoded fill = encoded();
		if (this.mark != null) {
			this.store.grace().sourceWorks(this.cache);
			this.store.local().loaded(key, (fill != null) ? fill.payload() : null, this.mark, this.ticket);
		}
		return (fill != null && this.ticket != null)
				? List.of(region.fill(this.ticket, key, fill.payload(), fill.seconds())) : List.of();
	}

	private PendingWrite put(Region region, MemcachedKey entry) {
		Encoded put;
		try {
			put = encoded();
		}
		catch (RuntimeException | Error ex) {
			// The error handler threw. What is there is older all the same.
			region.evict(entry).toFuture(this.store.operationTimeoutNanos(), this.store.executor());
			throw ex;
		}
		return (put != null && this.mark != null) ? region.put(this.mark, entry, put.payload(), put.seconds())
				: region.evict(entry);
	}

	/**
	 * Waits for the outcome within the invocation's time and reports it. A fill that
	 * takes longer goes on, as no promise depends on it, and is reported when its outcome
	 * is known.
	 * @return the outcome, {@code DONE} if nothing was sent or it is not known yet
	 */
	Status await() {
		if (this.operation != CacheOperation.FILL) {
			return await(this.budget);
		}
		WriteResult result = this.sent.isEmpty() ? null : this.sent.get(0)
			.awaitOrElse(this.budget, this.store.operationTimeoutNanos(), this.store.executor(), this::reportUnawaited);
		return report(result);
	}

	/**
	 * Waits for the outcome within a time and reports it.
	 * @return the outcome, {@code DONE} if nothing was sent
	 */
	Status await(Budget budget) {
		WriteResult worst = null;
		for (PendingWrite write : this.sent) {
			worst = worse(worst, write.await(budget));
		}
		return report(worst);
	}

	/**
	 * Reports the outcome when it is known. No caller waits for it, so what the error
	 * handler throws is logged.
	 * @return completes when the outcome has been reported
	 */
	CompletableFuture<?> reportLater() {
		CompletableFuture<@Nullable WriteResult> all = CompletableFuture.completedFuture(null);
		for (PendingWrite write : this.sent) {
			all = all.thenCombine(write.toFuture(this.store.operationTimeoutNanos(), this.store.executor()),
					CacheWrite::worse);
		}
		return all.thenAccept(this::reportUnawaited);
	}

	private void reportUnawaited(@Nullable WriteResult result) {
		try {
			report(result);
		}
		catch (RuntimeException | Error ex) {
			this.store.failures().handlerThrew(this.operation, this.cache, ex);
		}
	}

	private static WriteResult worse(@Nullable WriteResult first, WriteResult second) {
		return (first != null && first.status() == Status.FAILED) ? first : second;
	}

	private Status report(@Nullable WriteResult result) {
		outdateLocally();
		if (result == null) {
			return Status.DONE;
		}
		if (result.failure() != null) {
			this.store.failures()
				.serverFailed(this.operation, this.cache, this.key, this.value, result.failure(), result.detail(),
						result.server());
		}
		else if (isOfValue() && result.status() == Status.REFUSED) {
			this.store.statistics().fillsRefused.increment();
		}
		else if (isOfValue() && this.encoded != null) {
			this.store.statistics().puts.increment();
		}
		return result.status();
	}

}
