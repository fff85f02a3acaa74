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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Asks a server for its {@code stats}, over a connection that is made for it and closed
 * again. What goes wrong with it can therefore neither delay an operation nor open a
 * breaker: some proxies and services close a connection that asks for statistics. Blocks.
 */
final class StatisticsRequest {

	private static final int MAX_LENGTH = 64 * 1024;

	/**
	 * An item that has expired already, which a server without authentication ignores.
	 */
	private static final String AUTHENTICATION = "set failsoft:statistics 0 -1 ";

	private final Dialer dialer;

	private final ClientSettings settings;

	private volatile @Nullable SocketChannel channel;

	StatisticsRequest(Dialer dialer, ClientSettings settings) {
		this.dialer = dialer;
		this.settings = settings;
	}

	/**
	 * Ask.
	 * @return what the server says
	 * @throws IOException if it cannot be reached, takes longer than two operation
	 * timeouts, or answers something else
	 */
	ServerStatistics send() throws IOException {
		try (SocketChannel channel = this.dialer.dial()) {
			this.channel = channel;
			channel.configureBlocking(true);
			Socket socket = channel.socket();
			Lines lines = new Lines(socket, System.nanoTime() + 2 * this.settings.operationTimeout().toNanos());
			authenticate(socket.getOutputStream(), lines);
			socket.getOutputStream().write(TextLine.bytes("stats\r\n"));
			return read(lines);
		}
	}

	/**
	 * Have {@link #send} end at once. May be called on any thread.
	 */
	void breakOff() {
		this.dialer.close();
		SocketChannel opened = this.channel;
		if (opened != null) {
			try {
				opened.close();
			}
			catch (IOException ex) {
				// Closed is all it should be.
			}
		}
	}

	private void authenticate(OutputStream out, Lines lines) throws IOException {
		String username = this.settings.username();
		String password = this.settings.password();
		if (username == null || password == null) {
			return;
		}
		byte[] credentials = (username + " " + password).getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.writeBytes(TextLine.bytes(AUTHENTICATION + credentials.length + "\r\n"));
		request.writeBytes(credentials);
		request.writeBytes(TextLine.bytes("\r\n"));
		out.write(request.toByteArray());
		String answer = lines.next();
		if (!answer.equals("STORED")) {
			throw new IOException("authentication: " + TextLine.show(answer));
		}
	}

	private static ServerStatistics read(Lines lines) throws IOException {
		Map<String, String> values = new HashMap<>();
		for (String line = lines.next(); !line.equals("END"); line = lines.next()) {
			String[] words = line.split(" ", 3);
			if (words.length != 3 || !words[0].equals("STAT")) {
				throw new IOException("it does not tell: " + TextLine.show(line));
			}
			values.put(words[1], words[2]);
		}
		return new ServerStatistics(Instant.now(), number(values.get("curr_items")), number(values.get("bytes")),
				number(values.get("limit_maxbytes")), number(values.get("evictions")), number(values.get("get_hits")),
				number(values.get("get_misses")), number(values.get("curr_connections")),
				number(values.get("max_connections")), number(values.get("uptime")));
	}

	private static long number(@Nullable String value) {
		try {
			return (value != null) ? Math.max(-1, Long.parseLong(value)) : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	/**
	 * The lines of an answer, up to an end in time and length.
	 */
	private static final class Lines {

		private final Socket socket;

		private final InputStream in;

		private final long deadline;

		private final byte[] buffer = new byte[4096];

		private int position;

		private int limit;

		private int length;

		Lines(Socket socket, long deadline) throws IOException {
			this.socket = socket;
			this.in = socket.getInputStream();
			this.deadline = deadline;
		}

		String next() throws IOException {
			StringBuilder line = new StringBuilder(64);
			for (char c = read(); c != '\n'; c = read()) {
				if (c != '\r') {
					line.append(c);
				}
			}
			return line.toString();
		}

		private char read() throws IOException {
			if (this.position == this.limit) {
				fill();
			}
			return (char) (this.buffer[this.position++] & 0xff);
		}

		private void fill() throws IOException {
			long millis = TimeUnit.NANOSECONDS.toMillis(this.deadline - System.nanoTime());
			if (millis <= 0) {
				throw new IOException("no answer in time");
			}
			if (this.length > MAX_LENGTH) {
				throw new IOException("it says too much");
			}
			this.socket.setSoTimeout((int) millis);
			int count = received();
			if (count < 0) {
				throw new IOException("closed by the server");
			}
			this.position = 0;
			this.limit = count;
			this.length += count;
		}

		private int received() throws IOException {
			try {
				return this.in.read(this.buffer);
			}
			catch (SocketTimeoutException ex) {
				throw new IOException("no answer in time", ex);
			}
		}

	}

}
