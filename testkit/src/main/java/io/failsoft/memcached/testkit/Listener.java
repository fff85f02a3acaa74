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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A port on 127.0.0.1 that can be listened on, or be refused while it stays reserved. Not
 * safe for use by several threads.
 */
final class Listener implements AutoCloseable {

	private static final int BACKLOG = 128;

	private final InetAddress host;

	private final int port;

	private final Consumer<Accepted> consumer;

	private final PortReservation reservation = new PortReservation();

	private @Nullable ServerSocket socket;

	private @Nullable Thread acceptor;

	/**
	 * Listens on a port that is free.
	 * @param consumer takes each accepted socket
	 */
	Listener(Consumer<Accepted> consumer) {
		this.consumer = consumer;
		try {
			ServerSocket first = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }));
			this.host = first.getInetAddress();
			this.port = first.getLocalPort();
			this.socket = first;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The proxy cannot listen on 127.0.0.1", ex);
		}
	}

	InetAddress host() {
		return this.host;
	}

	int port() {
		return this.port;
	}

	/**
	 * Begins to accept on the socket that the constructor opened.
	 */
	void start() {
		if (this.socket != null) {
			serve(this.socket);
		}
	}

	/**
	 * Listens, if it does not already.
	 */
	void open() {
		if (this.socket != null) {
			return;
		}
		this.reservation.admitListener();
		try {
			ServerSocket next = new ServerSocket(this.port, BACKLOG, this.host);
			this.socket = next;
			serve(next);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The proxy cannot listen on 127.0.0.1:" + this.port + " again", ex);
		}
		this.reservation.close();
	}

	/**
	 * Refuses connects from now on, and returns when what was accepted has been handed
	 * over.
	 */
	void refuse() {
		if (this.socket != null) {
			Sockets.closeQuietly(this.socket);
			this.socket = null;
			awaitAcceptor();
			this.reservation.reserve(this.port);
		}
	}

	@Override
	public void close() {
		refuse();
		this.reservation.close();
	}

	/**
	 * Waits for the accepting thread to end: the kernel goes on listening as long as a
	 * call of it is under way, even if the socket was closed.
	 */
	private void awaitAcceptor() {
		Thread thread = this.acceptor;
		this.acceptor = null;
		boolean interrupted = false;
		while (thread != null && thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void serve(ServerSocket from) {
		Thread thread = new Thread(() -> acceptAll(from), "fault-proxy-" + this.port + " accept");
		thread.setDaemon(true);
		this.acceptor = thread;
		thread.start();
	}

	private void acceptAll(ServerSocket from) {
		while (!from.isClosed()) {
			Socket client;
			try {
				client = from.accept();
			}
			catch (IOException ex) {
				if (!from.isClosed()) {
					Waiting.pause();
				}
				continue;
			}
			this.consumer.accept(new Accepted(client, from));
		}
	}

	/**
	 * A client's socket.
	 *
	 * @param client the socket
	 * @param from the listening socket that accepted it
	 */
	record Accepted(Socket client, ServerSocket from) {

		/**
		 * Says if connects were refused since.
		 * @return true if the client is to be turned away
		 */
		boolean isStale() {
			return this.from.isClosed();
		}

	}

}
