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
import java.util.List;
import java.util.zip.CRC32C;

import io.failsoft.memcached.fuzz.FuzzTarget;
import io.failsoft.memcached.fuzz.Limits;

/**
 * Fuzzes {@link Envelope}: nothing is thrown, and what opens is to the byte what would be
 * sealed. The checksum is also put right first, as hardly any bytes would pass it.
 */
public final class EnvelopeFuzz implements FuzzTarget {

	private static final byte[] KEY = "shop:books:s:1".getBytes(StandardCharsets.US_ASCII);

	private static final long GENERATION = 7;

	@Override
	public List<byte[]> seeds() {
		return List.of(seal(new Payload(false, false, 1, new byte[] { 1, 2, 3 })), seal(Payload.NULL),
				seal(new Payload(false, true, 2, new byte[40]).withEndOfLife(Integer.MAX_VALUE)), Envelope.TOMBSTONE,
				Envelope.generation(GENERATION, 30, false), Envelope.generation(Long.MIN_VALUE, 30, false),
				new byte[0]);
	}

	static byte[] seal(Payload payload) {
		byte[] header = Envelope.entryHeader(GENERATION, payload, payload.endOfLife(), KEY);
		byte[] item = Arrays.copyOf(header, header.length + payload.length());
		System.arraycopy(payload.bytes(), payload.offset(), item, header.length, payload.length());
		return item;
	}

	@Override
	public void accept(byte[] data) {
		tryToOpen(data);
		if (data.length >= Envelope.HEADER_LENGTH) {
			byte[] mended = data.clone();
			CRC32C crc = new CRC32C();
			crc.update(mended, 0, 4);
			crc.update(mended, 8, mended.length - 8);
			ByteBuffer.wrap(mended).putInt(4, (int) crc.getValue());
			tryToOpen(mended);
		}
	}

	private static void tryToOpen(byte[] item) {
		byte[] before = item.clone();
		Limits.within(10_000, () -> {
			Envelope.openEntry(item, GENERATION, KEY);
			Envelope.openGeneration(item);
		});
		Payload opened = Envelope.openEntry(item, GENERATION, KEY);
		long generation = Envelope.openGeneration(item);
		if (!Arrays.equals(before, item)) {
			throw new AssertionError("The item was changed");
		}
		if (opened != null) {
			byte[] payload = Arrays.copyOfRange(opened.bytes(), opened.offset(), opened.offset() + opened.length());
			if (!opened.nullValue() || payload.length > 0) {
				Payload same = new Payload(opened.nullValue(), opened.compressed(), opened.codecId(), payload)
					.withEndOfLife(opened.endOfLife());
				if (!Arrays.equals(seal(same), item)) {
					throw new AssertionError("What opened is not what would be sealed");
				}
			}
		}
		if (generation != Generation.NONE
				&& !Arrays.equals(Envelope.generation(generation, Envelope.window(item), false), item)
				&& !Arrays.equals(Envelope.generation(generation, Envelope.window(item), true), item)) {
			throw new AssertionError("What opened is not that generation");
		}
		if (opened != null && generation != Generation.NONE) {
			throw new AssertionError("An item is both an entry and a generation");
		}
	}

}
