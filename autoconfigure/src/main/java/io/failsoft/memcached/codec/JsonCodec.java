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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

/**
 * JSON by Jackson 3, with the types that the declared ones do not tell written beside the
 * values, and read only if they are allowed. Thread-safe.
 * <p>
 * Fields are written, not getters. Beside each name of a class stands a stamp of its
 * properties and their types, and a value reads only if that is still the same, all it
 * needs is there and nothing else: a class that was changed gives a miss rather than half
 * a value. Needs {@code tools.jackson.core:jackson-databind}.
 */
public final class JsonCodec implements ValueCodec {

	private static final int ID = 2;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	private JsonCodec(JsonMapper mapper) {
		this.writer = mapper.writerFor(Object.class);
		this.reader = mapper.readerFor(Object.class);
	}

	/**
	 * Make a codec.
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read by name
	 * @param customizer changes the mapper, for instance adds modules; types, visibility
	 * and failing on unknown or missing properties are set after it
	 * @return the codec
	 */
	public static JsonCodec create(ClassLoader classLoader, AllowedClasses allowed,
			Consumer<JsonMapper.Builder> customizer) {
		JsonTypes types = new JsonTypes(allowed);
		JsonMapper.Builder builder = JsonMapper.builder();
		builder.typeFactory(TypeFactory.createDefaultInstance().withClassLoader(classLoader));
		builder.findAndAddModules(classLoader);
		builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
				DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID, DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
				DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE);
		builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
		// Else NaN is read as text where no type says otherwise.
		builder.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);
		customizer.accept(builder);
		builder.addModules(JsonKeys.module(allowed), JsonOptionals.module());
		builder.polymorphicTypeValidator(types.validator());
		builder.setDefaultTyping(types);
		builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		builder.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
		builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
		builder.changeDefaultVisibility((visibility) -> visibility.withFieldVisibility(Visibility.ANY)
			.withGetterVisibility(Visibility.NONE)
			.withIsGetterVisibility(Visibility.NONE)
			.withSetterVisibility(Visibility.NONE));
		return new JsonCodec(builder.build());
	}

	@Override
	public int id() {
		return ID;
	}

	@Override
	public byte[] encode(Object value) {
		try {
			return this.writer.writeValueAsBytes(value);
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			throw explained(value.getClass().getName() + " cannot be written as JSON: ", ex);
		}
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		Object value;
		try {
			value = this.reader.readValue(bytes, offset, length);
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see what nobody checked.
			throw explained("The value cannot be read as JSON: ", ex);
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
