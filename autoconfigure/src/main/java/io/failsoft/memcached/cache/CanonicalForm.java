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

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.Buffer;
import java.nio.CharBuffer;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * The canonical form of a key: printable ASCII that is the same in every JVM and Java
 * version, the same for keys that are equal, and different for keys that are not. Not
 * thread-safe; one is used for one key.
 * <p>
 * A leaf is a tag, a colon and text ({@code l:42}, {@code s:978-3}), a composite a tag
 * and its parts in parentheses ({@code k(l:1,s:a)}); {@link CanonicalLeaf} and
 * {@link #composite} list the tags. Text is percent-encoded: {@code %} and what is not
 * printable ASCII as UTF-8, unpaired surrogates as {@code %uD800}; within a composite
 * {@code ( ) , =} as well. Equality follows Java's: any {@link List} with the same
 * elements is the same key, but no {@link Set} is; sets and maps are put in order; object
 * arrays are compared by their elements, as {@link SimpleKey} does; {@code 1.0} and
 * {@code 1.00} differ as {@link BigDecimal}s do. Doubles are written in hexadecimal, as
 * their decimal form changed with Java 19.
 * <p>
 * Records, Kotlin's data classes and what {@link SpringDataKeys} knows count by their
 * parts. Any other class counts by its name and its {@code toString()}, which then has to
 * tell different keys apart. Refused is what is known not to: see {@link KeyEquality}.
 */
final class CanonicalForm {

	private static final int MAX_DEPTH = 64;

	private static final String STRUCTURE = "(),=";

	private final KeyText text;

	private int depth;

	private @Nullable Class<?> current;

	private CanonicalForm(KeyText text) {
		this.text = text;
	}

	private CanonicalLeaf leaf() {
		return new CanonicalLeaf(this.text, (this.depth > 0) ? STRUCTURE : "");
	}

	/**
	 * Append the form of a key.
	 * @param key the key
	 * @param text what to append it to
	 * @throws CacheKeyException if it has no canonical form
	 */
	static void append(@Nullable Object key, KeyText text) {
		CanonicalForm form = new CanonicalForm(text);
		try {
			form.value(key);
		}
		catch (CacheKeyException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			throw new CacheKeyException(form.current,
					"A key of " + form.current + " cannot be turned into text, as its own methods failed: " + ex, ex);
		}
	}

	private void value(@Nullable Object value) {
		if (value == null) {
			this.text.ascii("n:");
			return;
		}
		this.current = value.getClass();
		if (!leaf().append(value) && !composite(value)) {
			other(value);
		}
	}

	private boolean composite(Object value) {
		if (value instanceof SimpleKey key) {
			@Nullable Object[] parameters = SimpleKeyParameters.of(key);
			KeyedClass.of(key.getClass()).equality().checkContent(key, () -> new SimpleKey(parameters), "parameters");
			return sequence("k(", Arrays.asList(parameters));
		}
		KeyedClass type = KeyedClass.of(value.getClass());
		KeyParts parts = type.parts();
		if (parts != null) {
			this.text.ascii("r:");
			this.text.name(type.name());
			return sequence("(", parts.of(value));
		}
		return contents(value, type.equality());
	}

	private boolean contents(Object value, KeyEquality equality) {
		if (value instanceof List<?> list) {
			List<?> elements = Arrays.asList(list.toArray());
			equality.checkContent(list, () -> elements, "elements");
			return sequence("L(", elements);
		}
		if (value instanceof Set<?> set) {
			List<?> elements = Arrays.asList(set.toArray());
			equality.checkContent(set, () -> new HashSet<>(elements), "elements");
			return sorted("S(", elements);
		}
		if (value instanceof Map<?, ?> map) {
			equality.checkContent(map, () -> new HashMap<>(map), "entries");
			return sorted("M(", List.copyOf(map.entrySet()));
		}
		if (value instanceof Map.Entry<?, ?> entry) {
			equality.checkContent(entry, () -> new AbstractMap.SimpleImmutableEntry<>(entry), "key and value");
			open("E(");
			pair(entry);
			return close();
		}
		if (value instanceof Collection<?> collection) {
			equality.checkInherited("elements");
			return sequence("C(", Arrays.asList(collection.toArray()));
		}
		if (value instanceof Optional<?> optional) {
			return sequence("O(", optional.stream().toList());
		}
		if (value instanceof OptionalDouble optional) {
			return sequence("Od(", optional.stream().boxed().toList());
		}
		if (value instanceof Object[] array) {
			return sequence("A(", Arrays.asList(array));
		}
		if (value.getClass().isArray()) {
			return primitives(value);
		}
		return false;
	}

	private void other(Object value) {
		if (value instanceof Buffer && !(value instanceof CharBuffer)) {
			throw new CacheKeyException(value.getClass(),
					"A " + value.getClass().getName() + " cannot be a cache key; use an array or a List");
		}
		KeyedClass type = KeyedClass.of(value.getClass());
		leaf().classed("o:", type.name(), type.text(value));
	}

	private boolean primitives(Object array) {
		this.text.ascii("A");
		this.text.ascii(array.getClass().getComponentType().getName());
		open("(");
		for (int i = 0; i < Array.getLength(array); i++) {
			separate(i);
			value(Array.get(array, i));
		}
		return close();
	}

	private boolean sequence(String tag, List<? extends @Nullable Object> elements) {
		open(tag);
		for (int i = 0; i < elements.size(); i++) {
			separate(i);
			value(elements.get(i));
		}
		return close();
	}

	private boolean sorted(String tag, List<? extends @Nullable Object> elements) {
		open(tag);
		int start = this.text.length();
		byte[][] forms = new byte[elements.size()][];
		for (int i = 0; i < forms.length; i++) {
			int from = this.text.length();
			if (elements.get(i) instanceof Map.Entry<?, ?> entry && tag.startsWith("M")) {
				pair(entry);
			}
			else {
				value(elements.get(i));
			}
			forms[i] = this.text.from(from);
		}
		Arrays.sort(forms, Arrays::compareUnsigned);
		this.text.truncate(start);
		for (int i = 0; i < forms.length; i++) {
			separate(i);
			this.text.bytes(forms[i]);
		}
		return close();
	}

	private void pair(Map.Entry<?, ?> entry) {
		value(entry.getKey());
		this.text.ascii("=");
		value(entry.getValue());
	}

	private void open(String tag) {
		if (++this.depth > MAX_DEPTH) {
			throw new CacheKeyException(null, "A cache key is nested more than " + MAX_DEPTH
					+ " deep, or contains itself; use a simpler key, such as an identifier");
		}
		this.text.ascii(tag);
	}

	private void separate(int index) {
		if (index > 0) {
			this.text.ascii(",");
		}
	}

	private boolean close() {
		this.depth--;
		this.text.ascii(")");
		return true;
	}

}
