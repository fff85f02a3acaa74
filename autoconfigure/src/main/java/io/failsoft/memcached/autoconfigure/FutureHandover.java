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

package io.failsoft.memcached.autoconfigure;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.CacheOperationInvoker;

/**
 * Hands the future that a method returns over to Spring, and tells when Spring has done
 * what it does on its completion. Each put depends on that future alone, and the caller
 * is given what depends on the last of them, which may complete before the others have
 * begun. Calls the method once, for one invocation.
 */
final class FutureHandover implements CacheOperationInvoker {

	private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

	private final CacheOperationInvoker invoker;

	private volatile CompletableFuture<?> finished = NOTHING;

	FutureHandover(CacheOperationInvoker invoker) {
		this.invoker = invoker;
	}

	@Override
	public @Nullable Object invoke() {
		Object returned = this.invoker.invoke();
		if (!(returned instanceof CompletableFuture<?> future) || future.isDone()) {
			return returned;
		}
		CompletableFuture<@Nullable Object> passedOn = new CompletableFuture<>();
		CompletableFuture<@Nullable Object> done = new CompletableFuture<>();
		this.finished = done;
		future.whenComplete((value, failure) -> {
			try {
				if (failure != null) {
					passedOn.completeExceptionally(failure);
				}
				else {
					passedOn.complete(value);
				}
			}
			finally {
				done.complete(null);
			}
		});
		return passedOn;
	}

	/**
	 * Completes once all that depends on the method's future has run.
	 */
	CompletableFuture<?> finished() {
		return this.finished;
	}

}
