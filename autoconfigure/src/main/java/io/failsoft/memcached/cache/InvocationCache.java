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

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PendingWrite;
import io.failsoft.memcached.consistency.PutMark;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One invocation's view of a cache. Spring calls {@code get} before a method and
 * {@code put} after it; the view carries the ticket from one to the other, so that what
 * the method returned does not overwrite anything newer, and a put that follows a failed
 * get does not fail once more. All views of an invocation share one budget. Thread-safe.
 */
final class InvocationCache extends MemcachedCache {

	private final Budget budget;

	private final PutMark mark;

	private final Predicate<@Nullable Object> returnable;

	/** By what is sent: the application's keys may have no hash code that works. */
	private final Map<CacheKey, Miss> misses = new ConcurrentHashMap<>(4);

	InvocationCache(MemcachedCache cache, Budget budget, PutMark mark, Predicate<@Nullable Object> returnable) {
		super(cache);
		this.budget = budget;
		this.mark = mark;
		this.returnable = returnable;
	}

	@Override
	Budget budget() {
		return this.budget;
	}

	@Override
	boolean isReturnable(@Nullable Object value) {
		return this.returnable.test(value);
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		CacheKey entry = store().key(Operation.GET, this, key, null);
		return (entry != null) ? remember(entry, store().find(this, key, entry, this.budget), false) : null;
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		CacheKey entry = store().key(Operation.GET, this, key, null);
		return (entry != null)
				? store().findAsync(this, key, entry, this.budget).thenApply((found) -> remember(entry, found, true))
				: CompletableFuture.completedFuture(null);
	}

	private @Nullable ValueWrapper remember(CacheKey entry, Found found, boolean asynchronous) {
		if (found.isHit()) {
			return new SimpleValueWrapper(found.value());
		}
		this.misses.put(entry, new Miss(found, asynchronous));
		return null;
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		CacheKey entry = store().key(Operation.PUT, this, key, value);
		if (entry == null) {
			return;
		}
		Miss miss = this.misses.remove(entry);
		PendingWrite write = (miss != null) ? store().fill(this, key, entry, value, miss.found().ticket())
				: store().put(this, key, entry, value, this.mark);
		if (miss != null && miss.asynchronous()) {
			// The thread that completed the method's future is not ours to hold.
			store().outcomes().settleAsync(Operation.PUT, this, key, value, write, this.budget);
		}
		else {
			store().outcomes().settle(Operation.PUT, this, key, value, write, this.budget);
		}
	}

	private record Miss(Found found, boolean asynchronous) {

	}

}
