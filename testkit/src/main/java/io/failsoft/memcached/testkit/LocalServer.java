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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A memcached that is a process of this machine.
 */
final class LocalServer extends RunningServer {

	private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(10);

	LocalServer(WatchedProcess process, int port) {
		super(process, port);
	}

	@Override
	long pid() {
		return this.process.handle().pid();
	}

	@Override
	void pause() {
		this.process.signal("STOP");
		await(true);
	}

	@Override
	void resume() {
		this.process.signal("CONT");
		await(false);
	}

	/**
	 * Waits for the signal to have been acted upon by every thread: it is delivered
	 * asynchronously, and until then commands are still executed.
	 */
	private void await(boolean stopped) {
		boolean done = Waiting.until(SIGNAL_LIMIT, () -> !this.process.isAlive() || isStopped(stopped) == stopped);
		if (!done) {
			throw new IllegalStateException("memcached (process " + pid() + ") did not "
					+ (stopped ? "stop" : "continue") + " within " + SIGNAL_LIMIT.toSeconds() + " s of the signal");
		}
	}

	private boolean isStopped(boolean expected) {
		Path tasks = Path.of("/proc", Long.toString(pid()), "task");
		if (Files.isDirectory(tasks)) {
			try (var threads = Files.list(tasks)) {
				List<Path> all = threads.toList();
				return expected ? all.stream().allMatch(LocalServer::isThreadStopped)
						: all.stream().anyMatch(LocalServer::isThreadStopped);
			}
			catch (IOException | UncheckedIOException ex) {
				return !expected;
			}
		}
		Shell.Result state = Shell.run(List.of("ps", "-o", "state=", "-p", Long.toString(pid())), SIGNAL_LIMIT);
		return (state.status() != 0) ? expected : state.output().startsWith("T");
	}

	private static boolean isThreadStopped(Path thread) {
		try {
			String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
			return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	void kill() {
		this.process.kill();
	}

	@Override
	void terminate() {
		this.process.signal("TERM");
		this.process.signal("CONT");
	}

}
