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

package io.failsoft.memcached.fuzz;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory and the time that something takes.
 */
public final class Limits {

	private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory
		.getThreadMXBean();

	private static final long NANOS = TimeUnit.SECONDS.toNanos(20);

	private Limits() {
	}

	/**
	 * Run something within limits. It is given a second chance, as classes are loaded,
	 * and instrumented, the first time only.
	 * @param bytes how much it may allocate
	 * @param task what to run
	 */
	public static void within(long bytes, Runnable task) {
		long allocated = Long.MAX_VALUE;
		for (int i = 0; i < 2 && allocated > bytes; i++) {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			long start = System.nanoTime();
			task.run();
			long nanos = System.nanoTime() - start;
			allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
			if (nanos > NANOS) {
				throw new AssertionError("It took " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
			}
		}
		if (allocated > bytes) {
			throw new AssertionError(allocated + " bytes were allocated, " + bytes + " may be");
		}
	}

}
