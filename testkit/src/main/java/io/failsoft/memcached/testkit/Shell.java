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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs short commands.
 */
final class Shell {

	private Shell() {
	}

	/**
	 * Runs a command to its end.
	 * @param command the program and its arguments
	 * @param limit how long it may take
	 * @return what came of it; a program that is missing has the status 127, one that
	 * took longer than the limit is ended and has the status 124
	 */
	static Result run(List<String> command, Duration limit) {
		Process process;
		try {
			process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
				.start();
		}
		catch (IOException ex) {
			return new Result(127, String.valueOf(ex.getMessage()));
		}
		try {
			Thread guard = new Thread(() -> endAfter(process, limit), "failsoft-memcached-testkit-guard");
			guard.setDaemon(true);
			guard.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			int status = process.waitFor();
			return new Result((status == 137) ? 124 : status, output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The output of " + command.get(0) + " could not be read", ex);
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while " + command.get(0) + " was running", ex);
		}
	}

	private static void endAfter(Process process, Duration limit) {
		try {
			if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
				process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The result of a command.
	 *
	 * @param status its exit status
	 * @param output its standard output and standard error
	 */
	record Result(int status, String output) {
	}

}
