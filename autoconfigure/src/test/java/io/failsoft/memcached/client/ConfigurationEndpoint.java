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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import javax.net.ServerSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * A configuration endpoint of ElastiCache on 127.0.0.1 that answers what a test tells it.
 */
public final class ConfigurationEndpoint implements AutoCloseable {

	final List<String> questions = new CopyOnWriteArrayList<>();

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ServerSocketFactory factory;

	private final int port;

	private volatile @Nullable ServerSocket listener;

	private volatile @Nullable Thread acceptor;

	/** Pieces that are sent one by one; {@code null} for nothing at all. */
	private volatile byte @Nullable [][] answer = { "SERVER_ERROR not ready\r\n".getBytes(StandardCharsets.US_ASCII) };

	private volatile boolean closing;

	/**
	 * Listen, with TLS if that is on.
	 */
	public ConfigurationEndpoint() throws IOException {
		this.factory = TestTls.isOn() ? TestTls.localhost().context().getServerSocketFactory()
				: ServerSocketFactory.getDefault();
		this.listener = listen(0);
		this.port = this.listener.getLocalPort();
	}

	public ServerAddress address() {
		return new ServerAddress("127.0.0.1", this.port, 1);
	}

	/**
	 * Answer like ElastiCache.
	 */
	public void answer(long version, ServerAddress... nodes) {
		answer(false, configuration("CONFIG cluster", version, nodes));
	}

	void answer(boolean close, String... pieces) {
		byte[][] bytes = new byte[pieces.length][];
		for (int i = 0; i < pieces.length; i++) {
			bytes[i] = pieces[i].getBytes(StandardCharsets.ISO_8859_1);
		}
		this.closing = close;
		this.answer = bytes;
	}

	/**
	 * Accept, and answer nothing.
	 */
	public void hang() {
		this.answer = null;
	}

	static String configuration(String head, long version, ServerAddress... nodes) {
		StringBuilder data = new StringBuilder().append(version).append('\n');
		for (ServerAddress node : nodes) {
			data.append((data.charAt(data.length() - 1) == '\n') ? "" : " ")
				.append(node.host())
				.append("|10.0.0.1|")
				.append(node.port());
		}
		data.append('\n');
		return head + " 0 " + data.length() + "\r\n" + data + "\r\nEND\r\n";
	}

	public void start() throws IOException {
		this.listener = listen(this.port);
	}

	/**
	 * Listen no more, and drop all connections.
	 */
	public void stop() throws IOException {
		ServerSocket open = this.listener;
		if (open != null) {
			open.close();
		}
		Thread accepting = this.acceptor;
		while (accepting != null && accepting.isAlive()) {
			// It may have accepted one more.
			LockSupport.parkNanos(1_000_000);
		}
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	public long questions() {
		return this.questions.size();
	}

	int connections() {
		return this.sockets.size();
	}

	private ServerSocket listen(int on) throws IOException {
		ServerSocket opened = this.factory.createServerSocket(on, 50, InetAddress.getLoopbackAddress());
		this.acceptor = daemon(() -> accept(opened));
		return opened;
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "configuration-endpoint");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void accept(ServerSocket opened) {
		while (!opened.isClosed()) {
			try {
				Socket socket = opened.accept();
				this.sockets.add(socket);
				daemon(() -> serve(socket));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			InputStream in = socket.getInputStream();
			OutputStream out = socket.getOutputStream();
			for (String question = line(in); question != null; question = line(in)) {
				this.questions.add(question);
				byte[][] pieces = this.answer;
				if (pieces == null) {
					continue;
				}
				for (byte[] piece : pieces) {
					out.write(piece);
					out.flush();
				}
				if (this.closing) {
					return;
				}
			}
		}
		catch (IOException ex) {
			// The client has gone.
		}
		finally {
			this.sockets.remove(socket);
		}
	}

	private static @Nullable String line(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = in.read(); b >= 0; b = in.read()) {
			if (b == '\n') {
				return line.toString(StandardCharsets.ISO_8859_1).trim();
			}
			line.write(b);
		}
		return null;
	}

	@Override
	public void close() throws IOException {
		stop();
	}

}
