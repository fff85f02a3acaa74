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

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.cache.FailureReporter.CacheOperation;
import io.failsoft.memcached.cache.Invocation.KeyOfObject;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One invocation's view of a cache. Spring calls {@code get} before a method and
 * {@code put} after it; the view carries the ticket from one to the other, so that what
 * the method returned does not overwrite anything newer, and a put that follows a failed
 * get does not fail once more. All views of an invocation share one budget.
 * <p>
 * Where the method is asynchronous, a write is sent and its outcome is reported later: it
 * holds no thread. Thread-safe.
 */
final class InvocationCache extends MemcachedCache {

	private final Invocation invocation;

	private final boolean puts;

	private final boolean decorated;

	private final Budget budget;

	private final PutMark mark;

	private volatile boolean asynchronous;

	private volatile boolean read;

	/** By what is sent: the application's keys may have no hash code that works. */
	private final Map<MemcachedKey, Found> misses = new ConcurrentHashMap<>(4);

	/**
	 * Creates a view.
	 * @param cache the cache
	 * @param puts whether the operation puts without a read before it
	 * @param invocation the invocation
	 * @param decorated whether a decorator makes the calls, which may convert values and
	 * answer by itself
	 */
	InvocationCache(MemcachedCache cache, boolean puts, Invocation invocation, boolean decorated) {
		super(cache, decorated ? ANY : invocation.returnable());
		this.invocation = invocation;
		this.puts = puts;
		this.decorated = decorated;
		this.asynchronous = invocation.isAsynchronous();
		this.budget = invocation.budget(cache.store());
		this.mark = (puts && !decorated) ? cache.store().region().beginPut(this.budget) : invocation.began();
	}

	@Override
	MemcachedCache view() {
		return this;
	}

	@Override
	Budget budget() {
		return this.budget;
	}

	@Override
	@Nullable MemcachedKey key(CacheOperation operation, Object key, @Nullable Object value) {
		KeyOfObject known = this.invocation.keyOf(store(), key);
		return (known != null) ? known.entry()
				: this.invocation.remember(store(), key, super.key(operation, key, value));
	}

	@Override
	CompletableFuture<Found> findAsync(Object key) {
		this.asynchronous = true;
		return super.findAsync(key);
	}

	@Override
	Found noted(MemcachedKey entry, Found found) {
		this.read = true;
		if (!found.isHit()) {
			this.misses.put(entry, found);
		}
		return found;
	}

	/**
	 * Creates a put. An operation that reads first stores only under a key that it read:
	 * what another instance has evicted meanwhile would be overwritten else.
	 */
	@Override
	@Nullable CacheWrite putOf(Object key, @Nullable Object value) {
		MemcachedKey entry = key(CacheOperation.PUT, key, value);
		if (entry == null) {
			return null;
		}
		Found missed = this.misses.remove(entry);
		if (missed != null || !(this.puts || (this.decorated && !this.read))) {
			return CacheWrite.fill(store(), this, key, entry, value, (missed != null) ? missed.ticket() : null,
					this.mark, this.budget);
		}
		if (this.decorated) {
			store().region().beginPut(entry, this.budget);
		}
		return CacheWrite.put(store(), this, key, entry, value, this.mark, this.budget);
	}

	/** Returns if a value was looked for in vain that nobody has stored yet. */
	boolean isMissing() {
		return !this.misses.isEmpty();
	}

	@Override
	Status report(CacheWrite write) {
		if (!this.asynchronous) {
			return super.report(write);
		}
		note(write);
		write.reportLater();
		return Status.DONE;
	}

	@Override
	void note(CacheWrite write) {
		super.note(write);
		if (this.asynchronous) {
			this.invocation.note(write);
		}
	}

}
