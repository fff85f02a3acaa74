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

import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.cache.ReturnTypes.ReturnType;
import io.failsoft.memcached.cache.ViewingCacheInterceptor.Execution;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.CacheOperationInvoker;

/**
 * One call of a method that returns a {@link CompletableFuture}. An exception that the
 * method throws before it returns is that of the future, as Spring may call the method
 * when the caller has its future already, or else is thrown to the caller as it is.
 */
final class FutureCall implements CacheOperationInvoker {

	private final Invocation invocation;

	private final CacheOperationInvoker invoker;

	private final Thread caller = Thread.currentThread();

	private @Nullable ThrowableWrapper thrown;

	private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);

	private FutureCall(Invocation invocation, CacheOperationInvoker invoker) {
		this.invocation = invocation;
		this.invoker = invoker;
	}

	static @Nullable Object execute(ReturnType type, CacheOperationInvoker invoker, Execution execution) {
		Invocation invocation = new Invocation(type.accepts(), true);
		FutureCall call = new FutureCall(invocation, invoker);
		Object result = execution.execute(invocation, call);
		if (call.thrown != null) {
			throw call.thrown;
		}
		return (invocation.hasSeveralOperations() && result instanceof CompletableFuture<?> future)
				? future.thenCompose((value) -> call.last.thenApply((done) -> value)) : result;
	}

	@Override
	public @Nullable Object invoke() {
		if (!this.invocation.isUsed()) {
			return this.invoker.invoke();
		}
		try {
			Object returned = this.invoker.invoke();
			if (returned instanceof CompletableFuture<?> future) {
				// Spring has each put depend on the method's future and gives the caller
				// the
				// last of them. What depended on a future first runs last, after all
				// puts.
				this.last = future.handle((value, failure) -> null);
			}
			return returned;
		}
		catch (ThrowableWrapper ex) {
			if (Thread.currentThread() == this.caller) {
				this.thrown = ex;
			}
			return CompletableFuture.failedFuture(ex.getOriginal());
		}
	}

}
