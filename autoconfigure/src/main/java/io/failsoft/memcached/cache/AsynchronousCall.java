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

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Invocation.Execution;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.core.ReactiveAdapter;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/**
 * A call of a method that returns before its work is done. An exception that the method
 * throws before it returns fails the future or publisher that it would have returned, as
 * Spring may call the method when the caller has its future already; otherwise it is
 * thrown to the caller as it is.
 */
abstract class AsynchronousCall implements CacheOperationInvoker {

	private final Invocation invocation;

	private final CacheOperationInvoker method;

	private final Thread caller = Thread.currentThread();

	private @Nullable ThrowableWrapper thrown;

	AsynchronousCall(Invocation invocation, CacheOperationInvoker method) {
		this.invocation = invocation;
		this.method = method;
	}

	@Nullable Object execute(Execution execution) {
		Object result = this.invocation.call(execution, this);
		ThrowableWrapper ex = this.thrown;
		if (ex != null) {
			return this.invocation.orFallback(ex);
		}
		return (result != null && this.invocation.isUsed()) ? result(result) : result;
	}

	@Override
	public @Nullable Object invoke() {
		if (!this.invocation.isUsed()) {
			return this.method.invoke();
		}
		try {
			Object returned = this.method.invoke();
			return (returned != null) ? returned(returned) : null;
		}
		catch (ThrowableWrapper ex) {
			if (Thread.currentThread() == this.caller) {
				this.thrown = ex;
			}
			return failed(ex.getOriginal());
		}
	}

	/**
	 * Converts the method's result for Spring.
	 */
	abstract Object returned(Object returned);

	/**
	 * Creates the result of a method that failed, for Spring.
	 */
	abstract Object failed(Throwable failure);

	/**
	 * Converts Spring's result for the caller.
	 */
	abstract Object result(Object result);

	/**
	 * Call of a method that returns a {@link CompletableFuture}.
	 */
	static final class OfFuture extends AsynchronousCall {

		private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);

		OfFuture(Invocation invocation, CacheOperationInvoker method) {
			super(invocation, method);
		}

		/**
		 * Remembers the end of the method's future. Spring has each put depend on that
		 * future and gives the caller the last of them. The first dependent of a future
		 * runs last, after all puts.
		 */
		@Override
		Object returned(Object returned) {
			this.last = ((CompletableFuture<?>) returned).handle((value, failure) -> null);
			return returned;
		}

		@Override
		Object failed(Throwable failure) {
			return CompletableFuture.failedFuture(failure);
		}

		@Override
		Object result(Object result) {
			CompletableFuture<?> future = (CompletableFuture<?>) result;
			if (super.invocation.hasSeveralOperations()) {
				future = future.thenCompose((value) -> this.last.thenApply((done) -> value));
			}
			return super.invocation.mayFallBack()
					? future.<@Nullable Object>thenApply((value) -> value).exceptionallyCompose(this::fallBack)
					: future;
		}

