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

import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.Time;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that no value comes back from JSON or Smile as another one: it is equal, a miss,
 * or was refused on writing.
 */
@ParameterizedClass
@EnumSource
@SuppressWarnings("JavaUtilDate") // users have it in their values
class JacksonLossTests {

	private final ValueCodec codec;

	JacksonLossTests(JacksonCodecType type) {
		this.codec = type.create(JacksonLossTests.class.getClassLoader(),
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
	}

	record Any(Object value) implements Serializable {

	}

	record Zoned(TimeZone zone) implements Serializable {

	}

	record Spoken(Locale locale) implements Serializable {

	}

	record Matched(Pattern pattern) implements Serializable {

	}

	record Timed(Time time) implements Serializable {

	}

	record Dated(java.sql.Date date) implements Serializable {

	}

	static class Parameters extends HashMap<String, String> {

		@Nullable String table;

		static Parameters of(String table) {
			Parameters parameters = new Parameters();
			parameters.table = table;
			parameters.put("a", "b");
			return parameters;
		}

	}

	static final class Tags extends ArrayList<String> {

		@Nullable String owner;

		static Tags of(String owner) {
			Tags tags = new Tags();
			tags.owner = owner;
			tags.add("a");
			return tags;
		}

	}

	record Tagged(Tags tags) implements Serializable {

	}

	static class Basket extends AbstractCollection<String> implements Serializable {

		@Nullable String owner;

		List<String> items = new ArrayList<>();

		static Basket of(String owner) {
			Basket basket = new Basket();
			basket.owner = owner;
			basket.items.add("a");
			return basket;
		}

		@Override
		public Iterator<String> iterator() {
			return this.items.iterator();
		}

		@Override
		public int size() {
			return this.items.size();
		}

		@Override
		public boolean add(String item) {
			return this.items.add(item);
		}

	}

	static class Pair implements Map.Entry<String, String>, Serializable {

		@Nullable String k;

		@Nullable String v;

		Pair() {
		}

		Pair(String key, String value) {
			this.k = key;
			this.v = value;
		}

		@Override
		public String getKey() {
			return Objects.requireNonNull(this.k);
		}

		@Override
		public String getValue() {
			return Objects.requireNonNull(this.v);
		}

		@Override
		public String setValue(String value) {
			throw new UnsupportedOperationException();
		}

	}

	static class ZonedDate extends Date {

		@Nullable String zone;

		ZonedDate() {
		}

		ZonedDate(String zone) {
			super(5);
			this.zone = zone;
		}

	}

	/** Jackson takes the only constructor, and the names of its parameters. */
	static class Gross implements Serializable {

		private final BigDecimal amount;

		Gross(BigDecimal amount) {
			this.amount = amount.multiply(new BigDecimal("1.2"));
		}

		@Override
		public String toString() {
			return this.amount.toString();
		}

	}

	record Invoice(String number, List<Gross> lines) implements Serializable {

	}

	/** Orders its elements as they were not. */
	record Numbers(Set<Object> numbers, Map<Object, Object> named) implements Serializable {

	}

	static Stream<Object> equalOrAMiss() {
		Stream<Object> values = Stream.of(Parameters.of("t"), Tags.of("o"), new Tagged(Tags.of("o")), Basket.of("o"),
				new Pair("k", "v"), new ZonedDate("z"), new Gross(BigDecimal.ONE),
				new Invoice("1", List.of(new Gross(BigDecimal.ONE))), Pattern.compile("a", Pattern.CASE_INSENSITIVE),
				new Matched(Pattern.compile("a", Pattern.CASE_INSENSITIVE)), new Time(1234), new Timed(new Time(1234)),
				new Time(1_234_567_890_123L), new Dated(new java.sql.Date(1_234_567_890_123L)),
				new SimpleTimeZone(3_600_000, "X"), new Zoned(new SimpleTimeZone(3_600_000, "X")),
				new Zoned(TimeZone.getTimeZone("GMT+01:30")), new Spoken(new Locale("no", "NO", "NY")),
				new Spoken(new Locale("ja", "JP", "JP")), new Spoken(new Locale("iw")),
				new Spoken(new Locale("", "", "POSIX")), new Spoken(Locale.ROOT),
				new Spoken(new Locale.Builder().setScript("Latn").build()));
		return values.flatMap((value) -> Stream.of(value, new Any(value), new ArrayList<>(List.of(value))));
	}

	@ParameterizedTest
	@MethodSource
	void equalOrAMiss(Object value) {
		byte[] bytes;
		try {
			bytes = this.codec.encode(value);
		}
		catch (ValueCodecException ex) {
			assertThat(ex.isRefused()).as(ex.getMessage()).isTrue();
			assertThat(ex).hasMessageContaining("memcached.cache.codec: jdk");
			return;
		}
		Object copy;
		try {
			copy = this.codec.decode(bytes, 0, bytes.length);
		}
		catch (ValueCodecException ex) {
			assertThat(ex.isRefused()).as(ex.getMessage()).isFalse();
			return;
		}
		assertThat(copy).usingRecursiveComparison()
			.withStrictTypeChecking()
			.withEqualsForType((one, other) -> one.pattern().equals(other.pattern()) && one.flags() == other.flags(),
					Pattern.class)
			.isEqualTo(value);
	}

	@Test
	void collectionsInWhateverOrderAreEqual() {
		Set<Object> numbers = new HashSet<>(1000);
		Map<Object, Object> named = new HashMap<>(1000);
		for (int i = 0; i < 100; i++) {
			numbers.add((i % 2 == 0) ? 997L * i : "n" + 997 * i);
			named.put("n" + 997 * i, Set.of(i, i + 1, "x" + i));
		}
		Any value = new Any(new Numbers(numbers, named));
		byte[] bytes = this.codec.encode(value);
		assertThat(this.codec.decode(bytes, 0, bytes.length)).isEqualTo(value);
	}

	@Test
	void aRefusalNamesTheClass() {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(Parameters.of("t")))
			.withMessageContaining(Parameters.class.getName());
	}

}
