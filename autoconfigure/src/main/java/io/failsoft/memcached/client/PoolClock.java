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

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The timer of asynchronous operations and the meter of this JVM's pauses, which the
 * servers of a pool share. The meter has a thread of its own, as a timer that is kept
 * busy would look like a pause.
 */
final class PoolClock {

	private final PauseMeter pauses;

	private final long period;

	private final ScheduledThreadPoolExecutor timer;

	private final Thread ticker = new ClientThread(this::tick, "failsoft-memcached-clock");

	private volatile boolean closed;

	PoolClock(Duration operationTimeout) {
		long window = operationTimeout.toNanos();
		this.period = Math.max(Math.min(window / 4, TimeUnit.MILLISECONDS.toNanos(50)),
				TimeUnit.MILLISECONDS.toNanos(1));
		// A server that had half of the window to answer has no excuse.
		this.pauses = new PauseMeter(this.period, window / 2, System::nanoTime);
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> new ClientThread(task, "failsoft-memcached-timer"),
				new ThreadPoolExecutor.DiscardPolicy());
		this.timer.setRemoveOnCancelPolicy(true);
	}

	void start() {
		this.pauses.tick();
		this.ticker.start();
	}

	private void tick() {
		while (!this.closed) {
			this.pauses.tick();
			LockSupport.parkNanos(this, this.period);
		}
	}

	PauseMeter pauses() {
		return this.pauses;
	}

	/**
	 * Runs a task later.
	 * @param task the task; short
	 * @param delayNanos when
	 * @return a handle that cancels it; once the pool is closed, which completes every
	 * operation, the task never runs
	 */
	Future<?> schedule(Runnable task, long delayNanos) {
		return this.timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
	}

	void close() {
		this.closed = true;
		LockSupport.unpark(this.ticker);
		this.timer.shutdownNow();
	}

}
