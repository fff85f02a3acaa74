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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A process that ends with this JVM, however this JVM ends.
 *
 * <p>
 * It is launched by a small shell, the watchdog, which holds the reading end of a pipe
 * whose writing end only this JVM has. The kernel closes it when the JVM is gone, even by
 * SIGKILL, and the watchdog, reading the end of the file, ends the process. The shell
 * also reaps the process, so that its id cannot be given to another one while it may
 * still be signalled.
 */
final class WatchedProcess {

	private static final int KEPT_LINES = 50;

	private static final String PID_PREFIX = "failsoft-watchdog pid ";

	// The traps come after the launch, because ignored signals are inherited.
	private static final String WATCHDOG = """
			end="$1"
			shift
			exec 3<&0
			"$@" </dev/null 3<&- &
			process=$!
			echo "failsoft-watchdog pid $process"
			trap '' HUP INT TERM
			( while read -r line <&3; do :; done; eval "$end" ) &
			watcher=$!
			exec 3<&-
			wait "$process"
			code=$?
			kill -KILL "$watcher" 2>/dev/null
			exit "$code"
			""";

	// Strong references: were a Process collected, its pipe would be closed.
	private static final Set<WatchedProcess> LIVE = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime()
			.addShutdownHook(
					new Thread(() -> LIVE.forEach(WatchedProcess::abandon), "failsoft-memcached-testkit-shutdown"));
	}

	private final Process watchdog;

	private final Deque<String> lines = new ArrayDeque<>();

	private final CompletableFuture<ProcessHandle> handle = new CompletableFuture<>();

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private WatchedProcess(Process watchdog) {
		this.watchdog = watchdog;
	}

	/**
	 * Launches a process.
	 * @param command the program and its arguments
	 * @param environment what is added to this JVM's environment
	 * @param end the shell command that ends the process if this JVM is gone, or null to
	 * send it SIGKILL
	 * @return the process
	 * @throws MemcachedStartException if not even a shell can be started
	 */
	static WatchedProcess launch(List<String> command, Map<String, String> environment, @Nullable String end) {
		List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "failsoft-watchdog"));
		line.add((end != null) ? end : "kill -KILL \"$process\"");
		line.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
		builder.environment().putAll(environment);
		try {
			WatchedProcess process = new WatchedProcess(builder.start());
			LIVE.add(process);
			Thread drain = new Thread(process::drain, "failsoft-memcached-testkit-output");
			drain.setDaemon(true);
			drain.start();
			return process;
		}
		catch (IOException ex) {
			throw new MemcachedStartException("memcached cannot be started: there is no usable /bin/sh here ("
					+ ex.getMessage() + "). On Windows run the tests in WSL", ex);
		}
	}

	/**
	 * Returns the process itself, not the shell that watches it.
	 * @return the handle
	 * @throws MemcachedStartException if the shell ended, or was silent for ten seconds
	 */
	ProcessHandle handle() {
		try {
			return this.handle.get(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MemcachedStartException("Interrupted while memcached was being started", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new MemcachedStartException("memcached could not be launched. Its output: " + output(), ex);
		}
	}

	/**
	 * Returns the exit status once process and watchdog are gone and all output is read.
	 * @return the exit status
	 */
	CompletableFuture<Integer> onExit() {
		return this.exit;
	}

	boolean isAlive() {
		return !this.exit.isDone();
	}

	/**
	 * Returns the last lines of standard output and standard error.
	 * @return the lines, oldest first
	 */
	List<String> output() {
		synchronized (this.lines) {
			return List.copyOf(this.lines);
		}
	}

	/**
	 * Sends a signal to the process, if it is still there.
	 * @param signal the signal's name without SIG
	 */
	void signal(String signal) {
		if (!isAlive()) {
			return;
		}
		Shell.Result result = Shell.run(
				List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(handle().pid())),
				Duration.ofSeconds(10));
		if (result.status() != 0 && handle().isAlive()) {
			throw new IllegalStateException(
					"SIG" + signal + " to memcached (process " + handle().pid() + ") failed: " + result.output());
		}
	}

	/**
	 * Ends the process with SIGKILL, paused or not, without waiting.
	 */
	void kill() {
		handle().destroyForcibly();
	}

	/**
	 * Leaves the process to the watchdog, which ends it.
	 */
	void abandon() {
		try {
			this.watchdog.getOutputStream().close();
		}
		catch (IOException ex) {
			this.watchdog.destroyForcibly();
		}
	}

	private void drain() {
		try (BufferedReader reader = this.watchdog.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				accept(line);
			}
		}
		catch (IOException ex) {
			accept("(output lost: " + ex.getMessage() + ")");
		}
		finally {
			finish();
		}
	}

	private void accept(String line) {
		if (!this.handle.isDone() && line.startsWith(PID_PREFIX)) {
			ProcessHandle.of(Long.parseLong(line.substring(PID_PREFIX.length())))
				.ifPresentOrElse(this.handle::complete, () -> this.handle
					.completeExceptionally(new IllegalStateException("it ended as soon as it was launched")));
			return;
		}
		synchronized (this.lines) {
			this.lines.addLast(line);
			if (this.lines.size() > KEPT_LINES) {
				this.lines.removeFirst();
			}
		}
	}

	private void finish() {
		boolean interrupted = false;
		while (true) {
			try {
				int status = this.watchdog.waitFor();
				LIVE.remove(this);
				this.handle.completeExceptionally(new IllegalStateException("it ended with status " + status));
				this.exit.complete(status);
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
