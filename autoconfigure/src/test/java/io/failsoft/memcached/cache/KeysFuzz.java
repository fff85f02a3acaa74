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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.fuzz.FuzzTarget;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * Fuzzes {@link CacheKeys}: two keys are the same entry if and only if they are equal,
 * and memcached takes either.
 */
public final class KeysFuzz implements FuzzTarget {

	private static final int MAX_DEPTH = 6;

	private final CacheKeys keys = new CacheKeys("shop", "books");

	record Pair(@Nullable Object one, @Nullable Object other) {

	}

	/** Its accessors tell less than it compares. */
	record Masked(@Nullable Object content) {

		@Override
		public @Nullable Object content() {
			return null;
		}

	}

	/** A record that compares less than it has. */
	record Loose(int id, int version) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Loose loose && loose.id == this.id;
		}

		@Override
		public int hashCode() {
			return this.id;
		}

	}

	/** A list like any other. */
	@SuppressWarnings("serial")
	static class Tags extends ArrayList<@Nullable Object> {

		Tags(List<@Nullable Object> elements) {
			super(elements);
		}

	}

	/** A list that compares more than its elements, or says that it does. */
	@SuppressWarnings("serial")
	static class Owned extends ArrayList<@Nullable Object> {

		private final int owner;

		Owned(int owner, List<@Nullable Object> elements) {
			super(elements);
			this.owner = owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof List<?> && super.equals(other)
					&& ((other instanceof Owned owned) ? owned.owner : 0) == this.owner;
		}

		@Override
		public int hashCode() {
			return super.hashCode();
		}

	}

	@Override
	public List<byte[]> seeds() {
		return List.of("\u0000a,b\u0000a".getBytes(StandardCharsets.UTF_16BE),
				new byte[] { 5, 0, 2, 0, 'a', 0, 'b', 0 }, new byte[] { 9, 1, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0 },
				new byte[600], new byte[0]);
	}

	@Override
	public void accept(byte[] data) {
		Reader reader = new Reader(data);
		Object one = reader.key(0);
		Object other = reader.key(0);
		MemcachedKey first;
		MemcachedKey second;
		try {
			first = this.keys.of(one);
			second = this.keys.of(other);
		}
		catch (IllegalArgumentException ex) {
			if (!reader.refusable) {
				throw ex;
			}
			return;
		}
		boolean equal = (one != null) ? one.equals(other) : other == null;
		if (equal != first.equals(second)) {
			throw new AssertionError(one + " and " + other + (equal ? " are two entries" : " share " + first));
		}
		for (byte b : first.bytes()) {
			if (b <= ' ' || b == 127) {
				throw new AssertionError(one + " is not printable");
			}
		}
		if (first.bytes().length > 250) {
			throw new AssertionError(one + " is too long");
		}
	}

	/**
	 * Makes keys of bytes.
	 */
	private static final class Reader {

		private final byte[] data;

		private int position;

		/** Whether there is something within the keys that may be refused. */
		private boolean refusable;

		Reader(byte[] data) {
			this.data = data;
		}

		private int next() {
			return (this.position < this.data.length) ? this.data[this.position++] & 0xff : 0;
		}

		private String text(int length) {
			StringBuilder text = new StringBuilder(length);
			for (int i = 0; i < length && this.position < this.data.length; i++) {
				text.append((char) ((next() << 8) | next()));
			}
			return text.toString();
		}

		private List<@Nullable Object> keys(int depth) {
			List<@Nullable Object> keys = new ArrayList<>();
			for (int i = next() % 4; i > 0; i--) {
				keys.add(key(depth));
			}
			return keys;
		}

		@SuppressWarnings("deprecation") // takes any text
		private Locale locale() {
			Locale locale = new Locale(text(next() % 3), text(next() % 3), text(next() % 3));
			return (next() % 2 == 0) ? locale
					: new Locale.Builder().setScript((next() % 2 == 0) ? "Latn" : "")
						.setExtension('u', (next() % 2 == 0) ? "nu-thai" : "")
						.build();
		}

		private BigDecimal decimal() {
			return BigDecimal.valueOf(next() % 3 * 10L, next() % 3);
		}

		private Set<Long> numbers() {
			Set<Long> numbers = new TreeSet<>();
			for (int i = next() % 4; i > 0; i--) {
				numbers.add((long) next() % 4);
			}
			return numbers;
		}

		private URI uri() {
			String[] hosts = { "//a", "//A", "//u%3a@a:1", "//u%3A@a:1", "//a_b", "//A_b", "" };
			String[] paths = { "/b", "/B", "/%c3%a9", "/%C3%a9", "/b?c", "/b#c", "/b?%aa#%AA" };
			return URI.create(((next() % 2 == 0) ? "http:" : "HTTP:") + hosts[next() % hosts.length]
					+ paths[next() % paths.length]);
		}

		@Nullable Object key(int depth) {
			int kind = next() % 26;
			if (kind > 8 && depth == MAX_DEPTH) {
				return null;
			}
			return switch (kind) {
				case 0 -> text(next());
				case 1 -> text(next() % 4);
				case 2 -> "x".repeat(next()) + text(2);
				case 3 -> (long) next();
				case 4 -> next();
				case 5 -> next() % 2 == 0;
				case 6 -> (double) next() / 4;
				case 7 -> (char) ((next() << 8) | next());
				case 8 -> null;
				case 9 -> keys(depth + 1);
				case 10 -> new SimpleKey(keys(depth + 1).toArray());
				case 11 -> new HashSet<>(keys(depth + 1));
				case 12 -> {
					HashMap<Object, Object> map = new HashMap<>();
					for (int i = next() % 3; i > 0; i--) {
						map.put(key(depth + 1), key(depth + 1));
					}
					yield map;
				}
				case 13 -> Optional.ofNullable(key(depth + 1));
				case 14 -> new Pair(key(depth + 1), key(depth + 1));
				case 15 -> new Masked(key(depth + 1));
				case 16 -> new Tags(keys(depth + 1));
				case 17 -> {
					this.refusable = true;
					yield new Owned(next() % 3, keys(depth + 1));
				}
				case 19 -> uri();
				case 20 -> decimal();
				case 21 -> numbers();
				case 22 -> {
					this.refusable = true;
					Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
					set.add(text(1));
					yield set;
				}
				case 23 -> {
					this.refusable = true;
					yield new TreeSet<>(List.of(decimal()));
				}
				case 24 -> {
					this.refusable = true;
					yield new Loose(next() % 3, next() % 3);
				}
				case 25 -> Duration.ofMillis(next() * 250L);
				case 18 -> locale();
				default -> (short) next();
			};
		}

	}

}
