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
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * How to find what an object refers to, of those that have a {@code hashCode()} which may
 * visit it. Found out once per class. Immutable.
 */
final class NodeKind {

	private static final ClassValue<NodeKind> KINDS = new ClassValue<>() {

		@Override
		protected NodeKind computeValue(Class<?> type) {
			return new NodeKind(type);
		}

	};

	private final Class<?> type;

	private final boolean leaf;

	private final boolean collection;

	private final boolean map;

	private final Field[] fields;

	private NodeKind(Class<?> type) {
		this.type = type;
		boolean ofJdk = type.getName().startsWith("java.");
		this.collection = ofJdk && Collection.class.isAssignableFrom(type);
		this.map = ofJdk && Map.class.isAssignableFrom(type);
		this.fields = ofJdk ? new Field[0] : fields(type);
		boolean other = Map.Entry.class.isAssignableFrom(type) || type == Optional.class || type == Object[].class
				|| (type.isArray() && !type.getComponentType().isPrimitive());
		this.leaf = !this.collection && !this.map && !other && this.fields.length == 0;
	}

	static NodeKind of(Object object) {
		return KINDS.get(object.getClass());
	}

	boolean isOf(Class<?> other) {
		return this.type == other;
	}

	private static Field[] fields(Class<?> type) {
		List<Field> fields = new ArrayList<>();
		for (Class<?> current = type; current != null && !current.isEnum(); current = current.getSuperclass()) {
			for (Field field : current.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && mayRefer(field.getType()) && field.trySetAccessible()) {
					fields.add(field);
				}
			}
		}
		return fields.toArray(new Field[0]);
	}

	private static boolean mayRefer(Class<?> type) {
		return !type.isPrimitive() && !type.isEnum() && !CharSequence.class.isAssignableFrom(type)
				&& !Number.class.isAssignableFrom(type) && !type.getName().startsWith("java.time.");
	}

	/**
	 * Whether objects of this kind refer to nothing that counts.
	 * @return whether it is a leaf
	 */
	boolean isLeaf() {
		return this.leaf;
	}

	/**
	 * Visit what an object of this kind refers to.
	 * @param object the object, which need not be complete yet
	 * @param visitor is asked for each; answers whether to go on
	 */
	void visit(Object object, Visitor visitor) {
		if (this.collection) {
			visitAll((Collection<?>) object, visitor);
		}
		else if (this.map) {
			for (Map.Entry<?, ?> entry : ((Map<?, ?>) object).entrySet()) {
				if (!visitor.visit(entry.getKey()) || !visitor.visit(entry.getValue())) {
					return;
				}
			}
		}
		else if (object instanceof Object[] array) {
			for (Object element : array) {
				if (!visitor.visit(element)) {
					return;
				}
			}
		}
		else if (object instanceof Map.Entry<?, ?> entry && visitor.visit(entry.getKey())) {
			visitor.visit(entry.getValue());
		}
		else if (object instanceof Optional<?> optional) {
			visitor.visit(optional.orElse(null));
		}
		else {
			visitFields(object, visitor);
		}
	}

	private static void visitAll(Collection<?> collection, Visitor visitor) {
		for (Object element : collection) {
			if (!visitor.visit(element)) {
				return;
			}
		}
	}

	private void visitFields(Object object, Visitor visitor) {
		for (Field field : this.fields) {
			try {
				if (!visitor.visit(field.get(object))) {
					return;
				}
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException("A field that was made accessible is not", ex);
			}
		}
	}

	/**
	 * Is shown what an object refers to.
	 */
	interface Visitor {

		/**
		 * Visit an object.
		 * @param object the object
		 * @return whether to go on
		 */
		boolean visit(@Nullable Object object);

	}

}
