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

import java.math.BigInteger;
import java.util.Calendar;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.PriorityBlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * What Jackson writes and would read as something else, or not at all: refused on
 * writing, as a miss is better than another value.
 */
final class Lossy {

	/** 1,000 digits, which is what Jackson reads. */
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
			throw new ValueCodecException(
					"A " + value.getClass().getName() + " cannot be written by Jackson, which has no place for " + lost
							+ ". Set memcached.cache.codec: jdk, or cache a record in its place",
					null);
		}
	}

	private static @Nullable String lost(@Nullable Object value) {
		if (value instanceof Calendar) {
			return "its time zone";
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
