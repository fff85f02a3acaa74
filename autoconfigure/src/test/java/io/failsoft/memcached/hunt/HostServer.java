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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A memcached on a host of its own, which the hosts end.
 */
final class HostServer {

	static final int PORT = 11211;

	/** The port as Linux lists it, beside the state of a socket that listens. */
	private static final String LISTENING = ":2BCB 00000000:0000 0A";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<String> command;

	private final Path log;

	private @Nullable Process process;

	/**
	 * Describe a server.
	 * @param prefix what has a command run on its host
	 * @param address where it listens
	 * @param arguments more of memcached's arguments
	 * @param log what it prints
	 */
	HostServer(List<String> prefix, String address, List<String> arguments, Path log) {
		this.command = new ArrayList<>(prefix);
		this.command.addAll(List.of(System.getProperty("memcached.binary", "memcached"), "-l", address, "-p",
				Integer.toString(PORT), "-U", "0", "-u", "root"));
		this.command.addAll(arguments);
		this.log = log;
	}

	/**
	 * Start it, empty.
	 * @param clockSeconds by how much its wall clock is ahead
	 */
	void start(int clockSeconds) throws InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		Map<String, String> clock = Hosts.clock(clockSeconds);
		builder.environment().putAll(clock);
		try {
			Process started = builder.start();
			this.process = started;
			Path sockets = Path.of("/proc", Long.toString(started.pid()), "net", "tcp");
			long deadline = System.nanoTime() + PATIENCE.toNanos();
			while (!Files.exists(sockets) || !Files.readString(sockets).contains(LISTENING)) {
				if (!started.isAlive() || System.nanoTime() > deadline) {
					throw new IllegalStateException(this.command + " does not listen: " + Files.readString(this.log));
				}
				Thread.sleep(10);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void kill() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly().onExit().join();
		}
	}

}
