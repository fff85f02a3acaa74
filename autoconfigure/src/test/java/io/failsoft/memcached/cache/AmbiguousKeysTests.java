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

import java.io.File;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Sort.Order;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.Point;
import org.springframework.data.util.Pair;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests that {@link CacheKeys} tells keys apart whose text, or inherited content, is the
 * same, or refuses them.
 */
@SuppressWarnings({ "JavaUtilDate", "deprecation" }) // users have it in their keys
class AmbiguousKeysTests {

	private final CacheKeys keys = new CacheKeys("shop", "books");

	private void assertDistinct(Object... values) {
		Map<String, Object> seen = new LinkedHashMap<>();
		for (Object value : values) {
			assertThat(seen.put(this.keys.of(value).toString(), value)).as("shares an entry with %s", value).isNull();
		}
	}

	private void assertRefused(Object value) {
		assertThatIllegalArgumentException().as(value.getClass().getName())
			.isThrownBy(() -> this.keys.of(new SimpleKey(1, value)))
			.withMessageContaining(value.getClass().getName())
			.satisfies((ex) -> assertThat(((CacheKeyException) ex).refused()).isEqualTo(value.getClass()));
	}

	@Test
	void aRecordCountsByItsFieldsWhateverItsAccessorsTell() {
		assertDistinct(new Masked("1"), new Masked("2"), new Masked("x"));
		assertThat(this.keys.of(new Masked("1"))).isEqualTo(this.keys.of(new Masked("1")));
	}

	@Test
	void whenEqualsComparesMoreThanAnInheritedToStringThenTheKeyIsRefused() {
		assertRefused(new Sub("1", "a"));
		assertRefused(new ByteArrayResource(new byte[] { 1 }));
		assertDistinct(new Base("1"), new Base("2"), new ClassPathResource("a"), new ClassPathResource("b"));
	}

	@Test
	void whenAParentWasWrittenToBeCompletedThenItsToStringTellsTheKey() {
		JsonNodeFactory json = JsonNodeFactory.instance;
		assertDistinct(json.objectNode(), json.objectNode().put("a", 1), json.objectNode().put("a", "1"),
				json.arrayNode().add(1), json.stringNode("1"), json.nullNode());
		assertDistinct(new Completed("1", "a"), new Completed("1", "b"), new Completed("2", "a"));
		assertDistinct(UriComponentsBuilder.fromUriString("http://a/b").build(),
				UriComponentsBuilder.fromUriString("http://a/c").build());
	}

	@Test
	void whenAContainerComparesMoreThanItsContentThenTheKeyIsRefused() {
		for (Object key : new Object[] { new OwnedList("ann", "a"), new OwnedSet("ann", "a"), new OwnedMap("ann"),
				new OwnedEntry("ann"), new Basket("ann", List.of("a")), new OwnedDate("ann"), new OwnedFile("ann"),
				new OwnedKey("ann", 1) }) {
			assertRefused(key);
		}
	}

	@Test
	void containersOfLibrariesCountByTheirContent() {
		LinkedCaseInsensitiveMap<Integer> map = new LinkedCaseInsensitiveMap<>();
		map.put("a", 1);
		assertThat(this.keys.of(map)).isEqualTo(this.keys.of(Map.of("a", 1)));
		assertThat(this.keys.of(new LinkedMultiValueMap<>(Map.of("a", List.of(1)))))
			.isEqualTo(this.keys.of(Map.of("a", List.of(1))));
		assertThat(this.keys.of(kotlin.collections.CollectionsKt.emptyList())).isEqualTo(this.keys.of(List.of()));
		assertThat(this.keys.of(kotlin.collections.SetsKt.setOf("a"))).isEqualTo(this.keys.of(java.util.Set.of("a")));
		assertThat(this.keys.of(new Tags("a"))).isEqualTo(this.keys.of(List.of("a")));
	}

	@Test
	void aDataClassOfKotlinCountsByItsComponents() {
		assertDistinct(new kotlin.Pair<>("a, b", "c"), new kotlin.Pair<>("a", "b, c"),
				new kotlin.Triple<>("a, b", "c", "d"), new kotlin.Triple<>("a", "b, c", "d"),
				new Name("a, last=b", "c"), new Name("a", "b, last=c"));
		assertThat(this.keys.of(new kotlin.Pair<>(1, null))).hasToString("shop:books:r:kotlin.Pair(i:1,n:)");
		assertRefused(new Name.Stand$$In("a", "b"));
	}

