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

import java.io.Serial;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.StaticListSerializerBase;
import tools.jackson.databind.ser.std.StdContainerSerializer;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Refuses an application's own collections, maps and entries that have fields: Jackson
 * writes what they contain, and nothing else. Those which say how they are written, by
 * {@code @JsonValue} for instance, are none to it.
 */
final class JsonContainers extends ValueSerializerModifier {

	@Serial
	private static final long serialVersionUID = 1;

	private JsonContainers() {
	}

	static JacksonModule module() {
		return new SimpleModule("failsoft-memcached-containers").setSerializerModifier(new JsonContainers());
	}

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
			ValueSerializer<?> serializer) {
		return modify(description.getBeanClass(), serializer);
	}

	@Override
	public ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		return modify(type.getRawClass(), serializer);
	}

	@Override
	public ValueSerializer<?> modifyMapSerializer(SerializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		return modify(type.getRawClass(), serializer);
	}

	private static ValueSerializer<?> modify(Class<?> type, ValueSerializer<?> serializer) {
		if (serializer instanceof StdContainerSerializer || serializer instanceof StaticListSerializerBase) {
			Field field = field(type);
			if (field != null) {
				return new Refusing(field.getName());
			}
		}
		return serializer;
	}

	/** A field that is the application's, and not only kept for the moment. */
	private static @Nullable Field field(Class<?> type) {
		for (Class<?> current = type; current != null && isOwn(current); current = current.getSuperclass()) {
			for (Field field : current.getDeclaredFields()) {
				if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0 && !field.isSynthetic()) {
					return field;
				}
			}
		}
		return null;
	}

	private static boolean isOwn(Class<?> type) {
		return !type.getName().startsWith("java.") && !DefaultClasses.contains(type.getName());
	}

	/**
	 * In place of the serializer that leaves a field out.
	 */
	private static final class Refusing extends ValueSerializer<Object> {

		private final String field;

		Refusing(String field) {
			this.field = field;
		}

		@Override
		public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
			throw Lossy.refusal(value, "its field " + this.field + " beside what it contains");
		}

		@Override
		public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
				TypeSerializer type) {
			serialize(value, generator, context);
		}

	}

}
