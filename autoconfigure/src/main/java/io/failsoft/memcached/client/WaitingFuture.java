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
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * A future that is completed with the reply, on an executor and never on an I/O thread.
 */
final class WaitingFuture extends Waiter {

	private final Reply reply;

	private final CompletableFuture<Reply> future;

	private final Executor executor;

	private final @Nullable Future<?> timer;

	WaitingFuture(Reply reply, CompletableFuture<Reply> future, Executor executor, @Nullable Future<?> timer) {
		this.reply = reply;
		this.future = future;
		this.executor = executor;
		this.timer = timer;
	}

	@Override
	void wake() {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		try {
			this.executor.execute(this::complete);
		}
		catch (RuntimeException ex) {
			// A future that never completes is worse than one completed elsewhere.
			this.future.completeAsync(() -> this.reply);
		}
	}

	private void complete() {
		if (ClientThread.isCurrent()) {
			// An executor that runs tasks on its caller would run the application's
			// code on the I/O thread.
			this.future.completeAsync(() -> this.reply);
		}
		else {
			this.future.complete(this.reply);
		}
	}

}
