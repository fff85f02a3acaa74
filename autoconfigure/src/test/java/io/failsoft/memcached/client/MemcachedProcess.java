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

package io.failsoft.memcached.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A real memcached on 127.0.0.1.
 */
final class MemcachedProcess implements AutoCloseable {

	private final int port;

	private final String[] options;

	private @Nullable Process process;

	MemcachedProcess(String... options) throws IOException, InterruptedException {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = free.getLocalPort();
		}
		this.options = options;
		start();
	}

	ServerAddress address() {
		return new ServerAddress("127.0.0.1", this.port, 1);
	}

	void start() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of("memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", String.valueOf(this.port)));
		command.addAll(List.of(this.options));
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (System.nanoTime() < deadline) {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
				return;
			}
			catch (IOException ex) {
				Thread.sleep(5);
			}
		}
		throw new IOException("memcached does not start: " + command);
	}

	void kill() {
		running().destroyForcibly().onExit().join();
	}

	/**
	 * Stop the process; returns when each of its threads has stopped.
	 */
	void pause() throws IOException, InterruptedException {
		signal("STOP");
		Path tasks = Path.of("/proc", String.valueOf(running().pid()), "task");
		List<Path> threads;
		try (Stream<Path> listed = Files.list(tasks)) {
			threads = listed.toList();
		}
		for (Path thread : threads) {
			while (!Files.readString(thread.resolve("stat")).contains(") T ")) {
				Thread.sleep(1);
			}
		}
	}

	void resume() throws IOException, InterruptedException {
		signal("CONT");
	}

	private void signal(String name) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-" + name, String.valueOf(running().pid())).start().waitFor();
	}

	private Process running() {
		Process running = this.process;
		if (running == null) {
			throw new IllegalStateException("not started");
		}
		return running;
	}

	@Override
	public void close() {
		kill();
	}

}
