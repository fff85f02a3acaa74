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

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers that are in use for their statistics at an interval, one after the
 * other, on a thread of its own.
 */
final class StatisticsPoller implements Runnable {

	private static final Log logger = LogFactory.getLog(StatisticsPoller.class);

	private final Supplier<? extends Collection<DefaultServer>> servers;

	private final long intervalNanos;

	private final StatisticsListener listener;

	private final Thread thread = new ClientThread(this, "failsoft-memcached-statistics");

	/** Servers that did not tell when they were last asked, so that one line says it. */
	private final Set<String> silent = new HashSet<>();

	/** Whether the last round ended with a failure that one line told of. */
	private boolean failing;

	private volatile boolean closed;

	private volatile @Nullable StatisticsRequest current;

	StatisticsPoller(Supplier<? extends Collection<DefaultServer>> servers, Duration interval,
			StatisticsListener listener) {
		this.servers = servers;
		this.intervalNanos = interval.toNanos();
		this.listener = listener;
	}

	void start() {
		this.thread.start();
	}

	@Override
	public void run() {
		while (!this.closed) {
			long start = System.nanoTime();
			boolean asked = false;
			try {
				asked = askAll();
				this.failing = false;
			}
			catch (RuntimeException | Error ex) {
				// Whatever it was, it must not end the figures of all servers for good.
				if (!this.failing) {
					this.failing = true;
					logger.warn("Unexpected failure while asking memcached servers for their statistics", ex);
				}
			}
			// Until the first server is up there is nothing to wait an interval for.
			pause(start, asked ? this.intervalNanos : Math.min(this.intervalNanos, 100_000_000L));
		}
	}

	private boolean askAll() {
		boolean asked = false;
		Collection<DefaultServer> present = this.servers.get();
		this.silent.retainAll(present.stream().map(DefaultServer::name).toList());
		for (DefaultServer server : present) {
			asked |= server.link() != null;
			tell(server.name(), ask(server));
		}
		return asked;
	}

	private @Nullable ServerStatistics ask(DefaultServer server) {
		if (this.closed || server.link() == null) {
			return null;
		}
		try {
			StatisticsRequest request = server.statisticsRequest();
			this.current = request;
			ServerStatistics statistics = this.closed ? null : request.send();
			this.silent.remove(server.name());
			return statistics;
		}
		catch (IOException | RuntimeException ex) {
			if (!this.closed && this.silent.add(server.name())) {
				logger.warn("memcached " + server.name() + " does not tell its statistics: " + Reasons.of(ex)
						+ "; its figures are missing until it does");
			}
			return null;
		}
		finally {
			this.current = null;
		}
	}

	private void tell(String server, @Nullable ServerStatistics statistics) {
		try {
			this.listener.told(server, statistics);
		}
		catch (RuntimeException ex) {
			logger.debug("A listener of statistics failed", ex);
		}
	}

	private void pause(long start, long nanos) {
		for (long rest = nanos; rest > 0 && !this.closed; rest = start + nanos - System.nanoTime()) {
			LockSupport.parkNanos(this, rest);
			Thread.interrupted();
		}
	}

	/**
	 * Break off what is under way and end the thread, without waiting for it.
	 */
	void close() {
		this.closed = true;
		StatisticsRequest request = this.current;
		if (request != null) {
			request.breakOff();
		}
		LockSupport.unpark(this.thread);
	}

}
