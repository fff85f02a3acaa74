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

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.hunt.Row;

/**
 * Requests that arrive at a steady rate, whether those before them are answered or not,
 * at one instance after the other. Measures each from when it was due.
 */
final class Load {

	/** More than arrive while one waits for a connection in vain. */
	private static final int MAX_THREADS = 6000;

	private static final long STACK_BYTES = 256 * 1024;

	private final Source source;

	private final List<Products> instances;

	private final int rate;

	private final Zipf keys;

	private final SplittableRandom random;

	private final long[] took;

	private final boolean[] failed;

	private final long[] staleness;

	private volatile long began;

	Load(Source source, List<Products> instances, int rate, Zipf keys, int seconds, SplittableRandom random) {
		this.source = source;
		this.instances = instances;
		this.rate = rate;
		this.keys = keys;
		this.random = random;
		this.took = new long[rate * seconds];
		this.failed = new boolean[rate * seconds];
		this.staleness = new long[rate * seconds];
	}

	/**
	 * Starts the load.
	 * @return the thread that ends when all requests are answered
	 */
	Thread start() {
		this.began = System.nanoTime();
		Thread thread = new Thread(this::run, "load");
		thread.start();
		return thread;
	}

	/**
	 * Returns when a second of the load begins, in nanoseconds.
	 */
	long time(double second) {
		return this.began + Math.round(second * 1e9);
	}

	private void run() {
		ExecutorService executor = new ThreadPoolExecutor(0, MAX_THREADS, 5, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> new Thread(null, task, "request", STACK_BYTES));
		for (int i = 0; i < this.took.length; i++) {
			int number = i;
			int key = this.keys.key(this.random);
			long due = due(i);
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			try {
				executor.execute(() -> request(number, key));
			}
			catch (RejectedExecutionException ex) {
				this.failed[i] = true;
			}
		}
		executor.shutdown();
		try {
			executor.awaitTermination(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private long due(int number) {
		return time((double) number / this.rate);
	}

	private void request(int number, int key) {
		long begin = System.nanoTime();
		this.source.due(due(number));
		try {
			Row row = this.instances.get(number % this.instances.size()).find(key);
			this.staleness[number] = (row.key() == key) ? this.source.staleness(row, begin) : Long.MAX_VALUE;
		}
		catch (RuntimeException ex) {
			this.failed[number] = true;
		}
		this.took[number] = System.nanoTime() - due(number);
	}

	/**
	 * Returns the figures of the requests that were due between two seconds.
	 */
	Phase phase(String name, int from, int to) {
		int first = from * this.rate;
		int end = to * this.rate;
		long[] sorted = Arrays.copyOfRange(this.took, first, end);
		Arrays.sort(sorted);
		int failures = 0;
		long stalest = 0;
		for (int i = first; i < end; i++) {
			failures += this.failed[i] ? 1 : 0;
			stalest = Math.max(stalest, this.staleness[i]);
		}
		return new Phase(name, from, to, this.source.queries(time(from), time(to)), end - first, failures,
				sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6, stalest / 1e9);
	}

	/**
	 * Counts the requests that were answered with a value that had been out of date for
	 * longer than promised.
	 * @param promised the longest time, in nanoseconds
	 * @param returned when servers came back, whose undelivered evictions excuse
	 * @param settled when all of them had taken effect everywhere
	 */
	int outdated(long promised, long returned, long settled) {
		int outdated = 0;
		for (int i = 0; i < this.staleness.length; i++) {
			long asked = due(i);
			boolean excused = asked + this.took[i] - returned >= 0 && asked - settled < 0
					&& asked - this.staleness[i] - returned < 0;
			outdated += (this.staleness[i] > promised && !excused) ? 1 : 0;
		}
		return outdated;
	}

}
