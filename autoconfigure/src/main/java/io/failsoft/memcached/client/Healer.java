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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A loop that brings one server back and watches it, on a thread of its own: connects,
 * authenticates, proves with real commands that the server works and knows those that the
 * cache depends on, has the {@link RecoveryGate} bring it up to date, opens it for use;
 * then beats the heart and does the gate's work until the connection is lost; and again.
 * It holds the I/O thread that serves the connections.
 * <p>
 * The server's name is resolved at each attempt to connect, so that late and changing DNS
 * is followed (as far as the JVM's own cache of names lets it: security property
 * {@code networkaddress.cache.ttl}, 30 s by default). Its addresses are tried in a fixed
 * order, so that a name with several leads to the same server each time.
 */
final class Healer {

	private static final Log logger = LogFactory.getLog(Server.class);

	private static final long TICK = TimeUnit.MILLISECONDS.toNanos(25);

	private static final long HEARTBEAT_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private static final int PROBE_EXPIRY_SECONDS = 10;

	/** A cas number that no item has. */
	private static final long NO_ITEMS_CAS = Long.MAX_VALUE;

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	/** The times that a gate may find new work between its two questions. */
	private static final int MAX_CATCH_UPS = 20;

	private final DefaultServer server;

	private final ClientSettings settings;

	private final PoolClock clock;

	private final Dialer.Resolver resolver;

	private final Dialer dialer;

	private final MemcachedKey probeKey = MemcachedKey.of("failsoft:probe:" + UUID.randomUUID());

	private final Backoff backoff;

	private final long timeout;

	private final Thread thread;

	private volatile @Nullable ServerLink current;

	private volatile boolean closed;

	private long lastWarning = System.nanoTime() - WARNING_INTERVAL;

	/** Whether the last link ended while it was asked for what it need not have. */
	private boolean lostOnOptional;

	private @Nullable RecoveryGate gate;

	private @Nullable HardenedConnector connector;

	private boolean warnedOfSeveral;

	Healer(DefaultServer server, ClientSettings settings, PoolClock clock, Dialer.Resolver resolver) {
		this.server = server;
		this.settings = settings;
		this.timeout = settings.operationTimeout().toNanos();
		this.clock = clock;
		this.resolver = resolver;
		this.dialer = new Dialer(settings.connectTimeout());
		this.backoff = new Backoff(settings.probeInterval().toNanos(), () -> ThreadLocalRandom.current().nextDouble());
		this.thread = new ClientThread(this::run, "failsoft-memcached-" + server.name());
	}

	void start(RecoveryGate returnGate) {
		this.gate = returnGate;
		this.thread.start();
	}

	void wake() {
		LockSupport.unpark(this.thread);
	}

	private void run() {
		RecoveryGate asked = Objects.requireNonNull(this.gate);
		try {
			while (!this.closed) {
				heal(asked);
			}
		}
		finally {
			stop();
		}
	}

