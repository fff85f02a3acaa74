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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.fuzz.FuzzTarget;
import io.failsoft.memcached.fuzz.Misses;

/**
 * Fuzzes {@link EntryValues}: flags, codec ids and payloads in any combination are a
 * value or a {@link ValueCodecException}.
 */
public final class EntryFuzz implements FuzzTarget {

	private final ValueCodec codec = Codecs.jdk(new Misses(EntryFuzz.class.getClassLoader()),
			AllowedClasses.of(List.of()));

	private final EntryValues values = EntryValuesTests.of(this.codec, 64, 1 << 20);

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>(List.of(new byte[0], new byte[6]));
		for (Object value : List.of("text", "x".repeat(1000), 42L, List.of(1, 2, 3), new ArrayList<>(List.of("a")))) {
			Payload payload = this.values.write(value);
			seeds.add(ByteBuffer.allocate(5 + payload.length())
				.put((byte) (payload.compressed() ? 2 : 0))
				.putInt(payload.codecId())
				.put(payload.bytes(), payload.offset(), payload.length())
				.array());
		}
		return seeds;
	}

	@Override
	public void accept(byte[] data) {
		if (data.length >= 5) {
			Payload payload = new Payload((data[0] & 1) != 0, (data[0] & 2) != 0, ByteBuffer.wrap(data, 1, 4).getInt(),
					data, 5, data.length - 5, 0);
			try {
				Object value = this.values.read(payload);
				if (value == null && !payload.nullValue()) {
					throw new AssertionError("null was read");
				}
			}
			catch (ValueCodecException ex) {
				// A miss.
			}
		}
	}

}
