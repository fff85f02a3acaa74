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
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The part of a {@link CanonicalForm} that has no parts: a tag, a colon and text. Not
 * thread-safe.
 */
@SuppressWarnings("JavaUtilDate") // users have it in their keys
final class CanonicalLeaf {

	/** 15 October 1582. */
	private static final long USUAL_CHANGE_TO_GREGORIAN = new GregorianCalendar().getGregorianChange().getTime();

	private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9]*");

	private final KeyText text;

	private final String delimiters;

	/**
	 * Make what appends leaves.
	 * @param text what to append them to
	 * @param delimiters what must not remain in a leaf's text
	 */
	CanonicalLeaf(KeyText text, String delimiters) {
		this.text = text;
		this.delimiters = delimiters;
	}

	/**
	 * Append a value.
	 * @param value the value
	 * @return {@code false} if it is no leaf that is known
	 */
	boolean append(Object value) {
		if (value instanceof String text) {
			return text("s:", text);
		}
		if (value instanceof Long) {
			return text("l:", value);
		}
		if (value instanceof Integer) {
			return text("i:", value);
		}
		if (value instanceof Short) {
			return text("h:", value);
		}
		if (value instanceof Byte) {
			return text("b:", value);
		}
		if (value instanceof Character) {
			return text("c:", value);
		}
		if (value instanceof Boolean) {
			return text("z:", value);
		}
		if (value instanceof Double number) {
			return text("d:", Double.toHexString(number));
		}
		if (value instanceof Float number) {
			return text("f:", Float.toHexString(number));
		}
		if (value.getClass() == BigInteger.class) {
			return text("I:", value);
		}
		if (value.getClass() == BigDecimal.class) {
			return text("D:", value);
		}
		if (value instanceof UUID) {
			return text("u:", value);
		}
		if (value instanceof Enum<?> constant) {
			return classed("e:", constant.getDeclaringClass().getName(), constant.name());
		}
		if (value instanceof Class<?> type) {
			return text("class:", type.getName());
		}
		return content(value);
	}

	private boolean content(Object value) {
		if (value instanceof Date date) {
			equalityOf(date).checkInherited("the time");
			return classed("t:", date.getClass().getName(), KeyedClass.instant(date));
		}
		if (value instanceof Calendar calendar) {
			equalityOf(calendar).checkInherited("the time");
			return classed("t:", calendar.getClass().getName(),
					calendar.getTimeInMillis() + " " + known(calendar.getTimeZone()).getID() + " "
							+ calendar.isLenient() + " " + calendar.getFirstDayOfWeek() + " "
							+ calendar.getMinimalDaysInFirstWeek() + changeToGregorian(calendar));
		}
		if (value instanceof Locale locale) {
			return locale(locale);
		}
		if (value instanceof TimeZone zone) {
			return classed("o:", TimeZone.class.getName(), known(zone).getRawOffset() + " " + zone.getID());
		}
		if (value instanceof Path path) {
			equalityOf(path).checkInherited("the path");
			if (path.getFileSystem() != FileSystems.getDefault()) {
				throw new CacheKeyException(path.getClass(), path.getClass().getName()
						+ " cannot be (part of) a cache key: it does not tell its file system. Use path.toUri()");
			}
			return classed("o:", Path.class.getName(), path.getFileSystem().provider().getScheme() + ":" + path);
		}
		if (value instanceof File file) {
			equalityOf(file).checkInherited("the path");
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

	/**
	 * The name that a locale always had here, where it tells all, else its parts.
	 */
	private boolean locale(Locale locale) {
		boolean named = ALPHANUMERIC.matcher(locale.getLanguage()).matches()
				&& ALPHANUMERIC.matcher(locale.getCountry()).matches() && locale.getVariant().indexOf('#') < 0
				&& !(locale.getLanguage() + locale.getCountry()).isEmpty();
		if (named || locale.equals(Locale.ROOT)) {
			return classed("o:", Locale.class.getName(), locale.toString());
		}
		StringBuilder extensions = new StringBuilder();
		for (Character key : new TreeSet<>(locale.getExtensionKeys())) {
			extensions.append('#').append(key).append('-').append(locale.getExtension(key));
		}
		return classed("o:", Locale.class.getName(),
				"#" + locale.getScript() + extensions + "#" + locale.getLanguage().length() + "_" + locale.getLanguage()
						+ locale.getCountry().length() + "_" + locale.getCountry() + locale.getVariant());
	}

	/**
	 * A time zone that its identifier stands for, in every JVM.
	 */
	private static TimeZone known(TimeZone zone) {
		if (!TimeZone.getTimeZone(zone.getID()).equals(zone)) {
			throw new CacheKeyException(zone.getClass(), "The " + zone.getClass().getName() + " " + zone.getID()
					+ " cannot be (part of) a cache key: its identifier does not tell its rules. Use a java.time.ZoneId");
		}
		return zone;
	}

	private static String changeToGregorian(Calendar calendar) {
		if (calendar instanceof GregorianCalendar gregorian) {
			long change = gregorian.getGregorianChange().getTime();
			return (change != USUAL_CHANGE_TO_GREGORIAN) ? " " + change : "";
		}
		return "";
	}

	private static KeyEquality equalityOf(Object value) {
		return KeyedClass.of(value.getClass()).equality();
	}

	private boolean text(String tag, Object value) {
		this.text.ascii(tag);
		this.text.escaped(value.toString(), this.delimiters);
		return true;
	}

	boolean classed(String tag, String className, String text) {
		this.text.ascii(tag);
		this.text.name(className);
		return text(":", text);
	}

	private boolean hex(String tag, ByteBuffer bytes) {
		this.text.ascii(tag);
		while (bytes.hasRemaining()) {
			this.text.hex(bytes.get());
		}
		return true;
	}

}
