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

import java.util.function.Predicate;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * A read of one key, and the load that may follow it. Immutable, but for the budget.
 *
 * @param cache the cache, or the view of it, that is asked
 * @param key the key
 * @param entry the key as it is sent
 * @param budget the time the invocation has left
 * @param began when it begins, and so does the load
 * @param around the load that asks, or {@code null} if none does
 * @param inTransaction whether the caller is in one, which a failure may have marked for
 * rollback
 */
record Read(MemcachedCache cache, Object key, MemcachedKey entry, Budget budget, PutMark began,
		@Nullable LoadScope around, boolean inTransaction) {

	/**
	 * Creates a read that begins now.
	 */
	static Read of(MemcachedCache cache, Object key, MemcachedKey entry, @Nullable LoadScope around) {
		return new Read(cache, key, entry, cache.budget(), PutMark.now(), around, cache.store().isInTransaction());
	}

	/**
	 * Returns the test if the caller can use a value; any other value is a miss.
	 */
	Predicate<@Nullable Object> returnable() {
		return this.cache.returnable();
	}

	/**
	 * Creates the fill of what was loaded. What was built on a reserve is not for others.
	 */
	CacheWrite fill(@Nullable Object value, @Nullable Ticket ticket, LoadScope scope) {
		PutMark builtOn = scope.builtOn();
		return (builtOn != null) ? fill(value, null, builtOn) : fill(value, ticket, this.began);
	}

	CacheWrite fill(@Nullable Object value, @Nullable Ticket ticket, @Nullable PutMark mark) {
		return CacheWrite.fill(this.cache.store(), this.cache, this.key, this.entry, value, ticket, mark, this.budget);
	}

}
