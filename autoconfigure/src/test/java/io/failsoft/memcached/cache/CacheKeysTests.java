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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CacheKeys}.
 */
@SuppressWarnings("JavaUtilDate") // users have it in their keys
class CacheKeysTests {

	private static final String VOUCHED = CacheKeysTests.class.getPackageName() + ".*";

	private final CacheKeys keys = new CacheKeys("shop", "books", VOUCHED);

	enum Color {

		RED, GREEN {

			@Override
			public String toString() {
				return "RED";
			}

		}

	}

	enum Fruit {

		RED

	}

	record Isbn(@Nullable String group, @Nullable String number) {

		@Override
		public String toString() {
			return "the same for all";
		}

	}

	record Ean(@Nullable String group, @Nullable String number) {

	}

	record Holder(Object content) {

	}

	record Named(String name) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	static class Described {

		private final String text;

		Described(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

		static class Stand$$In extends Described {

			Stand$$In(String text) {
				super(text);
			}

		}

		static class Described$HibernateProxy$kJ8x extends Described {

			Described$HibernateProxy$kJ8x(String text) {
				super(text);
			}

		}

	}

	/** Its proxies are in this package. */
	interface Local {

	}

	static class AlsoDescribed extends Described {

		AlsoDescribed(String text) {
			super(text);
		}

	}

	static class Nameless {

	}

	/** Its text is a hash of 32 bits. */
	static class Hashed {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Hashed;
		}

		@Override
		public int hashCode() {
			return 1;
		}

	}

	static class Failing {

		@Override
		public String toString() {
			throw new IllegalStateException("not today");
		}

	}

