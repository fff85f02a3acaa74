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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Compression}.
 */
class CompressionTests {

	private static final int MAX = 10_000_000;

	private static byte[] text(int size) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; text.length() < size; i++) {
			text.append("line ").append(i * 7919).append(" of a text\n");
		}
		return text.substring(0, size).getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] compress(byte[] bytes) {
		byte[] result = Compression.compress(bytes);
		assertThat(result).isNotNull();
		return (result != null) ? result : new byte[0];
	}

	@Test
	void whatIsCompressedIsRestored() {
		for (int size : new int[] { 100, 1000, 16_384, 1_500_000 }) {
			byte[] bytes = text(size);
			byte[] compressed = compress(bytes);
			assertThat(compressed).hasSizeLessThan(size * 9 / 10 + 1);
			byte[] shifted = new byte[compressed.length + 7];
			System.arraycopy(compressed, 0, shifted, 4, compressed.length);
			assertThat(Compression.decompress(shifted, 4, compressed.length, size)).isEqualTo(bytes);
		}
		assertThat(Compression.decompress(compress(new byte[1_000_000]), 0, compress(new byte[1_000_000]).length, MAX))
			.isEqualTo(new byte[1_000_000]);
	}

	@Test
	void whatDoesNotPayIsLeft() {
		byte[] bytes = new byte[100_000];
		new Random(1).nextBytes(bytes);
		assertThat(Compression.compress(bytes)).isNull();
		for (int size = 0; size < 10; size++) {
			assertThat(Compression.compress(new byte[size])).isNull();
		}
	}

	@Test
	void moreThanTheMaximumIsRefusedBeforeMemoryIsTaken() {
		byte[] compressed = compress(text(1000));
		assertMiss(compressed, 999);
		for (int announced : new int[] { -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1001, 999, 0 }) {
			byte[] forged = compressed.clone();
			ByteBuffer.wrap(forged).putInt(announced);
			assertMiss(forged, Integer.MAX_VALUE);
		}
	}

	@Test
	void whateverElseIsReadIsAMissOrOfTheLengthThatWasAnnounced() {
		byte[] compressed = compress(text(2000));
		for (int length = 0; length < compressed.length; length++) {
			assertMiss(Arrays.copyOf(compressed, length), MAX);
		}
		assertMiss(Arrays.copyOf(compressed, compressed.length + 1), MAX);
		byte[] twice = Arrays.copyOf(compressed, 2 * compressed.length);
		System.arraycopy(compressed, 0, twice, compressed.length, compressed.length);
		assertMiss(twice, MAX);
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int i = 0; i < 50_000; i++) {
			byte[] damaged = compressed.clone();
			for (int j = random.nextInt(3); j >= 0; j--) {
				damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
			}
			try {
				assertThat(Compression.decompress(damaged, 0, damaged.length, MAX)).as("seed %s", seed).hasSize(2000);
			}
			catch (ValueCodecException ex) {
				assertThat(ex.isRefused()).isFalse();
			}
		}
	}

	private static void assertMiss(byte[] bytes, int max) {
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> Compression.decompress(bytes, 0, bytes.length, max));
	}

}
