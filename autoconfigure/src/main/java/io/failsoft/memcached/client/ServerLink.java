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

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Link} over a session, with the limits on what is under way and the breaker.
 */
final class ServerLink extends Operation.Owner implements Link {

	/** Shared by the listeners, so that one logger name suffices. */
	private static final Log logger = LogFactory.getLog(OperationListener.class);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	static final Reply DOWN = () -> Failure.DOWN;

	static final Reply OVERLOADED = () -> Failure.OVERLOADED;

	private static final Reply NO_TOUCH = () -> Failure.SERVER_ERROR;

	/** More than it takes to send a request, even if that is interpreted. */
	private static final int STACK_FRAMES = 160;

	private static final int FRESH = 0;

	private static final int IN_USE = 1;

	private static final int ENDED = 2;

	private final HardenedSession session;

	private final ClientSettings settings;

	private final Breaker breaker;

	private final PoolClock clock;

	private final DefaultServer server;

	private final SocketAddress peer;

	private final long timeout;

	/** Operations under way. */
	private final AtomicInteger inFlight = new AtomicInteger();

	/** Bytes of the operations under way. */
	private final AtomicLong queuedBytes = new AtomicLong();

	private final AtomicInteger state = new AtomicInteger(FRESH);

	private volatile Operation.@Nullable Outcome end;

	/** True once the link has ended and all its operations have failed. */
	private volatile boolean over;

	/** The time at which the command was sent that was answered last. */
	private final AtomicLong lastStart = new AtomicLong(System.nanoTime());

	/** The average time of an answer, or -1 for none. Changed by the I/O thread only. */
	private volatile long latency = -1;

