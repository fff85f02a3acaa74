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
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;

/**
 * Has many clients ask one memcached for entries and a generation behind each, one for
 * all of them or one for each, and prints what that costs the server. Run by hand.
 */
final class ClientsOfOneGeneration {

	private static final int ROUNDS = 3;

	private static final long SECONDS = 5;

	private static final int THREADS = 4;

	/** Commands that a client has under way. */
	private static final int PIPELINED = 4;

	private final MemcachedServer server;

	private final List<Client> clients = new ArrayList<>();

	private ClientsOfOneGeneration(MemcachedServer server, int clients, boolean shared) throws IOException {
		this.server = server;
		for (int i = 0; i < clients; i++) {
			this.clients.add(new Client(server, i, shared ? clients : i));
		}
	}

	public static void main(String[] args) throws Exception {
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withConnectionLimit(4096))) {
			for (int clients : List.of(64, 1000)) {
				var ofOne = new ClientsOfOneGeneration(server, clients, true);
				var ofTheirOwn = new ClientsOfOneGeneration(server, clients, false);
				for (int round = 0; round <= ROUNDS; round++) {
					System.out.printf("%d clients, round %d: one generation: %s; one each: %s%n", clients, round,
							ofOne.measure(), ofTheirOwn.measure());
				}
			}
		}
	}

	private String measure() throws Exception {
		double before = processorSeconds();
		long began = System.nanoTime();
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		long gets = 0;
		try {
			List<Callable<Long>> tasks = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int first = i;
				tasks.add(() -> drive(first, began + SECONDS * 1_000_000_000));
			}
			for (var task : executor.invokeAll(tasks)) {
				gets += task.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		return String.format("%,.0f gets/s, %.2f us of memcached's processors each",
				gets * 1e9 / (System.nanoTime() - began), (processorSeconds() - before) * 1e6 / gets);
	}

	private long drive(int first, long end) throws IOException {
		long gets = 0;
		while (System.nanoTime() - end < 0) {
			for (int i = first; i < this.clients.size(); i += THREADS) {
				this.clients.get(i).send();
			}
			for (int i = first; i < this.clients.size(); i += THREADS) {
				this.clients.get(i).receive();
				gets += PIPELINED;
			}
		}
		return gets;
	}

	private double processorSeconds() {
		Map<String, String> stats = this.server.stats();
		return Double.parseDouble(stats.get("rusage_user")) + Double.parseDouble(stats.get("rusage_system"));
	}

	private static final class Client {

		private final Socket socket;

		private final byte[] commands;

		private final byte[] replies;

		Client(MemcachedServer server, int entry, int generation) throws IOException {
			this.socket = new Socket(server.host(), server.port());
			this.socket.setTcpNoDelay(true);
			add("entry%04d".formatted(entry), 100);
			add("generation%04d".formatted(generation), 20);
			String get = "gets entry%04d generation%04d\r\n".formatted(entry, generation);
			this.commands = bytes(get.repeat(PIPELINED));
			this.replies = new byte[PIPELINED * exchange(get, "END\r\n")];
		}

		private void add(String key, int bytes) throws IOException {
			exchange("add " + key + " 0 0 " + bytes + "\r\n" + "x".repeat(bytes) + "\r\n", "STORED\r\n");
		}

		/**
		 * Sends a command and returns the length of its reply.
		 */
		private int exchange(String command, String end) throws IOException {
			this.socket.getOutputStream().write(bytes(command));
			StringBuilder reply = new StringBuilder();
			while (!reply.toString().endsWith(end)) {
				reply.append((char) this.socket.getInputStream().read());
			}
			return reply.length();
		}

		private static byte[] bytes(String text) {
			return text.getBytes(StandardCharsets.ISO_8859_1);
		}

		void send() throws IOException {
			this.socket.getOutputStream().write(this.commands);
		}

		void receive() throws IOException {
			if (this.socket.getInputStream().readNBytes(this.replies, 0, this.replies.length) < this.replies.length) {
				throw new IOException("memcached has closed the connection");
			}
		}

	}

}
