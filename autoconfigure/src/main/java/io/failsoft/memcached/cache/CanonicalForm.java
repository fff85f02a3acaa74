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

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ObjectUtils;

/**
 * The canonical form of a key: printable ASCII that is the same in every JVM and Java
 * version, the same for keys that are equal, and different for keys that are not. Not
 * thread-safe; one is used for one key.
 * <p>
 * A leaf is a tag, a colon and text ({@code l:42}, {@code s:978-3}), a composite a tag
 * and its parts in parentheses ({@code k(l:1,s:a)}). Text is escaped: {@code %} and
 * whatever is not printable ASCII as {@code %} and four hexadecimal digits, within a
 * composite {@code ( ) , =} as well. Equality follows Java's: any {@link List} with the
 * same elements is the same key, but no {@link Set} is; sets and maps are put in order;
 * arrays are compared by their elements, as {@link SimpleKey} does; {@code 1.0} and
 * {@code 1.00} differ as {@link BigDecimal}s do. Doubles are written in hexadecimal, as
 * their decimal form changed with Java 19.
 * <p>
 * Value types of the JDK, collections, arrays and the classes of {@link KeyParts} count
 * by their content, any other class that the application vouches for by its name and its
 * {@code toString()}. All else is refused.
 */
@SuppressWarnings("JavaUtilDate") // users have it in their keys
final class CanonicalForm {

	private static final int MAX_DEPTH = 64;

	private static final int MAX_LENGTH = 16 << 20;

	private static final Map<Class<?>, String> TAGS = Map.of(String.class, "s:", Long.class, "l:", Integer.class, "i:",
			Short.class, "h:", Byte.class, "b:", Character.class, "c:", Boolean.class, "z:", BigInteger.class, "I:",
			BigDecimal.class, "D:", UUID.class, "u:");

	private static final Map<Class<?>, Function<Object, String>> LEAVES = Map.of(Double.class,
			(value) -> "d:" + Double.toHexString((Double) value), Float.class,
			(value) -> "f:" + Float.toHexString((Float) value), Class.class,
			(value) -> "class:" + ((Class<?>) value).getName(), Date.class,
			(value) -> "t:java.util.Date:" + ((Date) value).getTime(), byte[].class,
			(value) -> "Ab:" + HexFormat.of().withUpperCase().formatHex((byte[]) value), Currency.class,
			(value) -> "o:java.util.Currency:" + value);

	private final StringBuilder text = new StringBuilder(128);

	private final List<String> keyClasses;

	private int depth;

	private @Nullable Class<?> current;

	private CanonicalForm(List<String> keyClasses) {
		this.keyClasses = keyClasses;
	}

	/**
	 * Returns the form of a key.
	 * @param key the key
	 * @param keyClasses patterns of the classes that the application vouches for
	 * @return the form
	 * @throws IllegalArgumentException if it has none
	 */
	static String of(@Nullable Object key, List<String> keyClasses) {
		CanonicalForm form = new CanonicalForm(keyClasses);
		try {
			form.value(key);
			return form.text.toString();
		}
		catch (RefusedException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			throw new RefusedException("A key of " + form.current + " cannot be read, as its own methods failed with "
					+ ex.getClass().getName(), ex);
		}
	}

	/**
	 * Escapes a name such that none of the delimiters remains in it.
	 */
	static String name(String name) {
		return escape(name, "(),=:~");
	}

	/**
	 * Escapes text.
	 * @param text any text
	 * @param delimiters printable characters to escape as well
	 * @return the escaped text
	 */
	static String escape(String text, String delimiters) {
		StringBuilder escaped = new StringBuilder(text.length());
		escape(text, delimiters, escaped);
		return escaped.toString();
	}

