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

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs what discovery finds: a line for each change of the servers, and one at most each
 * minute while it fails. While no server is known the line of the server that stands for
 * them says why.
 */
final class DiscoveryLog {

	private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private final Log logger;

	private final LongSupplier clock;

	private boolean failing;

	private long lastLine;

	DiscoveryLog(Log logger, LongSupplier clock) {
		this.logger = logger;
		this.clock = clock;
	}

	/**
	 * A look-up ended.
	 * @param failure why something could not be found out, or {@code null}
	 * @param servers how many servers are known
	 */
	void looked(@Nullable String failure, int servers) {
		if (failure == null) {
			if (this.failing) {
				this.failing = false;
				this.logger.info("Discovery of memcached servers works again");
			}
			return;
		}
		long now = this.clock.getAsLong();
		if (servers > 0 && (!this.failing || now - this.lastLine >= INTERVAL)) {
			this.failing = true;
			this.lastLine = now;
			this.logger
				.warn("Discovery of memcached servers failed: " + failure + "; the last known stay in use: " + servers);
		}
	}

	/**
	 * The servers changed.
	 * @param joined those that are new
	 * @param left those that are gone
	 * @param servers all
	 */
	void changed(List<? extends Server> joined, List<? extends Server> left, List<? extends Server> servers) {
		this.logger.info("memcached servers are now " + names(servers) + (joined.isEmpty() ? "" : "; new: ")
				+ names(joined) + (left.isEmpty() ? "" : "; gone: ") + names(left));
	}

	private static String names(List<? extends Server> servers) {
		return String.join(", ", servers.stream().map(Server::name).toList());
	}

}