	@Test
	void whatOnlyLooksLikeADataClassCountsByItsText() {
		assertDistinct(new Place(1, 2, 3), new Place(1, 2, 4));
	}

	@Test
	void whatSpringDataIsAskedForCountsByItsParts() {
		assertDistinct(Pair.of("a->b", "c"), Pair.of("a", "b->c"), Range.closed("a-b", "c"), Range.closed("a", "b-c"),
				Range.open("a", "b-c"), Range.unbounded(), Range.leftUnbounded(Range.Bound.inclusive("c")),
				Range.Bound.inclusive("c"), Range.Bound.exclusive("c"));
		assertDistinct(Sort.unsorted(), Sort.by("a", "b"), Sort.by("a: ASC,b"), Sort.by("a"), Sort.by("a").descending(),
				Sort.by(Order.by("a").ignoreCase()), Sort.by(Order.by("a").nullsFirst()),
				Sort.by(Order.by("a").nullsLast()), Order.by("a"), List.of(Order.by("a")));
		assertDistinct(Pageable.unpaged(), Pageable.unpaged(Sort.by("a")), PageRequest.of(0, 10), PageRequest.of(1, 10),
				PageRequest.of(0, 10, Sort.by("a")), PageRequest.of(0, 10, Sort.by("a", "b")),
				PageRequest.of(0, 10, Sort.by("a: ASC,b")), Limit.unlimited(), Limit.of(1), Limit.of(2));
		assertDistinct(new Point(1, 2), new Point(1.000_000_1, 2), new Circle(1, 2, 3), new Circle(1, 2.000_000_1, 3),
				ScrollPosition.forward(Map.of("a", "b, c=d")), ScrollPosition.forward(Map.of("a", "b", "c", "d")));
		assertThat(this.keys.of(PageRequest.of(0, 10, Sort.by("a"))))
			.hasToString("shop:books:r:org.springframework.data.domain.PageRequest(i:0,i:10,"
					+ "r:org.springframework.data.domain.Sort(L(s:a,s:ASC)))");
		assertThat(this.keys.of(Pageable.unpaged())).isEqualTo(this.keys.of(Pageable.unpaged()));
	}

	@Test
	void aLocaleCountsByAllOfIt() {
		assertDistinct(Locale.ROOT, new Locale.Builder().setScript("Latn").build(), new Locale("", "", "POSIX"),
				new Locale("", "", "posix"), Locale.forLanguageTag("und-u-nu-thai"), Locale.GERMAN, Locale.GERMANY,
				new Locale("", "DE"), new Locale("a_1", ""), new Locale("a", "1"), new Locale("de", "DE", "x_#Latn"),
				new Locale.Builder().setLanguage("de").setRegion("DE").setScript("Latn").build(),
				Locale.forLanguageTag("th-TH-u-nu-thai"), Locale.forLanguageTag("th-TH"));
		assertThat(this.keys.of(Locale.forLanguageTag("zh-Hant-TW")))
			.hasToString("shop:books:o:java.util.Locale:zh_TW_#Hant");
	}

	@Test
	void aTimeZoneCountsIfItsIdentifierStandsForIt() {
		assertRefused(new SimpleTimeZone(3_600_000, "X"));
		assertRefused(new SimpleTimeZone(3_600_000, "Europe/Berlin"));
		assertDistinct(TimeZone.getTimeZone("Europe/Berlin"), TimeZone.getTimeZone("Europe/Paris"),
				TimeZone.getTimeZone("GMT+3"), TimeZone.getDefault());
		GregorianCalendar julian = new GregorianCalendar();
		julian.setTimeInMillis(0);
		GregorianCalendar usual = (GregorianCalendar) julian.clone();
		julian.setGregorianChange(new Date(Long.MAX_VALUE));
		assertDistinct(julian, usual);
	}

	@Test
	void aPathCountsOnTheDefaultFileSystem(@TempDir Path folder) throws Exception {
		URI zip = URI.create("jar:" + folder.resolve("a.zip").toUri());
		try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
			assertRefused(archive.getPath("/a"));
			assertDistinct(Path.of("/a"), Path.of("/b"), archive.getPath("/a").toUri());
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
	static class OwnedFile extends File {

		private final String owner;

		OwnedFile(String owner) {
			super("a");
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof OwnedFile file && file.owner.equals(this.owner);
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
