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

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

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
	 * Begin an invocation of a method that can return anything, and does so when its work
	 * is done.
	 * @return what all caches of the invocation share: the time it may spend waiting
	 */
	public static Object newInvocation() {
		return newInvocation((value) -> true, false);
	}

	/**
	 * Begin an invocation of a method.
	 * @param returnable which values the method can return; any other that a cache holds
	 * is a miss
	 * @param asynchronous whether the method returns a future or a publisher. Writes to
	 * its caches then hold no thread, and whoever hands out what it returned must wait
	 * for {@link #settled}.
	 * @return what all caches of the invocation share: the time it may spend waiting
	 */
	public static Object newInvocation(Predicate<@Nullable Object> returnable, boolean asynchronous) {
		return new Invocation(returnable, asynchronous);
	}

	/**
	 * Whether an invocation uses any of our caches.
	 * @param invocation what {@link #newInvocation(Predicate, boolean)} returned
	 * @return whether a view was made for it
	 */
	public static boolean isUsed(Object invocation) {
		return invocation instanceof Invocation ours && ours.isUsed();
	}

	/**
	 * Wait, without holding a thread, for the puts, evictions and clears that an
	 * invocation has asked for so far.
	 * @param invocation what {@link #newInvocation(Predicate, boolean)} returned
	 * @return completes when they are carried out, or will be later, within
	 * {@code memcached.operation-timeout}; exceptionally with what the error handler
	 * threw
	 */
	public static CompletableFuture<?> settled(Object invocation) {
		return (invocation instanceof Invocation ours) ? ours.settled() : CompletableFuture.completedFuture(null);
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
			return new InvocationCache(ours, puts,
					(Invocation) ((invocation instanceof Invocation) ? invocation : newInvocation()));
		}
		return TRANSACTIONS ? Transactional.forInvocation(cache, puts, invocation) : cache;
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
			return new TransactionAwareCacheDecorator(
					CacheViews.forInvocation(decorator.getTargetCache(), puts, invocation));
		}

	}

}
