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

import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.module.SimpleSerializers;
import tools.jackson.databind.type.ReferenceType;

/**
 * Optionals where no declared type tells that there is one: Jackson would write their
 * content alone.
 */
final class JsonOptionals {

	private JsonOptionals() {
	}

	static JacksonModule module() {
		SimpleModule module = new SimpleModule("failsoft-memcached-optionals");
		module.setSerializers(new Writers());
		module.setDeserializers(new Readers());
		return module;
	}

	private static boolean isUndeclared(ReferenceType type) {
		return type.getReferencedType().isJavaLangObject();
	}

	@SuppressWarnings("serial")
	private static final class Writers extends SimpleSerializers {

		@Override
		public @Nullable ValueSerializer<?> findReferenceSerializer(SerializationConfig config, ReferenceType type,
				BeanDescription.@Nullable Supplier description, JsonFormat.@Nullable Value format,
				@Nullable TypeSerializer contentType, @Nullable ValueSerializer<Object> content) {
			return isUndeclared(type) ? new Writer() : null;
		}

	}

	private static final class Writer extends ValueSerializer<Object> {

		@Override
		public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
			if (!(value instanceof Optional<?> optional)) {
				throw new ValueCodecException("A " + value.getClass().getName()
						+ " cannot be written by Jackson where its type is not declared. Set memcached.cache.codec: jdk",
						null, true);
			}
			TypeSerializer types = context.findTypeSerializer(context.constructType(Object.class));
			WritableTypeId type = types.writeTypePrefix(generator, context,
					types.typeId(value, JsonToken.VALUE_EMBEDDED_OBJECT, Optional.class.getName()));
			Object content = optional.orElse(null);
			if (content == null) {
				generator.writeNull();
			}
			else {
				context.findRootValueSerializer(content.getClass())
					.serializeWithType(content, generator, context, types);
			}
			types.writeTypeSuffix(generator, context, type);
		}

		@Override
		public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
				TypeSerializer type) {
			serialize(value, generator, context);
		}

	}

	@SuppressWarnings("serial")
	private static final class Readers extends SimpleDeserializers {

		@Override
		public @Nullable ValueDeserializer<?> findReferenceDeserializer(ReferenceType type,
				DeserializationConfig config, BeanDescription.@Nullable Supplier description,
				@Nullable TypeDeserializer contentType, @Nullable ValueDeserializer<?> content) {
			return (type.getRawClass() == Optional.class && isUndeclared(type)) ? new Reader() : null;
		}

	}

	private static final class Reader extends ValueDeserializer<Optional<?>> {

		@Override
		public Optional<?> deserialize(JsonParser parser, DeserializationContext context) {
			if (parser.hasToken(JsonToken.VALUE_NULL)) {
				return Optional.empty();
			}
			return Optional.ofNullable(context.findRootValueDeserializer(context.constructType(Object.class))
				.deserialize(parser, context));
		}

		@Override
		public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer type) {
			return type.deserializeTypedFromAny(parser, context);
		}

	}

}
