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
import java.util.Arrays;

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

	private final ChunkQueue queue;

	Pipe(Sink sink, ByteMeter received, ByteMeter forwarded, Duration settleLimit) {
		this.sink = sink;
		this.received = received;
		this.forwarded = forwarded;
		this.queue = new ChunkQueue(READ_AHEAD_BYTES, settleLimit);
	}

	/**
	 * Starts to pass on. The sink is opened first, unless this direction is held.
	 * @param name the thread's name
	 */
	void startWriter(String name) {
		this.queue.offer(Chunk.mark(Chunk.Kind.OPEN));
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
		this.queue.hold();
	}

	/**
	 * Lets everything flow that is held, and what comes.
	 */
	void release() {
		this.queue.release();
	}

	/**
	 * Passes each chunk on that much later than it was received; those that are there,
	 * too.
	 * @param delay the delay
	 */
	void delay(Duration delay) {
		this.queue.delay(delay);
	}

	/**
	 * Returns how many bytes were received and are not passed on yet.
	 * @return the number of bytes
	 */
	long queuedBytes() {
		return this.queue.queuedBytes();
	}

	/**
	 * Says whether the sender's end of the stream was read, be it passed on or not.
	 * @return true if nothing more can come
	 */
	boolean isEnded() {
		return this.queue.isEnded();
	}

	/**
	 * Ends both threads and forgets what is held.
	 */
	void close() {
		this.queue.close();
	}

	private void readAll(InputStream in) {
		byte[] buffer = new byte[CHUNK_BYTES];
		try {
			while (this.queue.awaitRoom()) {
				int length = in.read(buffer);
				if (length < 0) {
					this.queue.offer(Chunk.mark(Chunk.Kind.END));
					return;
				}
				this.received.add(length);
				this.queue.offer(Chunk.data(Arrays.copyOf(buffer, length)));
			}
		}
		catch (IOException ex) {
			this.queue.offer(Chunk.mark(Chunk.Kind.RESET));
		}
	}

	private void writeAll() {
		try {
			for (Chunk chunk = this.queue.take(); chunk != null; chunk = this.queue.take()) {
				try {
					write(chunk);
				}
				finally {
					this.queue.written(chunk);
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
					this.forwarded.add(chunk.length());
				}
			}
			case END -> this.sink.end(false);
			case RESET -> this.sink.end(true);
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

}
