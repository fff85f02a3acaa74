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

import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.type.TypeFactory;

/**
 * What the codecs that Jackson 3 writes have in common: everything but the format. The
 * types that the declared ones do not tell are written beside the values, and read only
 * if they are allowed. Thread-safe.
 */
final class JacksonFormat {

	private final String name;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	private JacksonFormat(String name, ObjectMapper mapper) {
		this.name = name;
		this.writer = mapper.writerFor(Object.class);
		this.reader = mapper.readerFor(Object.class);
	}

	/**
	 * Set up a format.
	 * @param name what it is called in messages
	 * @param builder of the format's mapper
	 * @param inclusion how types are written: as an array of the type and the value, or
	 * as an object whose only name is the type
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read by name
	 * @param customizer changes the mapper; what makes it safe is set after it
	 * @param <B> the type of the builder
	 * @return the format
	 */
	static <B extends MapperBuilder<?, B>> JacksonFormat of(String name, B builder, JsonTypeInfo.As inclusion,
			ClassLoader classLoader, AllowedClasses allowed, Consumer<B> customizer) {
		JsonTypes types = new JsonTypes(allowed, inclusion);
		builder.typeFactory(TypeFactory.createDefaultInstance().withClassLoader(classLoader));
		builder.findAndAddModules(classLoader);
		builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
				DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID, DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
				DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE);
		builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
		customizer.accept(builder);
		builder.addModules(JsonKeys.module(allowed), JsonOptionals.module(), JsonConstructors.module(),
				JsonTimestamps.module());
		builder.addModules(JsonPages.modules(classLoader));
		builder.polymorphicTypeValidator(types.validator());
		builder.setDefaultTyping(types);
		builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		builder.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
		builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
		builder.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
		builder.changeDefaultVisibility((visibility) -> visibility.withFieldVisibility(Visibility.ANY)
			.withGetterVisibility(Visibility.NONE)
			.withIsGetterVisibility(Visibility.NONE)
			.withSetterVisibility(Visibility.NONE));
		return new JacksonFormat(name, builder.build());
	}

	byte[] encode(Object value) {
		return encode(value, this.writer);
	}

	ObjectWriter writer() {
		return this.writer;
	}

	/**
	 * Write a value.
	 * @param value the value
	 * @param writer {@link #writer()}, with other features of the format
	 * @return its bytes
	 */
	byte[] encode(Object value, ObjectWriter writer) {
		try {
			return writer.writeValueAsBytes(value);
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			throw explained(value.getClass().getName() + " cannot be written as " + this.name + ": ", ex);
		}
	}

	Object decode(byte[] bytes, int offset, int length) {
		Object value;
		try {
			value = this.reader.readValue(bytes, offset, length);
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see what nobody checked.
			throw explained("The value cannot be read as " + this.name + ": ", ex);
		}
		if (value == null) {
			throw new ValueCodecException("The value is null", null);
		}
		return value;
	}

	private static ValueCodecException explained(String what, Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = next(cause)) {
			if (cause instanceof ValueCodecException ex) {
				return ex;
			}
		}
		return new ValueCodecException(what + failure.getMessage(), failure);
	}

	private static @Nullable Throwable next(Throwable throwable) {
		return (throwable.getCause() != throwable) ? throwable.getCause() : null;
	}

}
