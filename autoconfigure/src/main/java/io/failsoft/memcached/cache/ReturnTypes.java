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

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.failsoft.memcached.cache.Invocation.Execution;
import io.failsoft.memcached.cache.Invocation.Preset;
import io.failsoft.memcached.cache.Invocation.Repetition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The return types of cached methods: which cached values a method can return, and how it
 * returns them. Another method, or another version of the application, may have cached
 * something else under the same name and key. Type arguments, other than those of
 * futures, publishers and {@link Optional}, are ignored. Thread-safe.
 */
final class ReturnTypes {

	private static final boolean REACTIVE = ClassUtils.isPresent("reactor.core.publisher.Flux",
			ReturnTypes.class.getClassLoader());

	private final Map<MethodClassKey, ReturnType> known = new ConcurrentHashMap<>();

	/**
	 * Executes a call of a method as an invocation of its own.
	 * @param method the method
	 * @param target the object that has it
	 * @param invoker calls the method
	 * @param execution executes the call by way of Spring
	 * @return the result for the caller
	 */
	@Nullable Object execute(Method method, Object target, CacheOperationInvoker invoker, Execution execution) {
		Class<?> targetClass = AopProxyUtils.ultimateTargetClass(target);
		ReturnType type = this.known.computeIfAbsent(new MethodClassKey(method, targetClass),
				(key) -> of(method, ResolvableType.forMethodReturnType(method, targetClass)));
		return type.call(invoker, execution,
				(invoker instanceof MethodCall) ? (preset, failure) -> type.call((failure != null) ? () -> {
					throw failure;
				} : invoker, execution, null, preset) : null, null);
	}

	/**
	 * Returns the end of a call, by what it returned.
	 */
	static CompletableFuture<?> completion(@Nullable Object result) {
		if (result instanceof CompletableFuture<?> future) {
			return future;
		}
		ReactiveAdapter adapter = (REACTIVE && result != null)
				? ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, result) : null;
		return (adapter != null) ? Flux.from(adapter.toPublisher(result)).then().toFuture()
				: CompletableFuture.completedFuture(null);
	}

	private static ReturnType of(Method method, ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (CompletableFuture.class.isAssignableFrom(raw)) {
			Predicate<@Nullable Object> accepts = instances(
					type.as(CompletableFuture.class).getGeneric().resolve(Object.class));
			return (invoker, execution, repetition,
					preset) -> new AsynchronousCall.OfFuture(new Invocation(accepts, true, repetition, preset), invoker)
						.execute(execution);
		}
		Predicate<@Nullable Object> elements = instances(type.getGeneric().resolve(Object.class));
		// Spring goes by the type that the method is declared with.
		ReactiveAdapter adapter = REACTIVE
				? ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) : null;
		if (adapter != null) {
			Predicate<@Nullable Object> accepts = adapter.isMultiValue()
					? elements.or((value) -> value instanceof Iterable) : elements;
			return (invoker, execution, repetition,
					preset) -> new AsynchronousCall.OfPublisher(() -> new Invocation(accepts, true, repetition, preset),
							adapter, invoker, execution)
						.execute(execution);
		}
		if (REACTIVE && KotlinDetector.isSuspendingFunction(method)) {
			return (invoker, execution, repetition, preset) -> {
				Invocation invocation = new Invocation(MemcachedCache.ANY, true, null, null);
				return AsynchronousCall.OfPublisher.joined(invocation.call(execution, invoker), invocation);
			};
		}
		Predicate<@Nullable Object> accepts = (raw == Optional.class)
				? elements.or((value) -> value instanceof Optional) : instances(raw);
		return (invoker, execution, repetition, preset) -> new Invocation(accepts, false, repetition, preset)
			.call(execution, invoker);
	}

	static Predicate<@Nullable Object> instances(Class<?> type) {
		if (type == Object.class || type == void.class) {
			return (value) -> true;
		}
		if (type.isPrimitive()) {
			return ClassUtils.resolvePrimitiveIfNecessary(type)::isInstance;
		}
		return (value) -> value == null || type.isInstance(value);
	}

	/**
	 * A call of a method by way of its proxy, which can be made again, on any thread.
	 *
	 * @param invocation the rest of the proxy's chain, never proceeded itself
	 */
	record MethodCall(ProxyMethodInvocation invocation) implements CacheOperationInvoker {

		@Override
		public @Nullable Object invoke() {
			return invoke(this.invocation.getArguments().clone());
		}

		/**
		 * Calls the method with other arguments.
		 */
		@Nullable Object invoke(@Nullable Object[] arguments) {
			try {
				// Advice further down may ask for the invocation of its thread.
				return ExposeInvocationInterceptor.INSTANCE.invoke(this.invocation.invocableClone(arguments));
			}
			catch (Throwable ex) {
				throw new ThrowableWrapper(ex);
			}
		}

	}

	/**
	 * A caller of the methods with a return type. Thread-safe.
	 */
	@FunctionalInterface
	private interface ReturnType {

		/**
		 * Executes a call and returns what the caller expects.
		 * @param invoker calls the method
		 * @param execution executes the call by way of Spring
		 * @param repetition how to call once more, or {@code null} if that cannot be
		 * @param preset what one key is found to be without a look, or {@code null}
		 * @return the result for the caller
		 */
		@Nullable Object call(CacheOperationInvoker invoker, Execution execution, @Nullable Repetition repetition,
				@Nullable Preset preset);

	}

}
