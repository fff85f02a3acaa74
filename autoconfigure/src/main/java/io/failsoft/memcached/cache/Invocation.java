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

package io.failsoft.memcached.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.failsoft.memcached.consistency.Budget;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a cached method: what its views of caches share. Thread-safe.
 */
final class Invocation {

	private final Predicate<@Nullable Object> returnable;

	private final boolean asynchronous;

	private final List<CompletableFuture<?>> settling = new ArrayList<>(2);

	private @Nullable CacheTransaction sent;

	private @Nullable Budget budget;

	/**
	 * Begin an invocation.
	 * @param returnable which values the method can return
	 * @param asynchronous whether it returns before its work is done
	 */
	Invocation(Predicate<@Nullable Object> returnable, boolean asynchronous) {
		this.returnable = returnable;
		this.asynchronous = asynchronous;
	}

	boolean isReturnable(@Nullable Object value) {
		return this.returnable.test(value);
	}

	/**
	 * Whether no thread that runs the invocation may be held.
	 */
	boolean isAsynchronous() {
		return this.asynchronous;
	}

	/**
	 * The time the invocation may spend waiting. It begins with the first of our caches
	 * that is used.
	 */
	synchronized Budget budget(CacheStore store) {
		if (this.budget == null) {
			this.budget = store.newBudget();
		}
		return this.budget;
	}

	/**
	 * Whether any of our caches is used.
	 */
	synchronized boolean isUsed() {
		return this.budget != null;
	}

	/**
	 * Remember a write that may have been sent before a transaction ended.
	 */
	synchronized void note(CacheWrite write) {
		if (this.sent == null) {
			this.sent = new CacheTransaction(false);
		}
		this.sent.addSent(write);
	}

	/**
	 * Hand over what was remembered, to be completed at the end of a transaction.
	 */
	synchronized void handOver(CacheTransaction transaction) {
		if (this.sent != null) {
			transaction.addAll(this.sent);
		}
	}

	/**
	 * Have whoever waits for the invocation wait for a write, too. A publisher can be
	 * subscribed to for ever, so what has succeeded is not kept.
	 */
	void await(CompletableFuture<?> write) {
		synchronized (this.settling) {
			this.settling.add(write);
		}
		write.whenComplete((done, failure) -> {
			if (failure == null) {
				synchronized (this.settling) {
					this.settling.removeIf((future) -> future == write);
				}
			}
		});
	}

	/**
	 * All writes so far, and what the error handler threw for one of them.
	 */
	CompletableFuture<?> settled() {
		CompletableFuture<?>[] writes;
		synchronized (this.settling) {
			writes = this.settling.toArray(CompletableFuture<?>[]::new);
			this.settling.removeIf(CompletableFuture::isCompletedExceptionally);
		}
		return CompletableFuture.allOf(writes);
	}

}
