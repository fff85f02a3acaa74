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

import java.math.BigDecimal;
import java.time.Instant;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Properties of the codecs and of {@link Compression}.
 */
class CodecPropertiesTests {

	private static final ClassLoader LOADER = CodecPropertiesTests.class.getClassLoader();

	private static final AllowedClasses ALLOWED = AllowedClasses.of(List.of("io.failsoft.memcached.codec.*"));

	private final ValueCodec jdk = Codecs.jdk(LOADER, ALLOWED);

	private final List<ValueCodec> all = List.of(this.jdk, Codecs.json(LOADER, ALLOWED), Codecs.smile(LOADER, ALLOWED));

	/** As JSON has no place for keys of other types, nor for an Optional without one. */
	@Provide
	Arbitrary<Object> plainValues() {
		return values(false);
	}

	@Provide
	Arbitrary<Object> values() {
		return values(true);
	}

	private Arbitrary<Object> values(boolean any) {
		return Arbitraries.lazyOf(() -> Arbitraries.strings().excludeChars(SURROGATES).ofMaxLength(30).asGeneric(),
				() -> texts(250, 700).asGeneric(), () -> Arbitraries.longs().asGeneric(),
				() -> Arbitraries.integers().asGeneric(), () -> Arbitraries.doubles().asGeneric(),
				() -> Arbitraries.of(true, false).asGeneric(),
				() -> Arbitraries.longs().between(0, 1_000_000).map(Samples.City::of),
				() -> Arbitraries.of(Samples.Status.values()).asGeneric(),
				() -> Arbitraries.longs().map((number) -> new UUID(number, ~number)),
				() -> Arbitraries.bigDecimals().map(BigDecimal::stripTrailingZeros),
				() -> Arbitraries.integers().map(Instant::ofEpochSecond),
				() -> values(any).list().ofMaxSize(4).map(ArrayList::new),
				() -> any ? values(true).map(Optional::of)
						: Arbitraries.integers().between(Year.MIN_VALUE, Year.MAX_VALUE).map(Year::of),
				() -> Arbitraries
					.maps(any ? Arbitraries.longs().asGeneric() : Arbitraries.of(Samples.Status.values()).asGeneric(),
							values(any))
					.ofMaxSize(2)
					.map(LinkedHashMap::new),
				() -> Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(5), values(any))
					.ofMaxSize(3)
					.map(LinkedHashMap::new));
	}

	/** Of ISO 8859-1, of anything, and mostly of the former. */
	private static Arbitrary<String> texts(int minLength, int maxLength) {
		Arbitrary<Character> any = Arbitraries.chars().filter((c) -> !Character.isSurrogate(c));
		Arbitrary<Character> latin = Arbitraries.chars().range('\0', '\u00ff');
		return Arbitraries.of(latin, any, Arbitraries.frequencyOf(Tuple.of(150, latin), Tuple.of(1, any)))
			.flatMap((chars) -> chars.array(char[].class).ofMinSize(minLength).ofMaxSize(maxLength))
			.map(String::valueOf);
	}

	@Provide
	Arbitrary<List<String>> longTexts() {
		return texts(LongText.MIN_LENGTH - 10, 1_500).list().ofMinSize(1).ofMaxSize(4);
	}

	private static final char[] SURROGATES = surrogates();

	private static char[] surrogates() {
		char[] surrogates = new char[0x800];
		for (int i = 0; i < surrogates.length; i++) {
			surrogates[i] = (char) (0xd800 + i);
		}
		return surrogates;
	}

	@Property
	void whatIsWrittenIsRead(@ForAll("values") Object value) {
		byte[] bytes = this.jdk.encode(value);
		assertThat(this.jdk.decode(bytes, 0, bytes.length)).isEqualTo(value);
	}

	@Property
	void plainValuesAreRead(@ForAll("plainValues") Object value) {
		for (ValueCodec codec : this.all) {
			byte[] bytes = codec.encode(value);
			assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(value);
		}
	}

	@Property
	void anyTextIsRead(@ForAll String text) {
		byte[] bytes = this.jdk.encode(text);
		assertThat(this.jdk.decode(bytes, 0, bytes.length)).isEqualTo(text);
	}

	@Property(tries = 300)
	void longTextsAreReadInAnyObjectsAndStayAsManyAsTheyWere(@ForAll("longTexts") List<String> texts,
			@ForAll @Size(max = 30) List<@IntRange(max = 35) Integer> picks) {
		List<Object> value = new ArrayList<>();
		for (int pick : picks) {
			value.add(holder(pick / texts.size(), texts.get(pick % texts.size()), value));
		}
		byte[] bytes = this.jdk.encode(value);
		List<String> expected = TextHolders.texts(value);
		List<String> actual = TextHolders.texts(this.jdk.decode(bytes, 0, bytes.length));
		assertThat(actual).isEqualTo(expected);
		assertThat(firstOccurrences(actual)).isEqualTo(firstOccurrences(expected));
	}

	private static Object holder(int kind, String text, List<Object> before) {
		return switch (kind % 9) {
			case 0 -> List.of(text, "short");
			case 1 -> new Object[] { 1, text };
			case 2 -> new String[] { text, text };
			case 3 -> new LinkedHashMap<>(Map.of(text, text));
			case 4 -> new TextHolders.Heir(text);
			case 5 -> new TextHolders.ByHand(text);
			case 6 -> new TextHolders.Article<>(1, text, "short", text, 2L, text);
			case 7 -> Optional.of(text);
			default -> before.isEmpty() ? text : before.get(before.size() / 2);
		};
	}

	private static List<Integer> firstOccurrences(List<String> texts) {
		IdentityHashMap<String, Integer> seen = new IdentityHashMap<>();
		List<Integer> first = new ArrayList<>();
		for (String text : texts) {
			seen.putIfAbsent(text, seen.size());
			first.add(seen.get(text));
		}
		return first;
	}

	@Property
	void partOfAValueIsAMiss(@ForAll("values") Object value, @ForAll int cut) {
		byte[] bytes = this.jdk.encode(List.of(value));
		int length = Math.floorMod(cut, bytes.length);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.jdk.decode(bytes, 0, length));
	}

	@Property
	void whatWasChangedIsAValueOrAMiss(@ForAll("plainValues") Object value, @ForAll int position, @ForAll byte change) {
		for (ValueCodec codec : this.all) {
			byte[] bytes = codec.encode(List.of(value));
			// Else the class is refused after three changed entries in a row.
			assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(List.of(value));
			bytes[Math.floorMod(position, bytes.length)] = change;
			try {
				assertThat(codec.decode(bytes, 0, bytes.length)).isNotNull();
			}
			catch (ValueCodecException ex) {
				assertThat(ex.getCause() instanceof OutOfMemoryError).isFalse();
			}
		}
	}

	@Property
	void arbitraryBytesAreNoObject(@ForAll byte[] bytes) {
		byte[] tagged = Arrays.copyOf(new byte[] { 1 }, bytes.length + 1);
		System.arraycopy(bytes, 0, tagged, 1, bytes.length);
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.jdk.decode(tagged, 0, tagged.length));
	}

	@Property
	void whatIsCompressedIsRestored(@ForAll byte[] part, @ForAll int times) {
		byte[] bytes = new byte[part.length * Math.floorMod(times, 50)];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = part[i % part.length];
		}
		byte[] compressed = Compression.compress(bytes);
		if (compressed != null) {
			assertThat(Compression.decompress(compressed, 0, compressed.length, bytes.length)).isEqualTo(bytes);
		}
	}

}
