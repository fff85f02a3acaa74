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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One life of a memcached, from its launch to its end.
 */
abstract class RunningServer {

	private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

	private static final Duration GRACE = Duration.ofSeconds(2);

	/** The server, or the command that runs its container. */
	final WatchedProcess process;

	private final int port;

	RunningServer(WatchedProcess process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Returns the port it listens on.
	 * @return the port on 127.0.0.1
	 */
	int port() {
		return this.port;
	}

	/**
	 * Returns its process id on this machine.
	 * @return the process id
	 */
	abstract long pid();

	/**
	 * Stops it from executing anything; the kernel still accepts connections and bytes.
	 */
	abstract void pause();

	/**
	 * Ends a pause.
	 */
	abstract void resume();

	/**
	 * Ends it at once, without a chance to answer anything more.
	 */
	abstract void kill();

	/**
	 * Asks it to end.
	 */
	abstract void terminate();

	/**
	 * Kills it and returns when it is gone. Does nothing if it has ended.
	 * @throws IllegalStateException if it is not gone in time
	 */
	void killAndWait() {
		kill();
		if (!isExited(EXIT_LIMIT)) {
			throw new IllegalStateException("memcached (process " + pid() + ") is not gone " + EXIT_LIMIT.toSeconds()
					+ " s after it was killed");
		}
	}

	/**
	 * Asks it to end, kills it if it does not within two seconds, and returns when it is
	 * gone. Does nothing if it has ended.
	 * @throws IllegalStateException if it is not gone in time
	 */
	void terminateAndWait() {
		terminate();
		if (!isExited(GRACE)) {
			killAndWait();
		}
	}

	private boolean isExited(Duration limit) {
		try {
			onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
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

	/**
	 * Returns a future that completes when it has ended, whoever ended it.
	 * @return the end, with the exit status
	 */
	CompletableFuture<Integer> onExit() {
		return this.process.onExit();
	}

	/**
	 * Returns the last lines that it printed.
	 * @return the lines
	 */
	List<String> output() {
		return this.process.output();
	}

}
