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

package io.failsoft.memcached.benchmarks;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * A format of Jackson, set up as {@code json} is but for what makes it safe.
 */
final class JacksonCandidate implements ValueCodec {

	private final ObjectWriter writer;

	private final ObjectReader reader;

	JacksonCandidate(MapperBuilder<?, ?> builder) {
		builder.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build(),
				DefaultTyping.NON_FINAL_AND_ENUMS);
		builder.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
		builder.changeDefaultVisibility((visibility) -> visibility.withFieldVisibility(Visibility.ANY)
			.withGetterVisibility(Visibility.NONE)
			.withIsGetterVisibility(Visibility.NONE)
			.withSetterVisibility(Visibility.NONE));
		ObjectMapper mapper = builder.build();
		this.writer = mapper.writerFor(Object.class);
		this.reader = mapper.readerFor(Object.class);
	}

	@Override
	public int id() {
		return 4713;
	}

	@Override
	public byte[] encode(Object value) {
		return this.writer.writeValueAsBytes(value);
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		try {
			return this.reader.readValue(bytes, offset, length);
		}
		catch (JacksonException ex) {
			throw new ValueCodecException("It cannot be read", ex);
		}
	}

}
