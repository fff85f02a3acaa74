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
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import com.google.code.yanf4j.buffer.IoBuffer;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * A session of xmemcached with its weak parts replaced. Its way of writing is not used:
 * it merges commands, which loses errors. A session never blocks: not when nothing was
 * asked and something arrives, not when the send buffer is full, not when it is closed.
 * Bytes come and go over one {@link ByteChannel} that reads and writes without blocking.
 * <p>
 * When little is under way, a request is written by the thread that makes it if the
 * socket takes it, which saves a change of threads. When much is, the I/O thread writes
 * for all, which saves system calls; it does so too while it is awake anyway. What the
 * socket does not take goes out when there is room ({@link RequestWriter}).
 * <p>
 * Interest in readiness is changed, and sessions are ended, on the I/O thread only:
 * elsewhere it races with the selector.
 */
final class HardenedSession extends MemcachedTCPSession {

	private static final int MAX_READS = 16;

	/**
	 * The operations under way up to which callers write themselves. At 8 and 32 threads
	 * on one processor, writing by the I/O thread takes a third off the time of an
	 * operation; at 2 it adds to it ({@code docs/performance.md}).
	 */
	private static final int MAX_WRITING_CALLERS = 4;

	private final Reactor reactor;

	private final ByteChannel channel;

	private final RequestWriter requests;

	private final Traffic traffic;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final Buffers buffers;

	private final ByteBuffer in;

	/** True while the I/O thread uses the buffer. */
	private volatile boolean reading;

	/** The reason for the end, of several the first. */
	private final AtomicReference<Operation.@Nullable Outcome> ending = new AtomicReference<>();

	private @Nullable ServerLink link;

	/**
	 * Creates a session, which reads from when it is activated.
	 * @param config the configuration for xmemcached
	 * @param reactor the I/O thread
	 * @param channel the connected channel, in non-blocking mode
	 * @param buffers the buffers it reads into and writes from
	 * @param traffic counts the bytes
	 */
	HardenedSession(NioSessionConfig config, Reactor reactor, ByteChannel channel, Buffers buffers, Traffic traffic) {
		super(config, 1, null, 0, null);
		this.reactor = reactor;
		this.channel = channel;
		this.requests = new RequestWriter(channel, buffers.out(), traffic.sent());
		this.traffic = traffic;
		this.buffers = buffers;
		this.in = buffers.in();
		setReadBuffer(IoBuffer.wrap(this.in));
	}

	/**
	 * Begins to read.
	 * @param owner the link, which is told of the end
	 */
	void activate(ServerLink owner) {
		this.link = owner;
		start();
		request(EventType.ENABLE_READ);
	}

	/**
	 * Returns whether the session goes on.
	 * @return {@code false} from the moment on when its end was requested
	 */
	boolean isLive() {
		return this.ending.get() == null && !isClosed();
	}

	/**
	 * Sends a request, or puts it into the queue if that would block. If the session
	 * ends, the operation fails.
	 * @param operation the operation
	 * @param inFlight the operations under way, this one included
	 */
	void send(Operation operation, int inFlight) {
		boolean unattended = this.requests.offer(operation);
		if (unattended && inFlight <= MAX_WRITING_CALLERS) {
			writeRequests();
		}
		else if (unattended && this.requests.attend()) {
			wakeToWrite();
		}
	}

	private void wakeToWrite() {
		boolean requested = false;
		try {
			request(EventType.WRITEABLE);
			requested = true;
		}
		finally {
			// Memory or stack may be exhausted. Others must not wait for an I/O thread
			// that was never woken.
			if (!requested && this.requests.leave()) {
				writeRequests();
			}
		}
	}

	void withdraw(Operation operation) {
		this.requests.withdraw(operation);
	}

	/**
	 * Writes, as the socket has room again or the I/O thread is to write for others.
	 * Called on the I/O thread.
	 */
	@Override
	protected void onWrite(@Nullable SelectionKey key) {
		this.requests.takeBack();
		writeForOthers();
	}

