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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Stands between clients and memcached and counts the commands of the text protocol.
 */
final class CountingProxy implements AutoCloseable {

	private static final Set<String> WITH_DATA = Set.of("set", "add", "replace", "append", "prepend", "cas", "ms");

	/** What clients send of their own accord. */
	private static final Set<String> NOT_COUNTED = Set.of("version", "verbosity", "noop", "mn", "stats", "quit");

	private final InetSocketAddress target;

	private final ServerSocket listener;

	private final AtomicLong commands = new AtomicLong();

	private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

	CountingProxy(InetSocketAddress target) {
		this.target = target;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	InetSocketAddress address() {
		return new InetSocketAddress(this.listener.getInetAddress(), this.listener.getLocalPort());
	}

	/**
	 * Count the commands of an operation.
	 * @param times how often to carry it out
	 * @param operation the operation, given a number each time
	 * @return commands per operation
	 */
	double commandsOf(int times, LongConsumer operation) {
		long before = this.commands.get();
		for (int i = 0; i < times; i++) {
			operation.accept(i);
		}
		return (this.commands.get() - before) / (double) times;
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			Socket server = new Socket(this.target.getAddress(), this.target.getPort());
			this.sockets.add(client);
			this.sockets.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			start(() -> requests(client, server));
			start(() -> server.getInputStream().transferTo(client.getOutputStream()));
		}
	}

	private void requests(Socket client, Socket server) throws IOException {
		InputStream in = new BufferedInputStream(client.getInputStream());
		OutputStream out = server.getOutputStream();
		ByteArrayOutputStream command = new ByteArrayOutputStream();
		while (true) {
			command.reset();
			int b = in.read();
			while (b >= 0 && b != '\n') {
				command.write(b);
				b = in.read();
			}
			if (b < 0) {
				return;
			}
			command.write(b);
			String[] words = command.toString(StandardCharsets.ISO_8859_1).strip().split(" ");
			if (WITH_DATA.contains(words[0])) {
				command.write(in.readNBytes(Integer.parseInt(words[words[0].equals("ms") ? 2 : 4]) + 2));
			}
			if (!NOT_COUNTED.contains(words[0])) {
				this.commands.incrementAndGet();
			}
			out.write(command.toByteArray());
		}
	}

	private void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// One side has closed.
			}
		}, "counting-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a thread does until one side closes.
	 */
	private interface Task {

		void run() throws IOException;

	}

}
