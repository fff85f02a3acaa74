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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.MemcachedServer;
import kotlin.Pair;
import kotlin.Triple;
import kotlin.Unit;
import kotlin.collections.CollectionsKt;
import kotlin.collections.MapsKt;
import kotlin.collections.SetsKt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.Distance;
import org.springframework.data.geo.Metrics;
import org.springframework.data.geo.Point;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a method returns, the next caller is given by a real memcached.
 */
@ExtendWith(OutputCaptureExtension.class)
class ValueTypesIT {

	private static final AtomicInteger ids = new AtomicInteger();

	private static MemcachedServer server;

	private static ValuesApplication application;

	@BeforeAll
	static void start() {
		server = MemcachedServer.start();
		application = ValuesApplication.start(server, "memcached.cache.allowed-classes=io.failsoft.memcached.codec.*");
	}

	@AfterAll
	static void stop() {
		application.close();
		server.close();
	}

	@SuppressWarnings("unchecked") // as mapOf has varargs of a generic type
	static Stream<Object> kotlinCollections() {
		return Stream.of(CollectionsKt.emptyList(), MapsKt.emptyMap(), SetsKt.emptySet(), CollectionsKt.listOf("a"),
				CollectionsKt.listOf("a", "b"), CollectionsKt.arrayListOf("a", "b"), SetsKt.setOf("a", "b"),
				MapsKt.mapOf(new Pair<>("a", 1)), MapsKt.mapOf(new Pair<>("a", 1), new Pair<>("b", 2)),
				CollectionsKt.build(filled(CollectionsKt.createListBuilder())),
				MapsKt.build(filled(MapsKt.createMapBuilder())));
	}

	static Stream<Object> kotlinClasses() {
		return Stream.of(new Pair<>("a", 1), new Triple<>(1L, "b", List.of(2)),
				new DataClass(1, "a", List.of("b"), null),
				List.of(new Pair<>(new DataClass(1, "a", CollectionsKt.emptyList(), "b"), 1)));
	}

	private static List<Object> filled(List<Object> list) {
		list.add("a");
		return list;
	}

	private static Map<Object, Object> filled(Map<Object, Object> map) {
		map.put("a", 1);
		return map;
	}

	static Stream<Object> springData() {
		Sort sort = Sort.by(Sort.Order.desc("name").ignoreCase(), Sort.Order.by("id").nullsLast());
		PageRequest request = PageRequest.of(1, 2, sort);
		return Stream.of(sort, Sort.unsorted(), request, PageRequest.of(0, 1), Pageable.unpaged(sort),
				new PageImpl<>(List.of(Samples.City.of(1), Samples.City.of(2)), request, 99), new PageImpl<>(List.of()),
				new SliceImpl<>(List.of(new Samples.Circle(1), new Samples.Square(2)), request, true), new Point(1, 2),
				List.of(new Circle(new Point(1, 2), new Distance(3, Metrics.MILES))));
	}

	static Stream<Object> records() {
		return Stream.of(new Box<>(Samples.City.of(1)), new Box<>(new Box<>(List.of(new Box<>(1L)))),
				new Box<>(new Samples.Square(2)), new Box<>(Samples.Status.PAID), new Box<>(null),
				new Box<>(Map.of("a", new Box<>(Optional.of(Samples.City.of(1))))),
				new Box<>(Collections.unmodifiableList(new ArrayList<>(Arrays.asList("a", null)))),
				new Box<>(new Object[] { "a", 1L, new Box<>(2) }.length));
	}

	/** What Java serialization does not take. */
	private static Stream<Object> views() {
		Map<String, Integer> map = new HashMap<>(Map.of("a", 1));
		return Stream.of(map.keySet(), List.of(1, 2, 3).subList(0, 2), Collections.unmodifiableMap(map));
	}

	static Stream<Object> byJdk() {
		return Stream.of(JdkCodecTests.values(), records(), springData(), kotlinCollections(), kotlinClasses())
			.flatMap((values) -> values)
			.filter(ValueTypesIT::springTakesIt);
	}

	static Stream<Object> byJackson() {
		return Stream.of(JacksonCodecTests.values(), records(), views())
			.flatMap((values) -> values)
			.filter((value) -> !value.toString().contains("Box[content=Optional"));
	}

	/** Spring refuses to cache an Optional within an Optional. */
	private static boolean springTakesIt(Object value) {
		return !(value instanceof Optional<?> optional && optional.isPresent() && optional.get() instanceof Optional);
	}

	@ParameterizedTest
	@MethodSource
	void byJdk(Object value) throws Exception {
		assertHit("jdk", value);
	}

	@ParameterizedTest
	@MethodSource("byJackson")
	void byJson(Object value) throws Exception {
		assertHit("json", value);
	}

	@ParameterizedTest
	@MethodSource("byJackson")
	void bySmile(Object value) throws Exception {
		assertHit("smile", value);
	}

	private static void assertHit(String codec, Object value) throws Exception {
		long failures = application.failures(codec);
		if (value instanceof Optional<?> optional) {
			assertThat(secondOptional(codec, optional)).isEqualTo(optional);
		}
		else {
			assertThat(second(codec, () -> value)).isEqualTo(value);
		}
		assertThat(application.failures(codec)).isEqualTo(failures);
	}

	/**
	 * Call a method, and return what the next caller is given without its being called.
	 */
	private static @Nullable Object second(String codec, Callable<?> method) throws Exception {
		String id = "v" + ids.incrementAndGet();
		Object first = application.call(codec, id, method);
		long hits = application.statistics(codec).getHits();
		Object second = application.call(codec, id, ValueTypesIT::unwanted);
		assertThat(application.statistics(codec).getHits()).isEqualTo(hits + 1);
		assertThat(second == null).isEqualTo(first == null);
		return second;
	}