	private void writeForOthers() {
		try {
			if (!this.requests.writeAndLeave()) {
				request(EventType.ENABLE_WRITE);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			// An exception would end the I/O thread, and with it every session of the
			// server.
			abort(Failure.reason(ex));
		}
	}

	private void writeRequests() {
		try {
			if (!this.requests.write()) {
				request(EventType.ENABLE_WRITE);
			}
		}
		catch (IOException ex) {
			abort(Failure.reason(ex));
		}
	}

	/**
	 * Has the I/O thread handle an event. Xmemcached's own wake-up can be lost between
	 * the end of its queue and its next select, which then sleeps for a second.
	 */
	private void request(EventType event) {
		this.selectorManager.registerSession(this, event);
		if (Thread.currentThread() != this.reactor) {
			this.reactor.getSelector().wakeup();
		}
	}

	@Override
	protected void readFromBuffer() {
		this.reading = true;
		// What is queued from now on, this thread writes in the end.
		this.requests.attend();
		try {
			for (int i = 0; i < MAX_READS || hasReceived(); i++) {
				int room = this.in.remaining();
				int count = this.channel.read(this.in);
				if (count < 0) {
					end(new Operation.Outcome(Failure.CONNECTION_LOST, "closed by the server"));
					return;
				}
				this.traffic.received().add(count);
				this.in.flip();
				decode();
				this.in.compact();
				if (count < room) {
					break;
				}
				if (this.requests.hasQueued()) {
					writeRequests();
				}
			}
			this.selectorManager.registerSession(this, EventType.ENABLE_READ);
		}
		catch (TextLine.ProtocolViolation ex) {
			end(new Operation.Outcome(Failure.PROTOCOL_ERROR, ex.getMessage()));
		}
		catch (IOException | RuntimeException | Error ex) {
			end(new Operation.Outcome(Failure.CONNECTION_LOST, Failure.reason(ex)));
		}
		finally {
			this.reading = false;
			writeForOthers();
		}
	}

	private boolean hasReceived() {
		return this.channel instanceof TlsChannel tls && tls.hasReceived() && isLive();
	}

	/**
	 * Gives up the buffers for the next session.
	 * @return the buffers, or {@code null} if they may still be used
	 */
	@Nullable Buffers releaseBuffers() {
		if (!isClosed() || this.reading || !this.requests.isAtRest()) {
			return null;
		}
		this.buffers.in().clear();
		this.buffers.out().clear();
		return this.buffers;
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
	 * Takes the operation that the bytes at hand answer.
	 * @throws TextLine.ProtocolViolation if nothing was asked
	 */
	@Override
	public void takeCurrentCommand() {
		Operation operation = this.requests.nextAnswered();
		if (operation == null) {
			throw new TextLine.ProtocolViolation("unasked for: " + TextLine.describe(this.in, this.in.limit()));
		}
		setCurrentCommand(operation);
	}

	@Override
	public void close() {
		abort("closed");
	}

	/**
	 * Ends the session at once, with a reset and without flushing. The rest happens on
	 * the I/O thread. May be called on any thread.
	 * @param reason why, in words
	 */
	void abort(String reason) {
		this.ending.compareAndSet(null, new Operation.Outcome(Failure.CONNECTION_LOST, reason));
		if (this.reactor.isAlive()) {
			request(EventType.EXPIRED);
		}
		else {
			onExpired();
		}
	}

	/**
	 * Carries out {@link #abort}. The event is not used otherwise, as there is no session
	 * timeout.
	 */
	@Override
	public void onExpired() {
		Operation.Outcome requested = this.ending.get();
		if (requested != null) {
			end(requested);
		}
	}

	private void end(Operation.Outcome latest) {
		if (!this.ended.compareAndSet(false, true)) {
			return;
		}
		Operation.Outcome former = this.ending.compareAndExchange(null, latest);
		Operation.Outcome reason = (former != null) ? former : latest;
		setClosed(true);
		try {
			// As linger is 0, unsent bytes are dropped and the server sees a reset.
			this.channel.close();
		}
		catch (IOException ex) {
			// Ignore: closing is best effort.
		}
		unregisterSession();
		this.reactor.getSelector().wakeup();
		ServerLink owner = this.link;
		try {
			if (owner != null) {
				owner.ended(reason);
			}
		}
		finally {
			try {
				failAll(reason);
			}
			finally {
				if (owner != null) {
					owner.allFailed();
				}
			}
		}
	}

	private void failAll(Operation.Outcome reason) {
		if (Thread.currentThread() == this.reactor || !this.reactor.isAlive()) {
			Operation current = (Operation) getCurrentCommand();
			if (current != null) {
				current.fail(reason);
			}
		}
		this.requests.close(new Operation.Outcome(Failure.CONNECTION_LOST, reason.detail()));
	}

	/**
	 * The memory off the heap that a session reads into and writes from. Taken over from
	 * one session to the next, as a server that can be connected to but not used would
	 * otherwise leave a pair of them behind at each attempt.
	 *
	 * @param in the bytes received
	 * @param out the bytes to be sent
	 */
	record Buffers(ByteBuffer in, ByteBuffer out) {

		private static final int SIZE = 64 * 1024;

		static Buffers allocate() {
			return new Buffers(ByteBuffer.allocateDirect(SIZE), ByteBuffer.allocateDirect(SIZE));
		}

	}

	/**
	 * The bytes that went over the connections to one server, one after the other.
	 * Thread-safe.
	 *
	 * @param sent the bytes sent
	 * @param received the bytes received
	 */
	record Traffic(LongAdder sent, LongAdder received) {

	}

}
