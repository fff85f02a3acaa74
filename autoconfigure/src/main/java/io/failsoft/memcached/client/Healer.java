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
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Brings one server back and keeps watch over it, on a thread of its own: connects,
 * authenticates, proves with a real set and get that the server works, has the
 * {@link ReturnGate} bring it up to date, opens it for use; then beats the heart and does
 * the gate's work until the connection is lost; and again.
 */
final class Healer implements Runnable {

	private static final Log logger = LogFactory.getLog(Healer.class);

	private static final long TICK = TimeUnit.MILLISECONDS.toNanos(25);

	private static final long HEARTBEAT_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private static final int PROBE_EXPIRY = 10;

	/** How often a gate may find new work between its two questions. */
	private static final int MAX_ADMISSIONS = 20;

	private static final byte[] NOTHING = {};

	private final DefaultServer server;

	private final ClientSettings settings;

	private final PoolClock clock;

	private final Dialer dialer;

	private final Backoff backoff;

	private final long timeout;

	private final MemcachedKey probeKey = MemcachedKey.of("failsoft:probe:" + UUID.randomUUID());

	private final Thread thread;

	private @Nullable HardenedConnector connector;

	private volatile @Nullable ServerLink current;

	private volatile boolean closed;

	private boolean warned;

	private long lastWarning;

	private @Nullable ReturnGate gate;

	Healer(DefaultServer server, ServerAddress address, ClientSettings settings, PoolClock clock,
			Dialer.Resolver resolver) {
		this.server = server;
		this.settings = settings;
		this.clock = clock;
		this.timeout = settings.operationTimeout().toNanos();
		this.dialer = new Dialer(address, (int) Math.max(1, settings.connectTimeout().toMillis()), resolver);
		this.backoff = new Backoff(settings.probeInterval().toNanos(), () -> ThreadLocalRandom.current().nextDouble());
		this.thread = new ClientThread(this, "failsoft-memcached-" + address.name());
	}

	void start(ReturnGate returnGate) {
		this.gate = returnGate;
		this.thread.start();
	}

	void wake() {
		LockSupport.unpark(this.thread);
	}

	@Override
	public void run() {
		ReturnGate asked = this.gate;
		if (asked == null) {
			throw new IllegalStateException("not started");
		}
		try {
			while (!this.closed) {
				heal(asked);
			}
		}
		finally {
			stopConnector();
		}
	}

