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

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.MalformedParameterizedTypeException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Types as they are declared, before they are erased.
 */
final class GenericTypes {

	private GenericTypes() {
	}

	/**
	 * The type of a field, or of what a method returns.
	 * @param member the field or method
	 * @return its type; erased if the types that it names are not on the class path
	 */
	static Type of(Member member) {
		try {
			if (member instanceof Field field) {
				return field.getGenericType();
			}
			return (member instanceof Method method) ? method.getGenericReturnType() : void.class;
		}
		catch (TypeNotPresentException | MalformedParameterizedTypeException | LinkageError ex) {
			return (member instanceof Field field) ? field.getType() : ((Method) member).getReturnType();
		}
	}

	/**
	 * The superclass of a class.
	 * @param type the class, which has one
	 * @return it, with type parameters; without if the types that it names are not on the
	 * class path
	 */
	static Type superclass(Class<?> type) {
		try {
			return type.getGenericSuperclass();
		}
		catch (TypeNotPresentException | MalformedParameterizedTypeException | LinkageError ex) {
			return type.getSuperclass();
		}
	}

	/**
	 * Visit the classes that a type names.
	 * @param type the type
	 * @param visitor is shown each
	 */
	static void visit(Type type, Consumer<Class<?>> visitor) {
		visit(type, visitor, new HashSet<>());
	}

	private static void visit(Type type, Consumer<Class<?>> visitor, Set<Type> variables) {
		if (type instanceof Class<?> named) {
			visitor.accept(named);
		}
		else if (type instanceof ParameterizedType parameterized) {
			visit(parameterized.getRawType(), visitor, variables);
			visitAll(parameterized.getActualTypeArguments(), visitor, variables);
		}
		else if (type instanceof WildcardType wildcard) {
			visitAll(wildcard.getUpperBounds(), visitor, variables);
		}
		else if (type instanceof GenericArrayType array) {
			visit(array.getGenericComponentType(), visitor, variables);
		}
		// A bound may name its own variable.
		else if (type instanceof TypeVariable<?> variable && variables.add(variable)) {
			visitAll(variable.getBounds(), visitor, variables);
		}
	}

	private static void visitAll(Type[] types, Consumer<Class<?>> visitor, Set<Type> variables) {
		for (Type type : types) {
			visit(type, visitor, variables);
		}
	}

}
