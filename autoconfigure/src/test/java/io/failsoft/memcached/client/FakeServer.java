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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * A small memcached on 127.0.0.1 whose answers a test may replace.
 */
public final class FakeServer implements AutoCloseable {

	public static final String CLOSE = "!close";

	static final String SILENCE = "!silence";

	private final ServerSocket serverSocket;

	private final Script script;

	/** The cas number of every item. */
	private final int cas;

	private final Map<String, byte[]> items = new ConcurrentHashMap<>();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	public final List<String> commands = new CopyOnWriteArrayList<>();

	public final AtomicInteger connections = new AtomicInteger();

	volatile @Nullable String greeting;

	public FakeServer(Script script) throws IOException {
		this(sockets(), script, 1);
	}

	private static ServerSocketFactory sockets() {
		return TestTls.isOn() ? TestTls.localhost().context().getServerSocketFactory()
				: ServerSocketFactory.getDefault();
	}

	FakeServer(ServerSocketFactory sockets, Script script) throws IOException {
		this(sockets, script, 1);
	}

	private FakeServer(ServerSocketFactory sockets, Script script, int cas) throws IOException {
		this.cas = cas;
		this.serverSocket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.script = script;
		daemon(this::accept);
	}

	static FakeServer healthy() throws IOException {
		return new FakeServer((line) -> null);
	}

	/**
	 * Starts a server that speaks like Dragonfly: every cas number is 0, and it knows
	 * neither {@code cas} nor {@code touch}.
	 * @return the server
	 */
	public static FakeServer withoutCas() throws IOException {
		return new FakeServer(sockets(), (line) -> line.matches("(cas|touch) .*") ? "ERROR\r\n" : null, 0);
	}

	ServerAddress address() {
		return new ServerAddress("127.0.0.1", port(), 1);
	}

	public int port() {
		return this.serverSocket.getLocalPort();
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "fake-memcached");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket socket = this.serverSocket.accept();
				this.sockets.add(socket);
				this.connections.incrementAndGet();
				daemon(() -> serve(socket));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			OutputStream out = socket.getOutputStream();
			String hello = this.greeting;
			if (hello != null) {
				out.write(hello.getBytes(StandardCharsets.ISO_8859_1));
				return;
			}
			for (String line = readLine(in); line != null; line = readLine(in)) {
				byte[] data = line.matches("(set|add|cas) .*") ? readData(in, line) : new byte[0];
				this.commands.add(line);
				String scripted = this.script.answer(line);
				if (CLOSE.equals(scripted)) {
					return;
				}
				if (!SILENCE.equals(scripted)) {
					out.write((scripted != null) ? scripted.getBytes(StandardCharsets.ISO_8859_1) : answer(line, data));
					out.flush();
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			// The client has gone.
		}
	}

	private static @Nullable String readLine(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = in.read(); b >= 0; b = in.read()) {
			if (b == '\n') {
				return line.toString(StandardCharsets.ISO_8859_1).trim();
			}
			line.write(b);
		}
		return null;
	}

	private static byte[] readData(InputStream in, String line) throws IOException {
		int length = Integer.parseInt(line.split(" ")[4]);
		byte[] data = in.readNBytes(length);
		in.readNBytes(2);
		return data;
	}

	private byte[] answer(String line, byte[] data) throws IOException {
		String[] words = line.split(" ");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		switch (words[0]) {
			case "set" -> {
				this.items.put(words[1], data);
				out.write(ascii("STORED\r\n"));
			}
			case "cas" -> {
				boolean changed = this.items.containsKey(words[1]) && !words[5].equals(String.valueOf(this.cas));
				if (!changed) {
					this.items.put(words[1], data);
				}
				out.write(ascii(changed ? "EXISTS\r\n" : "STORED\r\n"));
			}
			case "add" ->
				out.write(ascii((this.items.putIfAbsent(words[1], data) == null) ? "STORED\r\n" : "NOT_STORED\r\n"));
			case "touch" -> out.write(ascii(this.items.containsKey(words[1]) ? "TOUCHED\r\n" : "NOT_FOUND\r\n"));
			case "version" -> out.write(ascii("VERSION 1.6.0-fake\r\n"));
			case "gets" -> {
				for (int i = 1; i < words.length; i++) {
					byte[] item = this.items.get(words[i]);
					if (item != null) {
						out.write(ascii("VALUE " + words[i] + " 0 " + item.length + " " + this.cas + "\r\n"));
						out.write(item);
						out.write(ascii("\r\n"));
					}
				}
				out.write(ascii("END\r\n"));
			}
			default -> out.write(ascii("ERROR\r\n"));
		}
		return out.toByteArray();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Have the clients change their keys, or with TLS 1.2 shake hands once more.
	 */
	void changeKeys() throws IOException {
		for (Socket socket : this.sockets) {
			((SSLSocket) socket).startHandshake();
		}
	}

	/**
	 * The names that clients sent when they connected.
	 */
	List<String> requestedNames() {
		return this.sockets.stream()
			.flatMap((socket) -> ((ExtendedSSLSession) ((SSLSocket) socket).getSession()).getRequestedServerNames()
				.stream())
			.map((name) -> ((SNIHostName) name).getAsciiName())
			.distinct()
			.toList();
	}

	void dropConnections() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.sockets.clear();
	}

	@Override
	public void close() throws IOException {
		this.serverSocket.close();
		dropConnections();
	}

	/**
	 * What to answer in place of the usual.
	 */
	@FunctionalInterface
	public interface Script {

		@Nullable String answer(String line) throws IOException, InterruptedException;

	}

}