	private void heal(ReturnGate asked) {
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
			this.server.failed(Reasons.of(ex));
		}
		catch (ProbeFailure ex) {
			this.server.failed(ex.getMessage());
		}
		catch (RuntimeException | Error ex) {
			// Whatever it was, without its healer the server would be lost for good.
			warn(ex);
			this.server.failed(ex.toString());
		}
		if (link != null) {
			link.close("probe failed");
		}
		this.current = null;
		sleep(this.backoff.next());
	}

	private void warn(Throwable ex) {
		long now = System.nanoTime();
		String message = "Unexpected failure while healing memcached " + this.server.name();
		if (!this.warned || now - this.lastWarning >= WARNING_INTERVAL) {
			this.warned = true;
			this.lastWarning = now;
			logger.warn(message, ex);
		}
		else {
			logger.debug(message, ex);
		}
	}

	private void sleep(long nanos) {
		long deadline = System.nanoTime() + nanos;
		for (long rest = nanos; rest > 0 && !this.closed; rest = deadline - System.nanoTime()) {
			LockSupport.parkNanos(this, rest);
			Thread.interrupted();
		}
	}

	private ServerLink connect() throws IOException {
		SocketChannel channel = this.dialer.dial();
		boolean opened = false;
		try {
			HardenedSession session = connector().open(channel);
			ServerLink link = new ServerLink(session, this.settings, this.clock, this.server);
			session.activate(link);
			opened = true;
			this.current = link;
			if (this.closed) {
				link.close("client closed");
			}
			return link;
		}
		finally {
			if (!opened) {
				channel.close();
			}
		}
	}

	private HardenedConnector connector() throws IOException {
		HardenedConnector usable = this.connector;
		if (usable == null || !usable.isUsable()) {
			stopConnector();
			usable = new HardenedConnector(this.server.name());
			this.connector = usable;
			usable.start();
		}
		return usable;
	}

	private void stopConnector() {
		HardenedConnector old = this.connector;
		this.connector = null;
		if (old != null) {
			old.stop();
		}
	}

	private void prepare(ServerLink link, ReturnGate asked) {
		authenticate(link);
		probe(link);
		String version = link.version(this.timeout);
		for (int i = 0; i < MAX_ADMISSIONS && link.isOpen() && !this.closed; i++) {
			if (!asked.admit(link)) {
				throw new ProbeFailure(link.isOpen() ? "it could not be brought up to date" : link.reasonOfEnd());
			}
			boolean[] used = new boolean[1];
			if (asked.openIfUpToDate(() -> used[0] = this.server.publish(link))) {
				if (!used[0]) {
					this.server.lost(link, link.reasonOfEnd());
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
			throw new ProbeFailure("authentication: " + Reasons.of(reply));
		}
	}

	/**
	 * Prove that the server works by storing a random value and reading it back.
	 * @param link a link that nobody else uses
	 */
	private void probe(ServerLink link) {
		byte[] value = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
		Pending set = link.set(this.probeKey, PROBE_EXPIRY, value, NOTHING);
		Pending gets = link.gets(this.probeKey, null);
		Reply stored = set.await(this.timeout);
		if (!stored.stored()) {
			throw new ProbeFailure("probing set: " + Reasons.of(stored));
		}
		Reply found = gets.await(this.timeout);
		Item item = found.first();
		if (found.failure() != null) {
			throw new ProbeFailure("probing get: " + Reasons.of(found));
		}
		if (item == null || !Arrays.equals(item.value(), value)) {
			throw new ProbeFailure("probing get: it does not hold what was stored");
		}
	}

	private void watch(ServerLink link, ReturnGate asked) {
		long lastBeat = System.nanoTime();
		while (link.isOpen() && !this.closed) {
			long now = System.nanoTime();
			boolean beat = now - lastBeat >= HEARTBEAT_INTERVAL;
			if (beat) {
				lastBeat = now;
				beat(link, now);
			}
			if ((beat || asked.hasWork()) && link.isOpen() && !asked.maintain(link)) {
				link.close("it could not be kept up to date");
			}
			link.check(System.nanoTime());
			LockSupport.parkNanos(this, TICK);
			Thread.interrupted();
		}
		awaitEnd(link);
	}

	private void beat(ServerLink link, long now) {
		if (link.inFlight() == 0 && now - link.lastActivity() >= HEARTBEAT_INTERVAL / 2) {
			link.gets(this.probeKey, null).await(this.timeout);
		}
	}

	private void awaitEnd(ServerLink link) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
		while (!link.isEnded() && !this.closed && deadline - System.nanoTime() > 0) {
			LockSupport.parkNanos(this, TICK);
			Thread.interrupted();
		}
	}

	void beginClose() {
		this.closed = true;
		this.dialer.close();
		ServerLink link = this.current;
		if (link != null) {
			link.close("client closed");
		}
		wake();
	}

	/**
	 * Wait for the thread to end.
	 * @param deadlineNanos until when at most
	 */
	void finishClose(long deadlineNanos) {
		boolean interrupted = Thread.interrupted();
		try {
			while (this.thread.isAlive() && deadlineNanos - System.nanoTime() > 0) {
				try {
					this.thread.join(5);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * The server was reached but does not work.
	 */
	private static final class ProbeFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		ProbeFailure(String message) {
			super(message, null, false, false);
		}

		@Override
		public String getMessage() {
			return String.valueOf(super.getMessage());
		}

	}

}
