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

import net.rubyeye.xmemcached.command.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Link} over a session, with the limits on what is under way and the breaker.
 */
final class ServerLink implements Link {

	private static final byte[] NOTHING = {};

	private final HardenedSession session;

	private final Breaker breaker;

	private final PoolClock clock;

	private final DefaultServer server;

	private final SocketAddress peer;

	private final long timeout;

	private final InFlight inFlight;

	private final LinkLife life = new LinkLife();

	private final RoundTrips roundTrips = new RoundTrips(System.nanoTime());

	ServerLink(HardenedSession session, ClientSettings settings, PoolClock clock, DefaultServer server,
			SocketAddress peer) {
		this.session = session;
		this.clock = clock;
		this.server = server;
		this.peer = peer;
		this.timeout = settings.operationTimeout().toNanos();
		this.breaker = new Breaker(settings.failureThreshold(), this.timeout, clock.pauses(), System.nanoTime());
		this.inFlight = new InFlight(settings, this.breaker);
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
		return this.roundTrips.lastStart();
	}

	@Override
	public Pending gets(MemcachedKey first, @Nullable MemcachedKey second) {
		OperationWatch watch = watch(OperationKind.GET);
		int size = GetsOperation.size(first, second);
		FailedPending refusal = refusal(size);
		return (refusal != null) ? refused(refusal, watch)
				: send(new GetsOperation(this, first, second, size, System.nanoTime()), watch);
	}

	@Override
	public Pending set(MemcachedKey key, int expiry, byte[] header, byte[] body) {
		return store(CommandType.SET, key, expiry, header, body, 0, watch(OperationKind.SET));
	}

	@Override
	public Pending add(MemcachedKey key, int expiry, byte[] header, byte[] body) {
		return store(CommandType.ADD, key, expiry, header, body, 0, watch(OperationKind.ADD));
	}

	@Override
	public Pending cas(MemcachedKey key, int expiry, byte[] header, byte[] body, long cas) {
		return store(CommandType.CAS, key, expiry, header, body, cas, watch(OperationKind.CAS));
	}

	private Pending store(CommandType type, MemcachedKey key, int expiry, byte[] header, byte[] body, long cas,
			@Nullable OperationWatch watch) {
		long size = StoreOperation.size(key, header, body);
		FailedPending refusal = refusal(size);
		return (refusal != null) ? refused(refusal, watch) : send(
				new StoreOperation(type, this, key, expiry, header, body, cas, (int) size, System.nanoTime()), watch);
	}

	@Override
	public Pending touch(MemcachedKey key, int expiry) {
		OperationWatch watch = watch(OperationKind.TOUCH);
		int size = TouchOperation.size(key);
		FailedPending refusal = refusal(size);
		return (refusal != null) ? refused(refusal, watch)
				: send(new TouchOperation(this, key, expiry, size, System.nanoTime()), watch);
	}

	/**
	 * Whoever is told of the end of an operation: nobody before the link is in use.
	 */
	private @Nullable OperationWatch watch(OperationKind kind) {
		GuardedListener listener = this.server.listener();
		return (listener != null && this.life.hasBegun()) ? listener.begun(this.server.name(), kind) : null;
	}

	void settled(Operation operation, OperationWatch watch) {
		GuardedListener listener = this.server.listener();
		if (listener != null) {
			listener.ended(watch, operation, System.nanoTime() - operation.start());
		}
	}

	private Pending refused(FailedPending refusal, @Nullable OperationWatch watch) {
		GuardedListener listener = this.server.listener();
		if (watch != null && listener != null) {
			listener.ended(watch, refusal, 0);
		}
		return refusal;
	}

	/**
	 * Read an item for the sake of the answer. Nobody is told of it.
	 * @param key the key
	 * @return the operation
	 */
	Pending heartbeat(MemcachedKey key) {
		int size = GetsOperation.size(key, null);
		FailedPending refusal = refusal(size);
		return (refusal != null) ? refusal : send(new GetsOperation(this, key, null, size, System.nanoTime()), null);
	}

