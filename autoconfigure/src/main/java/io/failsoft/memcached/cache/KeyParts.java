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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads what the keys of a class consist of, where that is known, so that their
 * {@code toString()} need not tell them apart. Immutable.
 */
@FunctionalInterface
interface KeyParts {

	/**
	 * Read the parts of a key.
	 * @param key an instance of the class
	 * @return the parts, of which any may be {@code null}
	 */
	List<? extends @Nullable Object> of(Object key);

	/**
	 * Find out what a class consists of.
	 * @param type the class, not a proxy's
	 * @return reads its parts, or {@code null} if nothing is known of it
	 * @throws CacheKeyException if the class has parts that cannot be read
	 */
	static @Nullable KeyParts find(Class<?> type) {
		try {
			if (type.isRecord()) {
				return recordFields(type);
			}
			if (type.getName().startsWith("org.springframework.data.")) {
				return SpringDataKeys.parts(type);
			}
			return dataClassComponents(type);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			throw new CacheKeyException(type,
					type.getName()
							+ " cannot be read as a cache key; open its package for reflection, or use a String as key",
					ex);
		}
	}

	/**
	 * A record's fields are what its {@code equals} compares. An accessor may have been
	 * written anew, and tell less.
	 */
	private static KeyParts recordFields(Class<?> type) throws ReflectiveOperationException {
		List<MethodHandle> getters = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			Field field = type.getDeclaredField(component.getName());
			field.setAccessible(true);
			getters.add(MethodHandles.lookup().unreflectGetter(field));
		}
		return reading(getters);
	}

	/**
	 * Kotlin writes {@code component1()} and so on for what a data class's {@code equals}
	 * compares. Other classes may have such methods, but no {@code copy} of the same
	 * types.
	 */
	private static @Nullable KeyParts dataClassComponents(Class<?> type) throws ReflectiveOperationException {
		if (Arrays.stream(type.getDeclaredAnnotations())
			.noneMatch((annotation) -> annotation.annotationType().getName().equals("kotlin.Metadata"))) {
			return null;
		}
		Method[] methods = type.getDeclaredMethods();
		List<MethodHandle> getters = new ArrayList<>();
		List<Class<?>> types = new ArrayList<>();
		Method component = method(methods, "component1", List.of());
		while (component != null) {
			component.setAccessible(true);
			getters.add(MethodHandles.lookup().unreflect(component));
			types.add(component.getReturnType());
			component = method(methods, "component" + (types.size() + 1), List.of());
		}
		boolean data = !types.isEmpty() && method(methods, "copy", types) != null
				&& method(methods, "equals", List.of(Object.class)) != null;
		return data ? reading(getters) : null;
	}

	/**
	 * Find a method, whose name Kotlin may have mangled.
	 */
	private static @Nullable Method method(Method[] methods, String name, List<Class<?>> parameters) {
		for (Method method : methods) {
			String found = method.getName();
			boolean named = found.equals(name) || found.startsWith(name + "-") || found.startsWith(name + "$");
			if (named && !Modifier.isStatic(method.getModifiers())
					&& parameters.equals(Arrays.asList(method.getParameterTypes()))) {
				return method;
			}
		}
		return null;
	}

	private static KeyParts reading(List<MethodHandle> getters) {
		MethodType type = MethodType.methodType(Object.class, Object.class);
		MethodHandle[] handles = getters.stream().map((getter) -> getter.asType(type)).toArray(MethodHandle[]::new);
		return (key) -> {
			@Nullable Object[] parts = new @Nullable Object[handles.length];
			for (int i = 0; i < handles.length; i++) {
				parts[i] = read(handles[i], key);
			}
			return Collections.unmodifiableList(Arrays.asList(parts));
		};
	}

	private static @Nullable Object read(MethodHandle getter, Object key) {
		try {
			return (Object) getter.invokeExact(key);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
