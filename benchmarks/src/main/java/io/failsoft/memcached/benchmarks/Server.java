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

package io.failsoft.memcached.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.failsoft.memcached.testkit.TestAuthority;
import io.failsoft.memcached.testkit.TestIdentity;

/**
 * A real server on the loopback, pinned to the processors that the system property
 * {@code benchmark.server.cpus} names.
 *
 * @param address the address that it listens on
 * @param end ends it
 */
record Server(InetSocketAddress address, Runnable end) implements AutoCloseable {

	static final String CPUS = "benchmark.server.cpus";

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private static final int MEMORY_MEGABYTES = 1024;

	private static final int MAX_ITEM_BYTES = 4 << 20;

	private static final long READY_MILLIS = 10_000;

	static Server memcached() {
		return memcached(MemcachedServerOptions.defaults());
	}

	static Server memcachedWithTls() {
		return memcached(MemcachedServerOptions.defaults().withTls(Tls.IDENTITY));
	}

	private static Server memcached(MemcachedServerOptions options) {
		MemcachedServer server = MemcachedServer
			.start(options.withMemoryMegabytes(MEMORY_MEGABYTES).withMaxItemBytes(MAX_ITEM_BYTES));
		pin(server.pid());
		return new Server(server.address(), server::close);
	}

	/**
	 * Starts one process that listens on many ports, so that a client takes it for many
	 * servers.
	 * @param ports the number of ports
	 * @return the servers, which end together
	 */
	static List<Server> memcachedOnPorts(int ports) {
		List<InetSocketAddress> addresses = freePorts(ports);
		List<String> command = new ArrayList<>(List.of(System.getProperty("memcached.binary", "memcached"), "-m",
				String.valueOf(MEMORY_MEGABYTES), "-l",
				addresses.stream()
					.map((address) -> LOOPBACK.getHostAddress() + ":" + address.getPort())
					.collect(Collectors.joining(","))));
		if (System.getProperty("user.name").equals("root")) {
			command.addAll(List.of("-u", "nobody"));
		}
		return start(command, addresses);
	}

	/**
	 * Starts a tunnel to a memcached that speaks TLS.
	 */
	static Server stunnel() {
		Server behind = memcachedWithTls();
		List<InetSocketAddress> ports = freePorts(1);
		Path file = unchecked(() -> Files.createTempFile("stunnel", ".conf"));
		Path authority = unchecked(() -> Files.createTempFile("authority", ".pem"));
		file.toFile().deleteOnExit();
		authority.toFile().deleteOnExit();
		unchecked(() -> Files.writeString(authority, trusted()));
		unchecked(() -> Files.writeString(file, """
				foreground = yes
				pid =
				syslog = no
				[cache]
				client = yes
				accept = 127.0.0.1:%d
				connect = 127.0.0.1:%d
				verifyChain = yes
				CAfile = %s
				checkIP = 127.0.0.1
				TIMEOUTclose = 0
				socket = l:TCP_NODELAY=1
				socket = r:TCP_NODELAY=1
				""".formatted(ports.get(0).getPort(), behind.address().getPort(), authority)));
		Server tunnel = start(List.of("stunnel", file.toString()), ports).get(0);
		return new Server(tunnel.address(), () -> {
			tunnel.close();
			behind.close();
		});
	}

	/**
	 * Returns what a client of a server with TLS has to trust.
	 * @return the certificate as PEM
	 */
	static String trusted() {
		return Tls.AUTHORITY.certificate();
	}

	static Server redis() {
		List<InetSocketAddress> addresses = freePorts(1);
		return start(List.of("redis-server", "--bind", LOOPBACK.getHostAddress(), "--port",
				String.valueOf(addresses.get(0).getPort()), "--save", "", "--appendonly", "no"), addresses)
			.get(0);
	}

	private static List<InetSocketAddress> freePorts(int count) {
		List<ServerSocket> sockets = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			sockets.add(unchecked(() -> new ServerSocket(0, 1, LOOPBACK)));
		}
		sockets.forEach(Server::closeUnchecked);
		return sockets.stream().map((socket) -> new InetSocketAddress(LOOPBACK, socket.getLocalPort())).toList();
	}

	private static List<Server> start(List<String> command, List<InetSocketAddress> addresses) {
		Process process = start(command);
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		List<Server> servers = addresses.stream().map((address) -> new Server(address, () -> end(process))).toList();
		servers.forEach(Server::awaitReady);
		pin(process.pid());
		return servers;
	}

	private static Process start(List<String> command) {
		return unchecked(() -> new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start());
	}

	private static void end(Process process) {
		process.destroy();
		process.onExit().orTimeout(READY_MILLIS, TimeUnit.MILLISECONDS).join();
	}

	private void awaitReady() {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
		while (true) {
			try (Socket socket = new Socket()) {
				socket.connect(this.address);
				return;
			}
			catch (IOException ex) {
				if (System.nanoTime() - deadline > 0) {
					this.end.run();
					throw new UncheckedIOException(ex);
				}
				pause(20);
			}
		}
	}

	private static void pin(long process) {
		String cpus = System.getProperty(CPUS, "");
		if (cpus.isEmpty()) {
			return;
		}
		int status = unchecked(
				() -> start(List.of("taskset", "-a", "-p", "-c", cpus, String.valueOf(process))).waitFor());
		if (status != 0) {
			throw new IllegalStateException("taskset ended with status " + status);
		}
	}

	static void pause(long millis) {
		unchecked(() -> {
			Thread.sleep(millis);
			return millis;
		});
	}

	static void closeUnchecked(AutoCloseable closeable) {
		unchecked(() -> {
			closeable.close();
			return closeable;
		});
	}

	/**
	 * Calls a task whose exceptions only a bug explains.
	 * @param <T> the type of its result
	 * @param task the task
	 * @return its result
	 */
	static <T> T unchecked(Callable<T> task) {
		try {
			return task.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.end.run();
	}

	/** Made when a server with TLS is first asked for. */
	private static final class Tls {

		private static final TestAuthority AUTHORITY = TestAuthority.create();

		private static final TestIdentity IDENTITY = AUTHORITY.issue("127.0.0.1", "localhost");

	}

}
