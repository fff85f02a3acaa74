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

import java.awt.Color;
import java.awt.Font;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.JapaneseDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.WeekFields;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.util.function.Tuples;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Sort.Order;
import org.springframework.data.geo.Point;
import org.springframework.data.util.Pair;
import org.springframework.http.HttpMethod;
import org.springframework.http.RequestEntity;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests that {@link CacheKeys} tells keys apart whose text, or inherited content, is the
 * same, or refuses them.
 */
@SuppressWarnings({ "JavaUtilDate", "deprecation", "JdkObsolete", "IdentityHashMapUsage", "UnnecessaryStringBuilder" }) // users
																														// have
																														// it
																														// in
																														// their
																														// keys
class AmbiguousKeysTests {

	private final CacheKeys keys = new CacheKeys("shop", "books");

	private void assertDistinct(Object... values) {
		Map<String, Object> seen = new LinkedHashMap<>();
		for (Object value : values) {
			assertThat(seen.put(this.keys.of(value).toString(), value)).as("shares an entry with %s", value).isNull();
		}
	}

	private void assertSame(Object one, Object other) {
		assertThat(this.keys.of(one)).isEqualTo(this.keys.of(other));
	}

	private void assertRefused(Object... values) {
		for (Object value : values) {
			for (Object key : new Object[] { value, new SimpleKey(1, value), Collections.singletonList(value),
					new Object[] { value }, Map.of(1, value), Optional.of(value) }) {
				assertThatIllegalArgumentException().as(value.getClass().getName())
					.isThrownBy(() -> this.keys.of(key))
					.withMessageContaining(value.getClass().getName());
			}
		}
	}

	@Test
	void aRecordCountsByItsFieldsWhateverItsAccessorsTell() {
		assertDistinct(new Masked("1"), new Masked("2"), new Masked("x"));
		assertSame(new Masked("1"), new Masked("1"));
	}

	@Test
	void aRecordWhoseEqualsWasWrittenIsRefused() {
		assertRefused(new Loose("1", "a"));
		assertThat(new CacheKeys("shop", "books", Loose.class.getName()).of(new Loose("1", "a")))
			.hasToString("shop:books:o:" + Loose.class.getName() + ":1");
	}

	@Test
	void aClassThatIsNotListedIsRefusedWhateverItsTextTells() throws Exception {
		assertRefused(new Base("1"), new Sub("1", "a"), new Completed("1", "a"), new Place(1, 2, 3), new Object(),
				new StringBuilder("a"), new AtomicLong(1), new Exception("x"), Path.of("a"), new File("a"),
				URI.create("http://a").toURL(), InetAddress.getLoopbackAddress(), Pattern.compile("a"),
				TimeZone.getTimeZone("UTC"), new GregorianCalendar(), ByteBuffer.allocate(1), CharBuffer.wrap("a"),
				new BitSet(), new ClassPathResource("a"), JsonNodeFactory.instance.objectNode(),
				JapaneseDate.of(2026, 11, 29), Clock.systemUTC(), WeekFields.ISO, Range.closed(1, 2), Limit.of(1),
				new Point(1, 2), Pair.of(1, 2), Map.entry("a", "b"), Thread.currentThread());
	}

