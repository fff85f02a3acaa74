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

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;

/**
 * A log of when a server is lost and when it is back: one line each, a summary once a
 * minute in between, and not more than a few lines a minute if it comes and goes.
 */
final class StateLog {

	private static final long SUMMARY_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private static final int MAX_LOSSES = 5;

	private final String name;

	private final String effect;

	private final Log logger;

	private final LongSupplier clock;

	private final long start;

	private boolean reached;

	private boolean down;

	private boolean told;

	private long downSince;

	private long lastLine;

	private long minute;

	private int losses;

	private int untold;

	/**
	 * Creates a log.
	 * @param name the server's name
	 * @param failover whether another server takes its keys while it is lost
	 * @param logger where the lines go
	 * @param clock a clock in nanoseconds
	 */
	StateLog(String name, boolean failover, Log logger, LongSupplier clock) {
		this.name = name;
		this.effect = failover ? "; the next server takes its keys until it is back"
				: "; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back";
		this.logger = logger;
		this.clock = clock;
		this.start = clock.getAsLong();
		this.minute = this.start;
	}

	/**
	 * Notes that a server in use was lost.
	 * @param reason why
	 */
	synchronized void lost(String reason) {
		long now = this.clock.getAsLong();
		this.down = true;
		this.downSince = now;
		if (now - this.minute >= SUMMARY_INTERVAL) {
			this.minute = now;
			this.losses = 0;
		}
		this.losses++;
		this.told = this.losses <= MAX_LOSSES;
		if (this.told) {
			this.lastLine = now;
			this.logger.warn("memcached " + this.name + " is down: " + reason + this.effect
					+ ((this.untold > 0) ? " (lost " + this.untold + " times more in between)" : ""));
			this.untold = 0;
		}
		else {
			this.untold++;
		}
	}

	/**
	 * Notes that an attempt to reach the server failed.
	 * @param reason why
	 */
	synchronized void failed(String reason) {
		long now = this.clock.getAsLong();
		if (!this.reached && !this.down) {
			this.down = true;
			this.told = true;
			this.downSince = this.start;
			this.lastLine = now;
			this.logger.warn("memcached " + this.name + " is not reachable: " + reason + this.effect);
		}
		else if (this.down && now - this.lastLine >= SUMMARY_INTERVAL) {
			this.told = true;
			this.lastLine = now;
			this.logger.warn("memcached " + this.name + " is still down after " + duration(now - this.downSince) + ": "
					+ reason);
		}
	}

	/**
	 * Notes that the server can be used.
	 */
	synchronized void up() {
		if (this.down && this.told) {
			this.logger.info("memcached " + this.name + (this.reached ? " is back after " : " is up after ")
					+ duration(this.clock.getAsLong() - this.downSince));
		}
		this.reached = true;
		this.down = false;
		this.told = false;
	}

	private static String duration(long nanos) {
		long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
		return (seconds < 60) ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
				: seconds / 60 + " min " + seconds % 60 + " s";
	}

}
