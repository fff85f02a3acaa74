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
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * A proxied connection's side towards the client: what replies are written to.
 */
final class Downstream implements Pipe.Sink {

	private final Socket socket;

	private final ConnectionTable table;

	private volatile Socket secured;

	private final Consumer<FaultProxy.Cut> onEnd;

	private final Object lock = new Object();

	/**
	 * Takes over a client's socket.
	 * @param socket the socket, accepted
	 * @param table encrypts what is said, if it is to be
	 * @param onEnd told how the stream of replies ended, when its end gets here
	 */
	Downstream(Socket socket, ConnectionTable table, Consumer<FaultProxy.Cut> onEnd) {
		this.socket = socket;
		this.secured = socket;
		this.table = table;
		this.onEnd = onEnd;
	}

	InetSocketAddress address() {
		return new InetSocketAddress(this.socket.getInetAddress(), this.socket.getPort());
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Prepares to read requests.
	 * @return what the client sends
	 * @throws IOException if the client is gone
	 */
	InputStream requests() throws IOException {
		this.socket.setTcpNoDelay(true);
		this.secured = this.table.secured(this.socket, false);
		return this.secured.getInputStream();
	}

	@Override
	public void open() {
	}

	@Override
	public boolean write(byte[] bytes) {
		synchronized (this.lock) {
			try {
				this.secured.getOutputStream().write(bytes);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}
	}

	@Override
	public void end(boolean reset) {
		this.onEnd.accept(reset ? FaultProxy.Cut.RST : FaultProxy.Cut.FIN);
	}

	void close(FaultProxy.Cut how) {
		Sockets.close(this.socket, how);
	}

}
