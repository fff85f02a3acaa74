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

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamConstants;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.management.BadAttributeValueExpException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdkCodec}.
 */
@SuppressWarnings({ "JavaUtilDate", "JdkObsolete", "UnusedVariable", "UnnecessaryStringBuilder" }) // users
																									// have
																									// them
// in their values
class JdkCodecTests {

	private static final ClassLoader LOADER = JdkCodecTests.class.getClassLoader();

	private final ValueCodec codec = Codecs.jdk(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));

	private final ValueCodec strict = Codecs.jdk(LOADER, AllowedClasses.of(List.of()));

	private Object roundTrip(Object value) {
		byte[] bytes = this.codec.encode(value);
		byte[] shifted = new byte[bytes.length + 5];
		System.arraycopy(bytes, 0, shifted, 3, bytes.length);
		return this.codec.decode(shifted, 3, bytes.length);
	}

	static Stream<Object> values() {
		Map<String, @Nullable Object> withNulls = new HashMap<>();
		withNulls.put(null, "null key");
		withNulls.put("null value", null);
		Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Europe/Berlin"), Locale.GERMANY);
		calendar.setTimeInMillis(0);
		Samples.Order order = new Samples.Order(new UUID(1, 2), new BigDecimal("12.340"), Instant.EPOCH,
				Samples.Status.PAID, null, Map.of("a", List.of(1, 2)), Optional.of("note"));
		return Stream.of("", "text", "caf\u00e9", "\u00ff", "\u0100", "\ud83d\ude00", "\ud83d", "\0\n", true, false, 0L,
				-1L, Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, Integer.MIN_VALUE, Short.MIN_VALUE, (byte) -1, 'x',
				'\uffff', 0.1, Double.NaN, -0.0, Double.MIN_VALUE, 0.1f, Float.NaN, new UUID(1, 2), BigInteger.TEN,
				BigInteger.ONE.shiftLeft(1000).negate(), new BigDecimal("1.00"), LocalDate.EPOCH, Instant.MAX,
				ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Berlin]"), URI.create("http://a/b?c"),
				Locale.GERMANY, Currency.getInstance("EUR"), new java.util.Date(1), new java.sql.Timestamp(1),
				new java.sql.Date(1), new java.sql.Time(1), calendar, BitSet.valueOf(new long[] { 5 }), List.of(),
				List.of(1, "a"), List.of(1, 2, 3), Set.of(1, 2, 3), Map.of(1, 2), Map.of(1, 2, 3, 4),
				Arrays.asList(1, null), new ArrayList<>(List.of(1)), new LinkedList<>(List.of(1)),
				new CopyOnWriteArrayList<>(List.of(1)), new TreeMap<>(Map.of(2, 1, 1, 2)),
				new LinkedHashMap<>(Map.of(1, 2)), new ConcurrentHashMap<>(Map.of(1, 2)),
				new ConcurrentSkipListMap<>(Map.of(1, 2)), withNulls, Collections.emptyList(),
				Collections.singletonList(null), Collections.unmodifiableMap(withNulls),
				Collections.synchronizedList(new ArrayList<>(List.of(1))),
				new TreeMap<>(Comparator.<Integer>reverseOrder()), EnumSet.of(Samples.Status.OPEN),
				EnumSet.allOf(Samples.Status.class), new EnumMap<>(Map.of(Samples.Status.PAID, 1)), Samples.Status.OPEN,
				Samples.Status.PAID, new Samples.Circle(1), new Samples.Square(2),
				List.of(new Samples.Circle(1), new Samples.Square(2)), Samples.City.of(1), order,
				new Samples.Order(order.id(), order.total(), order.at(), Samples.Status.OPEN, order, Map.of(),
						Optional.empty()),
				new Samples.Temperature(36.6), new Samples.Secret("secret"), Samples.Handmade.of(1, "a", 2),
				List.of(new Samples.Temperature(1), Samples.Handmade.of(1, "a", 2), new Samples.Secret("x")),
				Optional.empty(), Optional.of("a"), Optional.of(Optional.of(1)), OptionalInt.of(1), OptionalInt.empty(),
				OptionalLong.of(1), OptionalDouble.empty(), OptionalDouble.of(1), List.of(Optional.of(1)),
				new SimpleKey("a", 1, null), String.class, int.class, Samples.City.class, int[][].class,
				new PageImpl<>(List.of(Samples.City.of(1)), PageRequest.of(1, 20, Sort.by("a", "b").descending()), 99),
				new PageImpl<>(List.of()), List.of("long ".repeat(60)),
				new ArrayList<>(List.of("\u0416".repeat(300), 1, "it\u2019s " + "long ".repeat(60))),
				Map.of("long key ".repeat(40), "a long text ".repeat(30)));
	}

	@ParameterizedTest
	@MethodSource("values")
	void whatIsWrittenIsRead(Object value) {
		for (int i = 0; i < 3; i++) {
			Object copy = roundTrip(value);
			assertThat(copy).isEqualTo(value).hasSameClassAs(value);
		}
	}

	@Test
	void aMapThatIgnoresCaseIsRead() {
		TreeMap<String, Integer> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		map.put("a", 1);
		assertThat(((Map<?, ?>) roundTrip(map)).get("A")).isEqualTo(1);
	}

	@Test
	void anObjectThatIsReadAsNothingIsRead() {
		assertThat(roundTrip(new Samples.Holder("a", new Samples.Nothing()))).isEqualTo(new Samples.Holder("a", null));
	}

	@Test
	void arraysAreRead() {
		for (Object array : new Object[] { new byte[0], new byte[] { 1, -1 }, new int[] { 1, -1 }, new long[] { 1 },
				new boolean[] { true }, new char[] { 'a' }, new double[] { 0.5 }, new int[][] { { 1 }, {} },
				new String[] { "a", null }, new Object[] { 1, "a", new Object[] { 2L } },
				new Samples.Status[] { Samples.Status.PAID }, new Samples.City[] { Samples.City.of(1) } }) {
			assertThat(Arrays.deepEquals(new Object[] { roundTrip(array) }, new Object[] { array })).isTrue();
			assertThat(roundTrip(array)).hasSameClassAs(array);
		}
	}

	@Test
	void collectionsWithoutEqualsAreRead() {
		assertThat((ArrayDeque<?>) roundTrip(new ArrayDeque<>(List.of(1, 2))))
			.asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.collection(Object.class))
			.containsExactly(1, 2);
		assertThat(((PriorityQueue<?>) roundTrip(new PriorityQueue<>(List.of(2, 1)))).peek()).isEqualTo(1);
		assertThat(((AtomicInteger) roundTrip(new AtomicInteger(3))).get()).isEqualTo(3);
		StringBuilder builder = new StringBuilder().append("ab").append(1);
		assertThat(roundTrip(builder)).hasToString("ab1").isNotSameAs(builder);
	}

	@Test
	void graphsKeepTheirShape() {
		Samples.Employee ada = new Samples.Employee();
		Samples.Person bob = new Samples.Person();
		ada.name = "Ada";
		ada.salary = 3;
		ada.partner = bob;
		bob.partner = ada;
		ada.children.add(bob);
		ada.origin = "changed, but not serializable";
		Samples.Employee.Desk desk = (Samples.Employee.Desk) roundTrip(ada.new Desk());
		Samples.Employee copy = desk.owner();
		assertThat(copy.name).isEqualTo("Ada");
		assertThat(copy.salary).isEqualTo(3);
		assertThat(copy.origin).isEqualTo("constructor");
		assertThat(copy.cached).isNull();
		Samples.Person partner = copy.partner;
		assertThat(partner).isNotNull().isSameAs(copy.children.get(0));
		assertThat((partner != null) ? partner.partner : null).isSameAs(copy);
		Optional<String> shared = Optional.of("shared");
		List<?> list = (List<?>) roundTrip(List.of(shared, shared));
		assertThat(list.get(0)).isSameAs(list.get(1));
	}

	@Test
	void valuesOfAnySizeAreRead() {
		Random random = new Random(1);
		for (int size : new int[] { 900_000, 1_500_000 }) {
			byte[] bytes = new byte[size];
			random.nextBytes(bytes);
			assertThat(roundTrip(bytes)).isEqualTo(bytes);
			assertThat(roundTrip("x".repeat(size))).isEqualTo("x".repeat(size));
			assertThat(roundTrip(List.of("\u0100".repeat(size / 2), bytes)).toString()).hasSizeGreaterThan(size / 2);
		}
		List<Samples.City> cities = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			cities.add(Samples.City.of(i));
		}
		assertThat(roundTrip(cities)).isEqualTo(cities);
		Map<Integer, Integer> map = new HashMap<>();
		for (int i = 0; i < 100_000; i++) {
			map.put(i, i);
		}
		assertThat(roundTrip(map)).isEqualTo(map);
	}

	@Test
	void itIsSmallerThanPlainSerialization() throws IOException {
		ByteArrayOutputStream plain = new ByteArrayOutputStream();
		new ObjectOutputStream(plain).writeObject(Samples.City.of(4711));
		assertThat(this.codec.encode(Samples.City.of(4711))).hasSizeLessThan(plain.size() * 2 / 3);
		assertThat(this.codec.encode("text")).hasSize(5);
	}

	@Test
	void aClassThatIsNotAllowedIsRefusedOnWritingAndOnReading() {
		for (Object value : new Object[] { Samples.City.of(1), List.of(Samples.City.of(1)), new Samples.City[0],
				Optional.of(Samples.City.of(1)), Samples.City.class, Map.of("a", Samples.City.of(1)) }) {
			assertRefused(() -> this.strict.encode(value))
				.withMessageContaining("memcached.cache.allowed-classes: io.failsoft.memcached.codec.Samples$City");
			byte[] bytes = this.codec.encode(value);
			assertRefused(() -> this.strict.decode(bytes, 0, bytes.length))
				.withMessageContaining("memcached.cache.allowed-classes: io.failsoft.memcached.codec.Samples$City");
		}
	}

	@Test
	void aRefusalDoesNotSpoilTheNextValue() {
		for (int i = 0; i < 5; i++) {
			assertRefused(() -> this.strict.encode(List.of("a", Samples.City.of(1))));
			byte[] bytes = this.codec.encode(List.of("a", Samples.City.of(1)));
			assertRefused(() -> this.strict.decode(bytes, 0, bytes.length));
			byte[] fine = this.strict.encode(List.of("a", LocalDate.EPOCH));
			assertThat(this.strict.decode(fine, 0, fine.length)).isEqualTo(List.of("a", LocalDate.EPOCH));
		}
	}

	@Test
	void whatIsAllowedOnWritingIsAllowedOnReading() {
		ValueCodec codec = Codecs.jdk(LOADER, AllowedClasses.of(List.of(Samples.Secret.class.getName() + "$Form")));
		byte[] bytes = codec.encode(List.of(new Samples.Secret("secret")));
		assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(List.of(new Samples.Secret("secret")));
	}

	@Test
	void lambdasAndProxiesAreRefused() {
		Supplier<String> lambda = (Supplier<String> & Serializable) () -> "a";
		assertRefused(() -> this.codec.encode(lambda)).withMessageContaining("never cached");
		Object proxy = Proxy.newProxyInstance(LOADER, new Class<?>[] { Runnable.class }, new Handler());
		assertRefused(() -> this.codec.encode(proxy));
		assertRefused(() -> this.codec.encode(List.of(proxy)));
		assertRefused(() -> decode(ForgedStream.of(proxy)));
		assertRefused(() -> decode(ForgedStream.of(lambda)));
	}

	private Object decode(byte[] bytes) {
		return this.codec.decode(bytes, 0, bytes.length);
	}

	@Test
	void gadgetsAreRefusedWithoutBeingInstantiatedOrInitialized() throws Exception {
		Gadget.executions.set(0);
		ValueCodec codec = Codecs.jdk(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.Samples$City")));
		Map<Object, Object> asKey = new HashMap<>();
		asKey.put(new Gadget(), "x");
		PriorityQueue<Object> queue = new PriorityQueue<>(2, new EvilComparator());
		queue.add(1);
		queue.add(2);
		EvilComparator.executions.set(0);
		for (Object value : new Object[] { new Gadget(), List.of(new Gadget()), asKey, new Gadget[] { new Gadget() },
				queue, new Heir(), new BadAttributeValueExpException("x"), new Error("x"), new java.io.File("x") }) {
			byte[] bytes = ForgedStream.of(value);
			assertRefused(() -> codec.decode(bytes, 0, bytes.length));
		}
		assertThat(Gadget.executions).hasValue(0);
		assertThat(EvilComparator.executions).hasValue(0);
		byte[] lazy = ForgedStream.replace(ForgedStream.of(new Samples.Circle(1)),
				"io.failsoft.memcached.codec.Samples$Circle", "io.failsoft.memcached.codec.Initializer$It");
		assertRefused(() -> codec.decode(lazy, 0, lazy.length));
		assertThat(System.getProperty("failsoft.initialized")).isNull();
	}

	@Test
	void aClassThatHasChangedIsAMiss() {
		byte[] bytes = ForgedStream.of(new Samples.Circle(1));
		assertThat(decode(bytes)).isEqualTo(new Samples.Circle(1));
		byte[] other = ForgedStream.replace(bytes, "Samples$Circle", "Samples$Square");
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(other))
			.satisfies((ex) -> assertThat(ex.isRefused()).isFalse())
			.withMessageContaining("has changed");
		byte[] gone = ForgedStream.replace(bytes, "Samples$Circle", "Samples$Circla");
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(gone))
			.satisfies((ex) -> assertThat(ex.isRefused()).isFalse());
	}

	@Test
	void theApplicationsClassLoaderFindsTheClasses() throws Exception {
		URL[] urls = { Samples.class.getProtectionDomain().getCodeSource().getLocation(),
				ValueCodec.class.getProtectionDomain().getCodeSource().getLocation() };
		try (URLClassLoader restarted = new ChildFirst(urls, LOADER)) {
			byte[] bytes = this.codec.encode(Samples.City.of(1));
			ValueCodec codec = Codecs.jdk(restarted, AllowedClasses.of(List.of("io.failsoft.**")));
			Object city = codec.decode(bytes, 0, bytes.length);
			assertThat(city.getClass().getName()).isEqualTo(Samples.City.class.getName());
			assertThat(city.getClass().getClassLoader()).isSameAs(restarted);
			assertThat(codec.encode(city)).isEqualTo(bytes);
		}
	}

	@Test
	void whatIsNotSerializableIsExplained() {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(new Samples.Base()))
			.satisfies((ex) -> assertThat(ex.isRefused()).isFalse())
			.withMessageContaining("Samples$Base")
			.withMessageContaining("java.io.Serializable");
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.codec.encode(List.of(new Samples.Base())))
			.withMessageContaining("Samples$Base");
		assertThat(roundTrip(List.of("fine"))).isEqualTo(List.of("fine"));
	}

	@Test
	void aViewIsToBeCopied() {
		Map<Integer, Integer> map = new HashMap<>(Map.of(1, 2));
		for (Object view : List.of(new ArrayList<>(List.of(1, 2)).subList(0, 1), map.keySet(), map.values(),
				map.entrySet(), new TreeMap<>(map).headMap(2).keySet(), Map.entry(1, 2))) {
			assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(List.of(view)))
				.withMessageContaining("cache a copy");
		}
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.codec.encode(new Object[] { new Object(), 1 }))
			.withMessageContaining("java.lang.Object does not implement java.io.Serializable");
	}

	@Test
	void chainsOfAnyLengthAreReadOrRefused() {
		for (int length : new int[] { 10, 200, 5_000, 200_000 }) {
			Samples.Person person = new Samples.Person();
			for (int i = 0; i < length; i++) {
				Samples.Person next = new Samples.Person();
				next.partner = person;
				person = next;
			}
			Samples.Person chain = person;
			if (length <= 200) {
				assertThat(roundTrip(chain)).isInstanceOf(Samples.Person.class);
			}
			else {
				assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> roundTrip(chain));
			}
		}
	}

	@Test
	void aFlatValueOfAnySizeIsNotDeep() {
		List<Object> flat = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			flat.add(new ArrayList<>(List.of(new ArrayList<>(List.of(i)), LocalDate.ofEpochDay(i))));
		}
		assertThat(roundTrip(flat)).isEqualTo(flat);
	}

	@Test
	void theBoundThatIsExceededOnReadingIsNamed() {
		Object[] nested = { "end" };
		for (int i = 0; i < 600; i++) {
			nested = new Object[] { nested };
		}
		byte[] deep = ForgedStream.of(nested);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(deep))
			.withMessageContaining("More than 500 objects are within each other");
		byte[] array = this.codec.encode(new int[1]);
		ByteBuffer.wrap(array).putInt(array.length - 8, Integer.MAX_VALUE - 8);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(array))
			.withMessageContaining("Its arrays and tables take more memory than its bytes fill");
	}

	@Test
	void declaredSizesAllocateNothing() {
		byte[] array = this.codec.encode(new int[1]);
		ByteBuffer.wrap(array).putInt(array.length - 8, Integer.MAX_VALUE - 8);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(array))
			.withMessageContaining("Its arrays and tables");
		byte[] list = this.codec.encode(new ArrayList<>(List.of("a")));
		int size = indexOf(list, new byte[] { 0, 0, 0, 1, 0x77 });
		ByteBuffer.wrap(list).putInt(size, Integer.MAX_VALUE - 8);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(list));
	}

	@Test
	void manyArraysWithinEachOtherAllocateNoMoreThanOne() {
		Object[] nested = new Object[0];
		for (int i = 0; i < 400; i++) {
			nested = new Object[] { nested };
		}
		byte[] bytes = this.codec.encode(nested);
		byte[] one = { 0, 0, 0, 1 };
		for (int i = 0; i < bytes.length - 4; i++) {
			if (Arrays.equals(bytes, i, i + 4, one, 0, 4)) {
				ByteBuffer.wrap(bytes).putInt(i, 3 * bytes.length);
			}
		}
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(bytes))
			.withMessageContaining("Its arrays and tables");
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64L * bytes.length);
	}

	@ParameterizedTest
	@MethodSource("arrays")
	void anArrayOfAnyDeclaredLengthAllocatesNoMoreThanIsThere(Object array) {
		byte[] bytes = this.codec.encode(array);
		int at = indexOf(bytes, new byte[] { 0, 0, 4, 0 });
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		for (int length : new int[] { Integer.MAX_VALUE, 100_000_000, 100_000 }) {
			ByteBuffer.wrap(bytes).putInt(at, length);
			long before = threads.getCurrentThreadAllocatedBytes();
			assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(bytes))
				.withMessageContaining("Its arrays and tables");
			assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
		}
	}

	static List<Object> arrays() {
		return List.of(new boolean[1024], new short[1024], new int[1024], new long[1024], new double[1024],
				Arguments.of((Object) new Object[1024]), Arguments.of((Object) new String[1024]),
				List.of(new byte[1024]));
	}

	@Test
	void theArraysOfAValueTakeNoMoreThanTheMaximum() {
		Object nulls = new Object[2_000_000];
		byte[] bytes = this.codec.encode(nulls);
		ValueCodec small = Codecs.jdk(LOADER, AllowedClasses.of(List.of()), 4_000_000);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> small.decode(bytes, 0, bytes.length))
			.withMessageContaining("memcached.cache.maximum-value-size");
		assertThat((Object[]) decode(bytes)).hasSize(2_000_000);
	}

	@Test
	void aValueOverTheMaximumIsNotEvenWrittenToMemory() {
		ValueCodec small = Codecs.jdk(LOADER, AllowedClasses.of(List.of()), 100_000);
		List<Object> large = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			large.add(new long[1000]);
		}
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> small.encode(large))
			.withMessageContaining("more than 100000 bytes")
			.withMessageContaining("memcached.cache.maximum-value-size");
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
		byte[] fine = small.encode(List.of(new long[1000]));
		assertThat(small.decode(fine, 0, fine.length)).isInstanceOf(List.class);
	}

	@Test
	void aReferenceCountsInItsOwnValueOnly() {
		byte[] bytes = this.codec.encode(new ArrayList<>(Collections.nCopies(20_000, "shared")));
		for (int i = 0; i < 500; i++) {
			assertThat((List<?>) decode(bytes)).hasSize(20_000);
		}
	}

	/** An exception of an application that it caches. */
	static class ImportFailed extends IOException {

		@Serial
		private static final long serialVersionUID = 1;

		ImportFailed(String message) {
			super(message);
		}

	}

	@Test
	void anApplicationsOwnIoExceptionIsReadAsAnyOther() {
		ValueCodec codec = Codecs.jdk(LOADER,
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*", "java.io.IOException")));
		byte[] bytes = codec.encode(List.of("a.csv", new ImportFailed("line 3")));
		assertThat(((List<?>) codec.decode(bytes, 0, bytes.length)).get(1)).isInstanceOf(ImportFailed.class)
			.hasToString("io.failsoft.memcached.codec.JdkCodecTests$ImportFailed: line 3");
		assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> codec.encode(List.of(new ImportFailed("line 3"), new Samples.Base())))
			.withMessageContaining("does not implement java.io.Serializable");
	}

	static class Illegal extends IllegalArgumentException {

		@Serial
		private static final long serialVersionUID = 1;

	}

	static class Missing extends FileNotFoundException {

		@Serial
		private static final long serialVersionUID = 1;

	}

	static class Database extends SQLIntegrityConstraintViolationException {

		@Serial
		private static final long serialVersionUID = 1;

	}

	static class Remote extends UncheckedIOException {

		@Serial
		private static final long serialVersionUID = 1;

		Remote() {
			super(new SocketTimeoutException("read"));
		}

	}

	static class Failed extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1;

		Failed(Throwable cause) {
			super("failed", cause);
		}

	}

	@ParameterizedTest
	@MethodSource
	void anApplicationsOwnExceptionIsReadWithItsParentsOfTheJdk(Throwable failure) {
		failure.addSuppressed(new IllegalStateException("suppressed"));
		ValueCodec codec = Codecs.jdk(LOADER, AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		for (Object value : List.of(failure, List.of("a.csv", failure))) {
			byte[] bytes = codec.encode(value);
			Object read = codec.decode(bytes, 0, bytes.length);
			assertThat((read instanceof List<?> list) ? list.get(1) : read).isInstanceOf(failure.getClass())
				.hasToString(failure.toString());
		}
	}

	static Stream<Throwable> anApplicationsOwnExceptionIsReadWithItsParentsOfTheJdk() {
		return Stream.of(new ImportFailed("line 3"), new Illegal(), new Missing(), new Database(), new Remote(),
				new Failed(new IOException("disk full")), new IOException("disk full"));
	}

	@Test
	void theRemedyForAClassThatIsNotSerializableWorksWithTheLibrariesThatAreThere() {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(new Samples.Base()))
			.withMessageContaining("java.io.Serializable")
			.withMessageEndingWith("without parameters, set memcached.cache.codec: json");
		ValueCodec alone = Codecs.jdk(new FilteredClassLoader("tools.jackson"),
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> alone.encode(new Samples.Base()))
			.withMessageEndingWith(
					"without parameters, add tools.jackson.core:jackson-databind and set memcached.cache.codec: json");
	}

	private static int indexOf(byte[] bytes, byte[] part) {
		for (int i = 0; i <= bytes.length - part.length; i++) {
			if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
				return i;
			}
		}
		throw new IllegalArgumentException();
	}

	@Test
	void truncatedAndExtendedBytesAreAMiss() {
		byte[] bytes = this.codec.encode(Samples.City.of(1));
		for (int length = 0; length < bytes.length; length++) {
			int end = length;
			assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.decode(bytes, 0, end));
		}
		byte[] extended = Arrays.copyOf(bytes, bytes.length + 1);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(extended));
		assertThat(decode(bytes)).isEqualTo(Samples.City.of(1));
	}

	@Test
	void whateverFollowsAValueIsAMiss() {
		for (Object value : List.of(1, 1L, true, 1.0, 'x', List.of(1), Samples.City.of(1), List.of("x".repeat(1000)))) {
			byte[] bytes = this.codec.encode(value);
			assertThat(decode(bytes)).isEqualTo(value);
			for (byte[] more : List.of(bytes, new byte[] { 0 }, new byte[] { ObjectStreamConstants.TC_NULL },
					new byte[] { ObjectStreamConstants.TC_RESET }, new byte[] { ObjectStreamConstants.TC_ENDBLOCKDATA },
					new byte[] { ObjectStreamConstants.TC_BLOCKDATA, 0 })) {
				byte[] both = Arrays.copyOf(bytes, bytes.length + more.length);
				System.arraycopy(more, 0, both, bytes.length, more.length);
				assertThatExceptionOfType(ValueCodecException.class).as(value + " and " + Arrays.toString(more))
					.isThrownBy(() -> decode(both));
			}
		}
	}

	/**
	 * Its last eight bytes could be the length of a text, and what it reads as is one.
	 */
	record Empty(long number) implements Serializable {

		@Serial
		private Object readResolve() {
			return "";
		}

	}

	@Test
	void textsOfAnyLengthAreReadBesideNumbersThatLookLikeTheirLength() {
		for (String text : List.of("", "x", "\u0142".repeat(70_000), "\u0142".repeat(30))) {
			for (long number : new long[] { 0, -1, 0x7c7c7c7c7c7c7c7cL, 0x7400007400007400L }) {
				byte[] bytes = this.codec.encode(List.of(new Empty(number), text, number, ""));
				assertThat(decode(bytes)).isEqualTo(List.of("", text, number, ""));
			}
		}
	}

	@Test
	void manyThreadsShareACodec() throws Exception {
		List<Thread> threads = new ArrayList<>();
		AtomicInteger right = new AtomicInteger();
		for (int i = 0; i < 8; i++) {
			int id = i;
			Thread thread = new Thread(() -> {
				for (int j = 0; j < 2_000; j++) {
					Samples.City city = Samples.City.of(id * 10_000L + j);
					if (roundTrip(city).equals(city)) {
						right.incrementAndGet();
					}
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(right).hasValue(16_000);
	}

	@Test
	void aValueThatUsesTheCodecWhileItIsWrittenIsFine() {
		Nested.codec = this.codec;
		assertThat(roundTrip(List.of(new Nested(), "after"))).isInstanceOf(List.class);
		assertThat(Nested.reads).isEqualTo(1);
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<ValueCodecException> assertRefused(
			org.assertj.core.api.ThrowableAssert.ThrowingCallable callable) {
		return assertThatExceptionOfType(ValueCodecException.class).isThrownBy(callable)
			.satisfies((ex) -> assertThat(ex.isRefused()).isTrue());
	}

	static class Gadget implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		static final AtomicInteger executions = new AtomicInteger();

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			executions.incrementAndGet();
			in.defaultReadObject();
		}

		@Serial
		private Object readResolve() {
			executions.incrementAndGet();
			return this;
		}

	}

	static class Heir extends Gadget {

		@Serial
		private static final long serialVersionUID = 1;

	}

	static class EvilComparator implements Comparator<Object>, Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		static final AtomicInteger executions = new AtomicInteger();

		@Override
		public int compare(Object one, Object other) {
			executions.incrementAndGet();
			return 0;
		}

	}

	static class Handler implements InvocationHandler, Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		@Override
		public @Nullable Object invoke(Object proxy, java.lang.reflect.Method method, Object @Nullable [] arguments) {
			return method.getName().equals("hashCode") ? (Object) 1 : method.getName().equals("equals") ? false : null;
		}

	}

	static class Nested implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		static @Nullable ValueCodec codec;

		static int reads;

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			ValueCodec codec = Nested.codec;
			out.writeObject((codec != null) ? codec.encode(List.of("inner")) : null);
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			byte[] bytes = (byte[]) in.readObject();
			ValueCodec codec = Nested.codec;
			if (codec != null && codec.decode(bytes, 0, bytes.length).equals(List.of("inner"))) {
				reads++;
			}
		}

	}

	private static final class ChildFirst extends URLClassLoader {

		ChildFirst(URL[] urls, ClassLoader parent) {
			super(urls, parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith(Samples.class.getName())) {
				Class<?> found = findLoadedClass(name);
				return (found != null) ? found : findClass(name);
			}
			return super.loadClass(name, resolve);
		}

	}

}
