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

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Knows which cached values a method can return, and when. Another method, or another
 * version of the application, may have cached something else under the same name and key.
 * Type arguments, other than those of futures, publishers and {@link Optional}, are not
 * looked at. Thread-safe.
 */
final class ReturnTypes {

	private static final boolean REACTIVE = ClassUtils.isPresent("reactor.core.publisher.Flux",
			ReturnTypes.class.getClassLoader());

	private final Map<MethodClassKey, ReturnType> known = new ConcurrentHashMap<>();

	/**
	 * Returns the return type of a method.
	 * @param method the method
	 * @param target the object that has it
	 * @return its return type
	 */
	ReturnType of(Method method, Object target) {
		Class<?> targetClass = AopProxyUtils.ultimateTargetClass(target);
		MethodClassKey key = new MethodClassKey(method, targetClass);
		ReturnType type = this.known.get(key);
		if (type == null) {
			type = of(method, ResolvableType.forMethodReturnType(method, targetClass));
			this.known.put(key, type);
		}
		return type;
	}

	private static ReturnType of(Method method, ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (CompletableFuture.class.isAssignableFrom(raw)) {
			return new ReturnType(instances(type.as(CompletableFuture.class).getGeneric().resolve(Object.class)),
					Kind.FUTURE, null);
		}
		// Spring goes by the type that the method is declared with.
		ReactiveAdapter adapter = REACTIVE
				? ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) : null;
		if (adapter != null) {
			Predicate<@Nullable Object> elements = instances(type.getGeneric().resolve(Object.class));
			return new ReturnType(adapter.isMultiValue() ? elements.or((value) -> value instanceof Iterable) : elements,
					Kind.PUBLISHER, adapter);
		}
		if (REACTIVE && KotlinDetector.isSuspendingFunction(method)) {
			return new ReturnType(ReturnTypes::anything, Kind.SUSPENDING, null);
		}
		if (raw == Optional.class) {
			return new ReturnType(
					instances(type.getGeneric().resolve(Object.class)).or((value) -> value instanceof Optional),
					Kind.PLAIN, null);
		}
		return new ReturnType(instances(raw), Kind.PLAIN, null);
	}

	private static boolean anything(@Nullable Object value) {
		return true;
	}

	private static Predicate<@Nullable Object> instances(Class<?> type) {
		if (type == Object.class || type == void.class) {
			return ReturnTypes::anything;
		}
		if (type.isPrimitive()) {
			return ClassUtils.resolvePrimitiveIfNecessary(type)::isInstance;
		}
		return (value) -> value == null || type.isInstance(value);
	}

	/**
	 * The return type of a method.
	 *
	 * @param accepts tests if the method can return a cached value; thread-safe
	 * @param kind when and how the method returns its value
	 * @param adapter converts to a publisher and back, only for {@link Kind#PUBLISHER}
	 */
	record ReturnType(Predicate<@Nullable Object> accepts, Kind kind, @Nullable ReactiveAdapter adapter) {

	}

	/**
	 * When and how a method returns its value.
	 */
	enum Kind {

		/** As its result. */
		PLAIN,

		/** By a {@link CompletableFuture}. */
		FUTURE,

		/** By a type that is known to Spring's {@link ReactiveAdapterRegistry}. */
		PUBLISHER,

		/**
		 * By the continuation of a Kotlin function, which Spring turns into a publisher.
		 */
		SUSPENDING

	}

}
