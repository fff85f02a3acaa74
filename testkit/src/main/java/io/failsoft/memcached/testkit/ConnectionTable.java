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
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * The connections through a proxy, and the faults that new ones begin with: under one
 * lock, so that a change of faults misses no connection. The lock is never held while
 * waiting.
 */
final class ConnectionTable {

	private final InetSocketAddress target;

	private final @Nullable SSLContext tls;

	private final Traffic traffic = new Traffic();

	private final Object lock = new Object();

	private final Faults faults = new Faults();

	private final List<ProxiedConnection> connections = new ArrayList<>();

	private int accepted;

	/**
	 * Makes an empty table, without faults.
	 * @param target the server's address
	 * @param tls how both sides are encrypted, apart from each other; {@code null} to
	 * pass everything on as it is
	 */
	ConnectionTable(InetSocketAddress target, @Nullable SSLContext tls) {
		this.target = target;
		this.tls = tls;
	}

	/**
	 * Encrypts a side of a connection if this is to be. The handshake comes with the
	 * first byte.
	 * @param socket a connected socket
	 * @param asClient whether the other side is the server
	 * @return the socket to talk over; closing is left to the given one
	 * @throws IOException if the socket is closed
	 */
	Socket secured(Socket socket, boolean asClient) throws IOException {
		if (this.tls == null) {
			return socket;
		}
		SSLSocket secured = (SSLSocket) this.tls.getSocketFactory()
			.createSocket(socket, this.target.getHostString(), socket.getPort(), false);
		secured.setUseClientMode(asClient);
		return secured;
	}

	InetSocketAddress target() {
		return this.target;
	}

	Traffic traffic() {
		return this.traffic;
	}

	Faults faults() {
		return this.faults;
	}

	/**
	 * Takes in a client, or closes its socket if the faults say so.
	 * @param client the client
	 */
	void accept(Listener.Accepted client) {
		synchronized (this.lock) {
			if (client.isStale()) {
				Sockets.closeQuietly(client.client());
				return;
			}
			this.accepted++;
			if (this.faults.isAcceptAndClose()) {
				Sockets.closeQuietly(client.client());
				return;
			}
			ProxiedConnection connection = new ProxiedConnection(this.accepted, this, client.client());
			this.faults.applyTo(connection);
			this.connections.add(connection);
			connection.start();
		}
	}

	/**
	 * Changes the faults that new connections begin with.
	 * @param change the change
	 * @return the connections that began without it
	 */
	List<ProxiedConnection> change(Consumer<Faults> change) {
		synchronized (this.lock) {
			change.accept(this.faults);
			return List.copyOf(this.connections);
		}
	}

	List<ProxiedConnection> present() {
		synchronized (this.lock) {
			return List.copyOf(this.connections);
		}
	}

	/**
	 * Returns a connection that is there.
	 * @param number its number in the order of acceptance, from 1
	 * @return the connection
	 * @throws IllegalArgumentException if there is none of this number
	 */
	ProxiedConnection get(int number) {
		List<ProxiedConnection> present = present();
		return present.stream()
			.filter((connection) -> connection.number() == number)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no connection " + number + " through this proxy now, but " + present));
	}

	void remove(ProxiedConnection connection) {
		synchronized (this.lock) {
			this.connections.remove(connection);
		}
	}

	FaultCounters counters() {
		synchronized (this.lock) {
			return this.traffic.counters(this.accepted, this.connections.size());
		}
	}

}
