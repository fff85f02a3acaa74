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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.failsoft.memcached.fuzz.FuzzTarget;
import io.failsoft.memcached.fuzz.Limits;

/**
 * Fuzzes {@link Compression}: any bytes are restored to no more than was allowed, and
 * what was compressed to what it was.
 */
public final class CompressionFuzz implements FuzzTarget {

	private static final int MAX = 1 << 16;

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>(List.of(new byte[0], new byte[100],
				"a text, a text, a text, a text, a text".getBytes(StandardCharsets.US_ASCII)));
		for (int size : new int[] { 100, MAX, MAX + 1, 1_000_000 }) {
			byte[] compressed = Compression.compress(new byte[size]);
			if (compressed != null) {
				seeds.add(compressed);
			}
		}
		return seeds;
	}

	@Override
	public void accept(byte[] data) {
		Limits.within(MAX + 100_000, () -> decompress(data));
		byte[] compressed = Compression.compress(data);
		if (compressed != null
				&& !Arrays.equals(Compression.decompress(compressed, 0, compressed.length, data.length), data)) {
			throw new AssertionError("What was compressed is not what was restored");
		}
	}

	private static void decompress(byte[] data) {
		try {
			byte[] restored = Compression.decompress(data, 0, data.length, MAX);
			if (restored.length > MAX) {
				throw new AssertionError(restored.length + " bytes were restored, " + MAX + " may be");
			}
		}
		catch (ValueCodecException ex) {
			// A miss.
		}
	}

}
