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

package io.failsoft.memcached.consistency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EnvelopeTests {

	private static final byte[] KEY = "shop:books::1".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] BODY = "a value".getBytes(StandardCharsets.US_ASCII);

	@Test
	void whatWasSealedOpens() {
		Payload opened = Envelope.openEntry(sealed(7, new Payload(false, true, 42, BODY)), 7, KEY);
		assertThat(opened).isNotNull();
		assertThat(opened.compressed()).isTrue();
		assertThat(opened.nullValue()).isFalse();
		assertThat(opened.codecId()).isEqualTo(42);
		assertThat(Arrays.copyOfRange(opened.bytes(), opened.offset(), opened.offset() + opened.length()))
			.isEqualTo(BODY);
	}

	@Test
	void nullOpensAsNull() {
		Payload opened = Envelope.openEntry(sealed(7, Payload.NULL), 7, KEY);
		assertThat(opened).isNotNull();
		assertThat(opened.nullValue()).isTrue();
		assertThat(opened.length()).isZero();
	}

	@Test
	void anotherGenerationDoesNotOpen() {
		assertThat(Envelope.openEntry(sealed(7, new Payload(false, false, 1, BODY)), 8, KEY)).isNull();
	}

	@Test
	void anotherKeyDoesNotOpen() {
		byte[] item = sealed(7, new Payload(false, false, 1, BODY));
		assertThat(Envelope.openEntry(item, 7, "shop:books::2".getBytes(StandardCharsets.US_ASCII))).isNull();
		assertThat(Envelope.openEntry(item, 7, "shop:books::".getBytes(StandardCharsets.US_ASCII))).isNull();
	}

	@Test
	void aTombstoneAndAGenerationAreNoEntries() {
		assertThat(Envelope.openEntry(Envelope.TOMBSTONE, 0, new byte[0])).isNull();
		assertThat(Envelope.openEntry(Envelope.generation(7, 30, false), 7, new byte[0])).isNull();
		assertThat(Envelope.openGeneration(Envelope.TOMBSTONE)).isEqualTo(Generation.NONE);
		assertThat(Envelope.openGeneration(sealed(7, Payload.NULL))).isEqualTo(Generation.NONE);
	}

	@Test
	void aGenerationOpens() {
		assertThat(Envelope.openGeneration(Envelope.generation(Long.MIN_VALUE, 30, false))).isEqualTo(Long.MIN_VALUE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 16, 28 })
	void aGenerationWithMoreInItDoesNotOpen(int offset) {
		byte[] item = Envelope.generation(7, 30, false).clone();
		item[offset] = 1;
		CRC32C crc = new CRC32C();
		crc.update(item, 0, 4);
		crc.update(item, 8, item.length - 8);
		ByteBuffer.wrap(item).putInt(4, (int) crc.getValue());
		assertThat(Envelope.openGeneration(item)).isEqualTo(Generation.NONE);
	}

	@Test
	void anEntryWithAnyBitFlippedOrAnyByteCutOffDoesNotOpen() {
		byte[] item = sealed(7, new Payload(false, false, 1, BODY));
		for (int bit = 0; bit < item.length * 8; bit++) {
			byte[] broken = item.clone();
			broken[bit / 8] ^= (byte) (1 << (bit % 8));
			assertThat(Envelope.openEntry(broken, 7, KEY)).as("bit %d", bit).isNull();
		}
		for (int length = 0; length < item.length; length++) {
			assertThat(Envelope.openEntry(Arrays.copyOf(item, length), 7, KEY)).as("length %d", length).isNull();
		}
	}

	@Test
	void arbitraryBytesNeverDoAnythingButMiss() {
		long seed = Long.getLong("seed", System.nanoTime());
		SplittableRandom random = new SplittableRandom(seed);
		byte[] entry = sealed(7, new Payload(false, false, 1, BODY));
		for (int i = 0; i < 200_000; i++) {
			byte[] bytes;
			if (random.nextBoolean()) {
				bytes = new byte[random.nextInt(80)];
				random.nextBytes(bytes);
			}
			else {
				bytes = entry.clone();
				for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
					bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
				}
				if (Arrays.equals(bytes, entry)) {
					continue;
				}
			}
			assertThat(Envelope.openEntry(bytes, 7, KEY)).as("seed %d, execution %d", seed, i).isNull();
			assertThat(Envelope.openGeneration(bytes)).as("seed %d, execution %d", seed, i).isEqualTo(Generation.NONE);
		}
	}

	private static byte[] sealed(long generation, Payload payload) {
		byte[] header = Envelope.entryHeader(generation, payload, payload.endOfLife(), KEY);
		byte[] item = Arrays.copyOf(header, header.length + payload.length());
		System.arraycopy(payload.bytes(), 0, item, header.length, payload.length());
		return item;
	}

}
