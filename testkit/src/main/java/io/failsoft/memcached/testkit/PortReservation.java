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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a port on 127.0.0.1 from being given to somebody else while nobody listens on it.
 *
 * <p>
 * A socket that is bound but does not listen leaves connects refused, and neither a
 * program that asks for any free port nor an outgoing connection (not even one to this
 * very port, which TCP would let connect to itself) is given it. With
 * {@code SO_REUSEADDR} on both, Linux lets a server listen beside it.
 */
final class PortReservation implements AutoCloseable {

	private final @Nullable Socket socket;

	private PortReservation(@Nullable Socket socket) {
		this.socket = socket;
	}

	/**
	 * Reserves a port if that is possible: where somebody was faster, or the system
	 * forbids it, the answer reserves nothing.
	 * @param port the port
	 * @return the reservation
	 */
	@SuppressWarnings("AddressSelection")
	static PortReservation of(int port) {
		Socket socket = new Socket();
		try {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port));
			return new PortReservation(socket);
		}
		catch (IOException ex) {
			close(socket);
			return new PortReservation(null);
		}
	}

	/**
	 * Says whether a server can listen while the reservation stands.
	 * @return true on Linux
	 */
	static boolean admitsListener() {
		return System.getProperty("os.name", "").startsWith("Linux");
	}

	/**
	 * Says whether the port is reserved.
	 * @return false if somebody was faster, or the system forbids it
	 */
	boolean isHeld() {
		return this.socket != null && !this.socket.isClosed();
	}

	@Override
	public void close() {
		if (this.socket != null) {
			close(this.socket);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException("A reserved port could not be given up", ex);
		}
	}

}
