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
import java.nio.channels.WritableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The requests of one session: those that wait to be written, and those that were written
 * and wait for their answers, in the order in which they went out.
 * <p>
 * The thread that holds the lock writes for the others too. When the socket is full, or
 * one caller has written for others long enough, writing is handed over to the I/O
 * thread. Thread-safe; nothing blocks.
 */
final class RequestWriter {

	/** The buffers that a caller writes before the I/O thread takes over. */
	private static final int MAX_ROUNDS = 32;

	private final WritableByteChannel channel;

	/** The same, if it encrypts. */
	private final @Nullable TlsChannel tls;

	private final LongAdder sent;

	private final Queue<Operation> queued = new ConcurrentLinkedQueue<>();

	private final Queue<Operation> unanswered = new ConcurrentLinkedQueue<>();

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock, like the operation that is half in it. */
	private final ByteBuffer out;

	private @Nullable Operation writing;

	/** True if only the I/O thread may write, when the socket is ready again. */
	private volatile boolean handedOver;

	/** True if the channel failed, so that nothing is written any more. */
	private volatile boolean broken;

	/** True if a buffer was written in part. Changed under the lock. */
	private volatile boolean unfinished;

	/** True while the I/O thread is awake and looks at the queue before it sleeps. */
	private final AtomicBoolean attended = new AtomicBoolean();

	private volatile Operation.@Nullable Outcome closed;

	/**
	 * Creates a writer.
	 * @param channel a channel in non-blocking mode
	 * @param out an empty buffer
	 * @param sent counts the bytes written
	 */
	RequestWriter(WritableByteChannel channel, ByteBuffer out, LongAdder sent) {
		this.channel = channel;
		this.tls = (channel instanceof TlsChannel encrypting) ? encrypting : null;
		this.out = out;
		this.sent = sent;
	}

	/**
	 * Queues a request. If this is closed, it fails.
	 * @param operation the request
	 * @return whether {@link #write} is to be called; {@code false} also if the I/O
	 * thread is about to do so, or will when the socket has room
	 */
	boolean offer(Operation operation) {
		this.queued.offer(operation);
		return !failIfClosed() && !this.attended.get() && !this.handedOver;
	}

	boolean hasQueued() {
		return !this.queued.isEmpty();
	}

	/**
	 * Leaves the queue, as it is and as it grows, to the I/O thread, which must call
	 * {@link #leave}.
	 * @return whether the I/O thread is to be woken, as it does not know yet
	 */
	boolean attend() {
		return this.attended.compareAndSet(false, true);
	}

	/**
	 * Notes that the I/O thread has written and leaves. A caller that queued a request
	 * meanwhile relies on it, so it must look once more.
	 * @return whether {@link #write} is to be called
	 */
	boolean leave() {
		this.attended.set(false);
		return !this.queued.isEmpty();
	}

	void withdraw(Operation operation) {
		this.queued.remove(operation);
	}

	/**
	 * Takes the request that the next answer belongs to. For the I/O thread only.
	 * @return the request, or {@code null} if nothing was asked
	 */
	@Nullable Operation nextAnswered() {
		return this.unanswered.poll();
	}

	/**
	 * Notes that the socket may have room again, so that any thread may write, unless it
	 * is broken. For the I/O thread only.
	 */
	void takeBack() {
		if (!this.broken) {
			this.handedOver = false;
		}
	}

	/**
	 * Writes for all and {@linkplain #leave leaves}. For the I/O thread only.
	 * @return as {@link #write} does
	 * @throws IOException as {@link #write} does
	 */
	boolean writeAndLeave() throws IOException {
		try {
			if (!write()) {
				return false;
			}
		}
		finally {
			this.attended.set(false);
		}
		return this.queued.isEmpty() || write();
	}

	/**
	 * Writes the queue, as far as the socket takes it.
	 * @return {@code false} if the I/O thread has to go on when the socket has room
	 * @throws IOException if the connection is broken; nothing is written any more then
	 */
	boolean write() throws IOException {
		do {
			if (this.handedOver || !this.lock.tryLock()) {
				// The holder of the lock looks at the queue again after releasing it.
				return true;
			}
			try {
				if (!writeQueued()) {
					return false;
				}
			}
			catch (IOException ex) {
				this.broken = true;
				this.handedOver = true;
				throw ex;
			}
			finally {
				this.lock.unlock();
			}
		}
		// The I/O thread may have been kept out as it came to write the rest of a buffer.
		while (!this.queued.isEmpty() || (this.unfinished && this.closed == null));
		return true;
	}

	private boolean writeQueued() throws IOException {
		if (this.handedOver || this.closed != null) {
			return true;
		}
		for (int i = 0; i < MAX_ROUNDS; i++) {
			fill();
			this.out.flip();
			try {
				if (!this.out.hasRemaining() && !hasUnsent()) {
					return true;
				}
				this.sent.add(this.channel.write(this.out));
				if (this.out.hasRemaining() || hasUnsent()) {
					this.handedOver = true;
					return false;
				}
			}
			finally {
				this.out.compact();
				boolean rest = this.out.position() > 0 || this.writing != null || hasUnsent();
				if (this.unfinished != rest) {
					this.unfinished = rest;
				}
			}
		}
		this.handedOver = true;
		return false;
	}

	private boolean hasUnsent() {
		return this.tls != null && this.tls.hasUnsent();
	}

	/**
	 * Encodes requests, as many as there is room for. With TLS, one record at a time: one
	 * that ends with a request and holds several only if it holds them whole. A memcached
	 * may leave what follows a large request in its record unread until the next record
	 * comes.
	 */
	private void fill() {
		if (this.tls != null) {
			if (this.out.position() > 0) {
				return;
			}
			this.out.limit(Math.min(this.out.capacity(), TlsChannel.RECORD));
		}
		while (true) {
			Operation operation = this.writing;
			if (operation == null) {
				operation = this.queued.poll();
				if (operation == null) {
					return;
				}
				if (!operation.claim()) {
					continue;
				}
				this.unanswered.add(operation);
				if (failIfClosed()) {
					return;
				}
				this.writing = operation;
			}
			if (this.tls != null && this.out.position() > 0 && operation.size() > this.out.remaining()) {
				return;
			}
			if (!operation.encode(this.out)) {
				return;
			}
			this.writing = null;
			if (this.tls != null && operation.size() > TlsChannel.RECORD) {
				return;
			}
		}
	}

	/**
	 * Fails all requests, and those that will still come. When this returns, all that
	 * were there have failed.
	 * @param lost how they fail
	 */
	void close(Operation.Outcome lost) {
		this.closed = lost;
		failIfClosed();
	}

	/**
	 * Returns whether this is closed and no thread writes any more, nor will.
	 */
	boolean isAtRest() {
		if (this.closed == null || !this.lock.tryLock()) {
			return false;
		}
		this.lock.unlock();
		return true;
	}

	/**
	 * Fails all requests if this is closed. Under the lock, so that none is in the hands
	 * of another thread when this returns.
	 */
	private boolean failIfClosed() {
		Operation.Outcome lost = this.closed;
		if (lost == null) {
			return false;
		}
		this.lock.lock();
		try {
			failAll(this.unanswered, lost);
			failAll(this.queued, lost);
		}
		finally {
			this.lock.unlock();
		}
		return true;
	}

	private static void failAll(Queue<Operation> operations, Operation.Outcome lost) {
		for (Operation operation = operations.poll(); operation != null; operation = operations.poll()) {
			operation.fail(lost);
		}
	}

}
