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

import org.jspecify.annotations.Nullable;

/**
 * The reply to one operation, which may still be on its way. A reply that is there never
 * changes. Thread-safe. The defaults are those of a reply that is there and has neither
 * words nor items.
 */
@FunctionalInterface
public interface Reply {

	/**
	 * Returns why there is no answer.
	 * @return the failure, or {@code null} if the server answered;
	 * {@link Failure#TIMEOUT} while the reply is on its way
	 */
	@Nullable Failure failure();

	/**
	 * Returns the cause in words, for example the server's own error line.
	 * @return the words, or {@code null} if there is nothing to add to {@link #failure()}
	 */
	default @Nullable String detail() {
		return null;
	}

	/**
	 * Returns whether a storage command or a touch took effect.
	 * @return {@code true} for {@code STORED} and {@code TOUCHED}; {@code false} for
	 * {@code NOT_STORED}, {@code EXISTS}, {@code NOT_FOUND}, for retrievals and for
	 * failures
	 */
	default boolean stored() {
		return false;
	}

	/**
	 * Returns the item that the first key of a retrieval holds.
	 * @return the item, or {@code null} if there is none
	 */
	default @Nullable Item first() {
		return item(0);
	}

	/**
	 * Returns the item that the second key of a retrieval holds.
	 * @return the item, or {@code null} if there is none or only one key was asked for
	 */
	default @Nullable Item second() {
		return item(1);
	}

	/**
	 * Returns the item that a key of a retrieval of many holds.
	 * @param index the key's place among those asked for
	 * @return the item, or {@code null} if there is none
	 */
	default @Nullable Item item(int index) {
		return null;
	}

	/**
	 * Returns the reply in one word. Allocates nothing.
	 * @return {@code hit} or {@code miss} for a retrieval ({@code hit} if many keys all
	 * hold an item), {@code stored} or {@code not_stored} for any other command, or the
	 * name of the {@link Failure} in lower case
	 */
	default String outcome() {
		Failure failure = failure();
		return (failure != null) ? failure.word() : stored() ? "stored" : "not_stored";
	}

	/**
	 * Runs an action as soon as the reply is there, before anyone who waits is woken and
	 * before the server can be used over another connection. The thread is the client's
	 * I/O thread, one that gave up, or the caller if the reply is there already. To be
	 * called once, by the sender of the operation, before it is waited for.
	 * @param action must neither block nor run code of the application; it may be run
	 * twice, and while others see the reply already
	 */
	default void onCompletion(Consumer<? super Reply> action) {
		action.accept(this);
	}

	/**
	 * Waits for the reply. If it does not come in time it is {@link Failure#TIMEOUT}; the
	 * answer, should it still come, is then discarded in its turn. If the thread is
	 * interrupted the reply is {@link Failure#INTERRUPTED} and the thread's interrupt
	 * status is set.
	 * @param timeoutNanos how long to wait at most, in nanoseconds; 0 or less does not
	 * wait
	 * @return the reply; the same one however often it is asked for. Never throws.
	 */
	default Reply await(long timeoutNanos) {
		return this;
	}

	/**
	 * Waits for the reply without giving the operation up: if the reply does not come in
	 * time, or the thread is interrupted, {@link #toFuture} must be called.
	 * @param nanos how long to wait at most, in nanoseconds; 0 or less does not wait
	 * @return whether there is a reply
	 */
	default boolean isAnsweredWithin(long nanos) {
		return true;
	}

	/**
	 * Returns the reply as a future. It always completes, never exceptionally, and its
	 * dependents never run on the client's I/O thread.
	 * @param timeoutNanos when the reply becomes {@link Failure#TIMEOUT}, in nanoseconds
	 * @param executor what completes the future
	 * @return a new future
	 */
	default CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor) {
		return CompletableFuture.completedFuture(this);
	}

	/**
	 * An item as a server holds it.
	 *
	 * @param value the bytes; not copied, so not to be changed
	 * @param flags the 32 bits of flags, as an unsigned number
	 * @param cas the unique number of this version of the item, 64 bits, unsigned
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Item(byte[] value, long flags, long cas) {

	}

}
