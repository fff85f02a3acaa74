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

package io.failsoft.memcached.hunt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Listens at a second address, at the port of a first one, and passes everything on. A
 * connection ends on both sides when it ends on one.
 */
final class Relay implements AutoCloseable {

	private final ServerSocket listener;

	private final InetSocketAddress target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	/**
	 * Listen.
	 * @param address where to listen
	 * @param port at which port
	 * @param target where to pass everything on to
	 */
	Relay(String address, int port, InetSocketAddress target) {
		this.target = target;
		try {
			this.listener = new ServerSocket();
			this.listener.setReuseAddress(true);
			this.listener.bind(new InetSocketAddress(InetAddress.getByName(address), port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("A second address is needed: " + address + ":" + port
					+ " (on macOS: sudo ifconfig lo0 alias " + address + ")", ex);
		}
		run(this::accept);
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				connect(this.listener.accept());
			}
			catch (IOException ex) {
				// Closed, or the client has left already.
			}
		}
	}

	private void connect(Socket client) throws IOException {
		Socket server = new Socket();
		this.sockets.add(client);
		this.sockets.add(server);
		try {
			server.connect(this.target, 1000);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
		}
		catch (IOException ex) {
			end(client, server);
			return;
		}
		run(() -> copy(client, server));
		run(() -> copy(server, client));
	}

	private void copy(Socket from, Socket to) {
		byte[] buffer = new byte[16 * 1024];
		try {
			InputStream in = from.getInputStream();
			for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
				to.getOutputStream().write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// It ends on the other side, too.
		}
		finally {
			end(from, to);
		}
	}

	private void end(Socket one, Socket other) {
		for (Socket socket : new Socket[] { one, other }) {
			this.sockets.remove(socket);
			try {
				socket.close();
			}
			catch (IOException ex) {
				// Ignore: closing is best effort.
			}
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			// Ignore: closing is best effort.
		}
		for (Socket socket : this.sockets) {
			end(socket, socket);
		}
	}

}