	private void heal(RecoveryGate asked) {
		ServerLink link = null;
		try {
			link = connect();
			prepare(link, asked);
			long since = System.nanoTime();
			watch(link, asked);
			if (System.nanoTime() - since >= this.settings.probeInterval().toNanos()) {
				this.backoff.reset();
			}
		}
		catch (IOException ex) {
			this.server.failed(Failure.reason(ex));
		}
		catch (ProbeFailure ex) {
			this.server.failed(String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException | Error ex) {
			// Without its healer the server would be lost for good.
			warn(ex);
			this.server.failed(ex.toString());
		}
		if (link != null) {
			awaitEnd(link);
		}
		this.current = null;
		ClientThread.sleep(this.backoff.next(), () -> this.closed);
	}

	private void warn(Throwable ex) {
		long now = System.nanoTime();
		if (now - this.lastWarning >= WARNING_INTERVAL) {
			this.lastWarning = now;
			logger.warn("Unexpected failure while healing memcached " + this.server.name(), ex);
		}
	}

	private ServerLink connect() throws IOException {
		ServerLink link = this.dialer.dial(addresses(), this.server.address(), this::link);
		this.current = link;
		if (this.closed) {
			link.close("client closed");
		}
		return link;
	}

	private InetAddress[] addresses() throws UnknownHostException {
		String host = this.server.address().host();
		InetAddress[] addresses = this.resolver.resolve(host).clone();
		Arrays.sort(addresses, Comparator.<InetAddress>comparingInt((address) -> address.getAddress().length)
			.thenComparing(InetAddress::getAddress, Arrays::compareUnsigned));
		boolean several = addresses.length > 1 && addresses[0].getAddress().length == addresses[1].getAddress().length
				&& !host.equalsIgnoreCase("localhost");
		if (several && !this.warnedOfSeveral) {
			this.warnedOfSeveral = true;
			logger.warn("memcached " + this.server.name() + " is a name of several servers, of which only "
					+ addresses[0].getHostAddress() + " is used; instances that reach different ones do not see each"
					+ " other's evictions. Set memcached.discovery: dns to use all of them as servers");
		}
		return addresses;
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
			this.connector = usable;
		}
		return usable;
	}

	/** Stops the I/O thread, if there is one, and aborts what is open. */
	private void stop() {
		if (this.connector != null) {
			this.connector.stop();
		}
	}

	private void prepare(ServerLink link, RecoveryGate asked) {
		authenticate(link);
		probe(link);
		String version = probeOptional(link);
		for (int i = 0; i < MAX_CATCH_UPS && link.isOpen() && !this.closed && asked.catchUp(link); i++) {
			boolean[] used = new boolean[1];
			if (asked.openIfUpToDate(() -> used[0] = this.server.publish(link))) {
				if (!used[0]) {
					this.server.lost(link, link.reasonOfEnd());
					break;
				}
				this.server.up(version);
				return;
			}
		}
		throw new ProbeFailure(link.isOpen() ? "it could not be brought up to date" : link.reasonOfEnd());
	}

	private void authenticate(ServerLink link) {
		String username = this.settings.username();
		String password = this.settings.password();
		if (username == null || password == null) {
			return;
		}
		byte[] credentials = (username + " " + password).getBytes(StandardCharsets.UTF_8);
		Reply reply = link.authenticate(this.probeKey, credentials).await(this.timeout);
		if (!reply.stored()) {
			// Without the server's words, which may quote the credentials.
			throw refused(reply, "authentication failed; check memcached.username and memcached.password",
					"authentication: " + description(reply));
		}
	}

	/**
	 * Proves that the server works, by storing a random value and reading it back, and
	 * that nothing overwrites what is newer there: it gives cas numbers, and refuses an
	 * add and a cas that it has to refuse. No more than two commands are under way at a
	 * time, so that a low limit does not stop it.
	 */
	private void probe(ServerLink link) {
		byte[] value = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
		Reply set = link.set(this.probeKey, PROBE_EXPIRY_SECONDS, value, TextLine.NOTHING);
		Reply gets = link.gets(this.probeKey);
		if (!set.await(this.timeout).stored()) {
			throw refused(set, "it demands authentication; set memcached.username and memcached.password",
					"probing set: " + describe(set));
		}
		Reply.Item item = gets.await(this.timeout).first();
		if (gets.failure() != null) {
			throw new ProbeFailure("probing get: " + describe(gets));
		}
		if (item == null || !Arrays.equals(item.value(), value)) {
			throw new ProbeFailure("probing get: it does not hold what was stored");
		}
		if (item.cas() == 0) {
			throw new ProbeFailure("it gives no cas numbers, without which an eviction guards nothing; start memcached"
					+ " without -C, and use no server that has none, such as Dragonfly");
		}
		Reply add = link.add(this.probeKey, PROBE_EXPIRY_SECONDS, value, TextLine.NOTHING);
		Reply cas = link.cas(this.probeKey, PROBE_EXPIRY_SECONDS, value, TextLine.NOTHING, NO_ITEMS_CAS);
		require(add, false, "add");
		require(cas, false, "cas");
		require(link.cas(this.probeKey, PROBE_EXPIRY_SECONDS, value, TextLine.NOTHING, item.cas()), true, "cas");
	}

