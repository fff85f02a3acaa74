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
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * The canonical form of a key: printable ASCII that is the same in every JVM and Java
 * version, the same for keys that are equal, and different for keys that are not. Not
 * thread-safe; one is used for one key.
 * <p>
 * A leaf is a tag, a colon and text ({@code l:42}, {@code s:978-3}), a composite a tag
 * and its parts in parentheses ({@code k(l:1,s:a)}); {@link #leaf} and {@link #composite}
 * list the tags. Text is percent-encoded: {@code %} and what is not printable ASCII as
 * UTF-8, unpaired surrogates as {@code %uD800}; within a composite {@code ( ) , =} as
 * well. Equality follows Java's: any {@link List} with the same elements is the same key,
 * but no {@link Set} is; sets and maps are put in order; object arrays are compared by
 * their elements, as {@link SimpleKey} does; {@code 1.0} and {@code 1.00} differ as
 * {@link BigDecimal}s do. Doubles are written in hexadecimal, as their decimal form
 * changed with Java 19.
 * <p>
 * A class unknown here counts by its name and its {@code toString()}, which then has to
 * tell different keys apart.
 */
final class CanonicalForm {

	private static final int MAX_DEPTH = 64;

	private static final int MAX_BYTES = 16 << 20;

	private static final char[] HEX = "0123456789ABCDEF".toCharArray();

	private static final String STRUCTURE = "(),=";

	private static final String NAME_DELIMITERS = ":~(),=";

	private byte[] buffer = new byte[128];

	private int length;

	private int depth;

	int length() {
		return this.length;
	}

	byte[] toByteArray() {
		return Arrays.copyOf(this.buffer, this.length);
	}

	void copy(int from, byte[] target, int to, int count) {
		System.arraycopy(this.buffer, from, target, to, count);
	}

	/**
	 * Append the form of a key.
	 * @param key the key
	 * @throws IllegalArgumentException if it has no canonical form
	 */
	void key(@Nullable Object key) {
		try {
			value(key);
		}
		catch (KeyException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			throw new KeyException("A key of " + ((key != null) ? key.getClass() : null)
					+ " cannot be turned into text, as its own methods failed: " + ex, ex);
		}
	}

	private void value(@Nullable Object value) {
		if (value == null) {
			ascii("n:");
		}
		else if (!leaf(value) && !composite(value)) {
			other(value);
		}
	}

	private boolean leaf(Object value) {
		if (value instanceof String text) {
			return leaf("s:", text);
		}
		if (value instanceof Long) {
			return leaf("l:", value);
		}
		if (value instanceof Integer) {
			return leaf("i:", value);
		}
		if (value instanceof Short) {
			return leaf("h:", value);
		}
		if (value instanceof Byte) {
			return leaf("b:", value);
		}
		if (value instanceof Character) {
			return leaf("c:", value);
		}
		if (value instanceof Boolean) {
			return leaf("z:", value);
		}
		if (value instanceof Double number) {
			return leaf("d:", Double.toHexString(number));
		}
		if (value instanceof Float number) {
			return leaf("f:", Float.toHexString(number));
		}
		if (value.getClass() == BigInteger.class) {
			return leaf("I:", value);
		}
		if (value.getClass() == BigDecimal.class) {
			return leaf("D:", value);
		}
		if (value instanceof UUID) {
			return leaf("u:", value);
		}
		if (value instanceof Enum<?> constant) {
			return classed("e:", constant.getDeclaringClass().getName(), constant.name());
		}
		if (value instanceof Class<?> type) {
			return leaf("class:", type.getName());
		}
		return leafByContent(value);
	}

	@SuppressWarnings("JavaUtilDate") // users have it in their keys
	private boolean leafByContent(Object value) {
		if (value instanceof Date date) {
			return classed("t:", date.getClass().getName(), KeyedClass.instant(date));
		}
		if (value instanceof Calendar calendar) {
			return classed("t:", calendar.getClass().getName(),
					calendar.getTimeInMillis() + " " + calendar.getTimeZone().getID() + " " + calendar.isLenient() + " "
							+ calendar.getFirstDayOfWeek() + " " + calendar.getMinimalDaysInFirstWeek());
		}
		if (value instanceof TimeZone zone) {
			return classed("o:", TimeZone.class.getName(), zone.getRawOffset() + " " + zone.getID());
		}
		if (value instanceof Path path) {
			return classed("o:", Path.class.getName(), path.getFileSystem().provider().getScheme() + ":" + path);
		}
		if (value instanceof File file) {
			return classed("o:", File.class.getName(), file.getPath());
		}
		if (value instanceof InetAddress address) {
			return classed("o:", InetAddress.class.getName(), address.getHostAddress());
		}
		if (value instanceof Pattern pattern) {
			return classed("o:", Pattern.class.getName(), pattern.flags() + " " + pattern.pattern());
		}
		if (value instanceof byte[] bytes) {
			return hex("Ab:", ByteBuffer.wrap(bytes));
		}
		if (value instanceof ByteBuffer bytes) {
			return hex("B:", bytes.duplicate());
		}
		return false;
	}

	private boolean composite(Object value) {
		if (value instanceof SimpleKey key) {
			return sequence("k(", Arrays.asList(SimpleKeyParameters.of(key)));
		}
		if (value instanceof Record) {
			KeyedClass type = KeyedClass.of(value.getClass());
			ascii("r:");
			name(type.name());
			return sequence("(", type.components(value));
		}
		if (value instanceof List<?> list) {
			return sequence("L(", Arrays.asList(list.toArray()));
		}
		if (value instanceof Set<?> set) {
			return sorted("S(", Arrays.asList(set.toArray()));
		}
		if (value instanceof Map<?, ?> map) {
			return sorted("M(", List.copyOf(map.entrySet()));
		}
		if (value instanceof Map.Entry<?, ?> entry) {
			open("E(");
			pair(entry);
			return close();
		}
		if (value instanceof Collection<?> collection) {
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
			throw new KeyException(
					"A " + value.getClass().getName() + " cannot be a cache key; use an array or a List");
		}
		KeyedClass type = KeyedClass.of(value.getClass());
		classed("o:", type.name(), type.text(value));
	}

	private boolean primitives(Object array) {
		ascii("A");
		ascii(array.getClass().getComponentType().getName());
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
		int start = this.length;
		byte[][] forms = new byte[elements.size()][];
		for (int i = 0; i < forms.length; i++) {
			int from = this.length;
			if (elements.get(i) instanceof Map.Entry<?, ?> entry && tag.startsWith("M")) {
				pair(entry);
			}
			else {
				value(elements.get(i));
			}
			forms[i] = Arrays.copyOfRange(this.buffer, from, this.length);
		}
		Arrays.sort(forms, Arrays::compareUnsigned);
		this.length = start;
		for (int i = 0; i < forms.length; i++) {
			separate(i);
			bytes(forms[i]);
		}
		return close();
	}

	private void pair(Map.Entry<?, ?> entry) {
		value(entry.getKey());
		ascii("=");
		value(entry.getValue());
	}

	private void open(String tag) {
		if (++this.depth > MAX_DEPTH) {
			throw new KeyException("A cache key is nested more than " + MAX_DEPTH
					+ " deep, or contains itself; use a simpler key, such as an identifier");
		}
		ascii(tag);
	}

	private void separate(int index) {
		if (index > 0) {
			ascii(",");
		}
	}

	private boolean close() {
		this.depth--;
		ascii(")");
		return true;
	}

	private boolean leaf(String tag, Object value) {
		ascii(tag);
		escaped(value.toString(), (this.depth > 0) ? STRUCTURE : "");
		return true;
	}

	private boolean classed(String tag, String className, String text) {
		ascii(tag);
		name(className);
		return leaf(":", text);
	}

	private boolean hex(String tag, ByteBuffer bytes) {
		ascii(tag);
		while (bytes.hasRemaining()) {
			hex(bytes.get());
		}
		return true;
	}

	/**
	 * Append a name, such that none of the delimiters remains in it.
	 * @param name any text
	 */
	void name(String name) {
		escaped(name, NAME_DELIMITERS);
	}

	private void escaped(String text, String delimiters) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c > ' ' && c < 127 && c != '%' && delimiters.indexOf(c) == -1) {
				append(c);
			}
			else if (c < 128) {
				percent(c);
			}
			else if (c < 0x800) {
				percent(0xc0 | (c >> 6));
				percent(0x80 | (c & 0x3f));
			}
			else if (!Character.isSurrogate(c)) {
				percent(0xe0 | (c >> 12));
				percent(0x80 | ((c >> 6) & 0x3f));
				percent(0x80 | (c & 0x3f));
			}
			else if (Character.isHighSurrogate(c) && i + 1 < text.length()
					&& Character.isLowSurrogate(text.charAt(i + 1))) {
				int codePoint = Character.toCodePoint(c, text.charAt(++i));
				percent(0xf0 | (codePoint >> 18));
				percent(0x80 | ((codePoint >> 12) & 0x3f));
				percent(0x80 | ((codePoint >> 6) & 0x3f));
				percent(0x80 | (codePoint & 0x3f));
			}
			else {
				ascii("%u");
				hex(c >> 8);
				hex(c);
			}
		}
	}

	private void percent(int value) {
		append('%');
		hex(value);
	}

	private void hex(int value) {
		append(HEX[(value >> 4) & 0xf]);
		append(HEX[value & 0xf]);
	}

	void ascii(String text) {
		for (int i = 0; i < text.length(); i++) {
			append(text.charAt(i));
		}
	}

	void bytes(byte[] bytes) {
		ensure(bytes.length);
		System.arraycopy(bytes, 0, this.buffer, this.length, bytes.length);
		this.length += bytes.length;
	}

	private void append(int c) {
		ensure(1);
		this.buffer[this.length++] = (byte) c;
	}

	private void ensure(int count) {
		int needed = this.length + count;
		if (needed > this.buffer.length) {
			if (needed > MAX_BYTES) {
				throw new KeyException("A cache key is longer than " + MAX_BYTES
						+ " bytes, or contains itself; use a simpler key, such as an identifier");
			}
			this.buffer = Arrays.copyOf(this.buffer, Math.max(needed, this.buffer.length * 2));
		}
	}

	/**
	 * Says why a key has no canonical form.
	 */
	@SuppressWarnings("serial")
	static final class KeyException extends IllegalArgumentException {

		KeyException(String message) {
			super(message);
		}

		KeyException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

}
