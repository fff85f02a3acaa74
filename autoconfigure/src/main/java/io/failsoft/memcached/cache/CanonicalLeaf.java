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
import java.nio.file.Path;
import java.util.Calendar;
import java.util.Date;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The part of a {@link CanonicalForm} that has no parts: a tag, a colon and text. Not
 * thread-safe.
 */
final class CanonicalLeaf {

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

	@SuppressWarnings("JavaUtilDate") // users have it in their keys
	private boolean content(Object value) {
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
