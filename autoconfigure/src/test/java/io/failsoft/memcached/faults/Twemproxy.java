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

package io.failsoft.memcached.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A private twemproxy ({@code nutcracker}) on 127.0.0.1 before servers. It ends with this
 * JVM.
 */
final class Twemproxy implements AutoCloseable {

	private static final int MAX_ATTEMPTS = 5;

	/** Ends the program when the JVM's end of the pipe is closed. */
	private static final String WATCHDOG = """
			exec 3<&0
			"$@" </dev/null 3<&- &
			process=$!
			( cat <&3 >/dev/null; kill -KILL "$process" ) &
			exec 3<&-
			wait "$process"
			""";

	private final Process process;

	private final int port;

	private Twemproxy(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts a proxy. Where there is no such program, the test is skipped.
	 * @param folder where its files go
	 * @param setting a line of its configuration
	 * @param servers the servers that it spreads keys over
	 * @return the proxy, which listens
	 */
	static Twemproxy start(Path folder, String setting, MemcachedServer... servers) {
		Path program = program();
		Assumptions.assumeTrue(program != null,
				"There is no nutcracker on this machine: apt-get install nutcracker has this test run");
		for (int attempt = 1;; attempt++) {
			Twemproxy proxy = launch(String.valueOf(program), folder, setting, servers);
			if (proxy.listens()) {
				return proxy;
			}
			proxy.close();
			if (attempt == MAX_ATTEMPTS) {
				throw new AssertionError("nutcracker does not start: " + read(folder.resolve("log")));
			}
		}
	}

	private static @Nullable Path program() {
		return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/sbin")
			.map((folder) -> Path.of(folder, "nutcracker"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	private static Twemproxy launch(String program, Path folder, String setting, MemcachedServer... servers) {
		try {
			int port = freePort();
			Path configuration = Files.writeString(folder.resolve("nutcracker.yml"),
					"""
							cache:
							  listen: 127.0.0.1:%d
							  %s
							  distribution: ketama
							  timeout: 5000
							  auto_eject_hosts: false
							  servers:
							%s
							""".formatted(port, setting,
							Arrays.stream(servers)
								.map((server) -> "   - " + server.host() + ":" + server.port() + ":1")
								.collect(Collectors.joining("\n"))));
			List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "nutcracker-watchdog", program));
			command.addAll(List.of("-c", configuration.toString(), "-a", "127.0.0.1", "-s", String.valueOf(freePort()),
					"-p", folder.resolve("pid").toString(), "-o", folder.resolve("log").toString()));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(folder.resolve("output").toFile())
				.start();
			return new Twemproxy(process, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Wait until it listens.
	 * @return {@code false} if it has ended, as another process was faster to take a port
	 */
	private boolean listens() {
		Polling.until("nutcracker listens or has ended", () -> !this.process.isAlive() || connects());
		return this.process.isAlive();
	}

	private boolean connects() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	int port() {
		return this.port;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			this.process.waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
