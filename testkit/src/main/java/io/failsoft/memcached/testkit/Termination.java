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

package io.failsoft.memcached.testkit;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends servers, and returns when they are gone.
 */
final class Termination {

	private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

	private static final Duration GRACE = Duration.ofSeconds(2);

	private Termination() {
	}

	/**
	 * Kills a server. Does nothing if it has ended.
	 * @param server the server
	 * @throws IllegalStateException if it is not gone in time
	 */
	static void kill(RunningServer server) {
		server.kill();
		if (!isExited(server, EXIT_LIMIT)) {
			throw new IllegalStateException("memcached (process " + server.pid() + ") is not gone "
					+ EXIT_LIMIT.toSeconds() + " s after it was killed");
		}
	}

	/**
	 * Asks a server to end, and kills it if it does not within two seconds. Does nothing
	 * if it has ended.
	 * @param server the server
	 * @throws IllegalStateException if it is not gone in time
	 */
	static void stop(RunningServer server) {
		server.terminate();
		if (!isExited(server, GRACE)) {
			kill(server);
		}
	}

	private static boolean isExited(RunningServer server, Duration limit) {
		try {
			server.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while memcached was being ended", ex);
		}
		catch (ExecutionException ex) {
			throw new AssertionError("An end has no failure", ex);
		}
	}

}
