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
import java.util.Arrays;
import java.util.Comparator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a server. Its name is resolved at each attempt, on the calling thread, so
 * that late and changing DNS is followed (as far as the JVM's own cache of names lets it:
 * security property {@code networkaddress.cache.ttl}, 30 s by default). Its addresses are
 * tried in a fixed order, so that a name with several leads to the same server each time.
 */
final class Dialer {

	/**
	 * Large requests wait for acknowledgements if they do not fit: with 32 KB a value of
	 * 100 KB takes 37 ms on the loopback, with 128 KB 0.2 ms.
	 */
	private static final int SEND_BUFFER = 256 * 1024;

	private static final Log logger = LogFactory.getLog(Server.class);

	private final ServerAddress address;

	private final int timeoutMillis;

	private final Resolver resolver;

	private boolean warned;

	private volatile boolean closed;

	private volatile @Nullable SocketChannel dialing;

	Dialer(ServerAddress address, int timeoutMillis, Resolver resolver) {
		this.address = address;
		this.timeoutMillis = timeoutMillis;
		this.resolver = resolver;
	}

	static Dialer of(ServerAddress address, ClientSettings settings, Resolver resolver) {
		return new Dialer(address, (int) Math.max(1, settings.connectTimeout().toMillis()), resolver);
	}

	/**
	 * Connect to the first address of the name that can be reached.
	 * @return a connected channel in non-blocking mode
	 * @throws IOException if none can be reached
	 */
	SocketChannel dial() throws IOException {
		IOException failure = null;
		for (InetAddress candidate : addresses()) {
			try {
				return dial(new InetSocketAddress(candidate, this.address.port()));
			}
			catch (IOException ex) {
				failure = ex;
			}
			if (this.closed) {
				break;
			}
		}
		throw (failure != null) ? failure : new UnknownHostException(this.address.host());
	}

	private InetAddress[] addresses() throws UnknownHostException {
		InetAddress[] addresses = this.resolver.resolve(this.address.host()).clone();
		Arrays.sort(addresses, Comparator.<InetAddress>comparingInt((address) -> address.getAddress().length)
			.thenComparing(InetAddress::getAddress, Arrays::compareUnsigned));
		boolean several = addresses.length > 1 && addresses[0].getAddress().length == addresses[1].getAddress().length
				&& !this.address.host().equalsIgnoreCase("localhost");
		if (several && !this.warned) {
			this.warned = true;
			logger.warn("memcached " + this.address.name() + " is a name of several servers, of which only "
					+ addresses[0].getHostAddress() + " is used; instances that reach different ones do not see each"
					+ " other's evictions. Set memcached.discovery: dns to use all of them as servers");
		}
		return addresses;
	}

	private SocketChannel dial(InetSocketAddress target) throws IOException {
		SocketChannel channel = SocketChannel.open();
		boolean connected = false;
		try {
			this.dialing = channel;
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
			channel.configureBlocking(false);
			connected = true;
			return channel;
		}
		finally {
			this.dialing = null;
			if (!connected) {
				channel.close();
			}
		}
	}

	/**
	 * Break off an attempt under way. A name that is being resolved is not interrupted.
	 */
	void close() {
		this.closed = true;
		SocketChannel channel = this.dialing;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				// Closed is all it should be.
			}
		}
	}

	/**
	 * Resolves names.
	 */
	@FunctionalInterface
	interface Resolver {

		/** The resolver of the JVM. */
		Resolver SYSTEM = InetAddress::getAllByName;

		/**
		 * Resolve a name. May block.
		 * @param host a name or an address
		 * @return its addresses
		 * @throws UnknownHostException if there are none
		 */
		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}
