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
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;

/**
 * A real server on the loopback, pinned to the processors that the system property
 * {@code benchmark.server.cpus} names.
 *
 * @param address where it listens
 * @param end what ends it
 */
record Server(InetSocketAddress address, Runnable end) implements AutoCloseable {

	static final String CPUS = "benchmark.server.cpus";

	private static final int MEMORY_MEGABYTES = 1024;

	private static final int MAX_ITEM_BYTES = 4 << 20;

	private static final long READY_MILLIS = 10_000;

	static Server memcached() {
		MemcachedServer server = MemcachedServer.start(MemcachedServerOptions.defaults()
			.withMemoryMegabytes(MEMORY_MEGABYTES)
			.withMaxItemBytes(MAX_ITEM_BYTES));
		pin(server.pid());
		return new Server(server.address(), server::close);
	}

	static Server none() {
		return new Server(new InetSocketAddress(0), () -> {
		});
	}

	static Server redis() {
		try {
			int port;
			try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				port = free.getLocalPort();
			}
			Process process = new ProcessBuilder("redis-server", "--bind", "127.0.0.1", "--port", String.valueOf(port),
					"--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
					() -> end(process));
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			server.awaitReady();
			pin(process.pid());
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
				Pause.millis(20);
			}
		}
	}

	static void pin(long process) {
		String cpus = System.getProperty(CPUS, "");
		if (cpus.isEmpty()) {
			return;
		}
		try {
			Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", cpus, String.valueOf(process))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			int status = taskset.waitFor();
			if (status != 0) {
				throw new IllegalStateException("taskset ended with status " + status);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.end.run();
	}

}
