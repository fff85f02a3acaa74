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

import io.failsoft.memcached.consistency.Budget;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.util.ClassUtils;

/**
 * Gives each invocation of a cached method its own light views of the caches it uses, so
 * that what a read saw reaches the write that follows it.
 */
public final class CacheViews {

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronization", CacheViews.class.getClassLoader())
			&& ClassUtils.isPresent("org.springframework.cache.transaction.TransactionAwareCacheDecorator",
					CacheViews.class.getClassLoader());

	private CacheViews() {
	}

	/**
	 * Find our cache in what a resolver returned.
	 * @param cache any cache
	 * @return the cache itself or the one that a transaction-aware decorator stands
	 * before, if it is one of ours, else {@code null}
	 */
	public static @Nullable MemcachedCache unwrap(Cache cache) {
		if (cache instanceof MemcachedCache ours) {
			return ours;
		}
		return TRANSACTIONS ? Transactional.unwrap(cache) : null;
	}

	/**
	 * Whether a cache is one of ours, a view of one, or a transaction-aware decorator
	 * before either.
	 * @param cache any cache
	 * @return whether its failures have been handled by the time they are thrown
	 */
	public static boolean isMemcached(Cache cache) {
		return unwrap(cache) != null;
	}

	/**
	 * Begin an invocation of a method that can return anything.
	 * @return what all caches of the invocation share: the time it may spend waiting
	 */
	public static Object newInvocation() {
		return newInvocation(CacheViews::anything);
	}

	/**
	 * Begin an invocation of a method.
	 * @param returnable which values the method can return; any other that a cache holds
	 * is a miss
	 * @return what all caches of the invocation share: the time it may spend waiting
	 */
	public static Object newInvocation(Predicate<@Nullable Object> returnable) {
		return new Invocation(returnable);
	}

	private static boolean anything(@Nullable Object value) {
		return true;
	}

	/**
	 * Make an invocation's view of a cache.
	 * @param cache what a resolver returned
	 * @param puts whether the operation puts without a read before it
	 * @param invocation what {@link #newInvocation()} returned
	 * @return the view, decorated as the cache was; any cache that is not ours is
	 * returned as it is
	 */
	public static Cache forInvocation(Cache cache, boolean puts, Object invocation) {
		if (cache instanceof InvocationCache) {
			return cache;
		}
		if (cache instanceof MemcachedCache ours) {
			Budget budget = (invocation instanceof Invocation shared) ? shared.budget(ours.store())
					: ours.store().newBudget();
			return new InvocationCache(ours, budget, ours.store().beginInvocation(puts, budget),
					(invocation instanceof Invocation shared) ? shared.returnable : CacheViews::anything);
		}
		return TRANSACTIONS ? Transactional.forInvocation(cache, puts, invocation) : cache;
	}

	/**
	 * One invocation. Its budget begins with the first of our caches that it uses.
	 */
	private static final class Invocation {

		private final Predicate<@Nullable Object> returnable;

		private @Nullable Budget budget;

		Invocation(Predicate<@Nullable Object> returnable) {
			this.returnable = returnable;
		}

		synchronized Budget budget(CacheStore store) {
			if (this.budget == null) {
				this.budget = store.newBudget();
			}
			return this.budget;
		}

	}

	/**
	 * Keeps the classes of spring-tx away where they are not on the class path.
	 */
	private static final class Transactional {

		private Transactional() {
		}

		static @Nullable MemcachedCache unwrap(Cache cache) {
			return (cache instanceof TransactionAwareCacheDecorator decorator)
					? CacheViews.unwrap(decorator.getTargetCache()) : null;
		}

		static Cache forInvocation(Cache cache, boolean puts, Object invocation) {
			if (!(cache instanceof TransactionAwareCacheDecorator decorator)
					|| CacheViews.unwrap(decorator.getTargetCache()) == null) {
				return cache;
			}
			Cache view = CacheViews.forInvocation(decorator.getTargetCache(), puts, invocation);
			return (view instanceof MemcachedCache ours) ? new TransactionalMemcachedCache(ours)
					: new TransactionAwareCacheDecorator(view);
		}

	}

}
