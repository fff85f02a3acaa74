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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.codec.ValueCodecException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * Counts each failure of a cache and hands it, once, to the error handler that applies.
 * If the handler returns, the cache goes on as after a miss; what it throws goes to the
 * caller. Thread-safe.
 */
final class FailureReporter {

	/** Bounds the memory for classes that an application generates without end. */
	private static final int MAX_REMEMBERED_REFUSALS = 1000;

	private static final Log logger = LogFactory.getLog(FailureReporter.class);

	private final Supplier<CacheErrorHandler> handler;

	private final AtomicLong nextUnreadable = new AtomicLong(System.nanoTime());

	private final AtomicLong nextThrown = new AtomicLong(System.nanoTime());

	private final AtomicLong nextLost = new AtomicLong(System.nanoTime());

	private volatile boolean lostLogged;

	private final CacheStatistics statistics;

	private final Set<String> refusals = ConcurrentHashMap.newKeySet();

	FailureReporter(Supplier<CacheErrorHandler> handler, CacheStatistics statistics) {
		this.handler = handler;
		this.statistics = statistics;
	}

	/**
	 * Reports the failure of a server, if it is one.
	 */
	void serverFailed(CacheOperation operation, Cache cache, @Nullable Object key, @Nullable Object value,
			@Nullable Failure failure, @Nullable String detail, @Nullable String server) {
		if (failure != null) {
			report(operation, cache, key, value, new MemcachedCacheException(failure, server, operation.words, detail));
		}
	}

	/**
	 * Counts a key that has no canonical form. The first of each class is handed over: of
	 * the class of the refused part, which the message names, as the key of all methods
	 * with several arguments has the same class.
	 */
	void keyRefused(CacheOperation operation, Cache cache, Object key, @Nullable Object value,
			IllegalArgumentException cause) {
		this.statistics.count(Reason.KEY);
		String skipped = " skipped: " + cause.getMessage();
		if (this.refusals.size() < MAX_REMEMBERED_REFUSALS && this.refusals.add(skipped)) {
			handle(operation, cache, key, value,
					new MemcachedCacheException(Reason.KEY, null, operation.words + skipped, cause));
		}
	}

	void notEncoded(Cache cache, Object key, @Nullable Object value, Throwable cause) {
		Reason reason = isRefused(cause) ? Reason.CLASS_REFUSED : Reason.ENCODE;
		report(CacheOperation.PUT, cache, key, value, new MemcachedCacheException(reason, null,
				"put skipped, the value cannot be written: " + describe(cause), cause));
	}

	/**
	 * Counts and logs a value that is there but cannot be read. It is not handed to the
	 * error handler: while two versions of an application run side by side this is
	 * normal, and must not become an error where the handler throws.
	 */
	void notDecoded(Cache cache, Object key, Throwable cause) {
		this.statistics.count(isRefused(cause) ? Reason.CLASS_REFUSED : Reason.DECODE);
		if (logger.isDebugEnabled()) {
			logger.debug("Cache '" + LogText.of(cache.getName()) + "': the value of key '" + LogText.of(key)
					+ "' cannot be read: " + describe(cause), LogText.trace(cause));
		}
		else if (isDue(this.nextUnreadable)) {
			logger.warn("Cache '" + LogText.of(cache.getName()) + "': the value of key '" + LogText.of(key)
					+ "' cannot be read and is a miss: " + describe(cause)
					+ " (at most one such line every ten seconds; all are counted)");
		}
	}

	/**
	 * Logs an exception that an error handler threw for a write that nobody waits for.
	 * The failure itself has been counted.
	 */
	void handlerThrew(CacheOperation operation, Cache cache, Throwable ex) {
		if (isDue(this.nextThrown)) {
			logger.warn("Cache '" + LogText.of(cache.getName()) + "': the error handler threw for a " + operation.words
					+ " that no caller waits for, and nobody receives it: " + LogText.of(ex)
					+ " (at most one such line every ten seconds)");
		}
	}

	/**
	 * Logs that the load of an aged value has failed.
	 * @param lost whether the source is lost, so that the value is served; else the
	 * failure is an answer, and the value is evicted
	 */
	void loadFailed(Cache cache, Throwable ex, boolean lost) {
		if (isDue(this.nextLost)) {
			this.lostLogged |= lost;
			String thrown = SourceFailures.cause(ex).getClass().getName();
			logger.warn(
					"Cache '" + LogText.of(cache.getName()) + "': "
							+ (lost ? "its source fails, " + thrown + "; what has aged is served in its place"
									: "a refresh fails, " + thrown + "; what has aged is evicted"),
					logger.isDebugEnabled() ? LogText.trace(ex) : null);
		}
	}

	void sourceBack(Cache cache) {
		if (this.lostLogged) {
			this.lostLogged = false;
			logger.info("Cache '" + LogText.of(cache.getName()) + "': its source is back");
		}
	}

	private static boolean isDue(AtomicLong next) {
		long now = System.nanoTime();
		long due = next.get();
		return now - due >= 0 && next.compareAndSet(due, now + TimeUnit.SECONDS.toNanos(10));
	}

	private void report(CacheOperation operation, Cache cache, @Nullable Object key, @Nullable Object value,
			MemcachedCacheException failure) {
		this.statistics.count(failure.getReason());
		handle(operation, cache, key, value, failure);
	}

	private void handle(CacheOperation operation, Cache cache, @Nullable Object key, @Nullable Object value,
			MemcachedCacheException failure) {
		CacheErrorHandler applicable = this.handler.get();
		switch (operation) {
			case GET -> applicable.handleCacheGetError(failure, cache, (key != null) ? key : "");
			case PUT, FILL -> applicable.handleCachePutError(failure, cache, (key != null) ? key : "", value);
			case EVICT, EVICT_IF_PRESENT -> applicable.handleCacheEvictError(failure, cache, (key != null) ? key : "");
			case CLEAR -> applicable.handleCacheClearError(failure, cache);
		}
	}

	private static boolean isRefused(Throwable cause) {
		return cause instanceof ValueCodecException exception && exception.isRefused();
	}

	/**
	 * Names a failure, without the message of a foreign one, which may quote the value.
	 */
	private static String describe(Throwable cause) {
		String message = (cause instanceof ValueCodecException) ? cause.getMessage() : null;
		return (message != null) ? LogText.message(message) : cause.getClass().getName();
	}

}