		@SuppressWarnings("unchecked")
		private CompletionStage<@Nullable Object> fallBack(Throwable failure) {
			Supplier<@Nullable Object> fallback = super.invocation.fallback(failure);
			return (fallback != null) ? (CompletionStage<@Nullable Object>) Objects.requireNonNull(fallback.get())
					: CompletableFuture.failedFuture(failure);
		}

	}

	/**
	 * Call of a method that returns a publisher, or a type that Spring adapts to one.
	 * Spring is given a {@link Mono} or a {@link Flux}, as it casts to them unless the
	 * operation is {@code sync}, and the caller the type that the method is declared
	 * with.
	 * <p>
	 * Spring evaluates an invocation once. So the first subscription is given the result
	 * of the call, and each later one, of {@code retry} for example, that of an
	 * invocation of its own. The method is called once; what it returned is subscribed to
	 * again.
	 */
	static final class OfPublisher extends AsynchronousCall {

		private final Supplier<Invocation> invocations;

		private final ReactiveAdapter adapter;

		private final Execution execution;

		private @Nullable Object returned;

		OfPublisher(Supplier<Invocation> invocations, ReactiveAdapter adapter, CacheOperationInvoker method,
				Execution execution) {
			super(invocations.get(), method);
			this.invocations = invocations;
			this.adapter = adapter;
			this.execution = execution;
		}

		@Override
		public synchronized @Nullable Object invoke() {
			if (this.returned == null) {
				this.returned = super.invoke();
			}
			return this.returned;
		}

		@Override
		Object returned(Object returned) {
			return super.invocation.isSync() ? returned : converted(this.adapter.toPublisher(returned));
		}

		@Override
		Object failed(Throwable failure) {
			Publisher<Object> failed = converted(Mono.error(failure));
			return super.invocation.isSync() ? this.adapter.fromPublisher(failed) : failed;
		}

		@Override
		Object result(Object result) {
			AtomicReference<@Nullable Object> once = new AtomicReference<>(result);
			Supplier<Publisher<Object>> next = () -> {
				Object unused = once.getAndSet(null);
				return (unused != null) ? publisher(unused, super.invocation) : again();
			};
			return this.adapter.fromPublisher(
					this.adapter.isMultiValue() ? Flux.defer(next) : Mono.defer(() -> Mono.from(next.get())));
		}

		private Publisher<Object> again() {
			Invocation later = this.invocations.get();
			Object result = later.call(this.execution, this);
			return (result != null) ? publisher(result, later) : Mono.empty();
		}

		@SuppressWarnings("unchecked")
		private Publisher<Object> publisher(Object result, Invocation invocation) {
			Publisher<Object> publisher = (result instanceof Publisher<?>) ? (Publisher<Object>) result
					: this.adapter.toPublisher(result);
			Publisher<Object> joined = (Publisher<Object>) Objects
				.requireNonNull(joined(converted(publisher), invocation));
			return invocation.mayFallBack() ? orFallback(joined, invocation) : joined;
		}

		/**
		 * Falls back unless the subscriber has been given elements already.
		 */
		private Publisher<Object> orFallback(Publisher<Object> publisher, Invocation invocation) {
			AtomicBoolean begun = new AtomicBoolean();
			Flux<Object> guarded = Flux.from(publisher)
				.doOnNext((element) -> begun.set(true))
				.onErrorResume((failure) -> {
					Supplier<@Nullable Object> fallback = begun.get() ? null : invocation.fallback(failure);
					return (fallback != null) ? this.adapter.toPublisher(Objects.requireNonNull(fallback.get()))
							: Mono.error(failure);
				});
			return this.adapter.isMultiValue() ? guarded : guarded.singleOrEmpty();
		}

		private Publisher<Object> converted(Publisher<Object> publisher) {
			return this.adapter.isMultiValue() ? Flux.from(publisher) : Mono.from(publisher);
		}

		/**
		 * Has the end of the subscriber's transaction, if there is one, complete what an
		 * invocation wrote within it, also if that failed in the end.
		 * @param result a publisher or, for a Kotlin function, a value
		 * @param invocation the invocation
		 * @return the result, which joins the transaction
		 */
		static @Nullable Object joined(@Nullable Object result, Invocation invocation) {
			if (!CacheStore.TRANSACTIONS || !invocation.isUsed()) {
				return result;
			}
			Mono<Void> join = Completion.join(invocation);
			if (result instanceof Flux<?> flux) {
				return flux.onErrorResume((failure) -> join.then(Mono.error(failure)))
					.concatWith(join.then(Mono.empty()));
			}
			return (result instanceof Mono<?> mono) ? mono.onErrorResume((failure) -> join.then(Mono.error(failure)))
				.flatMap((value) -> join.thenReturn(value))
				.switchIfEmpty(join.then(Mono.empty())) : result;
		}

	}

	/**
	 * The end of a reactive transaction, which only a subscriber's context knows. The
	 * writes of a method are sent before it. After it the invalidations are repeated, and
	 * the stored values are evicted unless it is a commit. Thread-safe.
	 */
	private static final class Completion implements TransactionSynchronization {

		private final CacheTransaction transaction = new CacheTransaction();

		static Mono<Void> join(Invocation invocation) {
			return TransactionSynchronizationManager.forCurrentTransaction()
				.filter((manager) -> manager.isSynchronizationActive() && manager.isActualTransactionActive())
				.doOnNext((manager) -> of(manager).add(invocation))
				.onErrorComplete(NoTransactionException.class)
				.then();
		}

		private static Completion of(TransactionSynchronizationManager manager) {
			for (TransactionSynchronization synchronization : manager.getSynchronizations()) {
				if (synchronization instanceof Completion completion) {
					return completion;
				}
			}
			Completion completion = new Completion();
			manager.registerSynchronization(completion);
			return completion;
		}

		private synchronized void add(Invocation invocation) {
			invocation.handOver(this.transaction);
		}

		private synchronized List<CacheWrite> due(int status) {
			return this.transaction.due(status);
		}

		@Override
		public Mono<Void> afterCompletion(int status) {
			return Flux.defer(() -> Flux.fromIterable(due(status)))
				.flatMap((write) -> Mono.fromFuture(() -> write.send().reportLater()), CacheWrite.BATCH)
				.then();
		}

	}

}
