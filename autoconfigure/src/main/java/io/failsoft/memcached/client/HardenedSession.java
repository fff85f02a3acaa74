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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.code.yanf4j.buffer.IoBuffer;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import org.jspecify.annotations.Nullable;

/**
 * Xmemcached's session with its weak parts replaced. It never blocks: not when nothing
 * was asked and something arrives, not when the send buffer is full, not when it is
 * closed.
 * <p>
 * Interest in readiness is changed, and sessions are ended, on the I/O thread only:
 * elsewhere it races with the selector.
 */
final class HardenedSession extends SendingSession {

	private static final int MAX_READS = 16;

	private final SocketChannel socketChannel;

	private final Set<HardenedSession> open;

	private final Traffic traffic;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final WireBuffers buffers;

	private final ByteBuffer in;

	/** Whether the I/O thread uses the buffer. */
	private volatile boolean reading;

	private volatile @Nullable Outcome ending;

	private @Nullable ServerLink link;

	HardenedSession(NioSessionConfig config, Reactor reactor, Set<HardenedSession> open, WireBuffers buffers,
			Traffic traffic) {
		super(config, reactor, new RequestWriter(new CountedChannel((SocketChannel) config.selectableChannel, traffic),
				buffers.out()));
		this.socketChannel = (SocketChannel) config.selectableChannel;
		this.open = open;
		this.traffic = traffic;
		this.buffers = buffers;
		this.in = buffers.in();
		setReadBuffer(IoBuffer.wrap(this.in));
		setUseBlockingRead(false);
		setUseBlockingWrite(false);
		setAllowReconnect(false);
	}

	/**
	 * Begin to read.
	 * @param owner who is told of the end
	 */
	void activate(ServerLink owner) {
		this.link = owner;
		start();
		request(EventType.ENABLE_READ);
	}

	/**
	 * Whether the session goes on.
	 * @return {@code false} from the moment on when its end was requested
	 */
	boolean isLive() {
		return this.ending == null && !isClosed();
	}

	@Override
	int underWay() {
		ServerLink owner = this.link;
		return (owner != null) ? owner.inFlight() : 0;
	}

	@Override
	protected void readFromBuffer() {
		if (isClosed()) {
			return;
		}
		this.reading = true;
		attend();
		try {
			for (int i = 0; i < MAX_READS; i++) {
				int room = this.in.remaining();
				int count = this.socketChannel.read(this.in);
				if (count < 0) {
					end(new Outcome(Failure.CONNECTION_LOST, "closed by the server"));
					return;
				}
				this.traffic.received(count);
				this.in.flip();
				decode();
				this.in.compact();
				if (count < room) {
					break;
				}
				writeMeanwhile();
			}
			this.selectorManager.registerSession(this, EventType.ENABLE_READ);
		}
		catch (ProtocolViolation ex) {
			end(new Outcome(Failure.PROTOCOL_ERROR, ex.getMessage()));
		}
		catch (IOException ex) {
			end(new Outcome(Failure.CONNECTION_LOST, Reasons.of(ex)));
		}
		catch (RuntimeException | Error ex) {
			end(new Outcome(Failure.CONNECTION_LOST, ex.toString()));
		}
		finally {
			this.reading = false;
			writeForOthers();
		}
	}

	/**
	 * Give up the buffers for the next session.
	 * @return the buffers, or {@code null} if they may still be used
	 */
	@Nullable WireBuffers releaseBuffers() {
		return (isClosed() && !this.reading && isSilent()) ? this.buffers.cleared() : null;
	}

	@Override
	public void decode() {
		while (this.in.hasRemaining() && this.decoder.decode(this.readBuffer, this) != null) {
			if (isClosed()) {
				return;
			}
		}
	}

	/**
	 * Take the operation that the bytes at hand answer.
	 * @throws ProtocolViolation if nothing was asked
	 */
	@Override
	public void takeCurrentCommand() {
		Operation operation = nextAnswered();
		if (operation == null) {
			throw new ProtocolViolation("unasked for: " + TextLine.show(this.in, this.in.limit()));
		}
		setCurrentCommand(operation);
	}

	@Override
	public void close() {
		abort(Failure.CONNECTION_LOST, "closed");
	}

	/**
	 * End the session at once, with a reset and without flushing. What follows of it
	 * happens on the I/O thread.
	 * @param failure how the current operation fails; all others lose the connection
	 * @param reason why, in words
	 */
	@Override
	void abort(Failure failure, String reason) {
		synchronized (this.ended) {
			if (this.ending == null) {
				this.ending = new Outcome(failure, reason);
			}
		}
		if (reactor().isAlive()) {
			request(EventType.EXPIRED);
		}
		else {
			onExpired();
		}
	}

	/**
	 * Carry out {@link #abort}. The event is not used otherwise, as there is no session
	 * timeout.
	 */
	@Override
	public void onExpired() {
		Outcome requested = this.ending;
		if (requested != null) {
			end(requested);
		}
	}

	private void end(Outcome reason) {
		if (!this.ended.compareAndSet(false, true)) {
			return;
		}
		synchronized (this.ended) {
			if (this.ending == null) {
				this.ending = reason;
			}
		}
		setClosed(true);
		try {
			// As linger is 0, unsent bytes are dropped and the server sees a reset.
			this.socketChannel.close();
		}
		catch (IOException ex) {
			// Closed is all it should be.
		}
		this.open.remove(this);
		unregisterSession();
		reactor().getSelector().wakeup();
		ServerLink owner = this.link;
		try {
			if (owner != null) {
				owner.ended(reason);
			}
		}
		finally {
			try {
				failAll();
			}
			finally {
				if (owner != null) {
					owner.allFailed();
				}
			}
		}
	}

	private void failAll() {
		Outcome reason = this.ending;
		Outcome lost = new Outcome(Failure.CONNECTION_LOST, (reason != null) ? reason.detail() : null);
		if (Thread.currentThread() == reactor() || !reactor().isAlive()) {
			Operation current = (Operation) getCurrentCommand();
			if (current != null) {
				current.fail((reason != null) ? reason : lost);
			}
		}
		failRequests(lost);
	}

	@Override
	public void destroy() {
		close();
	}

}
