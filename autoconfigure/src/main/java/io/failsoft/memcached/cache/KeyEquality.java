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
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Tells whether the {@code equals} of a class may count more than the form of a key says
 * of it. Immutable.
 */
final class KeyEquality {

	/**
	 * Whose {@code toString()} tells a description that need not be of the content.
	 */
	private static final String RESOURCE = "org.springframework.core.io.AbstractResource";

	/**
	 * Resources that describe themselves by what they compare.
	 */
	private static final Set<String> TOLD_BY_PARENT = Set.of("org.springframework.core.io.ClassPathResource",
			"org.springframework.core.io.FileSystemResource", "org.springframework.core.io.PathResource",
			"org.springframework.core.io.UrlResource");

	private final Class<?> type;

	private final boolean own;

	private final boolean belowToString;

	private final boolean contentOnly;

	/**
	 * Look at a class.
	 * @param type the class, not a proxy's
	 */
	KeyEquality(Class<?> type) {
		this.type = type;
		Class<?> equals = declaring(type, "equals", Object.class);
		Class<?> toString = declaring(type, "toString");
		this.own = equals != SimpleKey.class && !isOfJdk(equals);
		this.belowToString = this.own && toString != equals && toString.isAssignableFrom(equals)
				&& !TOLD_BY_PARENT.contains(equals.getName()) && !isTemplate(toString);
		// Theirs never equals a plain one, and counts nothing but the content.
		this.contentOnly = equals.getName().startsWith("org.hibernate.collection.")
				|| equals.getName().startsWith("org.bson.");
	}

	private static Class<?> declaring(Class<?> type, String name, Class<?>... parameters) {
		Method method = ReflectionUtils.findMethod(type, name, parameters);
		return (method != null) ? method.getDeclaringClass() : Object.class;
	}

	/**
	 * Whether a class leaves to its subclasses what it tells: JSON trees, protocol
	 * buffers and values that are generated have one {@code toString()} for all, and what
	 * it calls is written below.
	 */
	private static boolean isTemplate(Class<?> type) {
		return Modifier.isAbstract(type.getModifiers()) && !type.getName().equals(RESOURCE)
				&& Stream
					.concat(Arrays.stream(type.getMethods()),
							Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type)))
					.anyMatch((method) -> Modifier.isAbstract(method.getModifiers()));
	}

	private static boolean isOfJdk(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		return loader == null || loader == ClassLoader.getPlatformClassLoader();
	}

	/**
	 * Whether {@code equals} was written for a class below the one that
	 * {@code toString()} was written for, which hence cannot tell what it compares,
	 * unless it was written to be completed.
	 */
	boolean isBelowToString() {
		return this.belowToString;
	}

	/**
	 * Refuse a key of a class with an {@code equals} of its own, where only what the
	 * class inherits is part of the form.
	 * @param inherited what the form tells, in words
	 * @throws CacheKeyException if it is refused
	 */
	void checkInherited(String inherited) {
		if (this.own) {
			throw refused(inherited, null);
		}
	}

	/**
	 * Refuse a key whose class has an {@code equals} of its own that does not take the
	 * key for what the form tells of it.
	 * @param key the key
	 * @param plain the same content in a class of the JDK or of Spring
	 * @param content what the form tells, in words
	 * @throws CacheKeyException if it is refused
	 */
	void checkContent(Object key, Supplier<Object> plain, String content) {
		if (this.own && !this.contentOnly) {
			boolean equal;
			try {
				equal = key.equals(plain.get());
			}
			catch (RuntimeException ex) {
				throw refused(content, ex);
			}
			if (!equal) {
				throw refused(content, null);
			}
		}
	}

	private CacheKeyException refused(String told, @Nullable Throwable cause) {
		return new CacheKeyException(this.type, this.type.getName()
				+ " cannot be (part of) a cache key: it has an equals() of its own, which may compare more than " + told
				+ ". Use a record that holds all that counts, or name the key, as in"
				+ " @Cacheable(key = \"#order.id\")", cause);
	}

}
