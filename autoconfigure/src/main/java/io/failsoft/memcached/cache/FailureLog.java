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
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures at a bounded rate: per server and reason the first at once, the others as
 * one summary per {@link #WINDOW}. Thread-safe; takes no lock.
 */
final class FailureLog {

	static final Duration WINDOW = Duration.ofSeconds(10);

	private static final int MAX_KINDS = 512;

	private static final Kind OTHER_KINDS = new Kind(null, "various");

	private final Log logger;

	private final Clock clock;

	private final Scheduler scheduler;

	private final ConcurrentMap<Kind, Window> windows = new ConcurrentHashMap<>();

	/** Most failures are of the same kind as the one before. */
	private volatile @Nullable Window recent;

	FailureLog(Log logger, Clock clock, Scheduler scheduler) {
		this.logger = logger;
		this.clock = clock;
		this.scheduler = scheduler;
	}

	void add(Event event) {
		if (isRefusedKey(event.failure())) {
			// Once per class anyway, and each has a remedy of its own.
			log(event.describe() + "; going on without it", event.failure());
			return;
		}
		Window window = window(event.failure());
		if (window.open(this.clock.millis())) {
			log(event.describe() + (event.isRemembered()
					? "; remembered, and delivered before this instance reads there again" : "; going on without it"),
					event.failure());
			return;
		}
		window.last = event;
		if (window.suppressed.getAndIncrement() == 0) {
			this.scheduler.schedule(() -> summarize(window), WINDOW);
		}
	}

	private static boolean isRefusedKey(RuntimeException failure) {
		return failure instanceof MemcachedCacheException exception && exception.getReason() == Reason.KEY;
	}

	private Window window(RuntimeException failure) {
		Window last = this.recent;
		if (last != null && last.kind.includes(failure)) {
			return last;
		}
		Kind kind = Kind.of(failure);
		Window window = this.windows.get(kind);
		if (window == null) {
			window = this.windows.computeIfAbsent((this.windows.size() < MAX_KINDS) ? kind : OTHER_KINDS, Window::new);
		}
		this.recent = window;
		return window;
	}

	private void summarize(Window window) {
		long count = window.suppressed.getAndSet(0);
		Event last = window.last;
		if (count > 0 && last != null) {
			window.extend(this.clock.millis());
			log("And " + count + " more in the last " + WINDOW.toSeconds() + " s, the last of them: " + last.describe(),
					last.failure());
		}
	}

	void flush() {
		this.windows.values().forEach(this::summarize);
	}

	private void log(String line, RuntimeException failure) {
		if (this.logger.isDebugEnabled()) {
			this.logger.warn(line, failure);
		}
		else {
			this.logger.warn(line);
		}
	}

	/**
	 * Runs a task later.
	 */
	@FunctionalInterface
	interface Scheduler {

		void schedule(Runnable task, Duration delay);

	}

	/**
	 * What is logged together.
	 */
	private record Kind(@Nullable String server, String reason) {

		static Kind of(RuntimeException failure) {
			return new Kind(server(failure), reason(failure));
		}

		boolean includes(RuntimeException failure) {
			return this.reason.equals(reason(failure)) && Objects.equals(this.server, server(failure));
		}

		private static @Nullable String server(RuntimeException failure) {
			return (failure instanceof MemcachedCacheException exception) ? exception.getServer() : null;
		}

		private static String reason(RuntimeException failure) {
			return (failure instanceof MemcachedCacheException exception) ? exception.getReason().name()
					: failure.getClass().getName();
		}

	}

	private static final class Window {

		private static final long NEVER = Long.MIN_VALUE;

		private final AtomicLong openedAt = new AtomicLong(NEVER);

		private final AtomicLong suppressed = new AtomicLong();

		private final Kind kind;

		private volatile @Nullable Event last;

		Window(Kind kind) {
			this.kind = kind;
		}

		/**
		 * Whether the caller is the first of a new window.
		 */
		boolean open(long now) {
			long opened = this.openedAt.get();
			boolean over = opened == NEVER || now - opened >= WINDOW.toMillis() || now < opened;
			return over && this.suppressed.get() == 0 && this.openedAt.compareAndSet(opened, now);
		}

		void extend(long now) {
			this.openedAt.set(now);
		}

	}

	/**
	 * A failure and what was being done.
	 *
	 * @param operation what was being done
	 * @param cache the cache's name
	 * @param key the key, or {@code null} if the operation has none
	 * @param failure what happened
	 */
	record Event(String operation, String cache, @Nullable Object key, RuntimeException failure) {

		String describe() {
			StringBuilder line = new StringBuilder(160);
			line.append("Cache '").append(Printable.of(this.cache)).append('\'');
			if (this.key != null) {
				line.append(", key '").append(Printable.of(this.key)).append('\'');
			}
			line.append(": ");
			if (!(this.failure instanceof MemcachedCacheException)) {
				line.append(this.operation).append(" failed: ");
			}
			line.append(message(this.failure));
			Throwable cause = this.failure.getCause();
			if (cause != null && line.indexOf(message(cause)) < 0) {
				line.append(", caused by ").append(cause.getClass().getName()).append(": ").append(message(cause));
			}
			return line.toString();
		}

		/**
		 * Whether it is an invalidation that the log of its server has taken.
		 */
		boolean isRemembered() {
			return (this.operation.equals("evict") || this.operation.equals("clear"))
					&& this.failure instanceof MemcachedCacheException exception && exception.getReason().isOfServer();
		}

		private static String message(Throwable failure) {
			String message = failure.getMessage();
			return (message != null) ? Printable.message(message) : failure.getClass().getName();
		}

	}

}
