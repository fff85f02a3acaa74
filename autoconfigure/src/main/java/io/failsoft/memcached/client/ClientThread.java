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

package io.failsoft.memcached.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import com.google.code.yanf4j.nio.impl.Reactor;

/**
 * A daemon thread of the client. Code of the application never runs on one.
 */
final class ClientThread extends Thread {

	ClientThread(Runnable task, String name) {
		// One that a request starts would keep its thread locals and class loader.
		super(null, task, name, 0, false);
		setContextClassLoader(ClientThread.class.getClassLoader());
		setDaemon(true);
	}

	/**
	 * Returns whether the caller runs on a thread that must not be kept busy.
	 * @return {@code true} on the client's threads
	 */
	static boolean isCurrent() {
		Thread thread = Thread.currentThread();
		return thread instanceof ClientThread || thread instanceof Reactor;
	}

	/**
	 * Sleeps, unless it is woken for the end. An interrupt does not end the sleep.
	 * @param nanos how long to sleep
	 * @param ended whether it is to end; asked whenever the thread is unparked
	 */
	static void sleep(long nanos, BooleanSupplier ended) {
		long deadline = System.nanoTime() + nanos;
		for (long rest = nanos; rest > 0 && !ended.getAsBoolean(); rest = deadline - System.nanoTime()) {
			LockSupport.parkNanos(rest);
			Thread.interrupted();
		}
	}

	/**
	 * Waits for a thread to end. An interrupt does not end the waiting, and is kept.
	 * @param thread the thread, which may not have been started
	 * @param deadlineNanos until when to wait at most
	 */
	static void awaitEnd(Thread thread, long deadlineNanos) {
		boolean interrupted = Thread.interrupted();
		long rest = deadlineNanos - System.nanoTime();
		while (thread.isAlive() && rest > 0) {
			try {
				thread.join(TimeUnit.NANOSECONDS.toMillis(rest) + 1);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			rest = deadlineNanos - System.nanoTime();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
