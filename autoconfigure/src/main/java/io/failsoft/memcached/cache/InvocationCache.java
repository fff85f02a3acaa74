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
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.cache.CacheWrite.Kind;
import io.failsoft.memcached.cache.FailureReporter.Operation;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PutMark;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One invocation's view of a cache. Spring calls {@code get} before a method and
 * {@code put} after it; the view carries the ticket from one to the other, so that what
 * the method returned does not overwrite anything newer, and a put that follows a failed
 * get does not fail once more. All views of an invocation share one budget.
 * <p>
 * Where the method is asynchronous, no write holds the thread that asks for it, which is
 * not ours: the invocation is over when its writes are settled. A fill is waited for by
 * nobody. Thread-safe.
 */
final class InvocationCache extends MemcachedCache {

	private final Invocation invocation;

	private final Budget budget;

	private final PutMark mark;

	private volatile boolean asynchronous;

	/** By what is sent: the application's keys may have no hash code that works. */
	private final Map<MemcachedKey, Found> misses = new ConcurrentHashMap<>(4);

	/** How many keys were refused to a get that no put has followed. */
	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Make a view.
	 * @param cache the cache
	 * @param puts whether the operation puts without a read before it
	 * @param invocation the invocation
	 */
	InvocationCache(MemcachedCache cache, boolean puts, Invocation invocation) {
		super(cache);
		this.invocation = invocation;
		this.asynchronous = invocation.isAsynchronous();
		this.budget = invocation.budget(cache.store());
		this.mark = cache.store().beginInvocation(puts, this.budget);
	}

	@Override
	Budget budget() {
		return this.budget;
	}

	@Override
	boolean isReturnable(@Nullable Object value) {
		return this.invocation.isReturnable(value);
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		MemcachedKey entry = keyToGet(key);
		return (entry != null) ? remember(entry, store().find(this, key, entry, this.budget)) : null;
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		this.asynchronous = true;
		MemcachedKey entry = keyToGet(key);
		return (entry != null)
				? store().findAsync(this, key, entry, this.budget).thenApply((found) -> remember(entry, found))
				: CompletableFuture.completedFuture(null);
	}

	private @Nullable MemcachedKey keyToGet(Object key) {
		MemcachedKey entry = store().key(Operation.GET, this, key, null);
		if (entry == null) {
			this.refused.incrementAndGet();
		}
		return entry;
	}

	/**
	 * The key of what is put, which is not reported once more if the get before reported
	 * it.
	 */
	private @Nullable MemcachedKey keyToPut(Object key, @Nullable Object value) {
		if (this.refused.get() == 0) {
			return store().key(Operation.PUT, this, key, value);
		}
		MemcachedKey entry = store().keyIfAny(key);
		if (entry == null) {
			this.refused.decrementAndGet();
		}
		return entry;
	}

	private @Nullable ValueWrapper remember(MemcachedKey entry, Found found) {
		if (found.isHit()) {
			return new SimpleValueWrapper(found.value());
		}
		this.misses.put(entry, found);
		return null;
	}

	@Override
	@Nullable CacheWrite preparePut(Object key, @Nullable Object value) {
		MemcachedKey entry = keyToPut(key, value);
		if (entry == null) {
			return null;
		}
		Found missed = this.misses.remove(entry);
		return (missed != null) ? store().fill(this, key, entry, value, missed.ticket(), this.mark, this.budget)
				: store().put(this, key, entry, value, this.mark, this.budget);
	}

	@Override
	void settle(CacheWrite write) {
		boolean fill = write.kind() == Kind.FILL;
		if (!this.asynchronous) {
			if (fill) {
				write.settleEventually();
			}
			else {
				write.settle();
			}
			return;
		}
		note(write);
		if (fill) {
			write.settleAsync(store().outcomes().operationTimeoutNanos());
		}
		else {
			this.invocation.await(write.settleAsync(this.budget.left()));
		}
	}

	@Override
	void note(CacheWrite write) {
		super.note(write);
		if (this.asynchronous) {
			this.invocation.note(write);
		}
	}

	@Override
	boolean wasPresent(CacheWrite eviction) {
		if (!this.asynchronous) {
			return super.wasPresent(eviction);
		}
		settle(eviction);
		return false;
	}

}
