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

import java.io.OutputStream;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
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

	private static final String REMEDY = "Set memcached.cache.codec: jdk, or cache a record in its place";

	private final String name;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	private final JsonNames names;

	private JacksonFormat(String name, ObjectMapper mapper, JsonNames names) {
		this.name = name;
		this.names = names;
		this.writer = mapper.writerFor(Object.class);
		this.reader = mapper.readerFor(Object.class);
	}

	/**
	 * Bounds on what is read that no value can exceed which was written. A number of as
	 * many digits as are written has a sign, a point, zeros and an exponent, too; a key
	 * of a map is a name.
	 * @return the bounds
	 */
	static StreamReadConstraints bounds() {
		return StreamReadConstraints.builder()
			.maxNumberLength(Lossy.MAX_DIGITS + 100)
			.maxNameLength(Integer.MAX_VALUE)
			.build();
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
		JsonNames names = new JsonNames(allowed);
		JsonTypes types = new JsonTypes(names, inclusion);
		builder.typeFactory(TypeFactory.createDefaultInstance().withClassLoader(classLoader));
		builder.findAndAddModules(classLoader);
		builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
				DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID, DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
				DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE);
		builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
		customizer.accept(builder);
		builder.addModules(JsonKeys.module(allowed), JsonOptionals.module(), JsonConstructors.module(),
				JsonTimestamps.module(), JsonValues.module(), JsonContainers.module(), names.unmakeable().module());
		builder.addModules(JsonPages.modules(classLoader));
		builder.polymorphicTypeValidator(types.validator());
		builder.setDefaultTyping(types);
		builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
		// Looked for in another way, as this one sees neither the end of a Smile
		// document nor the head of a second.
		builder.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		builder.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
		builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
		builder.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
		builder.changeDefaultVisibility((visibility) -> visibility.withFieldVisibility(Visibility.ANY)
			.withGetterVisibility(Visibility.NONE)
			.withIsGetterVisibility(Visibility.NONE)
			.withSetterVisibility(Visibility.NONE));
		return new JacksonFormat(name, builder.build(), names);
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
			if (findCause(ex, JsonTrial.Needed.class) != null) {
				return encodeAndReadBack(value, writer);
			}
			throw notWritten(value, ex);
		}
	}

	/**
	 * Write a value in which there are classes of which nothing was read yet: what is
	 * never read again must not be written. A value that was read lets the others of its
	 * classes pass; one that was not says nothing about them, so each is tried.
	 */
	private byte[] encodeAndReadBack(Object value, ObjectWriter writer) {
		JsonTrial trial = new JsonTrial();
		byte[] bytes;
		try {
			bytes = writer.withAttribute(JsonTrial.class, trial).writeValueAsBytes(value);
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			throw notWritten(value, ex);
		}
		try {
			Object copy = decode(bytes, 0, bytes.length);
			if (isWrittenOtherwise(bytes, copy, writer) && isWrittenAlike(bytes, value, writer)) {
				throw new ValueCodecException(value.getClass().getName() + " cannot be cached as " + this.name
						+ ", as the value that was read is written otherwise than the one that was cached. Most often"
						+ " a constructor without @JsonCreator changes what it is given. " + REMEDY, null, true);
			}
		}
		catch (ValueCodecException ex) {
			throw ex.isRefused() ? ex : notReadBack(value, ex);
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			ValueCodecException explained = notWritten(value, ex);
			throw explained.isRefused() ? explained : notReadBack(value, explained);
		}
		this.names.passed(trial);
		return bytes;
	}

	private boolean isWrittenOtherwise(byte[] bytes, Object value, ObjectWriter writer) {
		byte[] again = writer.withAttribute(JsonTrial.class, new JsonTrial()).writeValueAsBytes(value);
		return likeness(bytes) != likeness(again);
	}

	/**
	 * Whether a value is written the same each time, and an equal one too. If not, then a
	 * copy that is written otherwise may be right: with the current time, another salt,
	 * or its objects numbered in the order of a set, which another one does not have.
	 */
	private boolean isWrittenAlike(byte[] bytes, Object value, ObjectWriter writer) {
		if (isWrittenOtherwise(bytes, value, writer)) {
			return false;
		}
		try (JsonParser parser = this.reader.createParser(bytes)) {
			return !JsonLikeness.hasAny(parser, this.names.numbered());
		}
	}

	private long likeness(byte[] bytes) {
		try (JsonParser parser = this.reader.createParser(bytes)) {
			return JsonLikeness.of(parser);
		}
	}

	private ValueCodecException notWritten(Object value, Throwable failure) {
		ValueCodecException explained = findCause(failure, ValueCodecException.class);
		return (explained != null) ? explained : new ValueCodecException(value.getClass().getName()
				+ " cannot be written as " + this.name + ": " + reason(failure) + ". " + REMEDY, failure);
	}

	private ValueCodecException notReadBack(Object value, ValueCodecException failure) {
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		return new ValueCodecException(value.getClass().getName() + " cannot be cached as " + this.name
				+ ", as it could not be read again: " + reason(cause)
				+ ". Have Jackson know how to make it (a record, @JsonCreator, for Kotlin jackson-module-kotlin). Or: "
				+ REMEDY, failure, true);
	}

	private static @Nullable String reason(Throwable failure) {
		return (failure instanceof JacksonException ex) ? ex.getOriginalMessage() : failure.getMessage();
	}

	Object decode(byte[] bytes, int offset, int length) {
		Object value;
		try (JsonParser parser = this.reader.createParser(bytes, offset, length)) {
			value = this.reader.readValue(parser);
			// Of two documents behind each other, Jackson takes the first.
			parser.finishToken();
			if (parser.releaseBuffered(OutputStream.nullOutputStream()) > 0) {
				throw new ValueCodecException("Something follows the value", null);
			}
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see what nobody checked.
			ValueCodecException explained = findCause(ex, ValueCodecException.class);
			throw (explained != null) ? explained
					: new ValueCodecException("The value cannot be read as " + this.name + ": " + ex.getMessage(), ex);
		}
		if (value == null) {
			throw new ValueCodecException("The value is null", null);
		}
		return value;
	}

	private static <T extends Throwable> @Nullable T findCause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = next(cause)) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	private static @Nullable Throwable next(Throwable throwable) {
		return (throwable.getCause() != throwable) ? throwable.getCause() : null;
	}

}
