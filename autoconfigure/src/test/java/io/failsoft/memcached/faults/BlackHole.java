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

package io.failsoft.memcached.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener whose backlog is full: the kernel drops what else would connect.
 */
final class BlackHole implements AutoCloseable {

	private final List<Socket> fillers = new ArrayList<>();

	private final ServerSocket socket;

	private final int port;

	BlackHole() throws IOException {
		this.socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.port = this.socket.getLocalPort();
		for (int i = 0; i < 10; i++) {
			Socket filler = new Socket();
			// Closed with a reset, so that no connection keeps the port.
			filler.setSoLinger(true, 0);
			this.fillers.add(filler);
			try {
				filler.connect(this.socket.getLocalSocketAddress(), 200);
			}
			catch (SocketTimeoutException ex) {
				return;
			}
		}
		throw new AssertionError("the backlog takes everything");
	}

	int port() {
		return this.port;
	}

	@Override
	public void close() throws IOException {
		for (Socket filler : this.fillers) {
			filler.close();
		}
		this.socket.close();
	}

}
