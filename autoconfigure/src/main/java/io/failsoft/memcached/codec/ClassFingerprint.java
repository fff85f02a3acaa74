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

package io.failsoft.memcached.codec;

import java.io.Externalizable;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * A number per class that differs as soon as the class reads other bytes than it did, or
 * means something else by the same bytes. It is the same in every JVM that has the same
 * version of the class.
 * <p>
 * It covers the name, the kind (enum, record, externalizable), the
 * {@code serialVersionUID} and the serial fields of a serializable class, all other
 * fields that are neither static nor transient, their types with type parameters,
 * Jackson's annotations of class and fields, the superclasses, and the same of each class
 * that the type of a field names. Of the JDK's classes only the serial form counts, as
 * their fields may differ between versions of Java. Computed once per class; thread-safe.
 */
final class ClassFingerprint {

	/** Bounds the cost of a type that refers to a whole library. */
	private static final int MAX_CLASSES = 1000;

	private static final ClassValue<ClassFingerprint> DESCRIBED = new ClassValue<>() {

		@Override
		protected ClassFingerprint computeValue(Class<?> type) {
			return new ClassFingerprint(type);
		}

	};

	/** The description of this class, without those that it names. */
	private final Set<String> lines = new TreeSet<>();

	private final Set<Class<?>> named = new HashSet<>();

	private final Set<Type> seen = new HashSet<>();

	/** 0 until it is asked for. */
	private volatile long fingerprint;

	private ClassFingerprint(Class<?> type) {
		if (type.isArray()) {
			this.named.add(type.getComponentType());
		}
		else if (!type.isPrimitive()) {
			try {
				describeSerialForm(type);
				if (!type.getName().startsWith("java.")) {
					describeFields(type);
				}
			}
			catch (LinkageError | TypeNotPresentException ex) {
				this.lines.add("A class that a member names is not on the class path");
			}
		}
	}

	/**
	 * Returns the fingerprint of a class, which need not be serializable.
	 * @param type the class
	 * @return its fingerprint
	 */
	static long of(Class<?> type) {
		ClassFingerprint described = DESCRIBED.get(type);
		if (described.fingerprint == 0) {
			described.fingerprint = compute(type);
		}
		return described.fingerprint;
	}

	private static long compute(Class<?> type) {
		StringBuilder text = new StringBuilder();
		Set<String> seen = new HashSet<>();
		// By name, so that the order is the same everywhere.
		TreeMap<String, Class<?>> waiting = new TreeMap<>(Map.of(type.getName(), type));
		while (!waiting.isEmpty() && seen.size() < MAX_CLASSES) {
			Map.Entry<String, Class<?>> next = waiting.pollFirstEntry();
			seen.add(next.getKey());
			ClassFingerprint described = DESCRIBED.get(next.getValue());
			text.append(next.getKey()).append('\n');
			described.lines.forEach((line) -> text.append(line).append('\n'));
			described.named.forEach((named) -> waiting.put(named.getName(), named));
			waiting.keySet().removeAll(seen);
		}
		// FNV-1a over characters. It guards against changes, not against forgery.
		long hash = 0xcbf29ce484222325L;
		for (int i = 0; i < text.length(); i++) {
			hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
		}
		return hash;
	}

	private void describeSerialForm(Class<?> type) {
		ObjectStreamClass descriptor = ObjectStreamClass.lookup(type);
		if (descriptor != null && !type.isInterface()) {
			boolean writes = Arrays.stream(type.getDeclaredMethods())
				.anyMatch((method) -> method.getName().equals("writeObject")
						&& Modifier.isPrivate(method.getModifiers()));
			this.lines.add("serial " + descriptor.getSerialVersionUID() + ' ' + type.isEnum() + type.isRecord()
					+ Externalizable.class.isAssignableFrom(type) + writes);
			for (ObjectStreamField field : descriptor.getFields()) {
				this.lines.add("serial " + field.getName() + ' ' + field.getTypeCode() + ' ' + field.getTypeString());
			}
		}
		if (type.getSuperclass() != null) {
			this.named.add(type.getSuperclass());
		}
	}

	private void describeFields(Class<?> type) {
		String jackson = jackson(type);
		this.lines.add("extends " + describe(type.getGenericSuperclass()) + jackson);
		for (TypeVariable<?> variable : type.getTypeParameters()) {
			this.lines.add("bound " + variable + Arrays.toString(variable.getBounds()));
		}
		StringBuilder order = new StringBuilder("order");
		for (Field field : type.getDeclaredFields()) {
			int kind = field.getModifiers();
			if (!Modifier.isStatic(kind) && !Modifier.isTransient(kind) && !field.isSynthetic()) {
				this.named.add(field.getType());
				this.lines.add(field.getName() + ' ' + describe(field.getGenericType()) + jackson(field));
				order.append(' ').append(field.getName());
			}
		}
		if (!jackson.isEmpty()) {
			// It may be written as an array.
			this.lines.add(order.toString());
		}
	}

	private String describe(@Nullable Type type) {
		name(ResolvableType.forType(type));
		return (type != null) ? type.getTypeName() : "";
	}

	/** Adds the classes that a type names, bounds of variables included. */
	private void name(ResolvableType type) {
		if (!type.equals(ResolvableType.NONE) && this.seen.add(type.getType())) {
			this.named.add(type.toClass());
			name(type.getComponentType());
			Arrays.stream(type.getGenerics()).forEach(this::name);
		}
	}

	private static String jackson(AnnotatedElement element) {
		return Arrays.stream(element.getDeclaredAnnotations())
			.map(Annotation::toString)
			.filter((text) -> text.startsWith("@com.fasterxml.jackson.") || text.startsWith("@tools.jackson."))
			.collect(Collectors.joining(" "));
	}

}
