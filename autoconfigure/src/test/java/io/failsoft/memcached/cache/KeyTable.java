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
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/**
 * Pairs of keys that look alike and are not, with what other libraries were measured to
 * make of them.
 */
@SuppressWarnings("JavaUtilDate") // users have it in their keys
final class KeyTable {

	static final String NOT_MEASURED = "";

	private static final List<Row> ROWS = new ArrayList<>();

	static {
		row("Text with a blank, and without", "a b", "ab", "sixhours: collide; ssm: refuses");
		row("A comma within one argument, and two arguments", new SimpleKey("a,b"), new SimpleKey("a", "b"),
				"sixhours: collide; ssm: fails on every key of several arguments");
		row("The same with a blank", new SimpleKey("a, b"), new SimpleKey("a", "b"),
				"sixhours, redis: collide; ssm: fails on every key of several arguments");
		row("A number and its text", 1L, "1", "sixhours, ssm, redis: collide");
		row("300 characters", "x".repeat(300), "x".repeat(299) + "y", "sixhours, ssm: refuse");
		row("A line break, and none", "a\nb", "ab", "sixhours: collide; ssm: refuses");
		places("The same key in another cache", new Place("shop", "books", "1"), new Place("shop", "authors", "1"),
				"ssm: collide");

		row("A line break, and its escape", "a\nb", "a\\nb", NOT_MEASURED);
		row("CR LF, and LF", "a\r\nb", "a\nb", NOT_MEASURED);
		row("A blank, and what it becomes", "a b", "a%20b", NOT_MEASURED);
		row("A tab, and a blank", "a\tb", "a b", NOT_MEASURED);
		row("The character 0, and nothing", "a\u0000", "a", NOT_MEASURED);
		row("The empty string, and null", "", null, NOT_MEASURED);
		row("The empty string, and a blank", "", " ", NOT_MEASURED);
		row("null, and the text", null, "null", NOT_MEASURED);
		row("Upper and lower case", "A", "a", NOT_MEASURED);
		row("A command of the protocol", "a\r\nflush_all\r\n", "a", NOT_MEASURED);
		row("100,000 characters", "x".repeat(100_000), "x".repeat(99_999) + "y", NOT_MEASURED);

		row("\u00e9, composed (NFC) and decomposed (NFD)", "\u00e9", "e\u0301", NOT_MEASURED);
		row("The ligature \ufb01, and its compatible form (NFKC)", "\ufb01", "fi", NOT_MEASURED);
		row("\u212b (angstrom), and \u00c5", "\u212b", "\u00c5", NOT_MEASURED);
		row("Latin a, and Cyrillic \u0430", "a", "\u0430", NOT_MEASURED);
		row("A pair of surrogates, and half of it", "\ud83d\ude00", "\ud83d", NOT_MEASURED);
		row("Lone surrogates, high and low", "\ud83d", "\ude00", NOT_MEASURED);
		row("A lone surrogate, and a question mark", "\ud83d", "?", NOT_MEASURED);
		row("A lone surrogate, and U+FFFD", "\ud83d", "\ufffd", NOT_MEASURED);
		row("A lone surrogate, and what it becomes", "\ud83d", "%uD83D", NOT_MEASURED);
		row("A zero-width space, and nothing", "a\u200bb", "ab", NOT_MEASURED);

		row("int, and long", 1, 1L, NOT_MEASURED);
		row("long, and double", 1L, 1.0, NOT_MEASURED);
		row("short, and byte", (short) 1, (byte) 1, NOT_MEASURED);
		row("0.0, and -0.0", 0.0, -0.0, NOT_MEASURED);
		row("float, and double", 1.5f, 1.5, NOT_MEASURED);
		row("1.0, and 1.00", new BigDecimal("1.0"), new BigDecimal("1.00"), NOT_MEASURED);
		row("true, and its text", true, "true", NOT_MEASURED);
		row("A character, and its text", 'x', "x", NOT_MEASURED);
		row("A UUID, and its text", new UUID(1, 2), new UUID(1, 2).toString(), NOT_MEASURED);
		row("A constant, and its text", Month.MAY, "MAY", NOT_MEASURED);
		row("Constants of the same name", Color.FRIDAY, DayOfWeek.FRIDAY, NOT_MEASURED);
		row("A constant that calls itself another", Color.RED, Color.CRIMSON, NOT_MEASURED);
		row("A date, and its text", LocalDate.EPOCH, "1970-01-01", NOT_MEASURED);
		row("Instants a nanosecond apart", Instant.ofEpochSecond(0, 1), Instant.ofEpochSecond(0, 2), NOT_MEASURED);
		row("Dates a millisecond apart", new Date(0), new Date(1), NOT_MEASURED);
		row("The same moment in two zones", ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Berlin]"),
				ZonedDateTime.parse("2026-11-23T10:00:00+01:00[Europe/Paris]"), NOT_MEASURED);
		row("A second, and a thousand", Duration.ofSeconds(1), Duration.ofSeconds(1000), NOT_MEASURED);

