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

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.ReturnTypes.ReturnType;
import io.failsoft.memcached.cache.ViewingCacheInterceptor.Execution;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.core.ReactiveAdapter;
import org.springframework.util.ClassUtils;

/**
 * One call of a method that returns a publisher, or a type that Spring adapts to one.
 * Spring is given a {@link Mono} or a {@link Flux}, as it casts to them unless the
 * operation is {@code sync}, and the caller the type that the method is declared with.
 * <p>
 * Spring evaluates an invocation once. So the first subscription is given the result of
 * the call, and each later one, of {@code retry} for example, that of an invocation of
 * its own. The method is called once; what it returned is subscribed to again.
 */
final class ReactiveCall implements CacheOperationInvoker {

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.reactive.TransactionSynchronizationManager",
			ReactiveCall.class.getClassLoader());

	private final ReturnType type;

	private final ReactiveAdapter adapter;

	private final CacheOperationInvoker invoker;

	private final Execution execution;

	private final Invocation first;

	private final Thread caller = Thread.currentThread();

	private @Nullable ThrowableWrapper thrown;

	private @Nullable Object returned;

	private ReactiveCall(ReturnType type, CacheOperationInvoker invoker, Execution execution) {
		this.type = type;
		this.adapter = Objects.requireNonNull(type.adapter());
		this.invoker = invoker;
		this.execution = execution;
		this.first = new Invocation(type.accepts(), true);
	}

	static @Nullable Object execute(ReturnType type, CacheOperationInvoker invoker, Execution execution) {
		return new ReactiveCall(type, invoker, execution).execute();
	}

	private @Nullable Object execute() {
		Object result = this.execution.execute(this.first, this);
		if (this.thrown != null) {
			throw this.thrown;
		}
		if (result == null || !this.first.isUsed()) {
			return result;
		}
		AtomicReference<@Nullable Object> once = new AtomicReference<>(result);
		Supplier<Publisher<Object>> next = () -> {
			Object unused = once.getAndSet(null);
			return (unused != null) ? publisher(unused, this.first) : again();
		};
		return this.adapter
			.fromPublisher(this.adapter.isMultiValue() ? Flux.defer(next) : Mono.defer(() -> Mono.from(next.get())));
	}

	private Publisher<Object> again() {
		Invocation later = new Invocation(this.type.accepts(), true);
		Object result = this.execution.execute(later, this);
		return (result != null) ? publisher(result, later) : Mono.empty();
	}

	@SuppressWarnings("unchecked")
	private Publisher<Object> publisher(Object result, Invocation invocation) {
		Publisher<Object> publisher = (result instanceof Publisher<?>) ? (Publisher<Object>) result
				: this.adapter.toPublisher(result);
		return (Publisher<Object>) Objects.requireNonNull(joined(converted(publisher), invocation));
	}

	/**
	 * Calls the method, the first time, and returns what it returned.
	 */
	@Override
	public synchronized @Nullable Object invoke() {
		if (this.returned == null) {
			if (!this.first.isUsed()) {
				return this.invoker.invoke();
			}
			try {
				Object result = this.invoker.invoke();
				this.returned = (result != null && !this.first.isSync()) ? converted(this.adapter.toPublisher(result))
						: result;
			}
			catch (ThrowableWrapper ex) {
				if (Thread.currentThread() == this.caller) {
					this.thrown = ex;
				}
				Publisher<Object> failed = converted(Mono.error(ex.getOriginal()));
				this.returned = this.first.isSync() ? this.adapter.fromPublisher(failed) : failed;
			}
		}
		return this.returned;
	}

	private Publisher<Object> converted(Publisher<Object> publisher) {
		return this.adapter.isMultiValue() ? Flux.from(publisher) : Mono.from(publisher);
	}

	/**
	 * Has the end of a reactive transaction complete what an invocation wrote within it.
	 * @param result a publisher or, for a Kotlin function, a value
	 * @param invocation the invocation
	 * @return the result, which joins the subscriber's transaction
	 */
	static @Nullable Object joined(@Nullable Object result, Invocation invocation) {
		if (!TRANSACTIONS || !invocation.isUsed()) {
			return result;
		}
		Mono<Void> join = ReactiveTransactions.join(invocation);
		if (result instanceof Flux<?> flux) {
			return flux.concatWith(join.then(Mono.empty()));
		}
		return (result instanceof Mono<?> mono)
				? mono.flatMap((value) -> join.thenReturn(value)).switchIfEmpty(join.then(Mono.empty())) : result;
	}

}
