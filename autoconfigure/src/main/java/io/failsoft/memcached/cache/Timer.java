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

	static Future<?> schedule(Runnable task, long delayNanos) {
		return EXECUTOR.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Returns a future that completes later, on the common pool unless that gets no
	 * thread.
	 */
	static CompletableFuture<Boolean> pause(long nanos) {
		CompletableFuture<Boolean> over = new CompletableFuture<>();
		schedule(() -> {
			try {
				over.completeAsync(() -> true, CacheStore.commonPool());
			}
			catch (Throwable ex) {
				over.complete(true);
			}
		}, nanos);
		return over;
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setContextClassLoader(Timer.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

}