		row("A key within a key", new SimpleKey(new SimpleKey("a"), "b"), new SimpleKey("a", "b"), NOT_MEASURED);
		row("Keys nested one way and the other", new SimpleKey(new SimpleKey("a", "b"), "c"),
				new SimpleKey("a", new SimpleKey("b", "c")), NOT_MEASURED);
		row("No argument, and one that is null", SimpleKey.EMPTY, new SimpleKey((Object) null), NOT_MEASURED);
		row("One empty argument, and two", new SimpleKey(""), new SimpleKey("", ""), NOT_MEASURED);
		row("An argument, and that alone", new SimpleKey("a"), "a", NOT_MEASURED);
		row("A key, and what it becomes", new SimpleKey("a", "b"), "k(s:a,s:b)", NOT_MEASURED);
		row("An array, and its elements", new SimpleKey((Object) new String[] { "a", "b" }), new SimpleKey("a", "b"),
				NOT_MEASURED);

		row("Arrays of int, and of long", new int[] { 1 }, new long[] { 1 }, NOT_MEASURED);
		row("Arrays with other elements", new int[] { 1, 2 }, new int[] { 12 }, NOT_MEASURED);
		row("Arrays of arrays", new int[][] { { 1 }, { 2 } }, new int[][] { { 1, 2 } }, NOT_MEASURED);
		row("Bytes, and their text", new byte[] { 1, 2 }, "0102", NOT_MEASURED);
		row("A list, and its text", List.of("a", "b"), "[a, b]", NOT_MEASURED);
		row("Lists in another order", List.of("a", "b"), List.of("b", "a"), NOT_MEASURED);
		row("A comma within one element, and two", List.of("a, b"), List.of("a", "b"), NOT_MEASURED);
		row("A list, and a set", List.of("a"), Set.of("a"), NOT_MEASURED);
		row("A list of null, and an empty one", Collections.singletonList(null), List.of(), NOT_MEASURED);
		row("Maps with key and value changed over", Map.of("a", "b"), Map.of("b", "a"), NOT_MEASURED);
		row("An equals sign within a key, and within a value", Map.of("a=b", "c"), Map.of("a", "b=c"), NOT_MEASURED);
		row("An Optional, and its content", Optional.of("a"), "a", NOT_MEASURED);
		row("An empty Optional, and null", Optional.empty(), null, NOT_MEASURED);
		row("Records that call themselves the same", new Isbn("a", "b"), new Isbn("b", "a"), NOT_MEASURED);
		row("Records of two classes", new Isbn("a", "b"), new Ean("a", "b"), NOT_MEASURED);
		row("A record that holds a list", new Tagged(List.of("a", "b")), new Tagged(List.of("a,b")), NOT_MEASURED);

		row("A record whose accessor tells less", new Account("1234"), new Account("5634"), NOT_MEASURED);
		row("A comma within the first part, and within the second", new kotlin.Pair<>("a, b", "c"),
				new kotlin.Pair<>("a", "b, c"), NOT_MEASURED);
		row("Two orders, and one of their text", Sort.by("a", "b"), Sort.by("a: ASC,b"), NOT_MEASURED);
		row("No page, and the first", Pageable.unpaged(), PageRequest.of(0, 10), NOT_MEASURED);
		row("Orders that ignore case, and do not", Sort.by(Sort.Order.by("a").ignoreCase()), Sort.by("a"),
				NOT_MEASURED);
		row("URIs with one path in two cases", URI.create("http://a/B"), URI.create("http://a/b"), NOT_MEASURED);
		row("A user of a URI, and part of its path", URI.create("http://a@b/c"), URI.create("http://b/a@c"),
				NOT_MEASURED);
		row("A currency, and its code", Currency.getInstance("EUR"), "EUR", NOT_MEASURED);
		row("No language, and none in Latin script", Locale.ROOT, new Locale.Builder().setScript("Latn").build(),
				NOT_MEASURED);

