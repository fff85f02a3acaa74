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
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * What is known of a class whose instances serve as keys; found out once per class.
 * Immutable.
 */
final class KeyedClass {

	private static final ClassValue<KeyedClass> CLASSES = new ClassValue<>() {

		@Override
		protected KeyedClass computeValue(Class<?> type) {
			return new KeyedClass(type);
		}

	};

	private final Class<?> type;

	private final String name;

	private final List<Method> accessors;

	private final @Nullable String refusal;

	private KeyedClass(Class<?> type) {
		this.type = type;
		this.name = userClass(type).getName();
		this.accessors = type.isRecord() ? accessors(type) : List.of();
		this.refusal = type.isRecord() ? null : refusal(type);
	}

	static KeyedClass of(Class<?> type) {
		return CLASSES.get(type);
	}

	private static Class<?> userClass(Class<?> type) {
		Class<?> result = type;
		while (result.getName().contains("$$") || result.getName().contains("$HibernateProxy")) {
			Class<?> parent = result.getSuperclass();
			if (parent == null || parent == Object.class) {
				return type;
			}
			result = parent;
		}
		return result;
	}

	private static List<Method> accessors(Class<?> type) {
		List<Method> accessors = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			Method accessor = component.getAccessor();
			try {
				accessor.setAccessible(true);
			}
			catch (RuntimeException ex) {
				throw new CacheKeyException("The record " + type.getName()
						+ " cannot be read as a cache key; open its package for reflection, or use a String as key",
						ex);
			}
			accessors.add(accessor);
		}
		return List.copyOf(accessors);
	}

	private static @Nullable String refusal(Class<?> type) {
		if (Proxy.isProxyClass(type)) {
			return "is a proxy, whose name differs between JVMs";
		}
		if (type.isHidden()) {
			return "is a lambda or another hidden class, whose name differs between JVMs";
		}
		if (Throwable.class.isAssignableFrom(type)) {
			return "is an exception, whose toString() does not tell all";
		}
		Method toString = ReflectionUtils.findMethod(type, "toString");
		if (toString == null || toString.getDeclaringClass() == Object.class) {
			return "has no toString() of its own, so that it would be another key in every JVM";
		}
		return null;
	}

	/**
	 * The name of the class, or of the one that a proxy made by subclassing stands for.
	 * @return the name
	 */
	String name() {
		return this.name;
	}

	/**
	 * The components of a record.
	 * @param value the record
	 * @return the components, of which any may be {@code null}
	 */
	List<@Nullable Object> components(Object value) {
		List<@Nullable Object> components = new ArrayList<>(this.accessors.size());
		for (Method accessor : this.accessors) {
			components.add(ReflectionUtils.invokeMethod(accessor, value));
		}
		return Collections.unmodifiableList(components);
	}

	/**
	 * What a value calls itself.
	 * @param value the value
	 * @return its {@code toString()}
	 * @throws IllegalArgumentException if that would not be the same in every JVM
	 */
	String text(Object value) {
		if (this.refusal != null) {
			throw refused(this.refusal);
		}
		String text = value.toString();
		if (text == null) {
			throw refused("has a toString() that returns null");
		}
		if (text.contains("@") && text.contains("@" + Integer.toHexString(System.identityHashCode(value)))) {
			throw refused("has a toString() with an address in it, so that it would be another key in every JVM");
		}
		return text;
	}

	private CacheKeyException refused(String reason) {
		return new CacheKeyException(this.type.getName() + " cannot be (part of) a cache key: it " + reason
				+ ". Give it a toString() that tells different keys apart, make it a record, or name the key, as in"
				+ " @Cacheable(key = \"#order.id\")");
	}

	/**
	 * The instant of a date, to its full precision and in no time zone.
	 * @param date a date or one of SQL's
	 * @return milliseconds since 1970, with a timestamp's nanoseconds of the second
	 */
	@SuppressWarnings("JavaUtilDate") // users have it in their keys
	static String instant(Date date) {
		for (Class<?> type = date.getClass(); type != null; type = type.getSuperclass()) {
			if (type.getName().equals("java.sql.Timestamp")) {
				return Sql.instant(date);
			}
		}
		return Long.toString(date.getTime());
	}

	/** Apart, as the module java.sql may be absent. */
	private static final class Sql {

		@SuppressWarnings("JavaUtilDate")
		static String instant(Date date) {
			return date.getTime() + " " + ((Timestamp) date).getNanos();
		}

	}

}
