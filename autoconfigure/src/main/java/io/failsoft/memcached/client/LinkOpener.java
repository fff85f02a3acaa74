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
import java.net.UnknownHostException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Comparator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * An opener of connections to one server, which holds the I/O thread that serves them.
 * The server's name is resolved at each attempt, on the calling thread, so that late and
 * changing DNS is followed (as far as the JVM's own cache of names lets it: security
 * property {@code networkaddress.cache.ttl}, 30 s by default). Its addresses are tried in
 * a fixed order, so that a name with several leads to the same server each time. Used by
 * the healer's thread only, but for {@link #breakOff}.
 */
final class LinkOpener {

	private static final Log logger = LogFactory.getLog(Server.class);

	private final DefaultServer server;

	private final ClientSettings settings;

	private final PoolClock clock;

	private final Resolver resolver;

	private final Dialer dialer;

	private @Nullable HardenedConnector connector;

	private boolean warned;

	LinkOpener(DefaultServer server, ClientSettings settings, PoolClock clock, Resolver resolver) {
		this.server = server;
		this.settings = settings;
		this.clock = clock;
		this.resolver = resolver;
		this.dialer = new Dialer(settings.connectTimeout());
	}

	/**
	 * Connects, with the handshake of TLS where that is used. Blocks until the connection
	 * is there or the connect timeout has passed, for each of the two.
	 * @return a link that nobody uses yet
	 * @throws IOException if there is no connection
	 */
	ServerLink open() throws IOException {
		return this.dialer.dial(addresses(), this.server.address(), this::link);
	}

	private ServerLink link(SocketChannel socket) throws IOException {
		ByteChannel channel = socket;
		TlsSettings tls = this.settings.tls();
		if (tls != null) {
			channel = TlsChannel.open(socket, tls.engine(this.server.certificateName(), this.server.address().port()),
					this.settings.connectTimeout());
		}
		socket.configureBlocking(false);
		HardenedSession session = connector().open(socket, channel);
		ServerLink link = new ServerLink(session, this.settings, this.clock, this.server, socket.getRemoteAddress());
		session.activate(link);
		return link;
	}

	private HardenedConnector connector() throws IOException {
		HardenedConnector usable = this.connector;
		if (usable == null || !usable.isUsable()) {
			stop();
			usable = new HardenedConnector(this.server.name(), this.server.traffic());
			usable.start();
			this.connector = usable;
		}
		return usable;
	}

	/**
	 * Stops the I/O thread, if there is one, and aborts what is open.
	 */
	void stop() {
		HardenedConnector old = this.connector;
		this.connector = null;
		if (old != null) {
			old.stop();
		}
	}

	private InetAddress[] addresses() throws UnknownHostException {
		String host = this.server.address().host();
		InetAddress[] addresses = this.resolver.resolve(host).clone();
		Arrays.sort(addresses, Comparator.<InetAddress>comparingInt((address) -> address.getAddress().length)
			.thenComparing(InetAddress::getAddress, Arrays::compareUnsigned));
		boolean several = addresses.length > 1 && addresses[0].getAddress().length == addresses[1].getAddress().length
				&& !host.equalsIgnoreCase("localhost");
		if (several && !this.warned) {
			this.warned = true;
			logger.warn("memcached " + this.server.name() + " is a name of several servers, of which only "
					+ addresses[0].getHostAddress() + " is used; instances that reach different ones do not see each"
					+ " other's evictions. Set memcached.discovery: dns to use all of them as servers");
		}
		return addresses;
	}

	/**
	 * Breaks off an attempt to connect, and refuses any other. A name that is being
	 * resolved is not interrupted. May be called on any thread.
	 */
	void breakOff() {
		this.dialer.breakOff();
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
