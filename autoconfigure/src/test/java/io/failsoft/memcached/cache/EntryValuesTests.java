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

package io.failsoft.memcached.cache;

import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.consistency.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntryValues} with a codec that does what its contract rules out.
 */
class EntryValuesTests {

	private final EntryValues values = new EntryValues(new Forgetful(), 64);

	@Test
	void whenACodecWritesNullThenItIsNamed() {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.values.write("a"))
			.withMessageContaining(Forgetful.class.getName() + ".encode returned null for a java.lang.String");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenACodecReadsNullThenItIsNamedAndNoValue(boolean compressed) {
		byte[] bytes = new byte[1000];
		EntryValues writer = new EntryValues(new Forgetful() {

			@Override
			public byte[] encode(Object value) {
				return bytes;
			}

		}, compressed ? 64 : -1);
		Payload payload = writer.write("a");
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.values.read(payload))
			.withMessageContaining(Forgetful.class.getName() + ".decode returned null");
	}

	@SuppressWarnings("NullAway") // as it is of use here
	private static class Forgetful implements ValueCodec {

		@Override
		public int id() {
			return 1000;
		}

		@Override
		public byte[] encode(Object value) {
			return null;
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			return null;
		}

	}

}
