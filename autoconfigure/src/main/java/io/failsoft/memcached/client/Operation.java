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

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * A command, the operation that waits for its reply, and the reply, in one object.
 * Thread-safe.
 * <p>
 * The <em>outcome</em> is what the caller learns, and never changes once it is there. The
 * <em>stage</em> tells how far the command is on its way. A command whose caller gave up
 * stays in the queue until its answer has come, as answers are matched to commands by
 * their order alone.
 */
abstract class Operation extends Command implements Reply {

	private static final int QUEUED = 0;

	private static final int SENT = 1;

	private static final int GONE = 2;

	private static final byte[] ERROR = TextLine.bytes("ERROR");

	private static final byte[] CLIENT_ERROR = TextLine.bytes("CLIENT_ERROR");

	private static final byte[] SERVER_ERROR = TextLine.bytes("SERVER_ERROR");

	private static final byte[] TOO_LARGE = TextLine.bytes("SERVER_ERROR object too large");

	private static final AtomicIntegerFieldUpdater<Operation> STAGE = AtomicIntegerFieldUpdater
		.newUpdater(Operation.class, "stage");

	private static final AtomicReferenceFieldUpdater<Operation, Outcome> OUTCOME = AtomicReferenceFieldUpdater
		.newUpdater(Operation.class, Outcome.class, "outcome");

	private static final AtomicReferenceFieldUpdater<Operation, Waiter> WAITERS = AtomicReferenceFieldUpdater
		.newUpdater(Operation.class, Waiter.class, "waiters");

	private final Owner owner;

	private final long size;

	private final long start = System.nanoTime();

	@SuppressWarnings("UnusedVariable") // changed by its updater only
	private volatile int stage = QUEUED;

	private volatile @Nullable Outcome outcome;

	private volatile @Nullable Waiter waiters;

	private volatile @Nullable Consumer<? super Reply> action;

	/** Set before the operation is handed to the session, by the thread that asks. */
	private @Nullable ObjLongConsumer<Reply> listener;

	private Outcome answer = Outcome.ANSWERED;

	private boolean desynchronized;

	/**
	 * Creates an operation.
	 * @param owner the connection
	 * @param size the bytes that it counts for in the limit of queued bytes
	 */
	Operation(Owner owner, long size) {
		this.owner = owner;
		this.size = size;
	}

	final long size() {
		return this.size;
	}

	final long start() {
		return this.start;
	}

	final void listener(@Nullable ObjLongConsumer<Reply> told) {
		this.listener = told;
	}

	/**
	 * Claims the command for sending.
	 * @return {@code false} if it was withdrawn
	 */
	final boolean claim() {
		return STAGE.compareAndSet(this, QUEUED, SENT);
	}

	/**
	 * Writes as much of the request as there is room for. Called repeatedly with an
	 * emptied buffer until everything is written.
	 * @param out where to; has at least 1 KB of room on the second call
	 * @return whether everything has been written
	 */
	abstract boolean encode(ByteBuffer out);

	/**
	 * Reads as much of the answer as is there.
	 * @param in the bytes received
	 * @return whether the answer is complete
	 * @throws TextLine.ProtocolViolation if it is no answer to this command
	 */
	abstract boolean decode(ByteBuffer in);

	/**
	 * Drops the data that is only needed for sending.
	 */
	void dropPayload() {
	}

	@Override
	public final void encode() {
		// Encoded when there is room on the wire.
	}

