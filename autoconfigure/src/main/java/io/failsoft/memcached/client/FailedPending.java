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
 * An operation that was refused before anything of it was sent.
 *
 * @param failure why
 */
record FailedPending(Failure failure) implements Pending, Reply {

	static final FailedPending DOWN = new FailedPending(Failure.DOWN);

	static final FailedPending OVERLOADED = new FailedPending(Failure.OVERLOADED);

	@Override
	public void onCompletion(Consumer<? super Reply> action) {
		action.accept(this);
	}

	@Override
	public Reply await(long timeoutNanos) {
		return this;
	}

	@Override
	public boolean isAnsweredWithin(long nanos) {
		return true;
	}

	@Override
	public CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor) {
		return CompletableFuture.completedFuture(this);
	}

}
