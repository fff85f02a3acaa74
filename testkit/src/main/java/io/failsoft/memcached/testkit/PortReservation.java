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
 * {@code SO_REUSEADDR} on both, Linux lets a server listen beside it. Not safe for use by
 * several threads.
 */
final class PortReservation implements AutoCloseable {

	private @Nullable Socket socket;

	static PortReservation of(int port) {
		PortReservation reservation = new PortReservation();
		reservation.reserve(port);
		return reservation;
	}

	/**
	 * Reserves a port if that is possible, and none is reserved: where somebody was
	 * faster, or the system forbids it, nothing is reserved.
	 * @param port the port
	 */
	@SuppressWarnings("AddressSelection")
	void reserve(int port) {
		if (this.socket != null) {
			return;
		}
		this.socket = new Socket();
		try {
			this.socket.setReuseAddress(true);
			this.socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port));
		}
		catch (IOException ex) {
			close();
		}
	}

	/**
	 * Lets a server listen. Where none can beside the reservation, that ends already.
	 */
	void admitListener() {
		if (!System.getProperty("os.name", "").startsWith("Linux")) {
			close();
		}
	}

	/**
	 * Says if the port is reserved.
	 * @return false if somebody was faster, or the system forbids it
	 */
	boolean isHeld() {
		return this.socket != null;
	}

	/**
	 * Ends the reservation, if there is one. Another may follow.
	 */
	@Override
	public void close() {
		if (this.socket != null) {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException("A reserved port could not be given up", ex);
			}
			this.socket = null;
		}
	}

}