	@Override
	public final boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
		if (!decode(buffer)) {
			return false;
		}
		if (STAGE.getAndSet(this, GONE) != GONE) {
			// The payload stays: the server may have answered before all of it was sent.
			this.owner.answered(this);
		}
		complete(this.answer);
		if (this.desynchronized) {
			throw new TextLine.ProtocolViolation("the server took data for a command");
		}
		return true;
	}

	/**
	 * Takes an error line for the answer.
	 * @param in the bytes received, at the begin of the line
	 * @param end the end of the line
	 * @throws TextLine.ProtocolViolation if the line is no error line either
	 */
	final void decodeError(ByteBuffer in, int end) {
		Failure failure;
		if (dataLength() >= 0 && TextLine.startsWith(in, end, TOO_LARGE)) {
			failure = Failure.TOO_LARGE;
		}
		else if (TextLine.startsWith(in, end, SERVER_ERROR) || TextLine.startsWith(in, end, CLIENT_ERROR)
				|| TextLine.startsWith(in, end, ERROR)) {
			failure = Failure.SERVER_ERROR;
		}
		else {
			throw new TextLine.ProtocolViolation("unexpected answer: " + TextLine.describe(in, end));
		}
		String detail = TextLine.show(in, end);
		this.answer = new Outcome(failure,
				(failure != Failure.TOO_LARGE) ? detail : detail + ": " + dataLength() + " bytes");
		this.desynchronized = dataLength() >= 0 && TextLine.startsWith(in, end, ERROR);
		TextLine.skip(in, end);
	}

	/**
	 * Returns the length of the data block that follows the command line. If the server
	 * does not understand the line of such a command, it goes on to read the data as
	 * commands.
	 * @return the number of bytes, -1 for no data block unless overridden
	 */
	int dataLength() {
		return -1;
	}

	/**
	 * Ends the operation without an answer. Idempotent.
	 * @param failed how it ended
	 */
	final void fail(Outcome failed) {
		int former = STAGE.getAndSet(this, GONE);
		if (former != GONE) {
			this.owner.release(this);
		}
		if (former == QUEUED) {
			dropPayload();
		}
		complete(failed);
	}

	private void giveUp(Outcome reason) {
		if (!complete(reason)) {
			return;
		}
		if (STAGE.compareAndSet(this, QUEUED, GONE)) {
			this.owner.withdraw(this);
			dropPayload();
		}
		if (reason.failure() == Failure.TIMEOUT) {
			this.owner.check();
		}
	}

	/**
	 * Sets the outcome, unless there is one. The action and the listener come before
	 * anyone is woken.
	 * @return whether it was set
	 */
	private boolean complete(Outcome reached) {
		if (!OUTCOME.compareAndSet(this, null, reached)) {
			return false;
		}
		try {
			act();
		}
		finally {
			try {
				ObjLongConsumer<Reply> told = this.listener;
				if (told != null) {
					this.owner.tell(told, this, System.nanoTime() - this.start);
				}
			}
			finally {
				wake();
			}
		}
		return true;
	}

	private void act() {
		Consumer<? super Reply> present = this.action;
		if (present != null) {
			present.accept(this);
		}
	}

	@Override
	public final void onCompletion(Consumer<? super Reply> action) {
		this.action = action;
		if (this.outcome != null) {
			act();
		}
	}

	private void wake() {
		Waiter waiter = WAITERS.getAndSet(this, null);
		while (waiter != null) {
			waiter.wake();
			waiter = waiter.next;
		}
	}

	private void enlist(Waiter waiter) {
		do {
			waiter.next = this.waiters;
		}
		while (!WAITERS.compareAndSet(this, waiter.next, waiter));
		if (this.outcome != null) {
			wake();
		}
	}

	@Override
	public final Reply await(long timeoutNanos) {
		if (this.outcome == null) {
			Outcome missing = (timeoutNanos > 0) ? park(timeoutNanos) : Outcome.TIMEOUT;
			if (missing != null) {
				giveUp(missing);
			}
		}
		return this;
	}

	@Override
	public final boolean isAnsweredWithin(long nanos) {
		if (this.outcome == null && nanos > 0) {
			park(nanos);
		}
		return this.outcome != null;
	}

	/**
	 * Waits for the outcome by parking, never on a future: on a worker of a fork-join
	 * pool that would run other tasks meanwhile.
	 * @return why there is none, or {@code null} if there is one
	 */
	private @Nullable Outcome park(long nanos) {
		long deadline = System.nanoTime() + nanos;
		enlist(new Waiter(Thread.currentThread()));
		while (this.outcome == null) {
			long remaining = deadline - System.nanoTime();
			if (remaining <= 0) {
				return Outcome.TIMEOUT;
			}
			if (Thread.currentThread().isInterrupted()) {
				return Outcome.INTERRUPTED;
			}
			LockSupport.parkNanos(this, remaining);
		}
		return null;
	}

	@Override
	public final CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor) {
		if (this.outcome == null && timeoutNanos <= 0) {
			giveUp(Outcome.TIMEOUT);
		}
		if (this.outcome != null) {
			return CompletableFuture.completedFuture(this);
		}
		ReplyFuture future = new ReplyFuture(timeoutNanos, executor);
		enlist(new Waiter(future));
		return future;
	}

	@Override
	public final @Nullable Failure failure() {
		Outcome reached = this.outcome;
		return (reached != null) ? reached.failure() : Failure.TIMEOUT;
	}

	@Override
	public final @Nullable String detail() {
		Outcome reached = this.outcome;
		return (reached != null) ? reached.detail() : null;
	}

	/**
	 * Returns whether there is an answer and it is not an error.
	 * @return {@code true} if the decoded answer may be shown
	 */
	final boolean isAnswered() {
		return failure() == null;
	}

	/**
	 * Returns whether the caller has an outcome already, so that an answer is of no use.
	 * @return {@code true} if nobody waits for the answer
	 */
	final boolean isAbandoned() {
		return this.outcome != null;
	}

	/**
	 * The connection that operations are sent over, and which counts what is under way.
	 */
	abstract static class Owner {

		/**
		 * Tells that the server answered, on the I/O thread, so that the operation is
		 * under way no more.
		 */
		abstract void answered(Operation operation);

		/**
		 * Tells that an operation is under way no more. Called once per operation, unless
		 * it is answered or withdrawn.
		 */
		abstract void release(Operation operation);

		/**
		 * Tells that nobody waits for an operation that was not sent yet.
		 */
		abstract void withdraw(Operation operation);

		/**
		 * Checks the server, as an answer did not come in time.
		 */
		abstract void check();

		/**
		 * Tells the outcome to a listener. Throws nothing, whatever the listener does.
		 */
		abstract void tell(ObjLongConsumer<Reply> listener, Reply reply, long nanos);

		/**
		 * Runs a task later.
		 */
		abstract Future<?> schedule(Runnable task, long delayNanos);

	}

	/**
	 * The end of an operation.
	 *
	 * @param failure why there is no answer, or {@code null} if there is one
	 * @param detail the cause in words
	 */
	record Outcome(@Nullable Failure failure, @Nullable String detail) {

		static final Outcome ANSWERED = new Outcome(null, null);

		static final Outcome TIMEOUT = new Outcome(Failure.TIMEOUT, null);

		static final Outcome INTERRUPTED = new Outcome(Failure.INTERRUPTED, null);

	}

	/**
	 * An element of the stack of waiters. Woken once.
	 */
	private static final class Waiter {

		/** A thread that is parked, or a future of this operation. */
		private final Object told;

		private @Nullable Waiter next;

		Waiter(Object told) {
			this.told = told;
		}

		void wake() {
			if (this.told instanceof Thread thread) {
				LockSupport.unpark(thread);
			}
			else {
				((ReplyFuture) this.told).hop();
			}
		}

	}

	/**
	 * A future that is completed with the reply, on an executor and never on an I/O
	 * thread.
	 */
	private final class ReplyFuture extends CompletableFuture<Reply> implements Runnable {

		private final Executor executor;

		private final Future<?> timer;

		ReplyFuture(long timeoutNanos, Executor executor) {
			this.executor = executor;
			this.timer = Operation.this.owner.schedule(() -> giveUp(Outcome.TIMEOUT), timeoutNanos);
		}

		void hop() {
			this.timer.cancel(false);
			try {
				this.executor.execute(this);
			}
			catch (Throwable ex) {
				// A future that never completes is worse than one completed elsewhere.
				try {
					completeAsync(() -> Operation.this);
				}
				catch (Throwable none) {
					// Where the JVM gets no thread, only the timer's is left.
					Operation.this.owner.schedule(() -> complete(Operation.this), 0);
				}
			}
		}

		@Override
		public void run() {
			if (ClientThread.isCurrent()) {
				// An executor that runs tasks on its caller would run the application's
				// code on the I/O thread.
				completeAsync(() -> Operation.this);
			}
			else {
				complete(Operation.this);
			}
		}

	}

}
