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

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.cache.CacheViews;
import io.failsoft.memcached.cache.ReactiveTransactions;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Futures and publishers that methods return. Spring writes to the caches on the thread
 * that completes one; our caches hold that thread for none of it. So what the caller is
 * given completes once the writes are settled: who waits for it sees their effect.
 * Stateless and thread-safe.
 */
final class AsynchronousResults {

	private static final boolean REACTIVE = ClassUtils.isPresent("reactor.core.publisher.Flux",
			AsynchronousResults.class.getClassLoader());

	private static final boolean REACTIVE_TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.reactive.TransactionSynchronizationManager",
			AsynchronousResults.class.getClassLoader());

	private AsynchronousResults() {
	}

	/**
	 * Whether a method returns before its work is done.
	 * @param method the method
	 * @return {@code true} for futures and publishers
	 */
	static boolean isReturnedBy(Method method) {
		Class<?> type = method.getReturnType();
		return CompletableFuture.class.isAssignableFrom(type) || (REACTIVE && adapter(type) != null);
	}

	private static @Nullable ReactiveAdapter adapter(Class<?> type) {
		return ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
	}

	/**
	 * Have a result wait for what its invocation wrote to our caches.
	 * @param result what Spring returned
	 * @param invocation the invocation, see {@link CacheViews#newInvocation}
	 * @param handover what Spring called the method by
	 * @return the result to hand out
	 */
	static @Nullable Object settled(@Nullable Object result, Object invocation, FutureHandover handover) {
		if (!CacheViews.isUsed(invocation)) {
			return result;
		}
		if (result instanceof CompletableFuture<?> future) {
			return future.thenCompose((value) -> handover.finished()
				.thenCompose((finished) -> CacheViews.settled(invocation))
				.thenApply((done) -> value));
		}
		ReactiveAdapter adapter = (REACTIVE && result != null) ? adapter(result.getClass()) : null;
		return (adapter != null) ? Reactive.settled(adapter, result, invocation) : result;
	}

	/** Apart, as Reactor may be absent. */
	private static final class Reactive {

		static Object settled(ReactiveAdapter adapter, @Nullable Object result, Object invocation) {
			Mono<Void> settled = Mono.fromFuture(() -> CacheViews.settled(invocation), true).then();
			Mono<Void> writes = REACTIVE_TRANSACTIONS ? ReactiveTransactions.join(invocation).then(settled) : settled;
			if (adapter.isMultiValue()) {
				return adapter.fromPublisher(
						Flux.<Object>from(adapter.toPublisher(result)).concatWith(writes.then(Mono.empty())));
			}
			return adapter.fromPublisher(Mono.<Object>from(adapter.toPublisher(result))
				.flatMap((value) -> writes.thenReturn(value))
				.switchIfEmpty(writes.then(Mono.empty())));
		}

	}

}
