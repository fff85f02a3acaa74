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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.cache.Invocation.Execution;
import io.failsoft.memcached.cache.ReturnTypes.MethodCall;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheOperationInvoker.ThrowableWrapper;
import org.springframework.cache.support.NoOpCache;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;

/**
 * A call of a method with a {@link CollectionOperation}.
 */
final class CollectionCall {

	private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	private final ViewingCacheInterceptor interceptor;

	private final CollectionOperation operation;

	private final MethodCall proxied;

	private final ProxyMethodInvocation call;

	private final Invocation invocation;

	private final @Nullable Object[] arguments;

	private @Nullable BulkLoad load;

	CollectionCall(ViewingCacheInterceptor interceptor, CollectionOperation operation, MethodCall proxied) {
		this.interceptor = interceptor;
		this.operation = operation;
		this.proxied = proxied;
		this.call = proxied.invocation();
		this.arguments = this.call.getArguments();
		this.invocation = new Invocation(operation.returnable, operation.asynchronous, null, null);
	}

	@Nullable Object execute() {
		Collection<?> elements = this.operation.elements(this.arguments);
		if (elements == null) {
			return this.proxied.invoke(this.arguments);
		}
		if (this.operation.evicts) {
			return execute((method) -> evict(elements, method));
		}
		if (this.operation.method.getReturnType() == CompletableFuture.class) {
			return execute((method) -> find(elements, method));
		}
		if (this.operation.asynchronous) {
			return Reactive.find(this, elements);
		}
		return execute((method) -> {
			BulkLoad all = load(elements);
			all.find();
			return all.load(method);
		});
	}

	private @Nullable Object execute(Execution execution) {
		return this.invocation.call((method) -> {
			Object target = Objects.requireNonNull(this.call.getThis());
			this.interceptor.getOperationContext(this.operation, this.operation.method, this.arguments, target,
					AopProxyUtils.ultimateTargetClass(target));
			boolean isDisabled = !this.operation.evicts && this.invocation.caches().get(0) instanceof NoOpCache;
			return isDisabled ? method.invoke() : execution.execute(method);
		}, () -> {
			@Nullable Object[] missing = this.arguments.clone();
			if (this.load != null) {
				missing[this.operation.parameter] = this.operation.argument(this.load.open());
			}
			return this.proxied.invoke(missing);
		});
	}

	private BulkLoad load(Collection<?> elements) {
		List<Cache> caches = this.invocation.caches();
		if (caches.size() != 1 || !(caches.get(0) instanceof MemcachedCache cache)) {
			throw new IllegalStateException("@CollectionCacheable on " + this.operation.method
					+ " needs one cache of memcached, neither decorated nor of another manager, and got " + caches);
		}
		BulkLoad all = new BulkLoad(cache, elements, this::key, false, this.operation.option,
				(element, value) -> !is(this.operation.unless, element, value, false));
		this.load = all;
		return all;
	}

	private CompletableFuture<Map<?, ?>> find(Collection<?> elements, CacheOperationInvoker method) {
		BulkLoad all = load(elements);
		return all.findAsync()
			.thenCompose((found) -> all.isMissing() ? loaded(all, method)
					: CompletableFuture.<Map<?, ?>>completedFuture(all.result()));
	}

	private static CompletableFuture<Map<?, ?>> loaded(BulkLoad all, CacheOperationInvoker method) {
		CompletableFuture<?> loading;
		try {
			loading = (CompletableFuture<?>) Objects.requireNonNull(method.invoke());
		}
		catch (ThrowableWrapper ex) {
			loading = CompletableFuture.failedFuture(ex.getOriginal());
		}
		return loading.<Map<?, ?>>thenApply((loaded) -> {
			all.store((Map<?, ?>) loaded);
			return all.result();
		})
			.exceptionallyCompose((failure) -> all.fallsBack(failure) ? CompletableFuture.completedFuture(all.result())
					: CompletableFuture.failedFuture(failure));
	}

