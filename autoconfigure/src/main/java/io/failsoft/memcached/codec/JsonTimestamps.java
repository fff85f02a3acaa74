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

import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Timestamps of JDBC to the nanosecond, of which Jackson writes the milliseconds, and
 * times to the millisecond, of which it writes the seconds in the time zone of the JVM.
 */
final class JsonTimestamps {

	private JsonTimestamps() {
	}

	static JacksonModule module() {
		SimpleModule module = new SimpleModule("failsoft-memcached-timestamps");
		module.addSerializer(Timestamp.class, new Writer());
		module.addDeserializer(Timestamp.class, new Reader());
		module.addSerializer(Time.class, new TimeWriter());
		module.addDeserializer(Time.class, new TimeReader());
		return module;
	}

	private static final class Writer extends StdScalarSerializer<Timestamp> {

		Writer() {
			super(Timestamp.class);
		}

		@Override
		public void serialize(Timestamp value, JsonGenerator generator, SerializationContext context) {
			generator.writeString(value.toInstant().toString());
		}

	}

	private static final class Reader extends StdScalarDeserializer<Timestamp> {

		Reader() {
			super(Timestamp.class);
		}

		@Override
		public Timestamp deserialize(JsonParser parser, DeserializationContext context) {
			return Timestamp.from(Instant.parse(parser.getString()));
		}

	}

	private static final class TimeWriter extends StdScalarSerializer<Time> {

		TimeWriter() {
			super(Time.class);
		}

		@Override
		public void serialize(Time value, JsonGenerator generator, SerializationContext context) {
			generator.writeNumber(value.getTime());
		}

	}

	private static final class TimeReader extends StdScalarDeserializer<Time> {

		TimeReader() {
			super(Time.class);
		}

		@Override
		public Time deserialize(JsonParser parser, DeserializationContext context) {
			return new Time(parser.getLongValue());
		}

	}

}