	private static void escape(String text, String delimiters, StringBuilder escaped) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (isPlain(c) && delimiters.indexOf(c) < 0) {
				escaped.append(c);
			}
			else {
				escaped.append('%').append(HexFormat.of().toHexDigits(c));
			}
		}
	}

	static boolean isPlain(char c) {
		return c > ' ' && c < 127 && c != '%';
	}

	private void value(@Nullable Object value) {
		if (this.text.length() > MAX_LENGTH) {
			throw new RefusedException("A cache key takes more than " + MAX_LENGTH
					+ " bytes, or contains itself; use a simpler key, such as an identifier", null);
		}
		if (value == null) {
			this.text.append("n:");
			return;
		}
		this.current = value.getClass();
		if (!leaf(value)) {
			KeyParts parts = KeyParts.of(value.getClass());
			if (parts != null) {
				sequence(parts.tag(), parts.reader().apply(value));
			}
			else if (value instanceof Object[] array) {
				sequence("A", Arrays.asList(array));
			}
			else if (value.getClass().isArray()) {
				sequence("A" + value.getClass().getComponentType(), Arrays.asList(ObjectUtils.toObjectArray(value)));
			}
			else if (!collection(value)) {
				vouched(value);
			}
		}
	}

	private boolean leaf(Object value) {
		Class<?> type = value.getClass();
		String tag = TAGS.get(type);
		if (tag != null) {
			return leaf(tag, value.toString());
		}
		Function<Object, String> form = LEAVES.get(type);
		if (form != null) {
			return leaf("", form.apply(value));
		}
		if (value instanceof Enum<?> constant) {
			return leaf("e:" + name(constant.getDeclaringClass().getName()) + ":", constant.name());
		}
		boolean time = type.getPackage() == Instant.class.getPackage()
				&& (value instanceof TemporalAccessor || value instanceof TemporalAmount || value instanceof ZoneId);
		return time && leaf("o:" + type.getName() + ":", value.toString());
	}

	private boolean leaf(String tag, String content) {
		this.text.append(tag);
		escape(content, (this.depth > 0) ? "(),=" : "", this.text);
		return true;
	}

	/**
	 * Appends a collection that is equal to a plain one of the same content, and so, as
	 * {@code equals} is transitive, to all that the plain one is equal to. The order of a
	 * sorted collection must tell apart the elements that {@code equals} tells apart.
	 * @return {@code false} if it is no such collection
	 */
	private boolean collection(Object value) {
		int start = this.text.length();
		Object plain;
		boolean distinct = true;
		if (value instanceof List<?> list) {
			List<?> elements = Arrays.asList(list.toArray());
			sequence("L", elements);
			plain = elements;
		}
		else if (value instanceof Set<?> set) {
			List<?> elements = Arrays.asList(set.toArray());
			sorted("S", elements);
			distinct = !(set instanceof SortedSet<?> tree) || (tree.comparator() == null && areDistinct(elements));
			plain = new HashSet<>(elements);
		}
		else if (value instanceof Map<?, ?> map) {
			sorted("M", map.entrySet());
			distinct = !(map instanceof SortedMap<?, ?> tree)
					|| (tree.comparator() == null && areDistinct(map.keySet()));
			plain = new HashMap<>(map);
		}
		else {
			return false;
		}
		boolean content = distinct && value.equals(plain) && !(value instanceof IdentityHashMap);
		this.text.setLength(content ? this.text.length() : start);
		return content;
	}

	/**
	 * Returns if the natural order of elements tells them apart as {@code equals} does.
	 */
	private static boolean areDistinct(Collection<? extends @Nullable Object> elements) {
		return elements.stream()
			.allMatch((element) -> element instanceof Enum || (element != null
					&& element.getClass().getClassLoader() == null && element.getClass() != BigDecimal.class));
	}

	/**
	 * Appends a key of a class that the application vouches for. A proxy that was created
	 * by subclassing counts as its superclass.
	 */
	private void vouched(Object value) {
		Class<?> type = value.getClass();
		while ((type.getName().contains("$$") || type.getName().contains("$HibernateProxy"))
				&& type.getSuperclass() != Object.class) {
			type = type.getSuperclass();
		}
		String name = type.getName();
		if (this.keyClasses.stream().noneMatch((pattern) -> matches(pattern, name))) {
			throw refused(type, "does not promise that its equals() compares its content and nothing else");
		}
		String content = value.toString();
		if (content.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()))
				|| Proxy.isProxyClass(type) || (type != value.getClass() && KeyParts.of(type) != null)) {
			throw refused(value.getClass(),
					"has no toString() of its own, or is a proxy, so that it would be another key in every JVM");
		}
		leaf("o:" + name(name) + ":", content);
	}

	private static boolean matches(String pattern, String className) {
		int stars = pattern.indexOf('*');
		return (stars < 0) ? className.equals(pattern) : className.startsWith(pattern.substring(0, stars))
				&& (pattern.endsWith("**") || className.indexOf('.', stars) < 0);
	}

	private void sequence(String tag, List<? extends @Nullable Object> elements) {
		open(tag);
		for (int i = 0; i < elements.size(); i++) {
			this.text.append((i > 0) ? "," : "");
			value(elements.get(i));
		}
		close();
	}

	private void sorted(String tag, Collection<? extends @Nullable Object> elements) {
		open(tag);
		int start = this.text.length();
		List<String> forms = new ArrayList<>();
		for (Object element : elements) {
			int from = this.text.length();
			if (element instanceof Map.Entry<?, ?> entry && tag.equals("M")) {
				value(entry.getKey());
				this.text.append('=');
				value(entry.getValue());
			}
			else {
				value(element);
			}
			forms.add(this.text.substring(from));
		}
		Collections.sort(forms);
		this.text.setLength(start);
		this.text.append(String.join(",", forms));
		close();
	}

	private void open(String tag) {
		if (++this.depth > MAX_DEPTH) {
			throw new RefusedException("A cache key is nested more than " + MAX_DEPTH
					+ " deep, or contains itself; use a simpler key, such as an identifier", null);
		}
		this.text.append(tag).append('(');
	}

	private void close() {
		this.depth--;
		this.text.append(')');
	}

	private static RefusedException refused(Class<?> type, String reason) {
		boolean container = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
		return new RefusedException(type.getName() + " cannot be (part of) a cache key: it " + reason
				+ ". Name the key, as in @Cacheable(key = \"#x.id\"), or use "
				+ (container ? "a copy of it as an ArrayList, a HashSet or a HashMap"
						: "a record; or, if its toString() tells different keys apart exactly as its equals() does,"
								+ " set memcached.cache.key-classes: " + type.getName()),
				null);
	}

	/** Tells refusals from exceptions of the key's own methods. */
	@SuppressWarnings("serial")
	static final class RefusedException extends IllegalArgumentException {

		RefusedException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

}
