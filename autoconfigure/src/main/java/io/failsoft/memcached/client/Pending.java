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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * An operation that was handed to a connection. Exactly one reply comes of it.
 */
public interface Pending {

	/**
	 * Runs an action where the outcome is settled, before anyone who waits is woken and
	 * before the server can be used over another connection. The thread is the client's
	 * I/O thread, one that gave up, or the caller if there is a reply already. To be
	 * called once, by who sent the operation, before it is waited for.
	 * @param action must neither block nor run code of the application; it may be run
	 * twice, and while others see the reply already
	 */
	void onCompletion(Consumer<? super Reply> action);

	/**
	 * Wait for the reply. If it does not come in time the reply is
	 * {@link Failure#TIMEOUT}; the answer, should it still come, is then discarded in its
	 * turn. If the thread is interrupted the reply is {@link Failure#INTERRUPTED} and the
	 * thread's interrupt status is set.
	 * @param timeoutNanos how long to wait at most, in nanoseconds; 0 or less does not
	 * wait
	 * @return the reply; the same one however often it is asked for. Never throws.
	 */
	Reply await(long timeoutNanos);

	/**
	 * Wait for the reply without giving the operation up: if the reply does not come in
	 * time, or the thread is interrupted, {@link #toFuture} must be called.
	 * @param nanos how long to wait at most, in nanoseconds; 0 or less does not wait
	 * @return whether there is a reply
	 */
	boolean isAnsweredWithin(long nanos);

	/**
	 * The reply as a future. It always completes, never exceptionally, and its dependents
	 * never run on the client's I/O thread.
	 * @param timeoutNanos when the reply becomes {@link Failure#TIMEOUT}, in nanoseconds
	 * @param executor what completes the future
	 * @return a new future
	 */
	CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor);

}
