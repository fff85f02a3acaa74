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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
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

	private static final Duration WINDOW = Duration.ofSeconds(10);

	/** Limit of the kinds of failure that are told apart. */
	private static final int MAX_KINDS = 512;

	private static final Kind OTHER_KINDS = new Kind(null, "various");

	private final Clock clock;

	private final BiConsumer<Runnable, Duration> scheduler;

	private final Map<Kind, Window> windows = new ConcurrentHashMap<>();

	/**
	 * Creates a handler that uses the system's clock.
	 */
	public MemcachedCacheErrorHandler() {
		this(Clock.systemUTC(), MemcachedCacheErrorHandler::runLater);
	}

	MemcachedCacheErrorHandler(Clock clock, BiConsumer<Runnable, Duration> scheduler) {
		this.clock = clock;
		this.scheduler = scheduler;
	}

	/**
	 * Runs a task later on a thread of its own, for its name in the log, and as the
	 * common pool may be busy just when failures are to be logged; on the timer's, or
	 * this one, where the JVM gets no thread.
	 */
	static void runLater(Runnable task, Duration delay) {
		Timer.schedule(() -> {
			try {
				Timer.daemon(task, "failsoft-memcached-log").start();
			}
			catch (Throwable ex) {
				task.run();
			}
		}, delay.toNanos());
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
		Kind kind = (exception instanceof MemcachedCacheException ours) ? new Kind(ours.getServer(), ours.getReason())
				: new Kind(null, exception.getClass());
		Event event = new Event(operation, cache.getName(), key, exception);
		Window window = this.windows.computeIfAbsent(
				(this.windows.size() < MAX_KINDS || this.windows.containsKey(kind)) ? kind : OTHER_KINDS,
				(opened) -> new Window());
		// A refused key is handed over once per class anyway, and each has its own
		// remedy.
		if (kind.reason == Reason.KEY || window.open(this.clock.millis())) {
			log(event.describe() + (event.isRemembered()
					? "; remembered, and delivered before this instance reads there again" : "; going on without it"),
					exception);
			return;
		}
		window.last = event;
		if (window.suppressed.getAndIncrement() == 0) {
			this.scheduler.accept(() -> summarize(window), WINDOW);
		}
	}

	private void summarize(Window window) {
		long count = window.suppressed.getAndSet(0);
		Event last = window.last;
		if (count > 0 && last != null) {
			window.openedAt.set(this.clock.millis());
			log("And " + count + " more in the last " + WINDOW.toSeconds() + " s, the last of them: " + last.describe(),
					last.failure);
		}
	}

	private static void log(String line, RuntimeException failure) {
		logger.warn(line, logger.isDebugEnabled() ? LogText.trace(failure) : null);
	}

	/**
	 * Logs the summaries that are still due. Failures that come later are logged as
	 * before.
	 */
	@Override
	public void close() {
		this.windows.values().forEach(this::summarize);
	}

	/**
	 * The failures that are logged together: of a server, or of none, for a reason.
	 *
	 * @param server the server, if it is one's failure
	 * @param reason the reason, or the class of a foreign exception
	 */
	private record Kind(@Nullable String server, Object reason) {

	}

	private static final class Window {

		private final AtomicLong openedAt = new AtomicLong(Long.MIN_VALUE / 2);

		private final AtomicLong suppressed = new AtomicLong();

		private volatile @Nullable Event last;

		/**
		 * Returns if the caller is the first of a new window.
		 */
		boolean open(long now) {
			long opened = this.openedAt.get();
			boolean over = now - opened >= WINDOW.toMillis() || now < opened;
			return over && this.suppressed.get() == 0 && this.openedAt.compareAndSet(opened, now);
		}

	}

	/**
	 * A failure of an operation.
	 *
	 * @param operation the operation
	 * @param cache the cache's name
	 * @param key the key, or {@code null} if the operation has none
	 * @param failure the failure
	 */
	private record Event(String operation, String cache, @Nullable Object key, RuntimeException failure) {

		String describe() {
			boolean ours = this.failure instanceof MemcachedCacheException;
			String line = "Cache '" + LogText.of(this.cache)
					+ ((this.key != null) ? "', key '" + LogText.of(this.key) + "': " : "': ")
					+ (ours ? "" : this.operation + " failed: ") + message(this.failure);
			Throwable cause = this.failure.getCause();
			// Of a value that cannot be written the message may quote it.
			boolean quotes = this.failure instanceof MemcachedCacheException known
					&& known.getReason() == Reason.ENCODE;
			return (cause != null && !quotes && !line.contains(message(cause)))
					? line + ", caused by " + cause.getClass().getName() + ": " + message(cause) : line;
		}

		/**
		 * Returns if it is an invalidation that the log of its server has taken.
		 */
		boolean isRemembered() {
			return (this.operation.equals("evict") || this.operation.equals("clear"))
					&& this.failure instanceof MemcachedCacheException exception && exception.getReason().isOfServer();
		}

		private static String message(Throwable failure) {
			String message = failure.getMessage();
			return (message != null) ? LogText.message(message) : failure.getClass().getName();
		}

	}

}
