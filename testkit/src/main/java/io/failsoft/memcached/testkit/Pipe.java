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

import org.jspecify.annotations.Nullable;

/**
 * One direction of a proxied connection: reads eagerly, so that bytes and the end of the
 * stream are known at once, and passes both on in order: at once, after a delay, or when
 * a hold ends. One thread reads, one writes; any may do the rest.
 */
final class Pipe {

	/**
	 * The bytes that are read ahead at most; beyond it the sender's kernel holds the
	 * bytes, and the sender feels it, as it does with a server that hangs.
	 */
	static final int READ_AHEAD_BYTES = 4 * 1024 * 1024;

	private static final int CHUNK_BYTES = 64 * 1024;

	/** The time that {@link #hold()} waits for a receiver that does not read. */
	static final Duration SETTLE_LIMIT = Duration.ofSeconds(2);

	private final Sink sink;

	private final ByteMeter received;

	private final ByteMeter forwarded;

	private final Duration settleLimit;

	private volatile int piece = CHUNK_BYTES;

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
		offer(Chunk.mark(Kind.OPEN));
		start(this::writeAll, name);
	}

	/**
	 * Starts to read.
	 * @param in the stream to read
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
	synchronized void hold() {
		this.held = true;
		notifyAll();
		long deadline = System.nanoTime() + this.settleLimit.toNanos();
		try {
			for (long left = deadline - System.nanoTime(); this.writing
					&& left > 0; left = deadline - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Lets everything flow that is held, and what comes.
	 */
	synchronized void release() {
		this.held = false;
		notifyAll();
	}

	/**
	 * Passes each chunk on that much later than it was received; those that are there,
	 * too.
	 * @param delay the delay
	 */
	synchronized void delay(Duration delay) {
		this.delayNanos = delay.toNanos();
		notifyAll();
	}

	/**
	 * Reads, and so passes on, no more than so many bytes at once.
	 * @param bytes the number of bytes
	 */
	void split(int bytes) {
		this.piece = Math.min(bytes, CHUNK_BYTES);
	}

	/**
	 * Returns how many bytes were received and are not passed on yet.
	 * @return the number of bytes
	 */
	synchronized long queuedBytes() {
		return this.queuedBytes;
	}

	/**
	 * Says if the sender's end of the stream was read, be it passed on or not.
	 * @return true if nothing more can come
	 */
	synchronized boolean isEnded() {
		return this.ended;
	}

	/**
	 * Ends both threads and forgets what is held.
	 */
	synchronized void close() {
		this.closed = true;
		this.queue.clear();
		this.queuedBytes = 0;
		notifyAll();
	}

	private void readAll(InputStream in) {
		byte[] buffer = new byte[CHUNK_BYTES];
		try {
			while (awaitRoom()) {
				int length = in.read(buffer, 0, this.piece);
				if (length < 0) {
					offer(Chunk.mark(Kind.END));
					return;
				}
				this.received.add(length);
				offer(new Chunk(Kind.DATA, Arrays.copyOf(buffer, length), System.nanoTime()));
			}
		}
		catch (IOException ex) {
			offer(Chunk.mark(Kind.RESET));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized boolean awaitRoom() throws InterruptedException {
		while (!this.closed && this.queuedBytes >= READ_AHEAD_BYTES) {
			wait();
		}
		return !this.closed;
	}

	private synchronized void offer(Chunk chunk) {
		if (!this.closed) {
			this.queue.addLast(chunk);
			this.ended |= chunk.kind == Kind.END || chunk.kind == Kind.RESET;
			this.queuedBytes += chunk.bytes.length;
			notifyAll();
		}
	}

	private void writeAll() {
		try {
			for (Chunk chunk = take(); chunk != null; chunk = take()) {
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

	private synchronized @Nullable Chunk take() throws InterruptedException {
		while (!this.closed) {
			Chunk head = this.queue.peekFirst();
			if (head == null || this.held) {
				wait();
				continue;
			}
			long left = head.receivedNanos + this.delayNanos - System.nanoTime();
			if (this.delayNanos == 0 || left <= 0) {
				this.queue.removeFirst();
				this.writing = true;
				return head;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return null;
	}

	private synchronized void written(Chunk chunk) {
		this.writing = false;
		if (!this.closed) {
			this.queuedBytes -= chunk.bytes.length;
		}
		notifyAll();
	}

	private void write(Chunk chunk) {
		switch (chunk.kind) {
			case OPEN -> this.sink.open();
			case DATA -> {
				if (this.sink.write(chunk.bytes)) {
					this.forwarded.add(chunk.bytes.length);
				}
			}
			case END -> this.sink.end(false);
			case RESET -> this.sink.end(true);
		}
	}

	/**
	 * The destination of the bytes. It deals with failures itself.
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

	/**
	 * The result of one read of a stream: its begin, bytes, or its end.
	 *
	 * @param kind its kind
	 * @param bytes the bytes, none unless it is data; not copied
	 * @param receivedNanos when it was read, by {@link System#nanoTime()}
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Chunk(Kind kind, byte[] bytes, long receivedNanos) {

		static Chunk mark(Kind kind) {
			return new Chunk(kind, new byte[0], System.nanoTime());
		}

	}

	private enum Kind {

		OPEN, DATA, END, RESET

	}

}
