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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import io.failsoft.memcached.fuzz.FuzzTarget;
import io.failsoft.memcached.fuzz.Limits;
import io.failsoft.memcached.fuzz.Misses;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes a codec: any bytes are a value or a {@link ValueCodecException}, take no more
 * memory than a multiple of their number, and touch no class that is not allowed; and
 * what was read can be written and read again, or is refused.
 */
public final class CodecFuzz implements FuzzTarget {

	/** Of a class's descriptor, an exception with its stack, and the like. */
	private static final long BASE = 4_000_000;

	private static final long PER_BYTE = 2_000;

	private static final List<String> ALLOWED = List.of("io.failsoft.memcached.codec.Samples$City",
			"io.failsoft.memcached.codec.Samples$Person", "io.failsoft.memcached.codec.Samples$Employee",
			"io.failsoft.memcached.codec.Samples$Order", "io.failsoft.memcached.codec.Samples$Status",
			"io.failsoft.memcached.codec.Samples$Temperature", "io.failsoft.memcached.codec.Samples$Secret$Form",
			"io.failsoft.memcached.codec.Samples$Handmade");

	private final ValueCodec codec;

	private final List<byte[]> seeds = new ArrayList<>();

	private CodecFuzz(BiFunction<ClassLoader, AllowedClasses, ValueCodec> maker, Stream<Object> values,
			List<byte[]> attacks) {
		ClassLoader loader = new Misses(CodecFuzz.class.getClassLoader());
		this.codec = maker.apply(loader, AllowedClasses.of(ALLOWED));
		ValueCodec writer = maker.apply(loader, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		values.forEach((value) -> this.seeds.add(writer.encode(value)));
		this.seeds.addAll(attacks);
	}

	/**
	 * The default codec.
	 * @return a target
	 */
	public static FuzzTarget jdk() {
		Canary canary = Canary.caught();
		Map<Object, Object> asKey = new HashMap<>();
		asKey.put("x", canary);
		return new CodecFuzz(Codecs::jdk, JdkCodecTests.values(),
				List.of(ForgedStream.of(canary), ForgedStream.of(List.of(canary)), ForgedStream.of(asKey),
						ForgedStream.of(new Canary[] { canary }), ForgedStream.of(Canary.class),
						HashWorkTests.nestedSets(20), ForgedStream.of(new HashSet<>(List.of("a", "b"))),
						ForgedStream.of(List.of(new LongText(new byte[] { 'h', 'i' }), new LongText(new byte[300])))));
	}

	/**
	 * JSON.
	 * @return a target
	 */
	public static FuzzTarget json() {
		return jackson(JacksonCodecType.JSON);
	}

	/**
	 * Smile.
	 * @return a target
	 */
	public static FuzzTarget smile() {
		return jackson(JacksonCodecType.SMILE);
	}

	private static FuzzTarget jackson(JacksonCodecType type) {
		String canary = "\"" + CodecFuzz.class.getPackageName() + ".Canary\"";
		return new CodecFuzz(type::create, JacksonCodecTests.values(),
				Stream
					.of("[" + canary + ",{}]", "[\"java.util.ArrayList\",[[" + canary + ",{}]]]",
							"[\"java.lang.Class\"," + canary + "]",
							"[\"java.util.EnumMap<" + canary.replace("\"", "") + ",java.lang.Object>\",{}]",
							"[\"java.util.Formatter\",\"x\"]", "[\"java.net.URL\",\"http://localhost\"]")
					.map(type::bytes)
					.toList());
	}

	@Override
	public List<byte[]> seeds() {
		return this.seeds;
	}

	@Override
	public void accept(byte[] data) {
		Object[] value = new Object[1];
		Limits.within(BASE + PER_BYTE * data.length, () -> value[0] = decode(data));
		if (Canary.Song.isSung()) {
			throw new AssertionError("A class that is not allowed did something");
		}
		if (value[0] != null) {
			writeAgain(value[0]);
		}
	}

	private @Nullable Object decode(byte[] data) {
		try {
			Object value = this.codec.decode(data, 0, data.length);
			if (value == null) {
				throw new AssertionError("null was read");
			}
			return value;
		}
		catch (ValueCodecException ex) {
			if (ex.getCause() instanceof OutOfMemoryError) {
				throw new AssertionError("The memory ran out", ex);
			}
			return null;
		}
	}

	private void writeAgain(Object value) {
		byte[] bytes;
		try {
			bytes = this.codec.encode(value);
		}
		catch (ValueCodecException ex) {
			return;
		}
		this.codec.decode(bytes, 0, bytes.length);
	}

}
