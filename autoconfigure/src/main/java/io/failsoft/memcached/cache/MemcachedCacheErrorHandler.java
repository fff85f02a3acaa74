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

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * The {@link CacheErrorHandler} that applies to memcached caches unless the application
 * brings its own. It logs at a bounded rate and returns, so that the caller goes on as
 * after a miss. It never throws. Thread-safe.
 * <p>
 * The first failure of a server for a reason is logged at once, as a warning that names
 * the operation, the key and the cause. Those that follow within 10 seconds are
 * summarized in one line at the end of that time, and so on for as long as they go on. A
 * stack trace is added only if this class's logger is at debug level.
 */
public class MemcachedCacheErrorHandler implements CacheErrorHandler, AutoCloseable {

	private static final Log logger = LogFactory.getLog(MemcachedCacheErrorHandler.class);

	private final FailureLog log;

	/**
	 * A handler that uses the system's clock.
	 */
	public MemcachedCacheErrorHandler() {
		this(Clock.systemUTC());
	}

	/**
	 * A handler that uses the given clock.
	 * @param clock tells when a summary is due
	 */
	public MemcachedCacheErrorHandler(Clock clock) {
		this(clock, MemcachedCacheErrorHandler::runLater);
	}

	MemcachedCacheErrorHandler(Clock clock, FailureLog.Scheduler scheduler) {
		this.log = new FailureLog(logger, clock, scheduler);
	}

	/**
	 * On a thread of its own, for its name in the log, and as the common pool may be kept
	 * busy just when failures are to be told.
	 */
	static void runLater(Runnable task, Duration delay) {
		CompletableFuture
			.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, MemcachedCacheErrorHandler::startThread)
			.execute(task);
	}

	private static void startThread(Runnable task) {
		Thread thread = new Thread(task, "failsoft-memcached-log");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
		handle("get", exception, cache, key);
	}

	@Override
	public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
		handle("put", exception, cache, key);
	}

	@Override
	public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
		handle("evict", exception, cache, key);
	}

	@Override
	public void handleCacheClearError(RuntimeException exception, Cache cache) {
		handle("clear", exception, cache, null);
	}

	private void handle(String operation, RuntimeException exception, Cache cache, @Nullable Object key) {
		this.log.add(new FailureLog.Event(operation, cache.getName(), key, exception));
	}

	/**
	 * Log the summaries that are still due. Failures that come later are logged as
	 * before.
	 */
	@Override
	public void close() {
		this.log.flush();
	}

}
