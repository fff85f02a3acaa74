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
import java.util.Calendar;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What Jackson writes and would read as something else, or not at all: refused on
 * writing, as a miss is better than another value.
 */
final class Lossy {

	/** What Jackson reads. */
	static final int MAX_DIGITS = 1000;

	/** Smile has less than 32 bits for a scale, and says nothing if it takes more. */
	private static final long MAX_SCALE = 1L << 30;

	/** As many digits. */
	private static final int MAX_BITS = 3321;

	private Lossy() {
	}

	/**
	 * Refuse a value whose form leaves something out.
	 * @param value the value
	 * @throws ValueCodecException if it does, with the remedy
	 */
	static void refuse(@Nullable Object value) {
		String lost = lost(value);
		if (value != null && lost != null) {
			throw refusal(value, lost);
		}
	}

	/**
	 * The exception for a value whose form leaves something out.
	 * @param value the value
	 * @param lost what there is no place for
	 * @return an exception whose message says what to do
	 */
	static ValueCodecException refusal(Object value, String lost) {
		return new ValueCodecException(
				"A " + value.getClass().getName() + " cannot be written by Jackson, which has no place for " + lost
						+ ". Set memcached.cache.codec: jdk, or cache a record in its place",
				null, true);
	}

	private static @Nullable String lost(@Nullable Object value) {
		if (value instanceof Calendar) {
			return "its time zone";
		}
		if (value instanceof TimeZone zone && !zone.equals(TimeZone.getTimeZone(zone.getID()))) {
			return "its rules";
		}
		if (value instanceof Locale locale && !locale.equals(Locale.forLanguageTag(locale.toLanguageTag()))) {
			return "its variant";
		}
		if (value instanceof Pattern pattern && pattern.flags() != 0) {
			return "its flags";
		}
		if (value instanceof BigDecimal number && Math.abs((long) number.scale()) >= MAX_SCALE) {
			return "such a scale";
		}
		if (value instanceof BigDecimal number && number.precision() > MAX_DIGITS) {
			return "more than 1,000 digits";
		}
		if (value instanceof BigInteger number && number.bitLength() > MAX_BITS) {
			return "more than 1,000 digits";
		}
		return (comparator(value) != null) ? "its comparator" : null;
	}

	private static @Nullable Comparator<?> comparator(@Nullable Object value) {
		if (value instanceof SortedMap<?, ?> map) {
			return map.comparator();
		}
		if (value instanceof SortedSet<?> set) {
			return set.comparator();
		}
		if (value instanceof PriorityQueue<?> queue) {
			return queue.comparator();
		}
		return (value instanceof PriorityBlockingQueue<?> queue) ? queue.comparator() : null;
	}

}
