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

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server: the link in use, the state it is in, and the healer that changes both.
 */
final class DefaultServer implements Server {

	/** Shared by the whole client, so that one logger name suffices. */
	private static final Log logger = LogFactory.getLog(Server.class);

	private final ServerAddress address;

	private final String name;

	private final String certificateName;

	private final HardenedSession.Traffic traffic = new HardenedSession.Traffic(new LongAdder(), new LongAdder());

	private final StateLog log;

	private final Healer healer;

	private volatile @Nullable ServerLink link;

	private volatile Status status;

	private volatile @Nullable String version;

	private volatile boolean lacksTouch;

	private final AtomicBoolean toldOfTouch = new AtomicBoolean();

	private volatile @Nullable RecoveryGate gate;

	private volatile @Nullable OperationListener listener;

	private volatile long losses;

	/** The link last in use, for the figures of a snapshot. */
	private volatile @Nullable ServerLink lastLink;

	/**
	 * Creates a server that is not connected to yet.
	 * @param address its address
	 * @param certificateName the name or address that its certificate must be for, if TLS
	 * is used
	 * @param settings how to treat it
	 * @param poolClock the clock of the pool
	 * @param resolver resolves its name
	 */
	DefaultServer(ServerAddress address, String certificateName, ClientSettings settings, PoolClock poolClock,
			Dialer.Resolver resolver) {
		this.address = address;
		this.name = address.name();
		this.certificateName = certificateName;
		this.log = new StateLog(this.name, settings.failover(), logger, System::nanoTime);
		this.status = new Status(ServerSnapshot.State.CONNECTING, Instant.now(), null);
		this.healer = new Healer(this, settings, poolClock, resolver);
	}

	@Override
	public String name() {
		return this.name;
	}

	ServerAddress address() {
		return this.address;
	}

	String certificateName() {
		return this.certificateName;
	}

	@Override
	public @Nullable Link link() {
		return this.link;
	}

	@Override
	public ServerSnapshot snapshot() {
		Status now = this.status;
		ServerLink last = this.lastLink;
		return new ServerSnapshot(name(), now.state(), now.since(), now.lastFailure(),
				(last != null) ? last.inFlight() : 0, this.version, this.lacksTouch ? "touch" : null,
				(last != null) ? last.latency() : null, (last != null) ? last.queuedBytes() : 0, this.losses,
				this.traffic.sent().sum(), this.traffic.received().sum());
	}

	HardenedSession.Traffic traffic() {
		return this.traffic;
	}

	@Nullable OperationListener listener() {
		return this.listener;
	}

	void listener(@Nullable OperationListener told) {
		this.listener = told;
	}

	/**
	 * Notes whether the server lacks the command {@code touch}.
	 */
	void lacksTouch(boolean lacks) {
		this.lacksTouch = lacks;
	}

	/**
	 * Returns whether a touch is of no use, and says so once.
	 */
	boolean refusesTouch() {
		if (this.lacksTouch && this.toldOfTouch.compareAndSet(false, true)) {
			logger.warn("memcached " + name() + " does not know the command touch: entries end a"
					+ " memcached.cache.time-to-idle after they were stored, read or not");
		}
		return this.lacksTouch;
	}

	void start(RecoveryGate returnGate) {
		this.gate = returnGate;
		this.healer.start(returnGate);
	}

	/**
	 * Opens the server for use over a link. Does not block.
	 * @param fresh the link
	 * @return {@code false} if the link has ended meanwhile; then {@link #lost} is to be
	 * called
	 */
	synchronized boolean publish(ServerLink fresh) {
		this.lastLink = fresh;
		enter(ServerSnapshot.State.UP, null);
		this.link = fresh;
		return fresh.use();
	}

	/**
	 * Notes that a link in use has ended. Called once per link.
	 * @param ended the link
	 * @param reason why
	 */
	void lost(ServerLink ended, String reason) {
		// Before the server is seen to be lost: its failover server asks the gate then.
		RecoveryGate asked = this.gate;
		try {
			if (asked != null) {
				asked.connectionLost(ended);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot note that the connection to memcached " + name()
					+ " is lost; its entries may be stale until their time to live ends", ex);
		}
		synchronized (this) {
			// By now the healer may have published another link.
			if (this.link == ended) {
				boolean open = this.status.state() != ServerSnapshot.State.CLOSED;
				if (open) {
					this.losses = this.losses + 1;
					enter(ServerSnapshot.State.DOWN, reason);
				}
				this.link = null;
				if (open) {
					this.log.lost(reason);
				}
			}
		}
	}

	/**
	 * Notes that an attempt to reach the server failed.
	 * @param reason why
	 */
	void failed(String reason) {
		synchronized (this) {
			Status now = this.status;
			if (now.state() == ServerSnapshot.State.CLOSED) {
				return;
			}
			if (now.state() == ServerSnapshot.State.CONNECTING || now.state() == ServerSnapshot.State.DOWN) {
				this.status = new Status(now.state(), now.since(), reason);
			}
		}
		this.log.failed(reason);
		if (logger.isDebugEnabled()) {
			logger.debug("memcached " + name() + " cannot be used: " + reason);
		}
	}

	void up(@Nullable String reportedVersion) {
		if (reportedVersion != null) {
			this.version = reportedVersion;
		}
		this.log.up();
	}

	@Override
	public void wake() {
		this.healer.wake();
	}

	private synchronized void enter(ServerSnapshot.State state, @Nullable String failure) {
		if (this.status.state() != ServerSnapshot.State.CLOSED) {
			this.status = new Status(state, Instant.now(), (failure != null) ? failure : this.status.lastFailure());
		}
	}

	void beginClose() {
		enter(ServerSnapshot.State.CLOSED, null);
		this.healer.beginClose();
	}

	void finishClose(long deadlineNanos) {
		this.healer.finishClose(deadlineNanos);
		this.link = null;
	}

	/**
	 * The state of a server.
	 *
	 * @param state the state
	 * @param since since when
	 * @param lastFailure why it was last lost or could not be reached
	 */
	private record Status(ServerSnapshot.State state, Instant since, @Nullable String lastFailure) {

	}

}
