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
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * A proxied connection's side towards the server: what requests are written to, unless
 * the proxy answers them. It connects when it is opened, or with the first request.
 */
final class Upstream implements Pipe.Sink {

	private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

	private final ProxiedConnection connection;

	private final ConnectionTable table;

	private final Downstream client;

	private final Object lock = new Object();

	private @Nullable Socket socket;

	/** Used by the thread that writes. */
	private @Nullable Socket secured;

	private boolean sealed;

	Upstream(ProxiedConnection connection, ConnectionTable table, Downstream client) {
		this.connection = connection;
		this.table = table;
		this.client = client;
	}

	@Override
	public void open() {
		if (!this.table.faults().isAnswering()) {
			connected();
		}
	}

	@Override
	public boolean write(byte[] bytes) {
		byte[] answer = this.table.faults().nextAnswer();
		if (answer != null) {
			this.client.write(answer);
			return false;
		}
		Socket server = connected();
		if (server == null) {
			return false;
		}
		try {
			server.getOutputStream().write(bytes);
			return true;
		}
		catch (IOException ex) {
			// The replies' end tells the client, when it is let through.
			return false;
		}
	}

	private @Nullable Socket connected() {
		Socket server;
		synchronized (this.lock) {
			if (this.sealed || this.socket != null) {
				return this.secured;
			}
			server = new Socket();
			this.socket = server;
		}
		try {
			server.setTcpNoDelay(true);
			server.connect(this.table.target(), CONNECT_TIMEOUT_MILLIS);
			Socket talking = this.table.secured(server, true);
			this.secured = talking;
			this.connection.startReplies(talking.getInputStream());
			return talking;
		}
		catch (IOException ex) {
			this.connection.cut(FaultProxy.Cut.RST);
			return null;
		}
	}

	@Override
	public void end(boolean reset) {
		Socket server = socket();
		if (server == null) {
			this.connection.cut(FaultProxy.Cut.FIN);
			return;
		}
		try {
			// Never a reset: it could overtake what was just written.
			server.shutdownOutput();
		}
		catch (IOException ex) {
			// The server has closed it.
		}
	}

	/**
	 * Lets no connect begin any more.
	 * @return false if none could already
	 */
	boolean seal() {
		synchronized (this.lock) {
			boolean first = !this.sealed;
			this.sealed = true;
			return first;
		}
	}

	/**
	 * Closes the connection to the server, if there is one.
	 * @param how how the server learns of it
	 */
	void close(FaultProxy.Cut how) {
		Sockets.close(socket(), how);
	}

	private @Nullable Socket socket() {
		synchronized (this.lock) {
			return this.socket;
		}
	}

}