	private @Nullable Object evict(Collection<?> elements, CacheOperationInvoker method) {
		List<Object> keys = new ArrayList<>();
		elements.forEach((element) -> keys.add(key(element)));
		keys.removeIf((key) -> key == BulkLoad.NO_KEY);
		boolean before = this.operation.option;
		Runnable evict = () -> this.invocation.caches().forEach((cache) -> {
			if (cache instanceof MemcachedCache ours) {
				BulkLoad.evict(ours, keys, before);
			}
			else {
				keys.forEach((key) -> this.interceptor.doEvict(cache, key, before));
			}
		});
		if (before) {
			evict.run();
		}
		Object result = method.invoke();
		Runnable after = before ? () -> {
		} : evict;
		if (result instanceof CompletableFuture<?> future) {
			return future.whenComplete((value, failure) -> {
				if (failure == null) {
					after.run();
				}
			});
		}
		if (result != null && this.operation.asynchronous) {
			return Reactive.evict(this, (Mono<?>) result, after);
		}
		after.run();
		return result;
	}

	private Object key(Object element) {
		if (!is(this.operation.condition, element, null, true)) {
			return BulkLoad.NO_KEY;
		}
		Expression key = this.operation.key;
		if (key == null) {
			@Nullable Object[] single = this.arguments.clone();
			single[this.operation.parameter] = element;
			return this.interceptor.getKeyGenerator()
				.generate(Objects.requireNonNull(this.call.getThis()), this.operation.method, single);
		}
		Object made = key.getValue(context(element, null));
		if (made == null) {
			throw new IllegalArgumentException("The key " + key.getExpressionString() + " of " + this.operation.method
					+ " is null for an element. Use #element and the parameters, which have names if they are compiled"
					+ " with -parameters");
		}
		return made;
	}

	private boolean is(@Nullable Expression condition, Object element, @Nullable Object result, boolean otherwise) {
		return (condition != null) ? Boolean.TRUE.equals(condition.getValue(context(element, result), Boolean.class))
				: otherwise;
	}

	private EvaluationContext context(Object element, @Nullable Object result) {
		MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(this.call, this.operation.method,
				this.arguments, NAMES);
		context.setVariable("element", element);
		context.setVariable("result", result);
		return context;
	}

	/**
	 * Calls of methods that return a {@link Mono}, apart as Reactor may be absent.
	 */
	private static final class Reactive {

		/**
		 * Each subscription is an invocation of its own, as each may miss other elements.
		 */
		static Mono<?> find(CollectionCall call, Collection<?> elements) {
			return Mono.defer(() -> {
				CollectionCall own = new CollectionCall(call.interceptor, call.operation, call.proxied);
				return (Mono<?>) own.execute((method) -> joined(own, find(own.load(elements), method)));
			}).onErrorMap(ThrowableWrapper.class, ThrowableWrapper::getOriginal);
		}

		private static Mono<Map<?, ?>> find(BulkLoad all, CacheOperationInvoker method) {
			Mono<Map<?, ?>> result = Mono.fromSupplier(all::result);
			Mono<Map<?, ?>> loaded = Mono.defer(() -> (Mono<?>) Objects.requireNonNull(method.invoke()))
				.doOnSuccess((values) -> all.store((Map<?, ?>) values))
				.then(result)
				.onErrorMap(ThrowableWrapper.class, ThrowableWrapper::getOriginal)
				.onErrorResume(all::fallsBack, (failure) -> result);
			return Mono.fromFuture(all::findAsync).then(Mono.defer(() -> all.isMissing() ? loaded : result));
		}

		static Object evict(CollectionCall call, Mono<?> result, Runnable evict) {
			return joined(call, result.doOnSuccess((value) -> evict.run()));
		}

		private static Mono<?> joined(CollectionCall call, Mono<?> result) {
			return Objects.requireNonNull((Mono<?>) AsynchronousCall.OfPublisher.joined(result, call.invocation));
		}

	}

}
