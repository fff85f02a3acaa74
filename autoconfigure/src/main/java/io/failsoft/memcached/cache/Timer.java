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
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A timer of short tasks. Its thread ends when it is idle, and inherits nothing. The
 * JDK's own, by contrast, keeps the thread locals and the class loader of the request
 * that started it for as long as the JVM lives.
 */
final class Timer {

	private static final ScheduledThreadPoolExecutor EXECUTOR = new ScheduledThreadPoolExecutor(1,
			(task) -> daemon(task, "failsoft-memcached-delay"));

	static {
		EXECUTOR.setKeepAliveTime(1, TimeUnit.SECONDS);
		EXECUTOR.allowCoreThreadTimeOut(true);
		EXECUTOR.setRemoveOnCancelPolicy(true);
	}

	private Timer() {
	}

	/**
	 * Runs a task later. Where the JVM gets no thread, it runs the task at once, and
	 * perhaps a second time later.
	 */
	static Future<?> schedule(Runnable task, long delayNanos) {
		try {
			return EXECUTOR.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (Throwable ex) {
			task.run();
			return CompletableFuture.completedFuture(null);
		}
	}

	/**
	 * Completes a future later, on the common pool unless that gets no thread.
	 */
	static <T> Future<?> complete(CompletableFuture<T> future, T value, long delayNanos) {
		return schedule(() -> {
			try {
				future.completeAsync(() -> value, CacheStore.commonPool());
			}
			catch (Throwable ex) {
				future.complete(value);
			}
		}, delayNanos);
	}

	/**
	 * Returns a future that completes later, as {@link #complete} has it.
	 */
	static CompletableFuture<Boolean> pause(long nanos) {
		CompletableFuture<Boolean> over = new CompletableFuture<>();
		complete(over, true, nanos);
		return over;
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setContextClassLoader(Timer.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

}