	@Test
	void aSubclassOfAListedClassIsRefused() {
		assertRefused(new java.sql.Date(0), new Timestamp(0), new OwnedDate("ann"), new OwnedKey("ann", 1),
				new BigInteger("1") {
				}, new BigDecimal("1") {
				}, Sort.sort(Base.class), new Paged(0, 10));
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(Sort.by(new Loud("a"))))
			.withMessageContaining(Loud.class.getName());
	}

	@Test
	void aCollectionThatMayCompareMoreThanItsContentIsRefused() {
		assertRefused(new OwnedList("ann", "a"), new OwnedSet("ann", "a"), new OwnedMap("ann"), new OwnedEntry("ann"),
				new Basket("ann", List.of("a")), new ArrayDeque<>(List.of("a")), new PriorityQueue<>(List.of("a")),
				new LinkedBlockingQueue<>(List.of("a")), Map.of("a", 1).values(),
				Collections.unmodifiableCollection(List.of("a")), new IdentityHashMap<>(Map.of("a", 1)));
	}

	@Test
	void aCollectionThatTheApplicationVouchesForCountsByItsContentWhereThatIsAll() {
		CacheKeys vouching = new CacheKeys("shop", "books", getClass().getPackageName() + ".*");
		assertThat(vouching.of(new Tags("a"))).isEqualTo(vouching.of(List.of("a")));
		assertThat(vouching.of(new OwnedList("ann", "a")))
			.hasToString("shop:books:o:" + OwnedList.class.getName() + ":[a]");
		assertThat(vouching.of(List.of(1, new OwnedSet("ann", "a"))))
			.hasToString("shop:books:L(i:1,o:" + OwnedSet.class.getName() + ":[a])");
	}

	@Test
	void aSortedCollectionCountsIfItsOrderTellsElementsApartAsEqualsDoes() {
		assertSame(new TreeSet<>(Set.of("b", "a")), Set.of("a", "b"));
		assertSame(new TreeMap<>(Map.of(2L, "b", 1L, "a")), Map.of(1L, "a", 2L, "b"));
		assertSame(new ConcurrentSkipListSet<>(Set.of(LocalDate.EPOCH)), Set.of(LocalDate.EPOCH));
		assertSame(new TreeSet<>(Set.of(TimeUnit.DAYS)), EnumSet.of(TimeUnit.DAYS));
		assertSame(new TreeSet<>(), Set.of());
		TreeMap<String, Integer> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		ignoringCase.put("a", 1);
		TreeSet<String> reversed = new TreeSet<>(Comparator.reverseOrder());
		assertRefused(ignoringCase, ignoringCase.keySet(), reversed, new ConcurrentSkipListMap<>(ignoringCase),
				new TreeSet<>(Set.of(new BigDecimal("1.0"))), new TreeMap<>(Map.of(new BigDecimal("1.0"), 1)),
				new TreeSet<>(Set.of(new Rank(1, "a"))));
	}

	@Test
	void containersOfLibrariesCountByTheirContent() {
		LinkedCaseInsensitiveMap<Integer> map = new LinkedCaseInsensitiveMap<>();
		map.put("a", 1);
		assertSame(map, Map.of("a", 1));
		assertSame(new LinkedMultiValueMap<>(Map.of("a", List.of(1))), Map.of("a", List.of(1)));
		assertSame(kotlin.collections.CollectionsKt.emptyList(), List.of());
		assertSame(kotlin.collections.SetsKt.setOf("a"), Set.of("a"));
		assertSame(new Tags("a"), List.of("a"));
		assertSame(new CopyOnWriteArrayList<>(List.of("a")), new LinkedList<>(List.of("a")));
		assertSame(new Vector<>(List.of("a")), Collections.synchronizedList(new ArrayList<>(List.of("a"))));
		assertSame(Collections.unmodifiableSet(new HashSet<>(Set.of("a"))), new CopyOnWriteArraySet<>(Set.of("a")));
		assertSame(new ConcurrentHashMap<>(Map.of("a", 1)), new EnumLike(Map.of("a", 1)));
		assertSame(Map.of("a", 1).keySet(), Set.of("a"));
		assertSame(Arrays.asList(null, "a"), new ArrayList<>(Arrays.asList(null, "a")));
		assertSame(Collections.singletonMap(null, null), new HashMap<>(Collections.singletonMap(null, null)));
	}

	@Test
	void arraysCountByTheirContentAsTheyDoInASimpleKey() {
		assertSame(new int[] { 1 }, new int[] { 1 });
		assertSame(new Object[] { 1, new int[] { 2 } }, new Object[] { 1, new int[] { 2 } });
		assertSame(new String[][] { { "a" }, null }, new Object[] { new Object[] { "a" }, null });
		assertDistinct(new int[] { 1 }, new long[] { 1 }, new Integer[] { 1 }, new Long[] { 1L }, List.of(1),
				new byte[] { 1 }, new byte[] { 0, 1 }, new boolean[] { true }, new char[] { 'a' }, new Object[0],
				new int[0], new int[][] { { 1 } }, new Object[] { null });
	}

	@Test
	void aDataClassOfKotlinCountsByItsComponents() {
		assertDistinct(new kotlin.Pair<>("a, b", "c"), new kotlin.Pair<>("a", "b, c"),
				new kotlin.Triple<>("a, b", "c", "d"), new kotlin.Triple<>("a", "b, c", "d"),
				new kotlin.collections.IndexedValue<>(1, "a"), new kotlin.collections.IndexedValue<>(2, "a"));
		assertThat(this.keys.of(new kotlin.Pair<>(1, null))).hasToString("shop:books:r:kotlin.Pair(i:1,n:)");
		assertSame(new kotlin.collections.IndexedValue<>(1, "a"), new kotlin.collections.IndexedValue<>(1, "a"));
	}

	@Test
	void aSubclassThatStandsInForADataClassIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.of(new Name.Stand$$In("a", "b")))
			.withMessageContaining(Name.class.getName() + " cannot be");
	}

	@Test
	void aPageCountsByItsPartsAndASortByItsOrders() {
		assertDistinct(Sort.unsorted(), Sort.by("a", "b"), Sort.by("a: ASC,b"), Sort.by("a"), Sort.by("a").descending(),
				Sort.by(Order.by("a").ignoreCase()), Sort.by(Order.by("a").nullsFirst()),
				Sort.by(Order.by("a").nullsLast()));
		assertDistinct(Pageable.unpaged(), Pageable.unpaged(Sort.by("a")), PageRequest.of(0, 10), PageRequest.of(1, 10),
				PageRequest.of(0, 10, Sort.by("a")), PageRequest.of(0, 10, Sort.by("a", "b")),
				PageRequest.of(0, 10, Sort.by("a: ASC,b")));
		assertThat(this.keys.of(PageRequest.of(0, 10, Sort.by("a"))))
			.hasToString("shop:books:r:org.springframework.data.domain.PageRequest(i:0,i:10,"
					+ "r:org.springframework.data.domain.Sort(L(s:a,s:ASC,z:false,s:NATIVE)))");
		assertSame(Pageable.unpaged(), Pageable.unpaged());
	}

	@Test
	void aLocaleCountsByAllOfIt() {
		assertDistinct(Locale.ROOT, new Locale.Builder().setScript("Latn").build(), new Locale("", "", "POSIX"),
				new Locale("", "", "posix"), Locale.forLanguageTag("und-u-nu-thai"), Locale.GERMAN, Locale.GERMANY,
				new Locale("", "DE"), new Locale("a_1", ""), new Locale("a", "1"), new Locale("de", "DE", "x_#Latn"),
				new Locale.Builder().setLanguage("de").setRegion("DE").setScript("Latn").build(),
				Locale.forLanguageTag("th-TH-u-nu-thai"), Locale.forLanguageTag("th-TH"));
		assertThat(this.keys.of(Locale.forLanguageTag("zh-Hant-TW")))
			.hasToString("shop:books:o:java.util.Locale(s:zh,s:TW,s:,s:Hant)");
	}

	@Test
	void aUriCountsAsItsEqualsComparesIt() {
		List<URI> uris = Stream
			.of("http://a/b", "HTTP://A/b", "http://a/B", "http://a:80/b", "http://a:/b", "http://u@a/b",
					"http://U@a/b", "http://a/b?c", "http://a/b?C", "http://a/b#c", "http://a/b?#c", "http://a/%c3",
					"http://a/%C3", "http://a/%C3?%c3", "http://a_b/c", "http://A_b/c", "http://a_b%aa/c",
					"http://a_b%AA/c", "mailto:a@b", "MAILTO:a@b", "mailto:A@b", "mailto:a%aa@b", "mailto:a%AA@b", "a",
					"/a", "//a", "//a/", "?a", "#a", "http:///a", "http:/a", "file:///a", "http://[::1]/",
					"http://[::1%25eth0]/", "http://\u00e9/", "x:a", "x:/a", "x://a@b", "x://b/a@")
			.map(URI::create)
			.toList();
		for (URI one : uris) {
			for (URI other : uris) {
				assertThat(this.keys.of(one).equals(this.keys.of(other))).as("%s and %s", one, other)
					.isEqualTo(one.equals(other));
			}
		}
	}

	@Test
	void timesCountToTheNanosecondAndByTheirZone() {
		assertDistinct(Instant.EPOCH, Instant.ofEpochSecond(0, 1), LocalDate.EPOCH, LocalDate.EPOCH.atStartOfDay(),
				LocalTime.MIDNIGHT, LocalTime.of(0, 0, 0, 1), OffsetTime.of(LocalTime.MIDNIGHT, ZoneOffset.UTC),
				LocalDate.EPOCH.atStartOfDay().atOffset(ZoneOffset.UTC),
				LocalDate.EPOCH.atStartOfDay().atOffset(ZoneOffset.ofHours(1)),
				LocalDate.EPOCH.atStartOfDay(ZoneOffset.UTC), LocalDate.EPOCH.atStartOfDay(ZoneId.of("UTC")),
				LocalDate.EPOCH.atStartOfDay(ZoneId.of("GMT")), Year.of(1970), YearMonth.of(1970, 1), MonthDay.of(1, 1),
				Duration.ofSeconds(1), Duration.ofSeconds(-1, 1), Duration.ofMinutes(1), Duration.ZERO, Period.ZERO,
				Period.ofMonths(12), Period.ofYears(1), ZoneOffset.UTC, ZoneId.of("UTC"), DayOfWeek.MONDAY, Month.MAY,
				new Date(0));
	}

	/**
	 * Pairs of keys that differ, and whose text is the same: each was one entry.
	 */
	static List<List<Object>> textsThatTellLess() {
		URI uri = URI.create("http://api/me");
		return List.of(
				List.of(HttpRequest.newBuilder(uri).header("Authorization", "ann").build(),
						HttpRequest.newBuilder(uri).header("Authorization", "bob").build()),
				List.of(new Token("ann", "right"), new Token("ann", "wrong")),
				List.of(new Token("Aa", "Aa"), new Token("BB", "BB")), List.of(new Query(0), new Query(10)),
				List.of(new Color(1, 2, 3, 4), new Color(1, 2, 3, 5)),
				List.of(new Font("Serif", Font.PLAIN, 1).deriveFont(1.2f),
						new Font("Serif", Font.PLAIN, 1).deriveFont(1.4f)),
				List.of(DateTimeFormatter.ofPattern("MMM", Locale.GERMAN),
						DateTimeFormatter.ofPattern("MMM", Locale.FRENCH)),
				List.of(ZoneId.of("Europe/Berlin").getRules(), ZoneId.of("Europe/Paris").getRules()),
				List.of(new DateTime(0, "Europe/Berlin"), new DateTime(0, "Europe/Paris")),
				List.of(Tuples.of("a,b", "c"), Tuples.of("a", "b,c")), List.of(Tuples.of(1, "a"), Tuples.of(1L, "a")),
				List.of(new Predicate("name = a", 1), new Predicate("name = a", "1")),
				List.of(new RequestEntity<Object>(1, HttpMethod.GET, uri),
						new RequestEntity<Object>("1", HttpMethod.GET, uri)));
	}

	@Test
	void whatCallsItselfTheSameAndIsNotIsNoKey() {
		for (List<Object> pair : textsThatTellLess()) {
			assertThat(pair.get(0)).isNotEqualTo(pair.get(1));
			assertRefused(pair.get(0), pair.get(1));
		}
	}

	/** Tells who, and a hash of 32 bits of how. */
	static final class Token {

		private final String name;

		private final String secret;

		Token(String name, String secret) {
			this.name = name;
			this.secret = secret;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Token token && token.name.equals(this.name) && token.secret.equals(this.secret);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

		@Override
		public String toString() {
			return "Token@" + Integer.toHexString(hashCode());
		}

	}

	/** Tells what is asked for, and not which page of it. */
	static final class Query {

		private final int skip;

		Query(int skip) {
			this.skip = skip;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Query query && query.skip == this.skip;
		}

		@Override
		public int hashCode() {
			return this.skip;
		}

		@Override
		public String toString() {
			return "Query: {}";
		}

	}

	/** Tells the offset of its zone only. */
	static final class DateTime {

		private final long millis;

		private final String zone;

		DateTime(long millis, String zone) {
			this.millis = millis;
			this.zone = zone;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof DateTime time && time.millis == this.millis && time.zone.equals(this.zone);
		}

		@Override
		public int hashCode() {
			return this.zone.hashCode();
		}

		@Override
		public String toString() {
			return Instant.ofEpochMilli(this.millis).atZone(ZoneId.of(this.zone)).toOffsetDateTime().toString();
		}

	}

	/** Tells neither quotes nor the type of its constant. */
	static final class Predicate {

		private final String text;

		private final Object constant;

		Predicate(String text, Object constant) {
			this.text = text;
			this.constant = constant;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Predicate predicate && predicate.constant.equals(this.constant);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		@Override
		public String toString() {
			return this.text + this.constant;
		}

	}

	record Loose(String id, String version) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Loose loose && loose.id.equals(this.id);
		}

		@Override
		public int hashCode() {
			return this.id.hashCode();
		}

		@Override
		public String toString() {
			return this.id;
		}

	}

	/** Compared by less than it holds. */
	record Rank(int rank, String name) implements Comparable<Rank> {

		@Override
		public int compareTo(Rank other) {
			return Integer.compare(this.rank, other.rank);
		}

	}

	@SuppressWarnings("serial")
	static class Paged extends PageRequest {

		Paged(int page, int size) {
			super(page, size, Sort.unsorted());
		}

	}

	@SuppressWarnings("serial")
	static class Loud extends Order {

		Loud(String property) {
			super(Sort.Direction.ASC, property);
		}

	}

	@SuppressWarnings("serial")
	static class EnumLike extends LinkedHashMap<String, Integer> {

		EnumLike(Map<String, Integer> map) {
			super(map);
		}

	}

	record Masked(String id) {

		@Override
		public String id() {
			return "x";
		}

	}

	static class Base {

		final String id;

		Base(String id) {
			this.id = id;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Base base && base.id.equals(this.id) && base.getClass() == getClass();
		}

		@Override
		public int hashCode() {
			return this.id.hashCode();
		}

		@Override
		public String toString() {
			return "Base(" + this.id + ")";
		}

	}

	static class Sub extends Base {

		private final String tenant;

		Sub(String id, String tenant) {
			super(id);
			this.tenant = tenant;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return super.equals(other) && other instanceof Sub sub && sub.tenant.equals(this.tenant);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	/** As generators of values take it for their parent. */
	abstract static class Template {

		abstract String id();

		abstract String tenant();

		@Override
		public String toString() {
			return id() + " of " + tenant();
		}

	}

	static final class Completed extends Template {

		private final String id;

		private final String tenant;

		Completed(String id, String tenant) {
			this.id = id;
			this.tenant = tenant;
		}

		@Override
		String id() {
			return this.id;
		}

		@Override
		String tenant() {
			return this.tenant;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Completed that && that.toString().equals(toString());
		}

		@Override
		public int hashCode() {
			return this.id.hashCode();
		}

	}

	/** A list like any other, with a name of its own. */
	@SuppressWarnings("serial")
	static class Tags extends ArrayList<String> {

		Tags(String... tags) {
			super(Arrays.asList(tags));
		}

	}

	@SuppressWarnings("serial")
	static class OwnedList extends ArrayList<String> {

		private final String owner;

		OwnedList(String owner, String... elements) {
			super(Arrays.asList(elements));
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof OwnedList list && list.owner.equals(this.owner) && super.equals(other);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	@SuppressWarnings("serial")
	static class OwnedSet extends HashSet<String> {

		private final String owner;

		OwnedSet(String owner, String... elements) {
			super(Arrays.asList(elements));
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof OwnedSet set && set.owner.equals(this.owner) && super.equals(other);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	@SuppressWarnings("serial")
	static class OwnedMap extends HashMap<String, String> {

		private final String owner;

		OwnedMap(String owner) {
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other != null && super.equals(other) && ((OwnedMap) other).owner.equals(this.owner);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	@SuppressWarnings("serial")
	static class OwnedEntry extends AbstractMap.SimpleEntry<String, String> {

		private final String owner;

		OwnedEntry(String owner) {
			super("a", "b");
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof OwnedEntry entry && entry.owner.equals(this.owner);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	static class Basket extends AbstractCollection<String> {

		private final String owner;

		private final List<String> elements;

		Basket(String owner, List<String> elements) {
			this.owner = owner;
			this.elements = elements;
		}

		@Override
		public Iterator<String> iterator() {
			return this.elements.iterator();
		}

		@Override
		public int size() {
			return this.elements.size();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Basket basket && basket.owner.equals(this.owner);
		}

		@Override
		public int hashCode() {
			return 0;
		}

	}

	@SuppressWarnings("serial")
	static class OwnedDate extends Date {

		private final String owner;

		OwnedDate(String owner) {
			super(1);
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof OwnedDate date && date.owner.equals(this.owner);
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	@SuppressWarnings("serial")
	static class OwnedKey extends SimpleKey {

		private final String owner;

		OwnedKey(String owner, Object... elements) {
			super(elements);
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other != null && super.equals(other) && ((OwnedKey) other).owner.equals(this.owner);
		}

	}

	/** What the compiler of Kotlin makes of {@code data class Name(first, last)}. */
	@kotlin.Metadata
	static class Name {

		private final String first;

		private final String last;

		Name(String first, String last) {
			this.first = first;
			this.last = last;
		}

		private String component1() {
			return this.first;
		}

		String component2$shop() {
			return this.last;
		}

		Name copy(String first, String last) {
			return new Name(first, last);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Name name && name.first.equals(this.first) && name.last.equals(this.last);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.first, this.last);
		}

		@Override
		public String toString() {
			return "Name(first=" + component1() + ", last=" + this.last + ")";
		}

		static class Stand$$In extends Name {

			Stand$$In(String first, String last) {
				super(first, last);
			}

		}

	}

	/** Can be destructured into fewer parts than it has. */
	@kotlin.Metadata
	static class Place {

		private final int[] coordinates;

		Place(int... coordinates) {
			this.coordinates = coordinates;
		}

		int component1() {
			return this.coordinates[0];
		}

		int component2() {
			return this.coordinates[1];
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Place place && Arrays.equals(place.coordinates, this.coordinates);
		}

		@Override
		public int hashCode() {
			return Arrays.hashCode(this.coordinates);
		}

		@Override
		public String toString() {
			return Arrays.toString(this.coordinates);
		}

	}

}