	private void require(Reply reply, boolean stored, String command) {
		if (reply.await(this.timeout).failure() != null || reply.stored() != stored) {
			throw new ProbeFailure("ERROR".equals(reply.detail()) ? "it does not know the command " + command
					: "probing " + command + ": " + describe(reply));
		}
	}

	/**
	 * Asks for what the server need not have. If the link ends over it, the next one is
	 * not asked.
	 * @return the server's version, or {@code null} if it does not tell
	 */
	private @Nullable String probeOptional(ServerLink link) {
		String version = null;
		boolean asked = !this.lostOnOptional;
		if (asked) {
			this.server.lacksTouch(false);
			Reply touch = link.touch(this.probeKey, PROBE_EXPIRY_SECONDS);
			version = link.version(this.timeout);
			Failure failure = touch.await(this.timeout).failure();
			this.server.lacksTouch(failure == Failure.SERVER_ERROR || failure == Failure.CONNECTION_LOST);
		}
		this.lostOnOptional = asked && !link.isOpen();
		return version;
	}

	/** Shows a remedy in place of memcached's words where the cause is known. */
	private static ProbeFailure refused(Reply reply, String unauthenticated, String otherwise) {
		String detail = reply.detail();
		boolean known = detail != null && detail.startsWith("CLIENT_ERROR") && detail.contains("authenticat");
		return new ProbeFailure(known ? unauthenticated : otherwise);
	}

	private static String describe(Reply reply) {
		return description(reply) + ((reply.detail() != null) ? " (" + reply.detail() + ")" : "");
	}

	private static String description(Reply reply) {
		Failure failure = reply.failure();
		return (failure != null) ? failure.description() : "unexpected answer";
	}

	private void watch(ServerLink link, RecoveryGate asked) {
		long lastBeat = System.nanoTime();
		while (link.isOpen() && !this.closed) {
			long now = System.nanoTime();
			boolean beat = now - lastBeat >= HEARTBEAT_INTERVAL;
			if (beat) {
				lastBeat = now;
				if (link.inFlight() == 0 && now - link.lastActivity() >= HEARTBEAT_INTERVAL / 2) {
					// The breaker sees the outcome.
					link.heartbeat(this.probeKey).await(this.timeout);
				}
			}
			if ((beat || asked.hasWork()) && link.isOpen() && !asked.maintain(link)) {
				link.close("it could not be kept up to date");
			}
			link.check();
			LockSupport.parkNanos(this, TICK);
			Thread.interrupted();
		}
	}

	/**
	 * Ends a link and waits until all that was under way over it has failed: the
	 * invalidations among it are in the log then, so that the server may be used again.
	 */
	private void awaitEnd(ServerLink link) {
		while (!link.isEnded() && !this.closed) {
			link.close("probe failed");
			LockSupport.parkNanos(this, TICK);
			Thread.interrupted();
		}
	}

	void beginClose() {
		this.closed = true;
		this.dialer.breakOff();
		ServerLink link = this.current;
		if (link != null) {
			link.close("client closed");
		}
		wake();
	}

	/**
	 * Waits for the thread to end.
	 * @param deadlineNanos until when at most
	 */
	void finishClose(long deadlineNanos) {
		ClientThread.awaitEnd(this.thread, deadlineNanos);
	}

	/**
	 * A failure of a server that was reached but does not work.
	 */
	private static final class ProbeFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		ProbeFailure(String message) {
			super(message, null, false, false);
		}

	}

}