	/**
	 * Ask for the server's version.
	 * @param timeoutNanos how long to wait
	 * @return the version, or {@code null} if there was no answer
	 */
	@Nullable String version(long timeoutNanos) {
		if (refusal(VersionOperation.SIZE) != null) {
			return null;
		}
		VersionOperation operation = new VersionOperation(this, System.nanoTime());
		send(operation, null).await(timeoutNanos);
		return operation.version();
	}

	/**
	 * Authenticate by a {@code set} whose value is {@code <user> <password>}, as
	 * {@code memcached -Y} takes it. A server that does not ask for authentication would
	 * store it, so it is sent as an item that has expired already.
	 * @param key a key that nobody reads
	 * @param credentials user name and password
	 * @return the operation
	 */
	Pending authenticate(MemcachedKey key, byte[] credentials) {
		return store(CommandType.SET, key, -1, credentials, NOTHING, 0, null);
	}

	private @Nullable FailedPending refusal(long size) {
		if (!isOpen()) {
			return FailedPending.DOWN;
		}
		return this.inFlight.enter(size) ? null : FailedPending.OVERLOADED;
	}

	private Operation send(Operation operation, @Nullable OperationWatch watch) {
		operation.watch(watch);
		this.session.send(operation);
		return operation;
	}

	void release(Operation operation) {
		this.inFlight.leave(operation.size());
	}

	void withdraw(Operation operation) {
		this.session.withdraw(operation);
		release(operation);
	}

	/**
	 * The server answered. Called on the I/O thread.
	 * @param operation what it answered
	 */
	void answered(Operation operation) {
		long now = System.nanoTime();
		long start = operation.start();
		this.roundTrips.add(start, now);
		// A server whose every answer comes too late costs each caller a timeout, like
		// one that is silent.
		if (now - start <= this.timeout || this.clock.pauses().pausedSince(start)) {
			this.breaker.replied(now);
		}
	}

	void timedOut() {
		check(System.nanoTime());
	}

	/**
	 * Open the breaker if the server has not answered in time for too long.
	 * @param now the time
	 */
	void check(long now) {
		if (this.inFlight.number() > 0 && this.breaker.check(now) && isOpen()) {
			close(this.breaker.windows() + " operation timeouts in a row without an answer in time");
		}
	}

	Future<?> schedule(Runnable task, long delayNanos) {
		return this.clock.schedule(task, delayNanos);
	}

	/**
	 * Close the connection at once.
	 * @param reason why, in words
	 */
	void close(String reason) {
		this.session.abort(Failure.CONNECTION_LOST, reason);
	}

	/**
	 * The session has ended. Called once, before its operations fail.
	 * @param reason why
	 */
	void ended(Outcome reason) {
		if (this.life.end(reason)) {
			this.server.lost(this, reasonOfEnd());
		}
	}

	/**
	 * The operations of the session that ended have failed. Called once, after
	 * {@link #ended}.
	 */
	void allFailed() {
		this.life.noteThatAllFailed();
		this.server.wake();
	}

	/**
	 * Note that the link is in use from now on.
	 * @return {@code false} if it has ended already, so that nobody was told
	 */
	boolean use() {
		return this.life.begin();
	}

	/**
	 * Whether the link has ended and all its operations have failed.
	 * @return {@code true} once the server may be reached anew
	 */
	boolean isEnded() {
		return this.life.isOver();
	}

	String reasonOfEnd() {
		return this.life.reasonOfEnd();
	}

	int inFlight() {
		return this.inFlight.number();
	}

	long queuedBytes() {
		return this.inFlight.bytes();
	}

	int windows() {
		return this.breaker.windows();
	}

	long lastActivity() {
		return this.breaker.lastActivity();
	}

	@Nullable Duration latency() {
		return this.roundTrips.average();
	}

}
