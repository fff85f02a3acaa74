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

package io.failsoft.memcached.outage;

import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.hunt.Row;

/**
 * A database that takes 20 ms for a query and has ten connections, hence answers at most
 * 500 queries a second. Callers wait up to 4 s for a connection, in the order they came.
 */
final class Source {

	private static final int CONNECTIONS = 10;

	private static final Duration QUERY = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(4);

	private final Semaphore connections = new Semaphore(CONNECTIONS, true);

	/** When each row was changed: its version is the number of its changes. */
	private final long[][] changes;

	private final Queue<Long> queries = new ConcurrentLinkedQueue<>();

	private final ThreadLocal<Long> due = ThreadLocal.withInitial(System::nanoTime);

	Source(int rows) {
		this.changes = new long[rows][0];
	}

	/**
	 * Notes when the request of the calling thread was due. Its queries count as of then,
	 * so that a machine that was held up does not move them.
	 */
	void due(long time) {
		this.due.set(time);
	}

	/**
	 * Queries a row.
	 * @throws IllegalStateException if no connection was free in time
	 */
	Row find(int key) {
		try {
			if (!this.connections.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("no connection within " + PATIENCE);
			}
			try {
				this.queries.add(this.due.get());
				Row row = read(key);
				Thread.sleep(QUERY.toMillis());
				return row;
			}
			finally {
				this.connections.release();
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private synchronized Row read(int key) {
		return new Row(key, this.changes[key].length, -1);
	}

	synchronized void change(int key) {
		long[] times = this.changes[key];
		this.changes[key] = Arrays.copyOf(times, times.length + 1);
		this.changes[key][times.length] = System.nanoTime();
	}

	synchronized void changeAll() {
		for (int key = 0; key < this.changes.length; key++) {
			change(key);
		}
	}

	/**
	 * Returns for how long a row had been out of date at a time.
	 * @param row the row as it was read
	 * @param time the time, in nanoseconds
	 * @return the nanoseconds, zero or less if the row was up to date
	 */
	synchronized long staleness(Row row, long time) {
		long[] times = this.changes[row.key()];
		return (row.version() < times.length) ? time - times[(int) row.version()] : 0;
	}

	/**
	 * Counts the queries of requests that were due within a span of time, given in
	 * nanoseconds.
	 */
	long queries(long from, long to) {
		return this.queries.stream().filter((time) -> time - from >= 0 && time - to < 0).count();
	}

}
