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

package io.failsoft.memcached.sample.ha;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where programs, files and free ports are found.
 */
final class Programs {

	/** The files that describe the set-up, in which the drill runs it. */
	static final Path SETUP = Path.of("ha").toAbsolutePath();

	// Below the range that the system gives to outgoing connections, one of which could
	// else take the port of a node while that is down.
	private static final int FIRST_PORT = 20_000;

	private static final int LAST_PORT = 30_000;

	private static final Set<Integer> taken = new HashSet<>();

	private Programs() {
	}

	/**
	 * Find a program.
	 * @param name the program's name
	 * @param debianPackage the package that has it
	 * @return its path
	 * @throws IllegalStateException if it is not installed, saying how it is
	 */
	static String find(String name, String debianPackage) {
		return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.map(Path::toString)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					name + " is not installed. Run ./run-ha-drill, or: sudo apt-get install -y " + debianPackage));
	}

	/**
	 * Find a port on 127.0.0.1 where nobody listens, not given before.
	 * @return the port
	 */
	static synchronized int freePort() {
		int size = LAST_PORT - FIRST_PORT;
		int start = (int) (ProcessHandle.current().pid() * 97 % size);
		for (int i = 0; i < size; i++) {
			int port = FIRST_PORT + (start + i) % size;
			if (!taken.contains(port) && isFree(port)) {
				taken.add(port);
				return port;
			}
		}
		throw new IllegalStateException("No port between " + FIRST_PORT + " and " + LAST_PORT + " is free");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Run a program to its end.
	 * @param command the program and its arguments
	 * @return its output
	 * @throws IllegalStateException if its exit status is not 0
	 */
	static String run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.onExit().join().exitValue() != 0) {
				throw new IllegalStateException(command + " failed: " + output);
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
