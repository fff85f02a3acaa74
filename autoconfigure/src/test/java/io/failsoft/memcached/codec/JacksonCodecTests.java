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

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JacksonCodec} as JSON and as Smile.
 */
@ParameterizedClass
@EnumSource
@SuppressWarnings({ "JavaUtilDate", "JdkObsolete" }) // users have it in their values
class JacksonCodecTests {

	private static final ClassLoader LOADER = JacksonCodecTests.class.getClassLoader();

	private final JacksonCodecType type;

	private final ValueCodec codec;

	private final ValueCodec strict;

	JacksonCodecTests(JacksonCodecType type) {
		this.type = type;
		this.codec = type.create(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		this.strict = type.create(LOADER, AllowedClasses.of(List.of()));
	}

	record Catalog(Map<Long, List<Samples.Shape>> shapes, Samples.Shape favourite, Object anything,
			Optional<LocalDate> since, @Nullable String nothing, Map<Object, Object> mixed, List<?> wild) {

	}

	record Adult(String name, int age) {

		public boolean isOfAge() {
			return this.age >= 18;
		}

		public String getGreeting() {
			return "Hello " + this.name;
		}

	}

	static final class Mutable {

		private final String name;

		private int count;

		Mutable() {
			this("", 0);
		}

		Mutable(String name, int count) {
			this.name = name;
			this.count = count;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Mutable mutable && mutable.name.equals(this.name) && mutable.count == this.count;
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	record Optionals(Optional<Samples.Shape> none, Optional<Samples.Shape> shape, List<Optional<String>> list) {

	}

	record Wild(Optional<?> wild) {

	}

	record Twice(Optional<Optional<String>> twice) {

	}

	record Named(Map<Isbn, Integer> byIsbn) {

	}

	/** Jackson would make one of the text of another. */
	record Isbn(String number) {

	}

	/** Says that what is {@code null} is not to be written. */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	static final class Included {

		private @Nullable String first = "default";

		private String second = "default";

		private Included() {
		}

		Included(@Nullable String first, String second) {
			this.first = first;
			this.second = second;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Included that && Objects.equals(that.first, this.first)
					&& that.second.equals(this.second);
		}

		@Override
		public int hashCode() {
			return this.second.hashCode();
		}

	}

	record Board(EnumMap<Samples.Status, Samples.City> cities, Map<Samples.Status, Samples.City> others,
			EnumSet<Samples.Status> statuses) {

	}

	record Patterns(Pattern pattern, Locale locale) {

	}

	record Scale(BigDecimal number) {

	}

	record Enums(EnumSet<?> set) {

	}

	record Annotated(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Serializable content) {

	}

	static Stream<Object> values() {
		Map<String, @Nullable Object> withNull = new HashMap<>();
		withNull.put("null", null);
		Map<Object, Object> mixed = new LinkedHashMap<>();
		for (Object key : List.of("a", "@b", "@@", "", "a#b")) {
			mixed.put(key, key);
		}
		return Stream.of("", "text", "\u0100\ud83d\ude00\0\n", "@", true, 1, 1L, Long.MAX_VALUE, (short) 1, (byte) 1,
				'x', 0.1, Double.NaN, Double.NEGATIVE_INFINITY, 0.1f, Float.NaN, BigInteger.TEN.pow(50),
				new BigDecimal("1.00"), new BigDecimal("1E+3"), new UUID(1, 2), LocalDate.EPOCH, LocalDateTime.MIN,
				Instant.ofEpochSecond(1, 123456789), Duration.ofNanos(1),
				ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Berlin]"), ZoneId.of("Europe/Berlin"),
				OffsetDateTime.parse("2026-11-23T10:00:00+01:00"), new Date(1), URI.create("http://a/b"),
				Locale.GERMANY, Currency.getInstance("EUR"), Samples.Status.OPEN, Samples.Status.PAID, List.of(),
				List.of(1, 2L, "a", 0.5, 0.5f, Double.NaN), Arrays.asList(1, null), new ArrayList<>(List.of(1L)),
				new LinkedList<>(List.of(1)), Set.of(1L, 2L), new LinkedHashSet<>(List.of(1, 2)), Map.of(),
				Map.of("a", 1), mixed, withNull, Map.of(1L, 2), Map.of(new UUID(1, 2), 2),
				Map.of(Samples.Status.OPEN, 1, Samples.Status.PAID, "b"), EnumSet.of(Samples.Status.OPEN),
				new EnumMap<>(Map.of(Samples.Status.PAID, Samples.City.of(1))),
				new TreeMap<>(Map.of(LocalDate.EPOCH, 1)), new TreeMap<>(Map.of("a", 2)), Collections.emptyList(),
				Collections.singletonList(1), Collections.unmodifiableList(new ArrayList<>(List.of(1))),
				new HashMap<>(Map.of("a", 1)).keySet(), List.of(1, 2, 3).subList(0, 2),
				new Optionals(Optional.empty(), Optional.of(new Samples.Circle(1)),
						List.of(Optional.of("a"), Optional.empty())),
				OptionalInt.of(1), OptionalInt.empty(), OptionalLong.of(1), Samples.City.of(1), new Samples.Circle(1),
				List.of(new Samples.Circle(1), new Samples.Square(2)), new Mutable("a", 1), new Adult("Ada", 36),
				new Samples.Order(new UUID(1, 2), new BigDecimal("12.340"), Instant.EPOCH, Samples.Status.PAID, null,
						Map.of("a", List.of(1, 2)), Optional.of("note")),
				new Catalog(Map.of(1L, List.of(new Samples.Circle(1), new Samples.Square(2))), new Samples.Square(3),
						4L, Optional.of(LocalDate.EPOCH), null, mixed, List.of(1L)),
				new Annotated("text"), new Annotated(Samples.City.of(1)), Map.of("\ud83d\ude00", 1),
				new Included(null, ""),
				new Board(new EnumMap<>(Map.of(Samples.Status.PAID, Samples.City.of(1))),
						Map.of(Samples.Status.OPEN, Samples.City.of(2)), EnumSet.of(Samples.Status.OPEN)),
				new Board(new EnumMap<>(Samples.Status.class),
						new EnumMap<>(Map.of(Samples.Status.PAID, Samples.City.of(1))),
						EnumSet.noneOf(Samples.Status.class)));
	}

	private Object roundTrip(Object value) {
		byte[] bytes = this.codec.encode(value);
		byte[] shifted = new byte[bytes.length + 5];
		System.arraycopy(bytes, 0, shifted, 3, bytes.length);
		return this.codec.decode(shifted, 3, bytes.length);
	}

	@ParameterizedTest
	@MethodSource("values")
	void whatIsWrittenIsRead(Object value) {
		Object copy = roundTrip(value);
		assertThat(copy).as(new String(this.codec.encode(value), StandardCharsets.UTF_8)).isEqualTo(value);
		if (!(value instanceof java.util.Collection || value instanceof Map)) {
			assertThat(copy).hasSameClassAs(value);
		}
	}

	@Test
	void whatWouldComeBackAsSomethingElseIsRefusedOnWriting() {
		Comparator<String> reverse = Comparator.reverseOrder();
		TreeMap<String, Integer> map = new TreeMap<>(reverse);
		map.putAll(Map.of("a", 1, "b", 2));
		TreeSet<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		set.add("a");
		for (Object value : List.of(map, set, new PriorityQueue<>(reverse), List.of(map), Calendar.getInstance(),
				new Scale(BigDecimal.valueOf(1, 1 << 30)), new Scale(BigDecimal.valueOf(1, Integer.MIN_VALUE)),
				new SimpleTimeZone(1, "Europe/Berlin"),
				new Patterns(Pattern.compile("a", Pattern.COMMENTS), Locale.ROOT),
				new Patterns(Pattern.compile("a"), new Locale("no", "NO", "NY")), Optional.of("a"),
				List.of(Optional.of(1L)), new Wild(Optional.of(1)), new Twice(Optional.of(Optional.empty())),
				java.sql.Timestamp.from(Instant.ofEpochSecond(1, 123456789)), BitSet.valueOf(new long[] { 5, -1 }),
				new AbstractMap.SimpleEntry<>("a", 1L), Map.entry("a", 1), new IdentityHashMap<>(0),
				Map.of(1L, 2, "a", 2), Map.of(Locale.GERMANY, 1), Map.of(Samples.City.of(1), 1),
				new Named(Map.of(new Isbn("1"), 1)), new RuntimeException("a"))) {
			assertThatExceptionOfType(ValueCodecException.class).as("%s", value)
				.isThrownBy(() -> this.codec.encode(value))
				.satisfies((ex) -> assertThat(ex.isRefused()).as(ex.getMessage()).isTrue())
				.withMessageContaining("memcached.cache.codec: jdk")
				.withMessageContaining("ValueCodec bean");
		}
	}

	/** Names and depth have bounds that are Jackson's own. */
	@Test
	void whatIsTooLongOrTooDeepIsAMissAtMost() {
		Object deep = 1;
		for (int i = 0; i < 5_000; i++) {
			deep = List.of(deep);
		}
		for (Object value : List.of(Map.of("k".repeat(60_000), 2), deep,
				new Enums(EnumSet.noneOf(Samples.Status.class)))) {
			assertThatExceptionOfType(ValueCodecException.class).as(value.getClass().getName())
				.isThrownBy(() -> roundTrip(value));
		}
		assertMiss(bytes("[\"java.util.ArrayList\",".repeat(400) + "[]" + "]".repeat(400)));
	}

	@Test
	void whatIsLoggedOfAnUnreadableValueDoesNotQuoteIt() {
		String name = nameOf(Samples.Circle.class, this.codec.encode(new Samples.Circle(1.5)));
		for (String body : List.of("{\"radius\":\"secret\"}", "{\"secret\":1}", "\"secret\"",
				"{\"radius\":{\"secret\":1}}")) {
			assertThatExceptionOfType(ValueCodecException.class)
				.isThrownBy(() -> decode("[\"" + name + "\"," + body + "]"))
				.withMessageContaining(Samples.Circle.class.getName())
				.withNoCause()
				.satisfies((ex) -> assertThat(ex).message().doesNotContain("secret"));
		}
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> decode("[\"java.util.HashMap\",{\"secret\":[\"" + name + "\",{\"secret\":1}]}]"))
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("secret"));
	}

