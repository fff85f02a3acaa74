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

package io.failsoft.memcached.hunt;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link HuntInstance} as the parent sees it.
 */
final class Child implements AutoCloseable {

	private final Process process;

	private final Writer out;

	private final BufferedReader in;

	private Child(Process process) {
		this.process = process;
		this.out = process.outputWriter(StandardCharsets.US_ASCII);
		this.in = process.inputReader(StandardCharsets.US_ASCII);
	}

	static Child start(CacheUnderTest cache, Mode mode, Faults faults, Path database, int number, long seed, Path log) {
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		List<String> command = new ArrayList<>(faults.prefix(number));
		command.addAll(List.of(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
				"-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
				"-Dspring.devtools.restart.enabled=false", "-Djdk.net.hosts.file=" + faults.names().file(number),
				"-Dsun.net.inetaddr.ttl=0", "-Dsun.net.inetaddr.negative.ttl=0", "-cp", classPath,
				HuntInstance.class.getName(), cache.name(), String.join(",", faults.servers()), database.toString(),
				String.valueOf(number), String.valueOf(seed), mode.name()));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().putAll(faults.environment(number));
		builder.redirectError(log.toFile());
		try {
			return new Child(builder.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No instance could be started", ex);
		}
	}

	/**
	 * Send a command without waiting for its answer.
	 */
	void send(String command) {
		try {
			this.out.write(command + "\n");
			this.out.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("An instance has ended before its time", ex);
		}
	}

	/**
	 * The answer to the command sent first of those not answered yet.
	 */
	List<String> receive() {
		try {
			List<String> lines = new ArrayList<>();
			for (String line = this.in.readLine(); !"end".equals(line); line = this.in.readLine()) {
				if (line == null) {
					throw new IOException("no answer; exit code " + this.process.onExit().join().exitValue());
				}
				lines.add(line);
			}
			return lines;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("An instance has ended before its time", ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
