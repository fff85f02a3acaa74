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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.module.SimpleSerializers;

/**
 * Writes the keys of maps whose declared type does not tell theirs, such that {@code 1L}
 * does not come back as {@code "1"}: as {@code @java.lang.Long:1}. Text stays as it is,
 * unless it begins with {@code @}, which is then doubled.
 */
final class JsonKeys {

	private static final Map<String, Function<String, Object>> PARSERS = new HashMap<>();

	static {
		add(Long.class, Long::valueOf);
		add(Integer.class, Integer::valueOf);
		add(Short.class, Short::valueOf);
		add(Byte.class, Byte::valueOf);
		add(Double.class, Double::valueOf);
		add(Float.class, Float::valueOf);
		add(Boolean.class, Boolean::valueOf);
		add(Character.class, (text) -> text.charAt(0));
		add(UUID.class, UUID::fromString);
		add(BigInteger.class, BigInteger::new);
		add(BigDecimal.class, BigDecimal::new);
		add(LocalDate.class, LocalDate::parse);
		add(LocalDateTime.class, LocalDateTime::parse);
		add(YearMonth.class, YearMonth::parse);
		add(Instant.class, Instant::parse);
	}

	private JsonKeys() {
	}

	private static void add(Class<?> type, Function<String, Object> parser) {
		PARSERS.put(type.getName(), parser);
	}

	static JacksonModule module(AllowedClasses allowed) {
		SimpleModule module = new SimpleModule("failsoft-memcached");
		module.setKeySerializers(new KeySerializers(allowed));
		module.addKeyDeserializer(Object.class, new Reader(allowed));
		module.addKeyDeserializer(Class.class, new ClassKeyReader(allowed));
		module.addDeserializer(Class.class, new ClassReader(allowed));
		return module;
	}

	/** Half a character is written as the name of a field, but not read. */
	private static void writeText(String text, JsonGenerator generator) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				if (Character.charCount(text.codePointAt(i)) == 1) {
					throw Lossy.refusal(text, "half a character in the key of a map");
				}
				i++;
			}
		}
		generator.writeName(text);
	}

	private static Class<?> find(AllowedClasses allowed, DeserializationContext context, String name) {
		if (!allowed.isAllowed(name)) {
			throw allowed.refusal(name);
		}
		try {
			return context.findClass(name);
		}
		catch (ClassNotFoundException ex) {
			throw new ValueCodecException("There is no class " + name, ex);
		}
	}

	/**
	 * Takes the keys that are declared as any object, or as text.
	 */
	@SuppressWarnings("serial")
	private static final class KeySerializers extends SimpleSerializers {

		private final transient ValueSerializer<Object> writer;

		private final transient ValueSerializer<Object> textWriter = new TextWriter();

		KeySerializers(AllowedClasses allowed) {
			this.writer = new Writer(allowed);
		}

		@Override
		public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
				BeanDescription.@Nullable Supplier description, JsonFormat.@Nullable Value format) {
			return (type.getRawClass() == Object.class) ? this.writer
					: (type.getRawClass() == String.class) ? this.textWriter : null;
		}

	}

	private static final class Writer extends ValueSerializer<Object> {

		private final AllowedClasses allowed;

		Writer(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			if (key instanceof String text) {
				writeText(text.startsWith("@") ? "@" + text : text, generator);
			}
			else if (key instanceof Enum<?> constant
					&& this.allowed.isAllowed(constant.getDeclaringClass().getName())) {
				generator.writeName("@" + constant.getDeclaringClass().getName() + ":" + constant.name());
			}
			else if (PARSERS.containsKey(key.getClass().getName())) {
				generator.writeName("@" + key.getClass().getName() + ":" + key);
			}
			else {
				throw new ValueCodecException("A map with keys of " + key.getClass().getName()
						+ " cannot be written by Jackson, which only has text for keys."
						+ " Set memcached.cache.codec: jdk", null, true);
			}
		}

	}

	/** Takes the keys that are declared as text. */
	private static final class TextWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			writeText((String) key, generator);
		}

	}

	private static final class Reader extends KeyDeserializer {

		private final AllowedClasses allowed;

		Reader(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		@Override
		public Object deserializeKey(String text, DeserializationContext context) {
			if (!text.startsWith("@")) {
				return text;
			}
			if (text.startsWith("@@")) {
				return text.substring(1);
			}
			int end = text.indexOf(':');
			if (end == -1) {
				throw new ValueCodecException("'" + text + "' is no key", null);
			}
			String name = text.substring(1, end);
			Function<String, Object> parser = PARSERS.get(name);
			return (parser != null) ? parser.apply(text.substring(end + 1))
					: constant(find(this.allowed, context, name), text.substring(end + 1));
		}

		private static Object constant(Class<?> type, String name) {
			Object @Nullable [] constants = type.getEnumConstants();
			for (Object constant : (constants != null) ? constants : new Object[0]) {
				if (((Enum<?>) constant).name().equals(name)) {
					return constant;
				}
			}
			throw new ValueCodecException(type.getName() + " has no constant " + name, null);
		}

	}

	private static final class ClassKeyReader extends KeyDeserializer {

		private final AllowedClasses allowed;

		ClassKeyReader(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		@Override
		public Object deserializeKey(String text, DeserializationContext context) {
			return find(this.allowed, context, text);
		}

	}

	@SuppressWarnings("rawtypes") // as the class is
	private static final class ClassReader extends ValueDeserializer<Class> {

		private final AllowedClasses allowed;

		ClassReader(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		@Override
		public Class deserialize(JsonParser parser, DeserializationContext context) {
			return find(this.allowed, context, parser.getString());
		}

	}

}