	@Test
	void aMapperOfTheApplicationIsUsedWithTheRulesOfTheCodec() {
		SimpleModule module = new SimpleModule().addSerializer(Samples.Circle.class, new ByDiameter());
		ValueCodec own = new JacksonCodec(256,
				this.type.mapper()
					.addModule(module)
					.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
					.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
					.build(),
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		assertThat(own.id()).isEqualTo(256);
		byte[] circle = own.encode(new Samples.Circle(1));
		assertThat(new String(circle, StandardCharsets.ISO_8859_1)).contains("diameter");
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> own.decode(circle, 0, circle.length));
		values().forEach((value) -> {
			if (!value.toString().contains("Circle")) {
				byte[] bytes = own.encode(value);
				assertThat(own.decode(bytes, 0, bytes.length)).isEqualTo(value);
			}
		});
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JacksonCodec(255, this.type.mapper().build(), AllowedClasses.of(List.of())));
	}

	@Test
	void arraysAreRead() {
		for (Object array : new Object[] { new byte[] { 1, -1 }, new int[] { 1 }, new long[0],
				new String[] { "a", null }, new Object[] { 1, "a", 2L }, new int[][] { { 1 }, {} },
				new Samples.City[] { Samples.City.of(1) } }) {
			Object copy = roundTrip(array);
			assertThat(Arrays.deepEquals(new Object[] { copy }, new Object[] { array })).isTrue();
			assertThat(copy).hasSameClassAs(array);
		}
	}

	@Test
	void aClassThatIsNotAllowedIsRefusedOnWritingAndOnReading() {
		for (Object value : new Object[] { Samples.City.of(1), List.of(Samples.City.of(1)),
				Map.of("a", Samples.City.of(1)), Samples.Status.OPEN }) {
			byte[] bytes = this.codec.encode(value);
			assertRefused(() -> this.strict.encode(value));
			assertRefused(() -> this.strict.decode(bytes, 0, bytes.length));
		}
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.strict.encode(List.of(Samples.City.of(1))))
			.withMessageContaining("memcached.cache.allowed-classes: " + Samples.City.class.getName());
	}

	@Test
	void dangerousClassesAreRefused(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("file"), "content");
		for (String json : List.of("[\"java.util.Formatter\",\"" + file + "\"]", "[\"java.util.Timer\",{}]",
				"[\"java.util.Scanner\",\"x\"]", "[\"java.lang.Class\",\"io.failsoft.memcached.codec.Initializer$It\"]",
				"[\"java.net.InetAddress\",\"localhost\"]", "[\"java.net.URL\",\"http://localhost\"]",
				"[\"java.util.HashMap<java.lang.String,javax.swing.JButton>\",{}]",
				"[\"java.util.ArrayList<java.util.Formatter>\",[\"" + file + "\"]]",
				"[\"javax.naming.InitialContext\",{}]", "[\"java.util.concurrent.ForkJoinPool\",{}]",
				"[\"com.sun.rowset.JdbcRowSetImpl\",{\"dataSourceName\":\"x\"}]", "[\"javax.swing.JButton\",{}]",
				"[\"java.util.ArrayList\",[[\"java.io.File\",\"x\"]]]")) {
			assertRefused(() -> decode(json));
			assertRefused(() -> decode("[\"java.util.ArrayList\",[" + json + "]]"));
		}
		assertRefused(() -> decode("[\"" + nameOf(Annotated.class, this.codec.encode(new Annotated("text")))
				+ "\",{\"content\":[\"javax.swing.JButton\",{}]}]"));
		assertThat(file).hasContent("content");
		assertRefused(() -> decode("[\"java.util.HashMap@java.util.Formatter\",{\"" + file + "\":1}]"));
		assertRefused(() -> decode("[\"java.util.HashMap@java.util.Scanner\",{\"x\":1}]"));
		assertThat(file).hasContent("content");
		byte[] byStatus = bytes("[\"java.util.HashMap@" + Samples.Status.class.getName() + "\",{\"OPEN\":1}]");
		assertThat(this.codec.decode(byStatus, 0, byStatus.length)).isEqualTo(Map.of(Samples.Status.OPEN, 1));
		assertRefused(() -> this.strict.decode(byStatus, 0, byStatus.length));
	}

	/**
	 * Were a constructor of one number taken for a way to read a number, as Jackson can
	 * be told to, it would be the capacity of some.
	 */
	@Test
	void noClassOfTheJdkTakesMoreMemoryThanItsJsonHasBytes() throws Exception {
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		int read = 0;
		for (String name : classesOfTheJdk("java/util", "java/util/concurrent", "java/util/concurrent/atomic",
				"java/util/concurrent/locks", "java/math", "java/lang", "java/time", "java/sql", "java/net")) {
			for (String content : List.of("50000000", "5e7", "\"50000000\"", "[50000000]", "{}", "[]", "\"\"", "null",
					"{\"initialCapacity\":50000000}", "{\"size\":50000000}", "{\"capacity\":50000000}")) {
				byte[] json = bytes("[\"" + name + "\"," + content + "]");
				long before = threads.getCurrentThreadAllocatedBytes();
				try {
					assertThat(this.codec.decode(json, 0, json.length)).isNotNull();
					read++;
				}
				catch (ValueCodecException ex) {
					assertThat(ex.getCause() instanceof OutOfMemoryError).as(name + " of " + content).isFalse();
				}
				assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(name + " of " + content)
					.isLessThan(8_000_000);
			}
		}
		assertThat(read).isGreaterThan(50);
	}

	private static List<String> classesOfTheJdk(String... packages) throws IOException {
		List<String> names = new ArrayList<>();
		for (String folder : packages) {
			String module = folder.equals("java/sql") ? "java.sql" : "java.base";
			try (Stream<Path> files = Files.list(Path.of(URI.create("jrt:/" + module + "/" + folder)))) {
				files.map((file) -> file.getFileName().toString())
					.filter((file) -> file.endsWith(".class"))
					.forEach(
							(file) -> names.add(folder.replace('/', '.') + "." + file.substring(0, file.length() - 6)));
			}
		}
		return names;
	}

	@Test
	void aClassThatHasChangedIsAMiss() {
		String name = nameOf(Samples.Circle.class, this.codec.encode(new Samples.Circle(1.5)));
		assertThat(decode("[\"" + name + "\",{\"radius\":1.5}]")).isEqualTo(new Samples.Circle(1.5));
		for (String other : List.of(Samples.Circle.class.getName(), name + "x", name.substring(0, name.length() - 1),
				name.replace("Circle", "Square"))) {
			assertThatExceptionOfType(ValueCodecException.class)
				.isThrownBy(() -> decode("[\"" + other + "\",{\"radius\":1.5}]"))
				.satisfies((ex) -> assertThat(ex.isRefused()).as(ex.getMessage()).isFalse())
				.withMessageContaining("has changed");
		}
		for (String body : List.of("{}", "{\"radius\":1.5,\"more\":1}", "{\"radius\":null}", "{\"radius\":\"1.5\"}",
				"[]", "1", "null")) {
			assertThatExceptionOfType(ValueCodecException.class).as(body)
				.isThrownBy(() -> decode("[\"" + name + "\"," + body + "]"));
		}
	}

	private static String nameOf(Class<?> type, byte[] encoded) {
		Matcher matcher = Pattern.compile(Pattern.quote(type.getName()) + "#[0-9a-z]+")
			.matcher(new String(encoded, StandardCharsets.ISO_8859_1));
		assertThat(matcher.find()).isTrue();
		return matcher.group();
	}

	@Test
	void anythingElseIsAMiss() {
		for (String json : List.of("null", "[]", "[1]", "{}", "[\"no.such.Type\",1]", "[\"java.lang.Long\",\"x\"]",
				"[\"java.util.HashMap@x\",{\"x\":1}]", "[\"java.util.HashMap@java.lang.Long\",{\"x\":1}]",
				"[\"java.util.ArrayList@java.lang.Long\",[]]")) {
			assertThatExceptionOfType(ValueCodecException.class).as(json).isThrownBy(() -> decode(json));
		}
		byte[] list = bytes("[\"java.util.ArrayList\",[]]");
		assertThat(this.codec.decode(list, 0, list.length)).isEqualTo(List.of());
		for (int length = 0; length < list.length; length++) {
			assertMiss(Arrays.copyOf(list, length));
		}
		byte[] more = Arrays.copyOf(list, list.length + 1);
		more[list.length] = '1';
		assertMiss(more);
	}

	@Test
	void whatIsNoJsonIsAMiss() {
		for (String text : List.of("", "{", "[", "nul", "[\"java.util.ArrayList\"]", "[\"java.util.ArrayList\",[]] 1",
				"'a'", "[".repeat(100_000), ":)\n", ":)\n\u0001" + "\u00f8".repeat(100_000),
				":)\n\u0001" + "\u00fa".repeat(100_000))) {
			assertMiss(text.getBytes(StandardCharsets.ISO_8859_1));
		}
	}

	private void assertMiss(byte[] bytes) {
		assertThatExceptionOfType(ValueCodecException.class).as(Arrays.toString(bytes))
			.isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length));
	}

	@Test
	void whateverFollowsAValueIsAMiss() {
		for (Object value : List.of("text", true, List.of(1), new UUID(1, 2), Samples.City.of(1))) {
			byte[] bytes = this.codec.encode(value);
			assertThat(this.codec.decode(bytes, 0, bytes.length)).isEqualTo(value);
			for (byte[] more : List.of(bytes, Arrays.copyOf(bytes, 4), this.codec.encode(1), new byte[] { 0 },
					new byte[] { -1 }, new byte[] { -1, 0 }, new byte[] { ' ' }, new byte[] { '1' }, new byte[] { ']' },
					new byte[] { ':', ')', '\n', 0 })) {
				assertMiss(joined(bytes, more));
			}
		}
	}

	private static byte[] joined(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	@Test
	void aMapperCannotOpenWhatIsClosed() {
		AllowedClasses none = AllowedClasses.of(List.of());
		PolymorphicTypeValidator all = BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build();
		ValueCodec codec = new JacksonCodec(256, this.type.mapper().activateDefaultTyping(all).build(), none);
		assertRefused(() -> codec.encode(Samples.City.of(1)));
	}

	private Object decode(String json) {
		byte[] bytes = bytes(json);
		return this.codec.decode(bytes, 0, bytes.length);
	}

	private byte[] bytes(String json) {
		return this.type.bytes(json);
	}

	private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable callable) {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(callable)
			.satisfies((ex) -> assertThat(ex.isRefused()).as(ex.getMessage()).isTrue());
	}

	private static final class ByDiameter extends ValueSerializer<Samples.Circle> {

		@Override
		public void serialize(Samples.Circle value, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			generator.writeNumberProperty("diameter", 2 * value.radius());
			generator.writeEndObject();
		}

		@Override
		public void serializeWithType(Samples.Circle value, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			WritableTypeId id = types.writeTypePrefix(generator, context,
					types.typeId(value, JsonToken.VALUE_EMBEDDED_OBJECT));
			serialize(value, generator, context);
			types.writeTypeSuffix(generator, context, id);
		}

	}

}
