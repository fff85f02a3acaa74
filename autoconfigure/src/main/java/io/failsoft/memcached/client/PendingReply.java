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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an operation and those who wait for it: what the caller learns, which
 * never changes once it is there. It is a command by inheritance, so that one object per
 * operation is enough. Thread-safe.
 */
abstract class PendingReply extends Command implements Pending, Reply {

	private static final VarHandle OUTCOME;

	private static final VarHandle WAITERS;
	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			OUTCOME = lookup.findVarHandle(PendingReply.class, "outcome", Outcome.class);
			WAITERS = lookup.findVarHandle(PendingReply.class, "waiters", Waiter.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile @Nullable Outcome outcome;

	private volatile @Nullable Waiter waiters;

	private volatile @Nullable Consumer<? super Reply> action;

	PendingReply(CommandType type) {
		super(type);
	}

	/**
	 * The outcome is settled. Called once, before anyone is woken.
	 */
	abstract void settled();

	/**
	 * Nobody waits any longer. Called once, by who gave up first.
	 * @param reason why
	 */
	abstract void abandoned(Outcome reason);

	/**
	 * Run a task later.
	 * @param task the task; short
	 * @param delayNanos when
	 * @return a handle that cancels it
	 */
	abstract Future<?> schedule(Runnable task, long delayNanos);

	/**
	 * Whether the caller has an outcome already, so that an answer is of no use.
	 * @return {@code true} if nobody waits for the answer
	 */
	final boolean isAbandoned() {
		return this.outcome != null;
	}

	private void giveUp(Outcome reason) {
		if (complete(reason)) {
			abandoned(reason);
		}
	}

	/**
	 * Settle the outcome, unless it is settled.
	 * @param reached the outcome
	 * @return whether it is this one
	 */
	final boolean complete(Outcome reached) {
		if (!OUTCOME.compareAndSet(this, null, reached)) {
			return false;
		}
		try {
			act();
		}
		finally {
			try {
				settled();
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
	public final void onSettled(Consumer<? super Reply> action) {
		this.action = action;
		if (this.outcome != null) {
			act();
		}
	}

	private void wake() {
		Waiter waiter = (Waiter) WAITERS.getAndSet(this, null);
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
	 * Wait for the outcome.
	 * @return why there is none, or {@code null} if there is one
	 */
	private @Nullable Outcome park(long nanos) {
		long deadline = System.nanoTime() + nanos;
		enlist(new ParkedThread(Thread.currentThread()));
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
		CompletableFuture<Reply> future = new CompletableFuture<>();
		Future<?> timer = schedule(() -> giveUp(Outcome.TIMEOUT), timeoutNanos);
		enlist(new WaitingFuture(this, future, executor, timer));
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
	 * Whether there is an answer and it is not an error.
	 * @return {@code true} if what was decoded may be shown
	 */
	final boolean isAnswered() {
		Outcome reached = this.outcome;
		return reached != null && reached.failure() == null;
	}

	@Override
	public String toString() {
		Outcome reached = this.outcome;
		return getClass().getSimpleName() + ((reached != null) ? " " + reached : " under way");
	}

}
