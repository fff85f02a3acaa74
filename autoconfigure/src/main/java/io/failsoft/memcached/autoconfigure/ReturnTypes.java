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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Tells which cached values a method can return. Another method, or another version of
 * the application, may have cached something else under the same name and key. Type
 * arguments, other than those of futures, publishers and {@link Optional}, are not looked
 * at. Thread-safe.
 */
final class ReturnTypes {

	private final Map<MethodClassKey, ReturnType> known = new ConcurrentHashMap<>();

	/**
	 * What a method returns.
	 * @param method the method
	 * @param target the object that has it
	 * @return its return type
	 */
	ReturnType of(Method method, Object target) {
		Class<?> targetClass = AopProxyUtils.ultimateTargetClass(target);
		MethodClassKey key = new MethodClassKey(method, targetClass);
		ReturnType type = this.known.get(key);
		if (type == null) {
			type = new ReturnType(accepted(ResolvableType.forMethodReturnType(method, targetClass)),
					AsynchronousResults.isReturnedBy(method));
			this.known.put(key, type);
		}
		return type;
	}

	private static Predicate<@Nullable Object> accepted(ResolvableType type) {
		Class<?> raw = type.resolve(Object.class);
		if (CompletableFuture.class.isAssignableFrom(raw)) {
			return instances(type.as(CompletableFuture.class).getGeneric().resolve(Object.class));
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
		if (adapter != null) {
			Predicate<@Nullable Object> elements = instances(type.getGeneric().resolve(Object.class));
			return adapter.isMultiValue() ? elements.or((value) -> value instanceof Iterable) : elements;
		}
		if (raw == Optional.class) {
			return instances(type.getGeneric().resolve(Object.class)).or((value) -> value instanceof Optional);
		}
		return instances(raw);
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
	 * What a method returns.
	 *
	 * @param accepts which cached values it can return; thread-safe
	 * @param asynchronous whether it returns a future or a publisher
	 */
	record ReturnType(Predicate<@Nullable Object> accepts, boolean asynchronous) {

	}

}
