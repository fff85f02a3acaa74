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

import java.io.ObjectStreamConstants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Feeds hostile bytes to the codecs: they answer a value or a
 * {@link ValueCodecException}, and nothing else, ever. Set
 * {@code -Dfailsoft.fuzz.executions} for a longer run and {@code -Dfailsoft.fuzz.seed} to
 * repeat one.
 */
class CodecFuzzTests {

	private static final ClassLoader LOADER = CodecFuzzTests.class.getClassLoader();

	private static final AllowedClasses ALLOWED = AllowedClasses
		.of(List.of("io.failsoft.memcached.codec.Samples$City", "io.failsoft.memcached.codec.Samples$Person",
				"io.failsoft.memcached.codec.Samples$Employee", "io.failsoft.memcached.codec.Samples$Order",
				"io.failsoft.memcached.codec.Samples$Status", "io.failsoft.memcached.codec.Samples$Temperature",
				"io.failsoft.memcached.codec.Samples$Secret$Form", "io.failsoft.memcached.codec.Samples$Handmade"));

	private static final long SLOW = Duration.ofSeconds(10).toNanos();

	private final long seed = Long.getLong("failsoft.fuzz.seed", new Random().nextLong());

	private static int executions(int otherwise) {
		return Integer.getInteger("failsoft.fuzz.executions", otherwise);
	}

	@Test
	void theDefaultCodecSurvivesWhateverItReads() {
		ValueCodec writer = Codecs.jdk(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		fuzz(Codecs.jdk(LOADER, ALLOWED), corpus(writer, JdkCodecTests.values()), executions(80_000));
	}

	@Test
	void theJsonCodecSurvivesWhateverItReads() {
		ValueCodec writer = Codecs.json(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		fuzz(Codecs.json(LOADER, ALLOWED), corpus(writer, JacksonCodecTests.values()), executions(20_000));
	}

	@Test
	void theSmileCodecSurvivesWhateverItReads() {
		ValueCodec writer = Codecs.smile(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		fuzz(Codecs.smile(LOADER, ALLOWED), corpus(writer, JacksonCodecTests.values()), executions(20_000));
	}

	private static List<byte[]> corpus(ValueCodec writer, Stream<Object> values) {
		List<byte[]> corpus = new ArrayList<>();
		values.forEach((value) -> corpus.add(writer.encode(value)));
		return corpus;
	}

	private void fuzz(ValueCodec codec, List<byte[]> corpus, int executions) {
		Random random = new Random(this.seed);
		int read = 0;
		for (int i = 0; i < executions; i++) {
			byte[] bytes = mutate(random, corpus);
			long start = System.nanoTime();
			try {
				assertThat(codec.decode(bytes, 0, bytes.length)).isNotNull();
				read++;
			}
			catch (ValueCodecException ex) {
				if (ex.getCause() instanceof OutOfMemoryError) {
					throw new AssertionError("Seed " + this.seed + ", execution " + i + ": " + Arrays.toString(bytes),
							ex);
				}
			}
			catch (Throwable ex) {
				throw new AssertionError("Seed " + this.seed + ", execution " + i + ": " + Arrays.toString(bytes), ex);
			}
			assertThat(System.nanoTime() - start).as("seed %s, execution %s: %s", this.seed, i, Arrays.toString(bytes))
				.isLessThan(SLOW);
		}
		assertThat(read).as("seed %s", this.seed).isBetween(executions / 1000, executions);
	}

	private static byte[] mutate(Random random, List<byte[]> corpus) {
		byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
		for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
			int at = random.nextInt(bytes.length);
			switch (random.nextInt(8)) {
				case 0 -> bytes[at] = (byte) random.nextInt();
				case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
				case 2 -> bytes[at] = (byte) (0x70 + random.nextInt(15));
				case 3 -> bytes = Arrays.copyOf(bytes, at);
				case 4 -> bytes = splice(bytes, at, corpus.get(random.nextInt(corpus.size())), random);
				case 5 -> bytes = insert(bytes, at, random);
				case 6 ->
					Arrays.fill(bytes, at, Math.min(at + 4, bytes.length), (byte) (random.nextBoolean() ? 127 : -1));
				default -> {
					byte[] noise = new byte[1 + random.nextInt(4)];
					random.nextBytes(noise);
					System.arraycopy(noise, 0, bytes, at, Math.min(noise.length, bytes.length - at));
				}
			}
		}
		return bytes;
	}

	private static byte[] splice(byte[] head, int at, byte[] other, Random random) {
		int from = random.nextInt(other.length + 1);
		byte[] result = Arrays.copyOf(head, at + other.length - from);
		System.arraycopy(other, from, result, at, other.length - from);
		return result;
	}

	private static byte[] insert(byte[] bytes, int at, Random random) {
		int count = 1 + random.nextInt(8);
		byte[] result = new byte[bytes.length + count];
		System.arraycopy(bytes, 0, result, 0, at);
		System.arraycopy(bytes, random.nextInt(Math.max(1, bytes.length - count)), result, at,
				Math.min(count, bytes.length));
		System.arraycopy(bytes, at, result, at + count, bytes.length - at);
		return result;
	}

	@Test
	void noiseIsAMiss() {
		Random random = new Random(this.seed);
		for (ValueCodec codec : List.of(Codecs.jdk(LOADER, ALLOWED), Codecs.json(LOADER, ALLOWED),
				Codecs.smile(LOADER, ALLOWED))) {
			for (int i = 0; i < 5_000; i++) {
				byte[] bytes = new byte[random.nextInt(200)];
				random.nextBytes(bytes);
				if (bytes.length > 0) {
					bytes[0] = 1;
				}
				if (bytes.length > 1 && bytes[1] == ObjectStreamConstants.TC_LONGSTRING) {
					// A text of a negative length is an empty one to the JDK.
					continue;
				}
				assertThatExceptionOfType(ValueCodecException.class)
					.as("seed %s: %s", this.seed, Arrays.toString(bytes))
					.isThrownBy(() -> codec.decode(bytes, 0, bytes.length));
			}
		}
	}

}
