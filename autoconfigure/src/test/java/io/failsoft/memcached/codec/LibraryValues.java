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
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.URI;
import java.text.AttributedCharacterIterator;
import java.time.chrono.HijrahChronology;
import java.time.chrono.HijrahDate;
import java.time.chrono.HijrahEra;
import java.time.chrono.IsoChronology;
import java.time.chrono.IsoEra;
import java.time.chrono.JapaneseChronology;
import java.time.chrono.JapaneseDate;
import java.time.chrono.JapaneseEra;
import java.time.chrono.MinguoChronology;
import java.time.chrono.MinguoDate;
import java.time.chrono.MinguoEra;
import java.time.chrono.ThaiBuddhistChronology;
import java.time.chrono.ThaiBuddhistDate;
import java.time.chrono.ThaiBuddhistEra;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.time.temporal.UnsupportedTemporalTypeException;
import java.time.temporal.ValueRange;
import java.time.temporal.WeekFields;
import java.time.Year;
import java.time.YearMonth;
import java.time.zone.ZoneRules;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.ConcurrentModificationException;
import java.util.Currency;
import java.util.Date;
import java.util.EmptyStackException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.EventObject;
import java.util.function.Supplier;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.IllegalFormatConversionException;
import java.util.IllegalFormatPrecisionException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.PropertyPermission;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.Stack;
import java.util.stream.Stream;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;

import kotlin.Pair;
import kotlin.Triple;
import kotlin.Unit;
import kotlin.collections.CollectionsKt;
import kotlin.collections.IndexedValue;
import kotlin.ranges.CharRange;
import kotlin.ranges.IntRange;
import kotlin.text.Regex;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.cache.support.NullValue;
import org.springframework.data.domain.ExampleMatcher;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.Score;
import org.springframework.data.domain.ScoringFunction;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.SearchResult;
import org.springframework.data.domain.SearchResults;
import org.springframework.data.domain.Similarity;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Window;
import org.springframework.data.geo.Box;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.CustomMetric;
import org.springframework.data.geo.Distance;
import org.springframework.data.geo.GeoPage;
import org.springframework.data.geo.GeoResult;
import org.springframework.data.geo.GeoResults;
import org.springframework.data.geo.Metrics;
import org.springframework.data.geo.Point;
import org.springframework.data.geo.Polygon;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;

/**
 * Values of the classes that are always allowed, of each that can be had at least one.
 */
@SuppressWarnings({ "JavaUtilDate", "JdkObsolete" }) // allowed, so users have them
final class LibraryValues {

	private LibraryValues() {
	}

	static Stream<Object> all() {
		return Stream
			.of(languageAndNumbers(), addresses(), times(), calendars(), utilities(), collections(), wrappers(),
					unmodifiable(), views(), concurrent(), exceptions(), spring(), springData(), geo(), kotlin())
			.flatMap((values) -> values);
	}

	private static Stream<Object> languageAndNumbers() {
		return Stream.of(true, (byte) 1, 'x', (short) 1, 1, 1L, 1f, 1.0, "text", new StringBuilder("ab").reverse(),
				new StringBuffer("a"), new StackTraceElement("a", "b", "c", 1), String.class, int.class,
				String.CASE_INSENSITIVE_ORDER, new BigDecimal("1.00"), new BigDecimal("1E-2000"),
				new BigDecimal("1E+2000000"), new BigDecimal("0E-9"), BigDecimal.valueOf(17, Integer.MAX_VALUE),
				BigDecimal.valueOf(17, Integer.MIN_VALUE), new BigDecimal(BigInteger.TEN.pow(999), 1006),
				new BigDecimal(BigInteger.TEN.pow(1000)), new BigDecimal(BigInteger.TEN.pow(1500), 700),
				BigInteger.TEN.pow(999).negate(), BigInteger.TEN.pow(1000), MathContext.DECIMAL32, RoundingMode.UP);
	}

