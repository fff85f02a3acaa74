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

import java.util.AbstractMap;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Values of the JDK that Jackson writes, but reads as something else or not at all: bits,
 * entries of maps, locales and patterns.
 */
final class JsonValues {

	private JsonValues() {
	}

	static JacksonModule module() {
		SimpleModule module = new SimpleModule("failsoft-memcached-values");
		module.setDeserializers(new Readers());
		module.addSerializer(BitSet.class, new BitsWriter());
		module.addDeserializer(BitSet.class, new BitsReader());
		module.addSerializer(Locale.class, new TextWriter<>(Locale.class, JsonValues::tag));
		module.addSerializer(Pattern.class, new TextWriter<>(Pattern.class, Pattern::pattern));
		return module;
	}

	/** Jackson reads "und" as a language. */
	private static String tag(Locale locale) {
		return locale.equals(Locale.ROOT) ? "" : locale.toLanguageTag();
	}

	private static final class BitsWriter extends StdScalarSerializer<BitSet> {

		BitsWriter() {
			super(BitSet.class);
		}

		@Override
		public void serialize(BitSet value, JsonGenerator generator, SerializationContext context) {
			long[] words = value.toLongArray();
			generator.writeArray(words, 0, words.length);
		}

	}

	private static final class BitsReader extends StdScalarDeserializer<BitSet> {

		BitsReader() {
			super(BitSet.class);
		}

		@Override
		public BitSet deserialize(JsonParser parser, DeserializationContext context) {
			return BitSet.valueOf(context.readValue(parser, long[].class));
		}

	}

	/**
	 * Writes as a text what can be read from it. These classes are final, so that mostly
	 * no name is asked for.
	 *
	 * @param <T> the type
	 */
	private static final class TextWriter<T> extends StdScalarSerializer<T> {

		private final transient Function<T, String> form;

		TextWriter(Class<T> type, Function<T, String> form) {
			super(type);
			this.form = form;
		}

		@Override
		public void serialize(T value, JsonGenerator generator, SerializationContext context) {
			Lossy.refuse(value);
			generator.writeString(this.form.apply(value));
		}

	}

	@SuppressWarnings("serial")
	private static final class Readers extends SimpleDeserializers {

		@Override
		public @Nullable ValueDeserializer<?> findBeanDeserializer(JavaType type, DeserializationConfig config,
				BeanDescription.Supplier description) {
			if (type.hasRawClass(AbstractMap.SimpleEntry.class)) {
				return new EntryReader(type, AbstractMap.SimpleEntry::new);
			}
			if (type.hasRawClass(AbstractMap.SimpleImmutableEntry.class)) {
				return new EntryReader(type, AbstractMap.SimpleImmutableEntry::new);
			}
			return super.findBeanDeserializer(type, config, description);
		}

	}

	/**
	 * Makes entries of a class of those that Jackson reads.
	 */
	private static final class EntryReader extends StdDeserializer<Object> {

		private final transient Function<Map.Entry<?, ?>, Object> constructor;

		EntryReader(JavaType type, Function<Map.Entry<?, ?>, Object> constructor) {
			super(type);
			this.constructor = constructor;
		}

		@Override
		public Object deserialize(JsonParser parser, DeserializationContext context) {
			JavaType type = context.getTypeFactory()
				.constructParametricType(Map.Entry.class, argument(context, 0), argument(context, 1));
			return this.constructor.apply(
					(Map.Entry<?, ?>) context.findContextualValueDeserializer(type, null).deserialize(parser, context));
		}

		private JavaType argument(DeserializationContext context, int index) {
			JavaType argument = getValueType().containedType(index);
			return (argument != null) ? argument : context.constructType(Object.class);
		}

	}

}
