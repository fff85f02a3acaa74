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

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of a proxied connection: reads eagerly, so that bytes and the end of the
 * stream are known at once, and passes both on in order, now, later, or when released.
 */
final class Pipe {

	/**
	 * What is read ahead at most; beyond it the sender's kernel holds the bytes, and the
	 * sender feels it, as it does with a server that hangs.
	 */
	static final int READ_AHEAD_BYTES = 4 * 1024 * 1024;

	private static final int CHUNK_BYTES = 64 * 1024;

	/** How long {@link #hold()} waits for a receiver that does not read. */
	static final Duration SETTLE_LIMIT = Duration.ofSeconds(2);

	private final Sink sink;

	private final ByteMeter received;

	private final ByteMeter forwarded;

	private final Duration settleLimit;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<Chunk> queue = new ArrayDeque<>();

	private long queuedBytes;

	private boolean held;

	private long delayNanos;

	private boolean writing;

	private boolean ended;

	private boolean closed;

	Pipe(Sink sink, ByteMeter received, ByteMeter forwarded, Duration settleLimit) {
		this.sink = sink;
		this.received = received;
		this.forwarded = forwarded;
		this.settleLimit = settleLimit;
	}

	/**
	 * Starts to pass on. The sink is opened first, unless this direction is held.
	 * @param name the thread's name
	 */
	void startWriter(String name) {
		offer(Chunk.of(Kind.OPEN, new byte[0]));
		start(this::writeAll, name);
	}

	/**
	 * Starts to read.
	 * @param in what to read
	 * @param name the thread's name
	 */
	void startReader(InputStream in, String name) {
		start(() -> readAll(in), name);
	}

	private static void start(Runnable task, String name) {
		Thread thread = new Thread(null, task, name, 128 * 1024);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Holds what is there and what comes. A chunk that is being written is waited for, so
	 * that nothing passes once this method has returned; only if the receiver does not
	 * read is that given up after the settle limit.
	 */
	void hold() {
		this.lock.lock();
		try {
			this.held = true;
			this.changed.signalAll();
			long left = this.settleLimit.toNanos();
			while (this.writing && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets everything flow that is held, and what comes.
	 */
	void release() {
		this.lock.lock();
		try {
			this.held = false;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Passes each chunk on that much later than it was received; those that are there,
	 * too.
	 * @param delay the delay
	 */
	void delay(Duration delay) {
		this.lock.lock();
		try {
			this.delayNanos = delay.toNanos();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns how many bytes were received and are not passed on yet.
	 * @return the number of bytes
	 */
	long queuedBytes() {
		this.lock.lock();
		try {
			return this.queuedBytes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Says whether the sender's end of the stream was read, be it passed on or not.
	 * @return true if nothing more can come
	 */
	boolean isEnded() {
		this.lock.lock();
		try {
			return this.ended;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends both threads and forgets what is held.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.queue.clear();
			this.queuedBytes = 0;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void readAll(InputStream in) {
		byte[] buffer = new byte[CHUNK_BYTES];
		try {
			while (awaitRoom()) {
				int length = in.read(buffer);
				if (length < 0) {
					offer(Chunk.of(Kind.END, new byte[0]));
					return;
				}
				this.received.add(length);
				offer(Chunk.of(Kind.DATA, Arrays.copyOf(buffer, length)));
			}
		}
		catch (IOException ex) {
			offer(Chunk.of(Kind.RESET, new byte[0]));
		}
	}

	private boolean awaitRoom() {
		this.lock.lock();
		try {
			while (!this.closed && this.queuedBytes >= READ_AHEAD_BYTES) {
				this.changed.awaitUninterruptibly();
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void offer(Chunk chunk) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.queue.addLast(chunk);
				this.ended |= chunk.kind() == Kind.END || chunk.kind() == Kind.RESET;
				this.queuedBytes += chunk.bytes().length;
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeAll() {
		try {
			while (true) {
				Chunk chunk = take();
				if (chunk.kind() == Kind.CLOSED) {
					return;
				}
				try {
					write(chunk);
				}
				finally {
					written(chunk);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void write(Chunk chunk) {
		switch (chunk.kind()) {
			case OPEN -> this.sink.open();
			case DATA -> {
				if (this.sink.write(chunk.bytes())) {
					this.forwarded.add(chunk.bytes().length);
				}
			}
			case END -> this.sink.end(false);
			case RESET -> this.sink.end(true);
			default -> throw new AssertionError(chunk.kind());
		}
	}

	private Chunk take() throws InterruptedException {
		this.lock.lock();
		try {
			while (!this.closed) {
				Chunk head = this.queue.peekFirst();
				if (head == null || this.held) {
					this.changed.await();
					continue;
				}
				long wait = head.receivedNanos() + this.delayNanos - System.nanoTime();
				if (this.delayNanos == 0 || wait <= 0) {
					this.queue.removeFirst();
					this.writing = true;
					return head;
				}
				this.changed.await(wait, TimeUnit.NANOSECONDS);
			}
			return Chunk.of(Kind.CLOSED, new byte[0]);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void written(Chunk chunk) {
		this.lock.lock();
		try {
			this.writing = false;
			if (!this.closed) {
				this.queuedBytes -= chunk.bytes().length;
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Where the bytes go. It deals with failures itself.
	 */
	interface Sink {

		/**
		 * Prepares to be written to.
		 */
		void open();

		/**
		 * Writes a chunk.
		 * @param bytes the chunk
		 * @return whether it was written
		 */
		boolean write(byte[] bytes);

		/**
		 * Takes note of the stream's end.
		 * @param reset whether it ended by a reset
		 */
		void end(boolean reset);

	}

	private enum Kind {

		OPEN, DATA, END, RESET, CLOSED

	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Chunk(Kind kind, byte[] bytes, long receivedNanos) {

		static Chunk of(Kind kind, byte[] bytes) {
			return new Chunk(kind, bytes, System.nanoTime());
		}

	}

}