	private static Optional<?> secondOptional(String codec, Optional<?> value) throws Exception {
		String id = "o" + ids.incrementAndGet();
		assertThat(application.callOptional(codec, id, () -> value)).isEqualTo(value);
		return application.callOptional(codec, id, ValueTypesIT::unwanted);
	}

	private static Optional<?> unwanted() {
		throw new AssertionError("The method ran although its result should be cached");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "json", "smile" })
	void nullIsAHit(String codec) throws Exception {
		assertThat(second(codec, () -> null)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "json", "smile" })
	void arraysAreHits(String codec) throws Exception {
		for (Object array : new Object[] { new byte[] { 1, -1 }, new int[][] { { 1 }, {} }, new String[] { "a", null },
				new Samples.City[] { Samples.City.of(1) }, new Samples.Status[] { Samples.Status.PAID } }) {
			Object copy = second(codec, () -> array);
			assertThat(Arrays.deepEquals(new Object[] { copy }, new Object[] { array })).isTrue();
			assertThat(copy).hasSameClassAs(array);
		}
	}

	static Stream<Arguments> refusedByJackson() {
		return Stream
			.of(new Random(1), new PageImpl<>(List.of("a")), CollectionsKt.emptyList(), Map.entry("a", 1),
					Map.of(1L, "a", "b", "c"))
			.flatMap((value) -> Stream.of(Arguments.of("json", value), Arguments.of("smile", value)));
	}

	/** The caller is given what the method returns. */
	@ParameterizedTest
	@MethodSource
	void refusedByJackson(String codec, Object value) throws Exception {
		CacheStatistics statistics = application.statistics(codec);
		long refused = statistics.getFailures(Reason.CLASS_REFUSED);
		long failures = application.failures(codec);
		long hits = statistics.getHits();
		String id = "u" + ids.incrementAndGet();
		for (int i = 0; i < 3; i++) {
			assertThat(application.call(codec, id, () -> value)).isSameAs(value);
		}
		assertThat(statistics.getHits()).isEqualTo(hits);
		assertThat(statistics.getFailures(Reason.CLASS_REFUSED)).isEqualTo(refused + 3);
		assertThat(application.failures(codec)).isEqualTo(failures + 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "json", "smile" })
	void aClassThatJacksonCannotMakeIsReturnedAndRefusedAfterThreeMisses(String codec, CapturedOutput output)
			throws Exception {
		CacheStatistics statistics = application.statistics(codec);
		long unreadable = statistics.getFailures(Reason.DECODE);
		long refused = statistics.getFailures(Reason.CLASS_REFUSED);
		DataClass value = new DataClass(1, "a", List.of("b"), null);
		for (int i = 0; i < 3; i++) {
			String id = "d" + ids.incrementAndGet();
			assertThat(application.call(codec, id, () -> value)).isSameAs(value);
			assertThat(statistics.getFailures(Reason.DECODE)).isEqualTo(unreadable + i);
			assertThat(application.call(codec, id, () -> value)).isSameAs(value);
		}
		assertThat(statistics.getFailures(Reason.DECODE)).isEqualTo(unreadable + 3);
		long after = statistics.getFailures(Reason.CLASS_REFUSED);
		assertThat(after).as("the third miss is not written again").isEqualTo(refused + 1);
		String id = "d" + ids.incrementAndGet();
		for (int i = 0; i < 3; i++) {
			assertThat(application.call(codec, id, () -> value)).isSameAs(value);
		}
		assertThat(statistics.getFailures(Reason.CLASS_REFUSED)).isEqualTo(after + 3);
		assertThat(statistics.getFailures(Reason.DECODE)).isEqualTo(unreadable + 3);
		assertThat(output.getAll()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains("JacksonCodec")
					&& line.contains(DataClass.class.getName() + " is not cached any more by this instance")))
			.hasSize(1);
	}

	@Test
	void whatCannotBeWrittenIsReturnedAndCounted() throws Exception {
		long failures = application.statistics("jdk").getFailures(Reason.ENCODE);
		for (int i = 0; i < 2; i++) {
			assertThat(application.values().jdk("unit", () -> Unit.INSTANCE)).isSameAs(Unit.INSTANCE);
		}
		assertThat(application.statistics("jdk").getFailures(Reason.ENCODE)).isEqualTo(failures + 2);
	}

	record Box<T>(@Nullable T content) implements Serializable {

	}

	/**
	 * What kotlinc makes of {@code data class DataClass(val id: Long, val name: String,
	 * val tags: List<String>, val note: String?) : Serializable}.
	 */
	static final class DataClass implements Serializable {

		private final long id;

		private final String name;

		private final List<String> tags;

		private final @Nullable String note;

		DataClass(long id, String name, List<String> tags, @Nullable String note) {
			this.id = id;
			this.name = name;
			this.tags = tags;
			this.note = note;
		}

		long component1() {
			return this.id;
		}

		String component2() {
			return this.name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof DataClass that && this.id == that.id && this.name.equals(that.name)
					&& this.tags.equals(that.tags) && Objects.equals(this.note, that.note);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.id, this.name, this.tags, this.note);
		}

		@Override
		public String toString() {
			return "DataClass(id=" + this.id + ", name=" + this.name + ", tags=" + this.tags + ", note=" + this.note
					+ ")";
		}

	}

}
