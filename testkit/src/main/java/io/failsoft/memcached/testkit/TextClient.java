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

package io.failsoft.memcached.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.SocketFactory;

import org.jspecify.annotations.Nullable;

import io.failsoft.memcached.testkit.MemcachedServerOptions.Credentials;

/**
 * A minimal client of memcached's text protocol, for tests to look at a server beside the
 * client under test. One connection per command.
 *
 * @see <a href=
 * "https://github.com/memcached/memcached/blob/1.6.18/doc/protocol.txt">memcached's
 * protocol.txt</a>
 */
final class TextClient {

	private final InetSocketAddress address;

	private final @Nullable Credentials credentials;

	private final SocketFactory sockets;

	private final Duration timeout;

	TextClient(InetSocketAddress address, @Nullable Credentials credentials, SocketFactory sockets, Duration timeout) {
		this.address = address;
		this.credentials = credentials;
		this.sockets = sockets;
		this.timeout = timeout;
	}

	/**
	 * Sends a command and reads its reply.
	 * @param command the command, with a data block after {@code \r\n} if it has one; one
	 * character is one byte
	 * @return the lines of the reply, each without its line end; the data block of a
	 * value is one line
	 * @throws IOException if the server cannot be reached, or is silent for longer than
	 * the timeout
	 */
	List<String> send(String command) throws IOException {
		try (Socket socket = this.sockets.createSocket()) {
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(Math.toIntExact(this.timeout.toMillis()));
			socket.connect(this.address, Math.toIntExact(this.timeout.toMillis()));
			InputStream in = new BufferedInputStream(socket.getInputStream());
			if (this.credentials != null) {
				authenticate(this.credentials, socket, in);
			}
			write(socket, command + "\r\n");
			List<String> reply = readReply(in);
			leave(socket, in);
			return reply;
		}
	}

	/**
	 * Reads the lines of a reply that are statistics.
	 * @param reply the reply
	 * @return the statistics by name, in the reply's order
	 */
	static Map<String, String> statistics(List<String> reply) {
		Map<String, String> statistics = new LinkedHashMap<>();
		for (String line : reply) {
			String[] words = line.split(" ", 3);
			if (words[0].equals("STAT") && words.length > 1) {
				statistics.put(words[1], (words.length > 2) ? words[2] : "");
			}
		}
		return statistics;
	}

	private void authenticate(Credentials credentials, Socket socket, InputStream in) throws IOException {
		String token = credentials.username() + " " + credentials.password();
		write(socket, "set auth 0 0 " + token.length() + "\r\n" + token + "\r\n");
		String answer = readLine(in);
		if (!"STORED".equals(answer)) {
			throw new IOException("memcached refused the authentication of " + credentials.username() + ": " + answer);
		}
	}

	private static List<String> readReply(InputStream in) throws IOException {
		List<String> lines = new ArrayList<>();
		while (true) {
			String line = readLine(in);
			if (line == null) {
				return lines;
			}
			lines.add(line);
			String[] words = line.split(" ");
			switch (words[0]) {
				case "VALUE" -> lines.add(readData(in, Integer.parseInt(words[3])));
				case "VA" -> {
					lines.add(readData(in, Integer.parseInt(words[1])));
					return lines;
				}
				case "STAT", "ITEM", "PREFIX" -> {
				}
				default -> {
					if (!line.startsWith("key=")) {
						return lines;
					}
				}
			}
		}
	}

	private static String readData(InputStream in, int length) throws IOException {
		byte[] data = in.readNBytes(length + 2);
		if (data.length < length + 2) {
			throw new EOFException("memcached closed the connection within a value");
		}
		return new String(data, 0, length, StandardCharsets.ISO_8859_1);
	}

	private static @Nullable String readLine(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = in.read(); b != '\n'; b = in.read()) {
			if (b < 0) {
				return (line.size() > 0) ? line.toString(StandardCharsets.ISO_8859_1) : null;
			}
			if (b != '\r') {
				line.write(b);
			}
		}
		return line.toString(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Leaves so that the server has closed its end before this method returns, lest this
	 * connection count against a limit that the test is about.
	 */
	private static void leave(Socket socket, InputStream in) {
		try {
			write(socket, "quit\r\n");
			in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The reply is complete; that the server is gone meanwhile changes nothing.
		}
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

}
