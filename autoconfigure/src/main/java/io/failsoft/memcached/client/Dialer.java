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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A way to connect to the first address of a host that can be used. Used by one thread,
 * except {@link #breakOff}.
 */
final class Dialer {

	/**
	 * The size of the send buffer. Large requests wait for acknowledgements if they do
	 * not fit: with 32 KB a value of 100 KB takes 37 ms on the loopback, with 128 KB 0.2
	 * ms.
	 */
	private static final int SEND_BUFFER = 256 * 1024;

	private final int timeoutMillis;

	private volatile boolean closed;

	private volatile @Nullable SocketChannel current;

	/**
	 * Creates a dialer.
	 * @param timeout bound on connecting to one address
	 */
	Dialer(Duration timeout) {
		this.timeoutMillis = (int) Math.max(1, timeout.toMillis());
	}

	/**
	 * Connects to one address after the other until one can be used. Blocks.
	 * @param addresses the addresses
	 * @param server the server, for its port
	 * @param use what to do with the channel, in blocking mode, that is to be used; it is
	 * closed if that fails
	 * @return what {@code use} returned
	 * @throws IOException if none can be used
	 */
	<T> T dial(InetAddress[] addresses, ServerAddress server, Use<T> use) throws IOException {
		IOException failure = new UnknownHostException(server.host());
		for (InetAddress address : addresses) {
			try {
				return dial(new InetSocketAddress(address, server.port()), use);
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		throw failure;
	}

	private <T> T dial(InetSocketAddress target, Use<T> use) throws IOException {
		SocketChannel channel = SocketChannel.open();
		boolean used = false;
		try {
			this.current = channel;
			if (this.closed) {
				throw new IOException("client closed");
			}
			Socket socket = channel.socket();
			socket.setTcpNoDelay(true);
			socket.setKeepAlive(true);
			socket.setSoLinger(true, 0);
			socket.setSendBufferSize(SEND_BUFFER);
			socket.connect(target, this.timeoutMillis);
			if (target.equals(socket.getLocalSocketAddress())) {
				// TCP connects a port to itself if the kernel happens to choose it as the
				// source; that would keep the server from listening there.
				throw new IOException("refused");
			}
			T result = use.of(channel);
			used = true;
			return result;
		}
		finally {
			this.current = null;
			if (!used) {
				channel.close();
			}
		}
	}

	/**
	 * Breaks off an attempt to connect, or a use, and refuses any other. May be called on
	 * any thread.
	 */
	void breakOff() {
		this.closed = true;
		SocketChannel channel = this.current;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				// Ignore: closing is best effort.
			}
		}
	}

	/**
	 * A use of a connected channel.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	interface Use<T> {

		T of(SocketChannel channel) throws IOException;

	}

	/**
	 * A resolver of names.
	 */
	@FunctionalInterface
	interface Resolver {

		/** The resolver of the JVM. */
		Resolver SYSTEM = InetAddress::getAllByName;

		/**
		 * Resolves a name. May block.
		 * @param host a name or an address
		 * @return its addresses
		 * @throws UnknownHostException if there are none
		 */
		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}