		places("Prefix and cache name divided elsewhere", new Place("shop", "books:new", "1"),
				new Place("shop:books", "new", "1"), NOT_MEASURED);
		places("Another application", new Place("shop", "books", "1"), new Place("shop2", "books", "1"), NOT_MEASURED);
		places("A cache name with a blank, and without", new Place("shop", "books", "1"),
				new Place("shop", "bo oks", "1"), NOT_MEASURED);
		places("A cache name in another case", new Place("shop", "books", "1"), new Place("shop", "Books", "1"),
				NOT_MEASURED);
		places("No prefix", new Place("shop", "books", "1"), new Place("", "shop:books", "1"), NOT_MEASURED);
	}

	private KeyTable() {
	}

	private static void row(String what, @Nullable Object one, @Nullable Object other, String peers) {
		ROWS.add(new Row(what, new Place("shop", "books", one), new Place("shop", "books", other), peers));
	}

	private static void places(String what, Place one, Place other, String peers) {
		ROWS.add(new Row(what, one, other, peers));
	}

	static List<Row> rows() {
		return List.copyOf(ROWS);
	}

	/**
	 * Every place that a row names, each once: two rows may name the same.
	 * @return the places by the memcached keys that they should have
	 */
	static Map<String, Place> places() {
		Map<String, Place> places = new LinkedHashMap<>();
		for (Row row : ROWS) {
			for (Place place : List.of(row.one(), row.other())) {
				places.put(place.memcachedKey(), place);
			}
		}
		return places;
	}

	/**
	 * The table in Markdown.
	 * @return lines
	 */
	static String markdown(boolean onlyMeasured) {
		StringBuilder text = new StringBuilder();
		text.append("| | one key | on the server | the other | on the server | others, measured |\n");
		text.append("|---|---|---|---|---|---|\n");
		for (Row row : ROWS) {
			if (onlyMeasured && row.peers().isEmpty()) {
				continue;
			}
			text.append("| ").append(row.what()).append(" | ");
			for (Place place : List.of(row.one(), row.other())) {
				text.append(code(shown(place.key()))).append(" | ").append(code(place.memcachedKey())).append(" | ");
			}
			text.append(row.peers()).append(" |\n");
		}
		return text.toString().replace("  |", " |");
	}

	private static String code(String text) {
		return "`" + text.replace("|", "\\|") + "`";
	}

	private static String shown(@Nullable Object key) {
		if (key == null) {
			return "null";
		}
		if (key instanceof String text) {
			return "\"" + escaped((text.length() > 40) ? text.substring(text.length() - 5) : text) + "\""
					+ ((text.length() > 40) ? " at the end of " + text.length() : "");
		}
		if (key instanceof Integer || key instanceof Double || key instanceof Boolean) {
			return key.toString();
		}
		if (key instanceof Long number) {
			return number + "L";
		}
		if (key instanceof Float number) {
			return number + "f";
		}
		if (key instanceof Short || key instanceof Byte) {
			return "(" + key.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ") " + key;
		}
		if (key instanceof Character) {
			return "'" + key + "'";
		}
		if (key instanceof Enum<?> constant) {
			return constant.getDeclaringClass().getSimpleName() + "." + constant.name();
		}
		if (key instanceof List<?> list) {
			return "List(" + all(list) + ")";
		}
		if (key instanceof Set<?> set) {
			return "Set(" + all(List.copyOf(set)) + ")";
		}
		if (key instanceof Map<?, ?> map) {
			Map.Entry<?, ?> entry = map.entrySet().iterator().next();
			return "Map(" + shown(entry.getKey()) + " to " + shown(entry.getValue()) + ")";
		}
		if (key instanceof Optional<?> optional) {
			return "Optional(" + all(optional.stream().toList()) + ")";
		}
		if (key instanceof Date date) {
			return "Date(" + date.getTime() + ")";
		}
		if (key instanceof Locale locale) {
			return "Locale(" + locale.toLanguageTag() + ")";
		}
		if (key instanceof URI uri) {
			return "URI(" + uri + ")";
		}
		KeyParts parts = KeyParts.of(key.getClass());
		if (parts != null) {
			return key.getClass().getSimpleName() + "(" + all(parts.reader().apply(key)) + ")";
		}
		if (key.getClass().isArray()) {
			List<@Nullable Object> elements = new ArrayList<>();
			for (int i = 0; i < java.lang.reflect.Array.getLength(key); i++) {
				elements.add(java.lang.reflect.Array.get(key, i));
			}
			return key.getClass().getComponentType().getSimpleName() + "[] { " + all(elements) + " }";
		}
		return key.getClass().getSimpleName() + "(" + key + ")";
	}

	private static String all(List<? extends @Nullable Object> elements) {
		List<String> texts = new ArrayList<>();
		for (Object element : elements) {
			texts.add(shown(element));
		}
		return String.join(", ", texts);
	}

	private static String escaped(String text) {
		StringBuilder result = new StringBuilder();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '\n' -> result.append("\\n");
				case '\r' -> result.append("\\r");
				case '\t' -> result.append("\\t");
				case '\\' -> result.append("\\\\");
				default -> result.append((c >= ' ' && c < 127) ? String.valueOf(c) : String.format("\\u%04x", (int) c));
			}
		}
		return result.toString();
	}

	/**
	 * Two keys that differ.
	 *
	 * @param what how they differ
	 * @param one the one
	 * @param other the other
	 * @param peers what other libraries made of them
	 */
	record Row(String what, Place one, Place other, String peers) {

	}

	/**
	 * A key of a cache of an application.
	 *
	 * @param prefix the application's key prefix
	 * @param cache the cache's name
	 * @param key the key
	 */
	record Place(String prefix, String cache, @Nullable Object key) {

		String memcachedKey() {
			return new CacheKeys(this.prefix, this.cache).of(this.key).toString();
		}

	}

	enum Color {

		RED, FRIDAY, CRIMSON {

			@Override
			public String toString() {
				return "RED";
			}

		}

	}

	record Isbn(String group, String number) {

		@Override
		public String toString() {
			return "an ISBN";
		}

	}

	record Ean(String group, String number) {

		@Override
		public String toString() {
			return "an ISBN";
		}

	}

	record Account(String number) {

		@Override
		public String number() {
			return "**" + this.number.substring(2);
		}

	}

	record Tagged(List<String> tags) {

	}

}
