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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.consistency.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntryValues} with a codec that does what its contract rules out.
 */
class EntryValuesTests {

	private final EntryValues values = of(new Forgetful(), 64, 1 << 20);

	static EntryValues of(ValueCodec codec, int compressionThreshold, int maximumSize) {
		return new EntryValues(MemcachedCacheSettings.defaults(codec)
			.toBuilder()
			.compressionThreshold(compressionThreshold)
			.maximumValueSize(maximumSize)
			.build());
	}

	@Test
	void whenACodecWritesNullThenItIsNamed() {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.values.write("a"))
			.withMessageContaining(Forgetful.class.getName() + ".encode returned null for a java.lang.String");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenACodecReadsNullThenItIsNamedAndNoValue(boolean compressed) {
		byte[] bytes = new byte[1000];
		EntryValues writer = of(new Forgetful() {

			@Override
			public byte[] encode(Object value) {
				return bytes;
			}

		}, compressed ? 64 : -1, 1 << 20);
		Payload payload = writer.write("a");
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.values.read(payload))
			.withMessageContaining(Forgetful.class.getName() + ".decode returned null");
	}

	@Test
	void aSmallItemThatWouldExpandToMuchIsAMissBeforeMemoryIsTaken() throws IOException {
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		bomb.writeBytes(ByteBuffer.allocate(4).putInt(256 << 20).array());
		try (DeflaterOutputStream deflated = new DeflaterOutputStream(bomb)) {
			byte[] zeros = new byte[1 << 20];
			for (int i = 0; i < 256; i++) {
				deflated.write(zeros);
			}
		}
		assertThat(bomb.size()).isLessThan(915_000);
		Payload payload = new Payload(false, true, 1000, bomb.toByteArray());
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.values.read(payload))
			.withMessageContaining("it takes 268435456 bytes, more than the 1048576")
			.withMessageContaining("memcached.cache.maximum-value-size");
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
	}

	@ParameterizedTest
	@ValueSource(ints = { 64, -1 })
	void aValueOverTheMaximumIsNeitherWrittenNorRead(int threshold) {
		ValueCodec codec = Codecs.jdk(getClass().getClassLoader(), AllowedClasses.of(List.of()));
		EntryValues values = of(codec, threshold, 10_001);
		EntryValues larger = of(codec, threshold, 20_000);
		byte[] fits = new byte[10_000];
		assertThat(values.read(values.write(fits))).isEqualTo(fits);
		byte[] over = new byte[10_001];
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> values.write(over))
			.withMessageContaining("10002 bytes")
			.withMessageContaining("raise memcached.cache.maximum-value-size");
		Payload payload = larger.write(over);
		assertThat(larger.read(payload)).isEqualTo(over);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> values.read(payload))
			.withMessageContaining("memcached.cache.maximum-value-size");
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
