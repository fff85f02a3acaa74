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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.failsoft.memcached.client.Discovery.Found;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A loop that looks the servers up, on a thread of its own: at once when started, soon
 * again while a look-up fails, and else at an interval. While look-ups fail, a line a
 * minute at most says so.
 */
final class Discoverer implements Runnable {

	/** Shared by the whole client, so that one logger name suffices. */
	private static final Log logger = LogFactory.getLog(Server.class);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private static final long JOIN_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(100);

	private final Discovery discovery;

	private final long interval;

	private final Consumer<Found> taker;

	private final Backoff backoff;

	private final Thread thread = new ClientThread(this, "failsoft-memcached-discovery");

	private volatile boolean closed;

	private boolean failing;

	private long lastWarning;

	/**
	 * Creates a discoverer.
	 * @param discovery finds the servers
	 * @param interval the time between two look-ups
	 * @param taker takes the servers found; may be handed the same again
	 */
	Discoverer(Discovery discovery, Duration interval, Consumer<Found> taker) {
		this.discovery = discovery;
		this.interval = interval.toNanos();
		this.taker = taker;
		this.backoff = new Backoff(this.interval, () -> ThreadLocalRandom.current().nextDouble());
	}

	void start() {
		this.thread.start();
	}

	@Override
	public void run() {
		while (!this.closed) {
			ClientThread.sleep(look() ? this.interval : this.backoff.next(), () -> this.closed);
		}
	}

	private boolean look() {
		try {
			Found found = this.discovery.look();
			if (!this.closed) {
				log(found);
				this.taker.accept(found);
			}
			if (found.failure() == null) {
				this.backoff.reset();
				return true;
			}
		}
		catch (RuntimeException | Error ex) {
			// Without this thread no change would be seen any more.
			logger.warn("Unexpected failure while looking for memcached servers", ex);
		}
		return false;
	}

	/** While no server is known, the line of the configured server says why. */
	private void log(Found found) {
		String failure = found.failure();
		long now = System.nanoTime();
		if (failure == null && this.failing) {
			this.failing = false;
			logger.info("Discovery of memcached servers works again");
		}
		else if (failure != null && !found.servers().isEmpty()
				&& (!this.failing || now - this.lastWarning >= WARNING_INTERVAL)) {
			this.failing = true;
			this.lastWarning = now;
			logger.warn("Discovery of memcached servers failed: " + failure + "; the last known stay in use: "
					+ found.servers().size());
		}
	}

	/**
	 * Ends the look-ups. A name that is being resolved is not waited for: the thread, a
	 * daemon, ends when the name service lets it.
	 */
	void close() {
		this.closed = true;
		this.discovery.close();
		LockSupport.unpark(this.thread);
		ClientThread.awaitEnd(this.thread, System.nanoTime() + JOIN_TIMEOUT);
	}

}
