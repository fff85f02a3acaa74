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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The chunks between a reader and a writer, in order: given out at once, after a delay,
 * or when a hold ends. One thread offers, one takes; any may do the rest.
 */
final class ChunkQueue {

	private final int limitBytes;

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

	/**
	 * Makes an empty queue, which holds and delays nothing.
	 * @param limitBytes the number of bytes from which on there is no room for more
	 * @param settleLimit how long {@link #hold()} waits for a receiver that does not read
	 */
	ChunkQueue(int limitBytes, Duration settleLimit) {
		this.limitBytes = limitBytes;
		this.settleLimit = settleLimit;
	}

	/**
	 * Holds what is there and what comes, and waits until the chunk that was taken last
	 * is {@linkplain #written written}, at most for the settle limit.
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
	 * Ends the hold.
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
	 * Gives each chunk out that much later than it was received; those that are there,
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
	 * Returns how many bytes were offered and are not written yet.
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
	 * Says whether the stream's end was offered, be it taken or not.
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
	 * Forgets what is there, and lets nobody wait any more.
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

	/**
	 * Waits until there is room.
	 * @return false if the queue was closed
	 */
	boolean awaitRoom() {
		this.lock.lock();
		try {
			while (!this.closed && this.queuedBytes >= this.limitBytes) {
				this.changed.awaitUninterruptibly();
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a chunk, whether there is room or not. Does nothing if the queue was closed.
	 * @param chunk the chunk
	 */
	void offer(Chunk chunk) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.queue.addLast(chunk);
				this.ended |= chunk.isLast();
				this.queuedBytes += chunk.length();
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for the next chunk that may be passed on. {@link #written} must follow.
	 * @return the chunk; {@code null} if the queue was closed
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable Chunk take() throws InterruptedException {
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
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Notes that a chunk that was taken is dealt with.
	 * @param chunk the chunk
	 */
	void written(Chunk chunk) {
		this.lock.lock();
		try {
			this.writing = false;
			if (!this.closed) {
				this.queuedBytes -= chunk.length();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
