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

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

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

	private final JacksonFormat format;

	private JsonCodec(JacksonFormat format) {
		this.format = format;
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
		// Else NaN is read as text where no type says otherwise.
		JsonMapper.Builder builder = JsonMapper
			.builder(JsonFactory.builder().streamReadConstraints(JacksonFormat.bounds()).build())
			.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
			.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);
		return new JsonCodec(
				JacksonFormat.of("JSON", builder, JsonTypeInfo.As.WRAPPER_ARRAY, classLoader, allowed, customizer));
	}

	@Override
	public int id() {
		return ID;
	}

	@Override
	public byte[] encode(Object value) {
		return this.format.encode(value);
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		return this.format.decode(bytes, offset, length);
	}

}
