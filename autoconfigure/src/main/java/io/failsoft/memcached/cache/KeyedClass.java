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
import java.sql.Timestamp;
import java.util.Date;

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

	private final KeyEquality equality;

	private final @Nullable KeyParts parts;

	private final @Nullable String refusal;

	private KeyedClass(Class<?> type) {
		Class<?> userClass = userClass(type);
		this.type = type;
		this.name = userClass.getName();
		this.equality = new KeyEquality(userClass);
		KeyParts parts = KeyParts.find(userClass);
		this.parts = (userClass == type) ? parts : null;
		this.refusal = (parts != null && userClass != type) ? "is a proxy, whose parts cannot be read" : refusal(type);
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

	private @Nullable String refusal(Class<?> type) {
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
		if (this.equality.isBelowToString()) {
			return "has an equals() of its own, which its toString(), inherited from "
					+ toString.getDeclaringClass().getName() + ", cannot account for";
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
	 * What reads the parts of such a key.
	 * @return reads the parts, or {@code null} if the key counts otherwise
	 */
	@Nullable KeyParts parts() {
		return this.parts;
	}

	/**
	 * What the class compares.
	 * @return what is known of its {@code equals}
	 */
	KeyEquality equality() {
		return this.equality;
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
		return new CacheKeyException(this.type, this.type.getName() + " cannot be (part of) a cache key: it " + reason
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
