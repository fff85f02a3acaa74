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

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that stands before a server and does what networks and sick
 * servers do.
 *
 * <p>
 * It starts out passing everything through. Faults may be switched on and off at any
 * time, by any thread, and concern present and future connections. They combine, with two
 * exceptions: {@link #refuse()} and {@link #acceptAndClose()} replace each other, and
 * every other fault ends these two. {@link #pass()} ends all faults.
 *
 * <p>
 * Held bytes are never discarded, not even when the client closes its connection
 * meanwhile: they reach the server once released, as they do with a server that hangs.
 * Only what cuts connections on both sides ({@link #cut()}, {@link #refuse()},
 * {@link #acceptAndClose()}, {@link #close()}) loses what they hold. The proxy reads 4
 * MiB ahead in each direction of a connection; beyond that the sender is held up.
 *
 * <p>
 * For the order of commands on different connections, hold and release them one by one
 * through {@link #connection(int)}.
 */
public final class FaultProxy implements AutoCloseable {

	private final ConnectionTable table;

	private final Listener listener;

	/** Changes of faults happen one after the other. Guards the listener, too. */
	private final Object changes = new Object();

	private boolean closed;

	private FaultProxy(InetSocketAddress target, @Nullable SSLContext tls) {
		this.table = new ConnectionTable(target, tls);
		this.listener = new Listener(this.table::accept);
	}

	/**
	 * Opens a proxy on a port that is free. The server need not be there yet.
	 * @param target the server's address
	 * @return the proxy, passing everything through
	 * @throws UncheckedIOException if it cannot listen
	 */
	public static FaultProxy to(InetSocketAddress target) {
		return open(target, null);
	}

	private static FaultProxy open(InetSocketAddress target, @Nullable SSLContext tls) {
		FaultProxy proxy = new FaultProxy(target, tls);
		proxy.listener.start();
		return proxy;
	}

	/**
	 * Opens a proxy before a memcached.
	 * @param server the memcached
	 * @return the proxy, passing everything through
	 * @throws UncheckedIOException if it cannot listen
	 */
	public static FaultProxy to(MemcachedServer server) {
		return to(server.address());
	}

	/**
	 * Opens a proxy before a memcached that speaks TLS, which decrypts and encrypts anew
	 * with the server's certificate: its faults concern what is said within TLS. Those of
	 * the other proxies concern the records.
	 * @param server the memcached
	 * @return the proxy, passing everything through
	 * @throws UncheckedIOException if it cannot listen
	 */
	public static FaultProxy insideTls(MemcachedServer server) {
		MemcachedServerOptions.Tls tls = server.options().tls();
		if (tls == null) {
			throw new IllegalArgumentException(server + " does not speak TLS");
		}
		return open(server.address(), tls.identity().context());
	}

	/**
	 * Returns where clients connect to. It stays the same.
	 * @return the address, on 127.0.0.1
	 */
	public InetSocketAddress address() {
		return new InetSocketAddress(this.listener.host(), port());
	}

	/**
	 * Returns the host to connect to.
	 * @return {@code 127.0.0.1}
	 */
	public String host() {
		return "127.0.0.1";
	}

	/**
	 * Returns the port to connect to. It stays the same.
	 * @return the port
	 */
	public int port() {
		return this.listener.port();
	}

	/**
	 * Returns where the proxy passes requests to.
	 * @return the server's address
	 */
	public InetSocketAddress target() {
		return this.table.target();
	}

	/**
	 * Ends all faults: connections are accepted, held bytes flow in order, nothing is
	 * delayed or answered any more.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void pass() {
		change(Faults::clear, (connection) -> {
			connection.requests().delay(Duration.ZERO);
			connection.replies().delay(Duration.ZERO);
			connection.split(Integer.MAX_VALUE);
			connection.release();
		});
	}

	/**
	 * Closes the listening socket, so that connects are refused, and cuts the present
	 * connections. The port stays reserved for when it is opened again.
	 */
	public void refuse() {
		synchronized (this.changes) {
			requireOpen();
			this.listener.refuse();
			cut();
		}
	}

	/**
	 * Accepts each connection and closes it at once; present ones are cut.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void acceptAndClose() {
		synchronized (this.changes) {
			requireOpen();
			this.table.change((faults) -> faults.acceptAndClose(true));
			this.listener.open();
			cut();
		}
	}

	/**
	 * Holds all bytes in both directions: connects succeed, but nothing is answered, and
	 * the server notices nothing. {@link #pass()} lets the held bytes flow in order.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void blackHole() {
		holdRequests();
		holdReplies();
	}

	/**
	 * Holds what clients send: the server neither sees new connections nor requests. Once
	 * this method has returned, no more bytes reach it; only if a receiver has not read
	 * for two seconds, what is being written to it still may.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void holdRequests() {
		change((faults) -> faults.holdRequests(true), ProxiedConnection::holdRequests);
	}

	/**
	 * Holds what the server sends: it executes requests, and nobody hears of it. Once
	 * this method has returned, no more bytes reach clients.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void holdReplies() {
		change((faults) -> faults.holdReplies(true), ProxiedConnection::holdReplies);
	}

	/**
	 * Ends the hold of requests on all connections.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void releaseRequests() {
		change((faults) -> faults.holdRequests(false), ProxiedConnection::releaseRequests);
	}

	/**
	 * Ends the hold of replies on all connections.
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void releaseReplies() {
		change((faults) -> faults.holdReplies(false), ProxiedConnection::releaseReplies);
	}

	/**
	 * Delays requests: each reaches the server, and is executed, that much later.
	 * @param delay the delay, zero for none; it replaces the one before
	 * @throws IllegalArgumentException if the delay is negative
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void delay(Duration delay) {
		requireNotNegative(delay);
		change((faults) -> faults.delayRequests(delay), (connection) -> connection.requests().delay(delay));
	}

	/**
	 * Delays replies: each request is executed at once, and its reply reaches the client
	 * that much later.
	 * @param delay the delay, zero for none; it replaces the one before
	 * @throws IllegalArgumentException if the delay is negative
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void delayReplies(Duration delay) {
		requireNotNegative(delay);
		change((faults) -> faults.delayReplies(delay), (connection) -> connection.replies().delay(delay));
	}

	/**
	 * Passes bytes on in pieces, in both directions: of a TLS record, or each in a record
	 * of its own if the proxy is inside TLS.
	 * @param bytes the size of a piece, at least 1
	 * @throws IllegalArgumentException if the size is less than 1
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void split(int bytes) {
		if (bytes < 1) {
			throw new IllegalArgumentException("Pieces of " + bytes + " bytes: give at least 1");
		}
		change((faults) -> faults.split(bytes), (connection) -> connection.split(bytes));
	}

	/**
	 * Answers requests in the server's place, which sees none of them. A request is what
	 * one read of the socket gave: a small command is one, several commands sent together
	 * are one as well, and a large one may be more.
	 * @param answers what is answered to the first request on whichever connection, to
	 * the second and so on; the last one also to all that follow
	 * @throws IllegalArgumentException if no answer is given
	 * @throws UncheckedIOException if the port was refused and cannot be opened again
	 */
	public void answer(byte[]... answers) {
		Faults.Answers copies = new Faults.Answers(answers);
		change((faults) -> faults.answer(copies), (connection) -> {
		});
	}

	/**
	 * Sends bytes that the server never sent to all clients, at once and past any hold.
	 * @param bytes the bytes
	 * @return how many clients they were sent to
	 */
	public int inject(byte[] bytes) {
		int clients = 0;
		for (ProxiedConnection connection : connections()) {
			if (connection.inject(bytes)) {
				clients++;
			}
		}
		return clients;
	}

	/**
	 * Closes all present connections on both sides, in the orderly way (FIN). New ones
	 * are accepted as before.
	 */
	public void cut() {
		cut(Cut.FIN);
	}

	/**
	 * Closes all present connections on both sides. New ones are accepted as before.
	 * @param how how clients and server learn of it
	 */
	public void cut(Cut how) {
		connections().forEach((connection) -> connection.cut(how));
	}

	/**
	 * Returns the connections that are there: accepted, and not closed on both sides.
	 * @return the connections in the order in which they were accepted
	 */
	public List<ProxiedConnection> connections() {
		return this.table.present();
	}

	/**
	 * Returns one of the connections that are there.
	 * @param number its number in the order of acceptance, from 1
	 * @return the connection
	 * @throws IllegalArgumentException if there is none of this number: not yet, or not
	 * any more
	 */
	public ProxiedConnection connection(int number) {
		return this.table.get(number);
	}

	/**
	 * Waits until a connection has been accepted: a client's connect succeeds a moment
	 * earlier.
	 * @param number its number in the order of acceptance, from 1
	 * @param limit how long to wait at most
	 * @return the connection
	 * @throws IllegalArgumentException if it is not there in time
	 */
	public ProxiedConnection awaitConnection(int number, Duration limit) {
		Waiting.until(limit, () -> counters().connectionsAccepted() >= number);
		return connection(number);
	}

	/**
	 * Returns what has passed so far. The figures are taken one after the other.
	 * @return the counters
	 */
	public FaultCounters counters() {
		return this.table.counters();
	}

	/**
	 * Closes the listening socket and all connections, and ends all threads. The proxy
	 * cannot be used again.
	 */
	@Override
	public void close() {
		synchronized (this.changes) {
			this.closed = true;
			this.listener.close();
			cut();
		}
	}

	private void change(Consumer<Faults> forNewOnes, Consumer<ProxiedConnection> forPresentOnes) {
		synchronized (this.changes) {
			requireOpen();
			List<ProxiedConnection> present = this.table.change((faults) -> {
				faults.acceptAndClose(false);
				forNewOnes.accept(faults);
			});
			this.listener.open();
			present.forEach(forPresentOnes);
		}
	}

	private void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException("The " + this + " is closed");
		}
	}

	private static void requireNotNegative(Duration delay) {
		if (delay.isNegative()) {
			throw new IllegalArgumentException("A delay of " + delay + ": give zero or more");
		}
	}

	@Override
	public String toString() {
		return "proxy 127.0.0.1:" + port() + " -> " + target();
	}

	/**
	 * A way to close a connection.
	 */
	public enum Cut {

		/**
		 * In the orderly way: the other side reads the end of the stream.
		 */
		FIN,

		/**
		 * By a reset: the other side's reads and writes fail.
		 */
		RST

	}

}
