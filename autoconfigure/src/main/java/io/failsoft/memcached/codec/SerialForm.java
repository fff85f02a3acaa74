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
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * What a class looks like in a serialized stream. Immutable.
 *
 * @param name the class's name in UTF-8
 * @param fingerprint differs as soon as the class reads other bytes than it did: over its
 * name, {@code serialVersionUID}, serializable fields with their declared types, kind,
 * and its superclasses
 * @param descriptor the local descriptor
 */
@SuppressWarnings("ArrayRecordComponent") // private to the package, never compared
record SerialForm(byte[] name, long fingerprint, ObjectStreamClass descriptor) {

	static SerialForm of(Class<?> type) {
		ObjectStreamClass descriptor = ObjectStreamClass.lookupAny(type);
		return new SerialForm(type.getName().getBytes(StandardCharsets.UTF_8), fingerprint(descriptor), descriptor);
	}

	private static long fingerprint(ObjectStreamClass descriptor) {
		StringBuilder text = new StringBuilder();
		for (ObjectStreamClass current = descriptor; current != null; current = parent(current)) {
			describe(current, text);
		}
		return ByteBuffer.wrap(Digest.of(text)).getLong();
	}

	private static void describe(ObjectStreamClass descriptor, StringBuilder text) {
		Class<?> type = descriptor.forClass();
		text.append(descriptor.getName()).append('\n');
		if (type.isArray() || type.isPrimitive() || type.isInterface()) {
			return;
		}
		text.append(Enum.class.isAssignableFrom(type) ? 'e' : 'o');
		text.append(type.isRecord() ? 'r' : 'c');
		text.append(Externalizable.class.isAssignableFrom(type) ? 'x' : 's');
		text.append(hasWriteObject(type) ? 'w' : 'd');
		text.append(descriptor.getSerialVersionUID()).append('\n');
		for (ObjectStreamField field : descriptor.getFields()) {
			text.append(field.getName()).append(' ').append(field.getTypeCode()).append(' ');
			text.append(field.getTypeString()).append('\n');
		}
		if (!type.getName().startsWith("java.")) {
			// Not of the JDK's classes, lest a form differ between versions of Java.
			describeGenerics(type, descriptor, text);
		}
	}

	/**
	 * What tells a list of one type from a list of another, where the bytes do not: they
	 * say what the elements are, not what they should be.
	 */
	private static void describeGenerics(Class<?> type, ObjectStreamClass descriptor, StringBuilder text) {
		appendGeneric(GenericTypes.superclass(type), text);
		for (ObjectStreamField field : descriptor.getFields()) {
			try {
				appendGeneric(GenericTypes.of(type.getDeclaredField(field.getName())), text);
			}
			catch (NoSuchFieldException ex) {
				// The class declares what it writes by other means.
			}
		}
	}

	private static void appendGeneric(Type type, StringBuilder text) {
		if (!(type instanceof Class)) {
			text.append(type.getTypeName()).append('\n');
		}
	}

	private static @Nullable ObjectStreamClass parent(ObjectStreamClass descriptor) {
		Class<?> parent = descriptor.forClass().getSuperclass();
		return (parent != null) ? ObjectStreamClass.lookup(parent) : null;
	}

	private static boolean hasWriteObject(Class<?> type) {
		try {
			Method method = type.getDeclaredMethod("writeObject", ObjectOutputStream.class);
			return Modifier.isPrivate(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
					&& method.getReturnType() == void.class;
		}
		catch (NoSuchMethodException ex) {
			return false;
		}
	}

}
