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
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;

/**
 * The floor: a blocking socket per thread that writes the request and reads the reply,
 * nothing else. No client that does anything can be faster.
 */
final class SocketContender implements Contender {

	private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();

	private final ThreadLocal<Connection> connection;

	SocketContender(InetSocketAddress server) {
		this.connection = ThreadLocal.withInitial(() -> {
			Connection opened = Server.unchecked(() -> new Connection(server));
			this.connections.add(opened);
			return opened;
		});
	}

	@Override
	public boolean takesBytes() {
		return true;
	}

	@Override
	public @Nullable Object get(Long key) {
		return Server.unchecked(() -> this.connection.get().get("get benchmark:cities:" + key + "\r\n"));
	}

	@Override
	public void put(Long key, Object value) {
		byte[] bytes = (byte[]) value;
		send("set benchmark:cities:" + key + " 0 3600 " + bytes.length + "\r\n", bytes);
	}

	@Override
	public void evict(Long key) {
		send("delete benchmark:cities:" + key + "\r\n", null);
	}

	private void send(String line, byte @Nullable [] body) {
		String reply = Server.unchecked(() -> this.connection.get().send(line, body));
		if (!reply.equals("STORED") && !reply.equals("DELETED") && !reply.equals("NOT_FOUND")) {
			throw new IllegalStateException(reply);
		}
	}

	@Override
	public void close() {
		this.connections.forEach((opened) -> Server.closeUnchecked(opened.socket));
	}

	private static final class Connection {

		private final Socket socket = new Socket();

		private final InputStream in;

		private byte[] buffer = new byte[512];

		Connection(InetSocketAddress server) throws IOException {
			this.socket.setTcpNoDelay(true);
			this.socket.connect(server);
			this.in = new BufferedInputStream(this.socket.getInputStream(), 16 * 1024);
		}

		byte @Nullable [] get(String line) throws IOException {
			String header = send(line, null);
			if (header.equals("END")) {
				return null;
			}
			byte[] value = this.in.readNBytes(Integer.parseInt(header.substring(header.lastIndexOf(' ') + 1)));
			readLine();
			readLine();
			return value;
		}

		@SuppressWarnings("deprecation") // the one way to copy ASCII without an array
		String send(String line, byte @Nullable [] body) throws IOException {
			int length = line.length() + ((body != null) ? body.length + 2 : 0);
			if (this.buffer.length < length) {
				this.buffer = new byte[length];
			}
			line.getBytes(0, line.length(), this.buffer, 0);
			if (body != null) {
				System.arraycopy(body, 0, this.buffer, line.length(), body.length);
				this.buffer[length - 2] = '\r';
				this.buffer[length - 1] = '\n';
			}
			this.socket.getOutputStream().write(this.buffer, 0, length);
			return readLine();
		}

		private String readLine() throws IOException {
			int length = 0;
			while (true) {
				int b = this.in.read();
				if (b < 0) {
					throw new EOFException();
				}
				if (b == '\n') {
					return new String(this.buffer, 0, length - 1, StandardCharsets.ISO_8859_1);
				}
				this.buffer[length++] = (byte) b;
			}
		}

	}

}
