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

import java.util.Arrays;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of {@link Envelope}.
 */
class EnvelopePropertiesTests {

	private static byte[] seal(long generation, byte[] key, Payload payload) {
		byte[] header = Envelope.entryHeader(generation, payload, payload.endOfLife(), key);
		byte[] item = Arrays.copyOf(header, header.length + payload.length());
		System.arraycopy(payload.bytes(), 0, item, header.length, payload.length());
		return item;
	}

	@Property
	void whatWasSealedOpensAsWhatItWas(@ForAll long generation, @ForAll byte[] key, @ForAll byte[] value,
			@ForAll boolean compressed, @ForAll int codec, @ForAll int endOfLife) {
		Payload payload = new Payload(false, compressed, codec, value).withEndOfLife(endOfLife);
		Payload opened = Envelope.openEntry(seal(generation, key, payload), generation, key);
		assertThat(opened).isNotNull();
		assertThat(Arrays.copyOfRange(opened.bytes(), opened.offset(), opened.offset() + opened.length()))
			.isEqualTo(value);
		assertThat(opened.compressed()).isEqualTo(compressed);
		assertThat(opened.nullValue()).isFalse();
		assertThat(opened.codecId()).isEqualTo(codec);
		assertThat(opened.endOfLife()).isEqualTo(endOfLife);
	}

	@Property
	void underAnotherGenerationOrKeyNothingOpens(@ForAll long generation, @ForAll long otherGeneration,
			@ForAll @Size(max = 20) byte[] key, @ForAll @Size(max = 20) byte[] otherKey, @ForAll byte[] value) {
		byte[] item = seal(generation, key, new Payload(false, false, 1, value));
		boolean same = generation == otherGeneration && Arrays.equals(key, otherKey);
		assertThat(Envelope.openEntry(item, otherGeneration, otherKey) != null).isEqualTo(same);
	}

	@Property
	void arbitraryBytesNeverOpen(@ForAll byte[] bytes, @ForAll long generation, @ForAll @Size(max = 20) byte[] key) {
		assertThat(Envelope.openEntry(bytes, generation, key)).isNull();
		assertThat(Envelope.openGeneration(bytes)).isEqualTo(Generation.NONE);
	}

	@Property
	void whatWasChangedDoesNotOpen(@ForAll @NotEmpty byte[] value, @ForAll @Size(min = 1, max = 4) int[] positions,
			@ForAll @IntRange(min = 1, max = 255) int change) {
		byte[] key = { 1, 2, 3 };
		byte[] item = seal(7, key, new Payload(false, false, 1, value));
		byte[] changed = item.clone();
		for (int position : positions) {
			changed[Math.floorMod(position, item.length)] ^= (byte) change;
		}
		assertThat(Envelope.openEntry(changed, 7, key) != null).isEqualTo(Arrays.equals(changed, item));
	}

	@Property
	void aGenerationOpensAsItself(@ForAll long generation) {
		assertThat(Envelope.openGeneration(Envelope.generation(generation, 30, false))).isEqualTo(generation);
	}

}