	private static Stream<Object> addresses() {
		try {
			InetAddress address = InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
			return Stream.of(address, InetAddress.getByAddress("a", new byte[] { 127, 0, 0, 1 }),
					InetAddress.getByAddress(new byte[16]), new InetSocketAddress(address, 80),
					InetSocketAddress.createUnresolved("a", 1), URI.create("http://a"));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Stream<Object> times() {
		ZoneId berlin = ZoneId.of("Europe/Berlin");
		LocalDateTime twice = LocalDateTime.of(2026, 10, 25, 2, 30);
		ZoneRules rules = berlin.getRules();
		return Stream.of(Duration.ofSeconds(-1, 5), Instant.MAX, Instant.MIN, Instant.ofEpochSecond(1, 1),
				LocalDate.MAX, LocalDate.EPOCH, LocalDateTime.MAX, twice, LocalTime.MIN, LocalTime.of(1, 2, 3, 4),
				MonthDay.of(2, 29), OffsetDateTime.MAX, OffsetDateTime.of(twice, ZoneOffset.UTC), OffsetTime.MIN,
				Period.of(1, 2, 3), Year.of(2026), Year.of(-5), Year.of(99999), YearMonth.of(2026, 1),
				YearMonth.of(99999, 1), YearMonth.of(-5, 1), ZoneOffset.ofHours(3), ZoneOffset.UTC, berlin,
				ZoneId.of("UTC+3"), twice.atZone(berlin).withLaterOffsetAtOverlap(),
				twice.atZone(berlin).withEarlierOffsetAtOverlap(), twice.atZone(ZoneOffset.UTC),
				twice.atZone(ZoneId.of("UTC")), DayOfWeek.FRIDAY, Month.MAY, TimeUnit.DAYS, ChronoUnit.DAYS,
				ChronoField.DAY_OF_WEEK, IsoFields.QUARTER_YEARS, IsoFields.QUARTER_OF_YEAR, JulianFields.JULIAN_DAY,
				ValueRange.of(1, 3), WeekFields.ISO, rules, rules.nextTransition(Instant.EPOCH),
				rules.getTransitionRules().get(0), Clock.systemUTC(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
	}

	private static Stream<Object> calendars() {
		HijrahDate hijrah = HijrahDate.from(LocalDate.of(2026, 11, 28));
		JapaneseDate japanese = JapaneseDate.from(LocalDate.of(2026, 11, 28));
		return Stream.of(HijrahChronology.INSTANCE, hijrah, HijrahEra.AH, IsoChronology.INSTANCE, IsoEra.CE,
				JapaneseChronology.INSTANCE, japanese, JapaneseEra.HEISEI, MinguoChronology.INSTANCE,
				MinguoDate.from(hijrah), MinguoEra.ROC, ThaiBuddhistChronology.INSTANCE, ThaiBuddhistDate.from(hijrah),
				ThaiBuddhistEra.BE, hijrah.atTime(LocalTime.NOON), hijrah.atTime(LocalTime.NOON).atZone(ZoneOffset.UTC),
				IsoChronology.INSTANCE.period(1, 2, 3), HijrahChronology.INSTANCE.period(1, 2, 3), new Date(7),
				new java.sql.Date(86_400_000L * 365), new java.sql.Time(3_600_000),
				java.sql.Timestamp.from(Instant.ofEpochSecond(1, 1)), new GregorianCalendar(2026, Calendar.MAY, 1),
				Calendar.getInstance(Locale.forLanguageTag("ja-JP-u-ca-japanese")), new SimpleTimeZone(7, "X"),
				new SimpleTimeZone(3_600_000, "Europe/Berlin"), TimeZone.getTimeZone("Europe/Berlin"),
				TimeZone.getTimeZone("GMT+3"));
	}

	private static Stream<Object> utilities() {
		BitSet bits = new BitSet();
		bits.set(3);
		bits.set(77);
		LongAdder sum = new LongAdder();
		sum.add(5);
		return Stream.of(bits, new BitSet(), List.of(bits), Optional.of(bits), Currency.getInstance("EUR"),
				Locale.GERMANY, Locale.ROOT, Locale.forLanguageTag("zh-Hant-TW"),
				Locale.forLanguageTag("de-DE-u-co-phonebk"), new Locale("no", "NO", "NY"), new Locale("ja", "JP", "JP"),
				new UUID(1, 2), Optional.of(1L), OptionalDouble.of(1), OptionalDouble.empty(), OptionalInt.of(1),
				OptionalLong.of(1), Pattern.compile("a"), Pattern.compile("a", Pattern.CASE_INSENSITIVE),
				new EventObject("a"), new PropertyPermission("a", "read"), new Random(5), ThreadLocalRandom.current(),
				AttributedCharacterIterator.Attribute.LANGUAGE, new AtomicBoolean(true), new AtomicInteger(4),
				new AtomicIntegerArray(new int[] { 1 }), new AtomicLong(5), new AtomicLongArray(new long[] { 1 }),
				new AtomicReference<>("a"), new AtomicReferenceArray<>(new Object[] { "a" }), sum, new DoubleAdder(),
				new LongAccumulator(Long::max, 1), new DoubleAccumulator(Double::max, 1), new ReentrantLock(),
				new ReentrantReadWriteLock(), new ReentrantReadWriteLock().readLock(),
				new ReentrantReadWriteLock().writeLock(), new StampedLock(), new Semaphore(3));
	}

	private static Stream<Object> collections() {
		Properties properties = new Properties();
		properties.setProperty("a", "b");
		Properties withDefaults = new Properties(properties);
		withDefaults.setProperty("c", "d");
		return Stream.of(list(ArrayDeque::new), new ArrayDeque<>(), list(ArrayList::new), map(HashMap::new),
				list(HashSet::new), map(Hashtable::new), map(IdentityHashMap::new), map(LinkedHashMap::new),
				list(LinkedHashSet::new), list(LinkedList::new), list(PriorityQueue::new), new PriorityQueue<>(),
				properties, new Properties(), withDefaults, list(Stack::new), map(TreeMap::new), list(TreeSet::new),
				list(Vector::new), new EnumMap<>(Map.of(DayOfWeek.FRIDAY, 1)), new EnumMap<>(DayOfWeek.class),
				EnumSet.of(DayOfWeek.FRIDAY), EnumSet.noneOf(DayOfWeek.class),
				List.of(EnumSet.noneOf(DayOfWeek.class), new EnumMap<>(DayOfWeek.class)),
				new AbstractMap.SimpleEntry<>("a", 1), new AbstractMap.SimpleEntry<>(1L, List.of(2)),
				new AbstractMap.SimpleEntry<>("a", null), new AbstractMap.SimpleImmutableEntry<>("a", 1L),
				new ArrayList<>(List.of(new AbstractMap.SimpleEntry<>("a", 1), Map.entry("b", 2L))));
	}

	private static Stream<Object> wrappers() {
		return Stream.of(Collections.synchronizedCollection(list(ArrayList::new)),
				Collections.synchronizedList(list(ArrayList::new)), Collections.synchronizedList(list(LinkedList::new)),
				Collections.synchronizedSet(list(HashSet::new)), Collections.synchronizedMap(map(HashMap::new)),
				Collections.synchronizedSortedMap(map(TreeMap::new)),
				Collections.synchronizedSortedSet(list(TreeSet::new)),
				Collections.synchronizedNavigableMap(map(TreeMap::new)),
				Collections.synchronizedNavigableSet(list(TreeSet::new)),
				Collections.checkedCollection(list(ArrayList::new), Object.class),
				Collections.checkedList(list(ArrayList::new), Object.class),
				Collections.checkedList(list(LinkedList::new), Object.class),
				Collections.checkedSet(list(HashSet::new), Object.class),
				Collections.checkedMap(map(HashMap::new), Object.class, Object.class),
				Collections.checkedSortedMap(map(TreeMap::new), Object.class, Object.class),
				Collections.checkedSortedSet(list(TreeSet::new), Object.class),
				Collections.checkedNavigableMap(map(TreeMap::new), Object.class, Object.class),
				Collections.checkedNavigableSet(list(TreeSet::new), Object.class),
				Collections.checkedQueue(list(ArrayDeque::new), Object.class),
				Collections.asLifoQueue(list(ArrayDeque::new)),
				list(() -> Collections.newSetFromMap(new ConcurrentHashMap<>())), Collections.reverseOrder(),
				Comparator.naturalOrder(), Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER),
				Comparator.nullsFirst(Comparator.naturalOrder()));
	}

	private static Stream<Object> unmodifiable() {
		return Stream.of(Collections.emptyList(), Collections.emptyMap(), Collections.emptySet(),
				Collections.emptySortedMap(), Collections.emptySortedSet(), Collections.emptyNavigableMap(),
				Collections.emptyNavigableSet(), Collections.singleton("a"), Collections.singletonList("a"),
				Collections.singletonMap("a", 1L), Collections.nCopies(3, "a"),
				Collections.unmodifiableCollection(list(ArrayList::new)),
				Collections.unmodifiableList(list(ArrayList::new)), Collections.unmodifiableList(list(LinkedList::new)),
				Collections.unmodifiableSet(list(HashSet::new)), Collections.unmodifiableMap(map(HashMap::new)),
				Collections.unmodifiableSortedMap(map(TreeMap::new)),
				Collections.unmodifiableSortedSet(list(TreeSet::new)),
				Collections.unmodifiableNavigableMap(map(TreeMap::new)),
				Collections.unmodifiableNavigableSet(list(TreeSet::new)), List.of(), List.of(1), List.of(1, 2, 3),
				Set.of(), Set.of(1), Set.of(1, 2, 3), Map.of(), Map.of(1, 2), Map.of(1, 2, 3, 4), Arrays.asList(1, 2),
				Arrays.asList(), Stream.of(1, 2).toList(), Stream.of(1, null).toList());
	}

	private static Stream<Object> views() {
		HashMap<Object, Object> map = map(HashMap::new);
		TreeMap<Object, Object> tree = map(TreeMap::new);
		ConcurrentHashMap<Object, Object> concurrent = map(ConcurrentHashMap::new);
		ConcurrentSkipListMap<Object, Object> skipList = map(ConcurrentSkipListMap::new);
		TreeSet<Object> set = list(TreeSet::new);
		return Stream.of(Map.entry("a", 1), map.entrySet().iterator().next(), tree.firstEntry(),
				concurrent.entrySet().iterator().next(), List.of(1, 2, 3).subList(0, 2),
				new ArrayList<>(List.of(1, 2, 3)).subList(0, 2), new LinkedList<>(List.of(1, 2, 3)).subList(0, 2),
				map.keySet(), map.values(), map.entrySet(), Map.of("a", 1).keySet(), Map.of("a", 1).values(),
				Map.of("a", 1).entrySet(), Collections.unmodifiableMap(map).entrySet(), tree.headMap("b"),
				tree.descendingMap(), tree.keySet(), tree.navigableKeySet(), tree.values(), set.headSet("b"),
				set.descendingSet(), concurrent.keySet(), concurrent.values(), concurrent.entrySet(),
				skipList.headMap("b"), skipList.keySet(), skipList.values());
	}

	private static Stream<Object> concurrent() {
		return Stream.of(list(() -> new ArrayBlockingQueue<>(9)), map(ConcurrentHashMap::new),
				list(ConcurrentHashMap::newKeySet), ConcurrentHashMap.newKeySet(), list(ConcurrentLinkedDeque::new),
				list(ConcurrentLinkedQueue::new), map(ConcurrentSkipListMap::new), list(ConcurrentSkipListSet::new),
				list(CopyOnWriteArrayList::new), list(CopyOnWriteArraySet::new), list(LinkedBlockingDeque::new),
				list(LinkedBlockingQueue::new), list(LinkedTransferQueue::new), list(PriorityBlockingQueue::new),
				new SynchronousQueue<>());
	}

	private static Stream<Object> exceptions() {
		Exception suppressing = new Exception("e", new RuntimeException("r"));
		suppressing.addSuppressed(new Exception("s"));
		return Stream.of(new Throwable("t"), suppressing, new RuntimeException(), new DateTimeException("a"),
				new java.time.format.DateTimeParseException("a", "b", 1), new UnsupportedTemporalTypeException("a"),
				new ConcurrentModificationException("a"), new EmptyStackException(), new NoSuchElementException("a"),
				new MissingResourceException("a", "b", "c"), new IllegalFormatPrecisionException(3),
				new java.util.concurrent.TimeoutException("a"), new ExecutionException("a", new Exception("b")),
				new CancellationException("a"), new IllegalFormatConversionException('c', String.class));
	}

	private static Stream<Object> spring() {
		LinkedCaseInsensitiveMap<Object> headers = new LinkedCaseInsensitiveMap<>();
		headers.put("A", 1L);
		return Stream.of(NullValue.INSTANCE, new SimpleKey("a", 1L), SimpleKey.EMPTY, headers,
				new LinkedMultiValueMap<>(Map.of("a", List.of(1L))),
				CollectionUtils.toMultiValueMap(new HashMap<>(Map.of("a", List.of(1L)))));
	}

	private static Stream<Object> springData() {
		Sort sort = Sort.by("a").descending();
		return Stream.of(sort, Sort.unsorted(), sort.iterator().next(), Sort.Direction.ASC, PageRequest.of(1, 2, sort),
				Pageable.unpaged(), new PageImpl<>(List.of(1L)), new SliceImpl<>(List.of(1L)), ScrollPosition.offset(5),
				ScrollPosition.forward(Map.of("a", 1L)),
				Window.from(List.of(1L), (index) -> ScrollPosition.offset(index), true), Limit.of(3), Limit.unlimited(),
				Range.closed(1, 2), Range.unbounded(), Range.Bound.inclusive(1), ExampleMatcher.matching(),
				Score.of(0.5), Score.of(0.5, ScoringFunction.cosine()), Similarity.of(0.5),
				org.springframework.data.domain.Vector.of(1f, 2f), new SearchResult<>("a", Score.of(1)),
				new SearchResults<>(List.of(new SearchResult<>("a", Score.of(1)))));
	}

	private static Stream<Object> geo() {
		Point point = new Point(1, 2);
		Distance miles = new Distance(3, Metrics.MILES);
		return Stream.of(point, new Box(point, new Point(3, 4)), new Circle(point, 3), new Circle(point, miles),
				new Distance(3), miles, new Polygon(point, new Point(3, 4), new Point(5, 6)), Metrics.MILES,
				new CustomMetric(1.0), new CustomMetric(1.0, "x"), new GeoResult<>("a", miles),
				new GeoResults<>(List.of(new GeoResult<>("a", miles))),
				new GeoPage<>(new GeoResults<>(List.of(new GeoResult<>("a", miles)))));
	}

	private static Stream<Object> kotlin() {
		return Stream.of(new Pair<>("a", 1), new Triple<>(1, 2, 3), Unit.INSTANCE, new IntRange(1, 2),
				new CharRange('a', 'b'), new Regex("a"), new IndexedValue<>(1, "a"),
				new kotlin.collections.ArrayDeque<>(List.of(1)), CollectionsKt.emptyList());
	}

	@SuppressWarnings("unchecked") // as it is empty
	private static <T extends Collection<?>> T list(Supplier<T> supplier) {
		T collection = supplier.get();
		((Collection<Object>) collection).addAll(List.of("a", "b"));
		return collection;
	}

	@SuppressWarnings("unchecked") // likewise
	private static <T extends Map<?, ?>> T map(Supplier<T> supplier) {
		T map = supplier.get();
		((Map<Object, Object>) map).put("a", 1);
		((Map<Object, Object>) map).put("b", 2L);
		return map;
	}

}