	private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_INTERVAL);

	ServerLink(HardenedSession session, ClientSettings settings, PoolClock clock, DefaultServer server,
			SocketAddress peer) {
		this.session = session;
		this.settings = settings;
		this.clock = clock;
		this.server = server;
		this.peer = peer;
		this.timeout = settings.operationTimeout().toNanos();
		this.breaker = new Breaker(settings.failureThreshold(), this.timeout, clock.pauses(), System.nanoTime());
	}

	@Override
	public boolean isOpen() {
		return this.session.isLive();
	}

	@Override
	public SocketAddress peer() {
		return this.peer;
	}

	@Override
	public long answeredUntil() {
		return this.lastStart.get();
	}

	@Override
	public Reply gets(MemcachedKey... keys) {
		return send(new GetsOperation(this, keys), "get");
	}

	@Override
	public Reply set(MemcachedKey key, int expiry, byte[] header, byte[] body) {
		return send(new StoreOperation(StoreOperation.SET, this, key, expiry, header, body, 0), "set");
	}

	@Override
	public Reply add(MemcachedKey key, int expiry, byte[] header, byte[] body) {
		return send(new StoreOperation(StoreOperation.ADD, this, key, expiry, header, body, 0), "add");
	}

	@Override
	public Reply cas(MemcachedKey key, int expiry, byte[] header, byte[] body, long cas) {
		return send(new StoreOperation(StoreOperation.CAS, this, key, expiry, header, body, cas), "cas");
	}

	@Override
	public Reply touch(MemcachedKey key, int expiry) {
		if (this.server.refusesTouch()) {
			return NO_TOUCH;
		}
		return send(new StoreOperation(StoreOperation.TOUCH, this, key, expiry, TextLine.NOTHING, TextLine.NOTHING, 0),
				"touch");
	}

	/**
	 * Sends a command, or refuses it.
	 * @param operation the command
	 * @param name what the listener is told, or {@code null} if it is not told at all
	 * @return the reply
	 */
	private Reply send(Operation operation, @Nullable String name) {
		ensureStack(STACK_FRAMES);
		ObjLongConsumer<Reply> told = (name != null) ? begin(name) : null;
		Reply refusal = refusal(operation.size());
		if (refusal == null) {
			operation.listener(told);
			try {
				this.session.send(operation, this.inFlight.get());
				return operation;
			}
			catch (Throwable ex) {
				// It may be written in part, or lost between two queues.
				operation.fail(new Operation.Outcome(Failure.CONNECTION_LOST, "not sent"));
				close("a request could not be written");
				throw ex;
			}
		}
		if (told != null) {
			tell(told, refusal, 0);
		}
		return refusal;
	}

	/**
	 * Has a stack that is about to overflow do so here: further down it would leave a
	 * request half written.
	 */
	private static int ensureStack(int frames) {
		return (frames > 0) ? ensureStack(frames - 1) + 1 : 0;
	}

	/**
	 * Tells the listener that an operation begins; before the link is in use, nobody.
	 */
	private @Nullable ObjLongConsumer<Reply> begin(String operation) {
		OperationListener listener = this.server.listener();
		if (listener == null || this.state.get() == FRESH) {
			return null;
		}
		try {
			return listener.begun(this.server.name(), operation);
		}
		catch (Throwable ex) {
			listenerFailed(ex);
			return null;
		}
	}

	/**
	 * Tells that an operation has ended. Throws nothing, whatever the listener does.
	 * @param told the listener
	 * @param reply the outcome
	 * @param nanos how long it took
	 */
	@Override
	void tell(ObjLongConsumer<Reply> told, Reply reply, long nanos) {
		try {
			told.accept(reply, nanos);
		}
		catch (Throwable ex) {
			listenerFailed(ex);
		}
	}

	private void listenerFailed(Throwable ex) {
		long now = System.nanoTime();
		long last = this.lastWarning.get();
		if (now - last >= WARNING_INTERVAL && this.lastWarning.compareAndSet(last, now)) {
			logger.warn("A listener of memcached operations failed; the operations go on", ex);
		}
	}

	/**
	 * Reads an item for the sake of the answer. No listener is told.
	 * @param key the key
	 * @return the reply
	 */
	Reply heartbeat(MemcachedKey key) {
		return send(new GetsOperation(this, key), null);
	}

	/**
	 * Asks for the server's version.
	 * @param timeoutNanos how long to wait
	 * @return the version, or {@code null} if there was no answer
	 */
	@Nullable String version(long timeoutNanos) {
		VersionOperation operation = new VersionOperation(this);
		send(operation, null).await(timeoutNanos);
		return operation.version();
	}

	/**
	 * Authenticates by a {@code set} whose value is {@code <user> <password>}, as
	 * {@code memcached -Y} takes it. A server that does not ask for authentication would
	 * store it, so it is sent as an item that has expired already.
	 * @param key a key that nobody reads
	 * @param credentials user name and password
	 * @return the reply
	 */
	Reply authenticate(MemcachedKey key, byte[] credentials) {
		return send(new StoreOperation(StoreOperation.SET, this, key, -1, credentials, TextLine.NOTHING, 0), null);
	}

	private @Nullable Reply refusal(long size) {
		if (!isOpen()) {
			return DOWN;
		}
		if (this.queuedBytes.addAndGet(size) <= this.settings.maxQueuedBytes() && acquirePermit()) {
			return null;
		}
		this.queuedBytes.addAndGet(-size);
		return OVERLOADED;
	}

	private boolean acquirePermit() {
		while (true) {
			int taken = this.inFlight.get();
			if (taken >= this.settings.maxInFlight()) {
				return false;
			}
			if (taken == 0) {
				// Before it counts: of several that start together, none may find the
				// breaker looking back at the time when nothing was asked.
				this.breaker.busy(System.nanoTime());
			}
			if (this.inFlight.compareAndSet(taken, taken + 1)) {
				return true;
			}
		}
	}

	@Override
	void release(Operation operation) {
		this.inFlight.decrementAndGet();
		this.queuedBytes.addAndGet(-operation.size());
	}

	@Override
	void withdraw(Operation operation) {
		this.session.withdraw(operation);
		release(operation);
	}

	/**
	 * Notes that the server answered. Called on the I/O thread.
	 * @param operation the operation that it answered
	 */
	@Override
	void answered(Operation operation) {
		long now = System.nanoTime();
		long start = operation.start();
		this.lastStart.lazySet(start);
		long before = this.latency;
		// An average over about 16 answers, as TCP smooths its round trip time (RFC 6298
		// with another weight).
		this.latency = (before < 0) ? now - start : before + ((now - start - before) >> 4);
		// A server whose every answer comes too late costs each caller a timeout, like
		// one that is silent.
		if (now - start <= this.timeout || this.clock.pauses().pausedSince(start)) {
			this.breaker.replied(now);
		}
		release(operation);
	}

	/**
	 * Opens the breaker if the server has not answered in time for too long.
	 */
	@Override
	void check() {
		if (this.inFlight.get() > 0 && this.breaker.check(System.nanoTime()) && isOpen()) {
			close(this.breaker.windows() + " operation timeouts in a row without an answer in time");
		}
	}

	@Override
	Future<?> schedule(Runnable task, long delayNanos) {
		return this.clock.schedule(task, delayNanos);
	}

	/**
	 * Closes the connection at once.
	 * @param reason why, in words
	 */
	void close(String reason) {
		this.session.abort(reason);
	}

	/**
	 * Notes that the session has ended. Called once, before its operations fail.
	 * @param reason why
	 */
	void ended(Operation.Outcome reason) {
		this.end = reason;
		if (this.state.getAndSet(ENDED) == IN_USE) {
			this.server.lost(this, reasonOfEnd());
		}
	}

	/**
	 * Notes that the operations of the session that ended have failed. Called once, after
	 * {@link #ended}.
	 */
	void allFailed() {
		this.over = true;
		this.server.wake();
	}

	/**
	 * Notes that the link is in use from now on.
	 * @return {@code false} if it has ended already, so that its loss was not told
	 */
	boolean use() {
		return this.state.compareAndSet(FRESH, IN_USE);
	}

	/**
	 * Returns whether the link has ended and all its operations have failed.
	 * @return {@code true} once the server may be reached anew
	 */
	boolean isEnded() {
		return this.over;
	}

	String reasonOfEnd() {
		Operation.Outcome reason = this.end;
		if (reason == null) {
			return "closed";
		}
		String detail = String.valueOf(reason.detail());
		return (reason.failure() == Failure.PROTOCOL_ERROR) ? "malformed answer (" + detail + ")" : detail;
	}

	int inFlight() {
		return this.inFlight.get();
	}

	long queuedBytes() {
		return this.queuedBytes.get();
	}

	long lastActivity() {
		return this.breaker.lastActivity();
	}

	@Nullable Duration latency() {
		long known = this.latency;
		return (known < 0) ? null : Duration.ofNanos(known);
	}

}
