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
import java.util.function.Supplier;

/**
 * Measures how long something takes, less the time in which this machine did not let the
 * JVM run: a paused or overloaded machine says nothing about what is measured. Whoever
 * waits or sleeps is measured in full.
 */
public final class Stopwatch {

	private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);

	/** How late a thread may be woken on an idle machine. */
	private static final long USUAL = TimeUnit.MILLISECONDS.toNanos(5);

	private final Thread thread = new Thread(this::tick, "stopwatch");

	private volatile boolean stopped;

	/** Written by the thread, and read when it has ended. */
	private long missing;

	private Stopwatch() {
	}

	/**
	 * Measure.
	 * @param action what to measure
	 * @return milliseconds
	 */
	public static double millis(Runnable action) {
		return time(() -> {
			action.run();
			return true;
		}).millis();
	}

	/**
	 * Measure what has a result.
	 * @param <T> the type of the result
	 * @param action what to measure
	 * @return the result and the time
	 */
	public static <T> Timed<T> time(Supplier<T> action) {
		Stopwatch watch = new Stopwatch();
		watch.thread.setDaemon(true);
		watch.thread.start();
		long start = System.nanoTime();
		T result;
		try {
			result = action.get();
		}
		finally {
			watch.stop();
		}
		return new Timed<>(result, (System.nanoTime() - start - watch.missing) / 1e6);
	}

	private void tick() {
		for (long last = System.nanoTime(); !this.stopped;) {
			LockSupport.parkNanos(PERIOD);
			long now = System.nanoTime();
			long late = now - last - PERIOD;
			this.missing += (late > USUAL) ? late : 0;
			last = now;
		}
	}

	private void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What was measured.
	 *
	 * @param <T> the type of the result
	 * @param result the result
	 * @param millis the time in milliseconds
	 */
	public record Timed<T>(T result, double millis) {

	}

}
