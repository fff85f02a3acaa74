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
import java.net.UnknownHostException;
import java.time.Duration;

import javax.net.SocketFactory;

/**
 * Launches memcached and waits until it answers.
 */
final class ServerLauncher {

	private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration READY_LIMIT = Duration.ofSeconds(30);

	private final Engine engine;

	private final MemcachedServerOptions options;

	ServerLauncher(Engine engine, MemcachedServerOptions options) {
		this.engine = engine;
		this.options = options;
	}

	/**
	 * Launches a server; one that does not answer is killed.
	 * @param port the port, or 0 for one that is free
	 * @return the server, which has answered
	 * @throws MemcachedStartException if it does not start, or does not answer in time
	 */
	RunningServer launch(int port) {
		RunningServer server = this.engine.launch(this.options, port);
		boolean ready = false;
		try {
			ready = awaitReady(server);
			if (!ready) {
				throw new MemcachedStartException("memcached was started on port " + server.port()
						+ " but did not answer. Its output: " + server.output());
			}
			return server;
		}
		finally {
			if (!ready) {
				server.kill();
			}
		}
	}

	private boolean awaitReady(RunningServer server) {
		TextClient client = client(server.port());
		return Waiting.until(READY_LIMIT, () -> {
			try {
				return server.onExit().isDone() || client.send("version").toString().startsWith("[VERSION ");
			}
			catch (IOException ex) {
				return false;
			}
		}) && !server.onExit().isDone();
	}

	/**
	 * Returns a client of a server that was launched here.
	 * @param port the server's port
	 * @return the client, which authenticates if the server demands it
	 */
	TextClient client(int port) {
		return new TextClient(address(port), this.options.credentials(), socketFactory(), CLIENT_TIMEOUT);
	}

	private SocketFactory socketFactory() {
		MemcachedServerOptions.Tls tls = this.options.tls();
		return (tls != null) ? tls.identity().context().getSocketFactory() : SocketFactory.getDefault();
	}

	static InetSocketAddress address(int port) {
		try {
			return new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port);
		}
		catch (UnknownHostException ex) {
			throw new AssertionError("Four bytes are an address", ex);
		}
	}

}