	private static List<@Nullable Object> distinctKeys() {
		List<@Nullable Object> keys = new ArrayList<>(Arrays.asList(null, "", "null", " ", "  ", "a b", "ab", "a%20b",
				"a\nb", "a\\nb", "a\r\nb", "a\u0000b", "a\tb", "n:", "l:1", "1", 1, 1L, (short) 1, (byte) 1, '1', 1.0,
				1.0f, true, "true", 0.0, -0.0, Double.NaN, Float.NaN, Double.MIN_VALUE, Double.POSITIVE_INFINITY,
				BigInteger.ONE, BigDecimal.ONE, new BigDecimal("1.0"), new BigDecimal("1.00"), new BigDecimal("1E+3"),
				new BigDecimal("1000"), "\u00e9", "e\u0301", "\ud83d\ude00", "\ud83d", "\ude00", "\ude00\ud83d",
				"%uD83D", "\uffff", "x".repeat(300), "x".repeat(301), "x".repeat(100_000), "x".repeat(100_001),
				"%".repeat(200), "\u00e9".repeat(200)));
		keys.addAll(Arrays.asList(Color.RED, Color.GREEN, Fruit.RED, "RED", Color.class, Fruit.class, int.class,
				Integer.class, "java.lang.Integer", new UUID(1, 2), new UUID(1, 2).toString(),
				LocalDate.of(2026, 11, 23), "2026-11-23", Instant.EPOCH, Duration.ofSeconds(1), Duration.ofMillis(1),
				ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Berlin]"),
				ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Paris]"), new Date(0), new Date(1),
				Locale.GERMANY, Locale.GERMAN, "de_DE", Currency.getInstance("EUR"), "EUR", URI.create("http://a/b"),
				"http://a/b"));
		keys.addAll(Arrays.asList(SimpleKey.EMPTY, new SimpleKey((Object) null), new SimpleKey(null, null),
				new SimpleKey(""), new SimpleKey("", ""), new SimpleKey("a,b"), new SimpleKey("a", "b"),
				new SimpleKey("a, b"), "SimpleKey [a, b]", new SimpleKey("a,s:b"), new SimpleKey("a),s:b"),
				new SimpleKey(new SimpleKey("a"), "b"), new SimpleKey(new SimpleKey("a", "b")), new SimpleKey(1),
				new SimpleKey(1L), new SimpleKey("1"), new SimpleKey((Object) new SimpleKey()),
				new SimpleKey((Object) new Object[] { "a", "b" }), new SimpleKey(List.of("a", "b")),
				new SimpleKey(List.of("a"), "b"), new SimpleKey(Set.of("a", "b")), "k(s:a,s:b)"));
		keys.addAll(Arrays.asList(List.of(), Set.of(), Map.of(), Optional.empty(), Optional.of(""), Optional.of(1),
				OptionalInt.of(1), OptionalInt.empty(), OptionalDouble.of(1), OptionalDouble.empty(), List.of("a"),
				List.of("a", "b"), List.of("b", "a"), List.of("a,b"), List.of(List.of("a"), "b"),
				List.of(List.of("a", "b")), Collections.singletonList(null), Arrays.asList(null, null), Set.of("a"),
				Set.of("a", "b"), Map.of("a", "b"), Map.of("b", "a"), Map.of("a", "b", "c", "d"),
				Map.of("a", "d", "c", "b"), Map.of("a=s:b", "c"), Map.of("a", "b=s:c"), Map.of("a", List.of("b", "c")),
				new Object[0], new int[0], new long[0], new byte[0], new int[] { 1 }, new long[] { 1 },
				new short[] { 1 }, new byte[] { 1 }, new byte[] { 0, 1 }, new char[] { '1' }, new char[] { '\uffff' },
				new float[] { 1 }, new double[] { 1 }, new boolean[] { true }, new Integer[] { 1 }, new Long[] { 1L },
				new String[] { "1" }, new int[][] { { 1 }, { 2 } }, new int[][] { { 1, 2 } }, new int[] { 1, 2 }));
		keys.addAll(Arrays.asList(new Isbn("a", "b"), new Isbn("a, number=b", ""), new Isbn("", "a, number=b"),
				new Isbn(null, "b"), new Isbn("null", "b"), new Isbn("b", null), new Ean("a", "b"),
				new Holder(new Isbn("a", "b")), new Holder(List.of("a", "b")), new Holder(new String[] { "a", "b" }),
				new Holder(1), new Holder(1L), new Named("a"), new Described("a"), new AlsoDescribed("a"),
				new Described("a:b"), new Described("a,b"), List.of(new Described("a,s:b")),
				List.of(new Described("a"), "b"), new Described("\n"), new Described(" ")));
		return keys;
	}

	@Test
	void differentKeysNeverShareAnEntry() {
		for (CacheKeys keys : List.of(this.keys, new CacheKeys("", "", VOUCHED),
				new CacheKeys("p".repeat(90), "c".repeat(65), VOUCHED),
				new CacheKeys("p".repeat(300), "c".repeat(300), VOUCHED))) {
			Map<String, @Nullable Object> seen = new HashMap<>();
			for (Object key : distinctKeys()) {
				MemcachedKey cacheKey = keys.of(key);
				String text = cacheKey.toString();
				assertThat(seen).as("key %s of %s", key, (key != null) ? key.getClass() : null).doesNotContainKey(text);
				seen.put(text, key);
				for (MemcachedKey own : List.of(keys.own("g"), keys.leaseKey(cacheKey, "l"), keys.own("t:s:a"))) {
					assertThat(seen).doesNotContainKey(own.toString());
				}
			}
		}
	}

	@Test
	void memcachedTakesEveryKey() {
		for (Object key : distinctKeys()) {
			byte[] bytes = this.keys.of(key).bytes();
			assertThat(bytes.length).isBetween(1, 250);
			for (byte b : bytes) {
				assertThat(b).isBetween((byte) '!', (byte) '~');
			}
		}
	}

	@Test
	void shortKeysStayReadable() {
		assertThat(this.keys.of("978-3")).hasToString("shop:books:s:978-3");
		assertThat(this.keys.of(42L)).hasToString("shop:books:l:42");
		assertThat(this.keys.of(42)).hasToString("shop:books:i:42");
		assertThat(this.keys.of("a(b),c=d:e~f")).hasToString("shop:books:s:a(b),c=d:e~f");
		assertThat(this.keys.of(new SimpleKey("a:b", 1, null, true))).hasToString("shop:books:k(s:a:b,i:1,n:,z:true)");
		assertThat(this.keys.of(Color.GREEN)).hasToString("shop:books:e:" + Color.class.getName() + ":GREEN");
		assertThat(this.keys.of(new Isbn("a", null))).hasToString("shop:books:r:" + Isbn.class.getName() + "(s:a,n:)");
		assertThat(this.keys.of(new TreeMap<>(Map.of(2, "b", 1, "a")))).hasToString("shop:books:M(i:1=s:a,i:2=s:b)");
		assertThat(this.keys.of(1.5)).hasToString("shop:books:d:0x1.8p0");
		assertThat(this.keys.of(new byte[] { 1, -1 })).hasToString("shop:books:Ab:01FF");
		assertThat(this.keys.of(Optional.of(LocalDate.EPOCH)))
			.hasToString("shop:books:O(o:java.time.LocalDate:1970-01-01)");
	}

	@Test
	void whatIsLongOrNotPlainBecomesADigest() {
		assertThat(this.keys.of("x".repeat(300)))
			.hasToString("shop:books:~xmTn26B-FMfcBRns3WGRjPNneoYTC26csIF2Sb4BJcw");
		for (Object key : List.of("war & peace", "100%", "\u00e9", "\ud83d\ude00", "\ud83d", "\n", "\u007f", '\u00e9',
				List.of("a b"), new SimpleKey("a,b", 1), new SimpleKey("a(b", 1), Map.of("a=b", 1),
				new Described("a b"))) {
			assertThat(this.keys.of(key).toString()).as("%s", key).matches("shop:books:~[A-Za-z0-9_-]{43}");
		}
	}

	@Test
	void theDigestIsOfPrefixAndCacheTooHoweverLongTheseAre() {
		for (String text : List.of("x".repeat(300), "\u00e9")) {
			Set<String> digests = new LinkedHashSet<>();
			for (int i = 0; i < 100; i++) {
				for (CacheKeys keys : List.of(new CacheKeys("a", "c" + i), new CacheKeys("p".repeat(300) + i, "c"),
						new CacheKeys("p", "c".repeat(300) + i))) {
					assertThat(digests.add(keys.of(text).toString().replaceFirst(".*~", ""))).isTrue();
				}
			}
		}
	}

	@Test
	void theLongestKeyThatFitsIsNotDigested() {
		int room = 250 - "shop:books:s:".length();
		assertThat(this.keys.of("x".repeat(room)).toString()).hasSize(250).doesNotContain("~");
		assertThat(this.keys.of("x".repeat(room + 1)).toString()).contains("~");
	}

	@Test
	void prefixAndCacheNameAreFramed() {
		assertAllDistinct(new CacheKeys("a", "b:c"), new CacheKeys("a:b", "c"), new CacheKeys("", "a"),
				new CacheKeys("a", ""), new CacheKeys("", ""), new CacheKeys("a", "b"), new CacheKeys("a%3Ab", "c"),
				new CacheKeys(":", ""), new CacheKeys("", ":"), new CacheKeys("a b", "c"), new CacheKeys("ab", "c"),
				new CacheKeys("a~", "c"), new CacheKeys("\n", "\u00e9\ud83d"), new CacheKeys("x".repeat(300), "c"),
				new CacheKeys("x".repeat(301), "c"), new CacheKeys("x", "c".repeat(300)),
				new CacheKeys("x".repeat(60), ""), new CacheKeys("x".repeat(148), "c".repeat(10)),
				new CacheKeys("x".repeat(149), "c".repeat(10)));
	}

	private void assertAllDistinct(CacheKeys... caches) {
		Set<String> seen = new LinkedHashSet<>();
		for (CacheKeys cache : caches) {
			for (Object key : new Object[] { "", "c:x", "s:", "~", "*g2", "x".repeat(250), 1L }) {
				assertThat(seen.add(cache.of(key).toString())).isTrue();
				assertThat(seen.add(cache.leaseKey(cache.of(key), "l").toString())).isTrue();
			}
			assertThat(seen.add(cache.own("g").toString())).isTrue();
			assertThat(seen.add(cache.own("t:one:11211").toString())).isTrue();
			assertThat(seen.add(cache.own("t:" + "s".repeat(300)).toString())).isTrue();
		}
	}

	@Test
	void equalKeysAreTheSameEntry() {
		assertSame(List.of("a", "b"), new ArrayList<>(List.of("a", "b")));
		assertSame(Set.of(1, 2, 3, 40, 500), new TreeSet<>(Set.of(500, 40, 3, 2, 1)));
		assertSame(Map.of(1, 2, 3, 4), new TreeMap<>(Map.of(3, 4, 1, 2)));
		assertSame(new SimpleKey(1, new int[] { 1 }), new SimpleKey(1, new int[] { 1 }));
		assertSame(new SimpleKey((Object) new Object[] { 1 }), new SimpleKey((Object) new Integer[] { 1 }));
		assertSame(SimpleKey.EMPTY, new SimpleKey());
		assertSame(new HashMap<>(Map.of("a", Set.of("b", "c"))),
				new LinkedHashMap<>(Map.of("a", new TreeSet<>(Set.of("c", "b")))));
		assertSame("x".repeat(300), "x".repeat(300));
		assertSame(URI.create("HTTP://u%3a@A:1/%c3%A9?%aa#%bb"), URI.create("http://u%3A@a:1/%C3%a9?%AA#%BB"));
		assertSame(URI.create("MAILTO:a%aa@b"), URI.create("mailto:a%AA@b"));
		assertSame(URI.create("http://a_b/%aa"), URI.create("http://a_b/%AA"));
		assertSame(new Isbn("a", null), new Isbn("a", null));
		assertSame(Locale.forLanguageTag("th-TH-u-nu-thai"), Locale.forLanguageTag("TH-th-u-NU-thai"));
		assertSame(Instant.EPOCH, Instant.ofEpochMilli(0));
		assertSame(EnumSet.of(Color.GREEN, Color.RED), Set.of(Color.RED, Color.GREEN));
		assertSame(PageRequest.of(1, 2, Sort.by("a")), PageRequest.of(1, 2).withSort(Sort.by("a")));
	}

	private void assertSame(Object one, Object other) {
		assertThat(this.keys.of(one)).isEqualTo(this.keys.of(other)).hasSameHashCodeAs(this.keys.of(other));
	}

	@Test
	void randomKeysAreTheSameEntryOnlyIfTheyAreEqual() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		Map<String, Object> seen = new HashMap<>();
		Set<Object> values = new LinkedHashSet<>();
		for (int i = 0; i < 40_000; i++) {
			Object value = randomKey(random, 3);
			boolean isNew = values.add(value);
			String text = this.keys.of(value).toString();
			assertThat(seen.containsKey(text)).as("seed %s: %s and %s share %s", seed, value, seen.get(text), text)
				.isEqualTo(!isNew);
			seen.put(text, value);
		}
	}

	private Object randomKey(Random random, int depth) {
		return switch (random.nextInt((depth > 0) ? 9 : 4)) {
			case 0, 1 -> randomText(random);
			case 2 -> random.nextInt(3);
			case 3 -> (long) random.nextInt(3);
			case 4 -> new SimpleKey(randomKey(random, depth - 1), randomKey(random, depth - 1));
			case 5 -> new SimpleKey(randomKey(random, depth - 1));
			case 6 -> List.of(randomKey(random, depth - 1), randomKey(random, depth - 1));
			case 7 -> new HashMap<>(Map.of(randomKey(random, depth - 1), randomKey(random, depth - 1)));
			default -> new Holder(randomKey(random, depth - 1));
		};
	}

	private String randomText(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(4); i > 0; i--) {
			text.append("ab:,()=%~* \n\u00e9\ud83d\ude00s1".charAt(random.nextInt(17)));
		}
		return text.toString();
	}

	@Test
	void whatTheApplicationVouchesForMustStillBeTheSameInEveryJvm() {
		for (Object key : new Object[] { new Nameless(), new Hashed(), List.of(new Nameless()),
				new Holder(new Nameless()), Optional.of(new Nameless()), (Supplier<String>) () -> "",
				java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Local.class },
						(proxy, method, arguments) -> method.getName().equals("hashCode") ? (Object) 1 : "a") }) {
			assertThatIllegalArgumentException().as(key.getClass().getName())
				.isThrownBy(() -> this.keys.of(key))
				.withMessageContaining("@Cacheable(key =");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(new Failing()))
			.withMessageContaining(Failing.class.getName())
			.withMessageContaining(IllegalStateException.class.getName())
			.withRootCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void aPatternVouchesForWhatItNamesAndForNothingElse() {
		String type = Described.class.getName();
		String parent = getClass().getPackageName().replaceFirst("\\.[^.]*$", "");
		for (String vouching : List.of(type, getClass().getPackageName() + ".*", getClass().getPackageName() + ".**",
				parent + ".**", "io.**")) {
			assertThat(new CacheKeys("", "c", "com.acme.Foo", vouching).of(new Described("a")))
				.hasToString(":c:o:" + type + ":a");
		}
		for (String other : List.of(parent + ".*", parent, getClass().getPackageName(), "io.*", type + "s", type + ".*",
				type.substring(0, type.length() - 1), type.toLowerCase(Locale.ROOT), "i.**",
				getClass().getPackageName().substring(0, 10) + ".**")) {
			assertThatIllegalArgumentException().as(other)
				.isThrownBy(() -> new CacheKeys("", "c", other).of(new Described("a")))
				.withMessageContaining("memcached.cache.key-classes: " + type);
		}
	}

	@Test
	void whenAProxyStandsForAClassThatIsVouchedForThenItIsTheSameKey() {
		assertSame(new Described("a"), new Described.Stand$$In("a"));
		assertSame(new Described("a"), new Described.Described$HibernateProxy$kJ8x("a"));
	}

	@Test
	void aKeyThatContainsItselfIsRefused() {
		List<Object> self = new ArrayList<>();
		self.add(self);
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(self)).withMessageContaining("itself");
		Object[] array = new Object[1];
		array[0] = array;
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(array)).withMessageContaining("itself");
		List<Object> doubled = List.of("x");
		for (int i = 0; i < 60; i++) {
			doubled = List.of(doubled, doubled);
		}
		Set<Object> within = new HashSet<>();
		List<Object> around = new ArrayList<>(List.of(within));
		within.add(Collections.unmodifiableCollection(around));
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(around));
		Map<Object, Object> map = new HashMap<>();
		map.put("self", map);
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(map)).withMessageContaining("itself");
		List<Object> huge = doubled;
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(huge)).withMessageContaining("itself");
	}

	@Test
	void aNativeImageKeepsTheFieldOfASimpleKey() {
		RuntimeHints hints = new RuntimeHints();
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(hints.reflection().getTypeHint(SimpleKey.class)).isNotNull()
			.satisfies((hint) -> assertThat(hint.fields()).extracting("name").contains("params"));
	}

	@Test
	void keysAreMadeFast() {
		long best = Long.MAX_VALUE;
		for (int round = 0; round < 20; round++) {
			long start = System.nanoTime();
			for (int i = 0; i < 20_000; i++) {
				this.keys.of((long) i);
				this.keys.of("978-3-16-148410-0");
			}
			best = Math.min(best, (System.nanoTime() - start) / 40_000);
		}
		System.out.println("A Long or String key takes " + best + " ns");
		assertThat(best).isLessThan(TimeUnit.MICROSECONDS.toNanos(50));
	}

	@Test
	void numbersAreWrittenAsJavaWritesThem() {
		CacheKeys keys = new CacheKeys("", "c");
		for (long number : new long[] { 0, 1, 9, 10, 99, 100, -1, -9, -10, 4711, Integer.MAX_VALUE, Integer.MIN_VALUE,
				Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, 999_999_999_999_999_999L }) {
			assertThat(keys.of(number)).hasToString(":c:l:" + number);
			assertThat(keys.of((int) number)).hasToString(":c:i:" + (int) number);
		}
	}

}
