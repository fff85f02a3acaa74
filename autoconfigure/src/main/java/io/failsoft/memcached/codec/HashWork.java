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

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Bounds the time that the {@code hashCode()} and {@code equals()} of what is being read
 * take. Not thread-safe.
 * <p>
 * A hash visits an object once for each way that leads to it, so a few hundred bytes can
 * describe lists within lists, each twice in the next, whose hash would take years: depth
 * and number of objects are small, but not the number of ways. This counts the ways as
 * objects are completed. An object that can be reached in too many is refused before
 * anything hashes it; and where many are below that bound, the time that has passed is
 * looked at between one object and the next. What is not complete counts little: a
 * collection whose parts contain it can still cost time.
 */
final class HashWork {

	/**
	 * A hash visits as many in about a second. More than a value of 2 GB has objects.
	 */
	private static final long MAX_WAYS = 1L << 28;

	/** From here on a hash is worth a look at the clock. */
	private static final long HEAVY = 1 << 16;

	private static final long MAX_NANOS = 2_000_000_000L;

	/** Smaller ones are counted anew, which costs less than to remember them. */
	private static final int SMALL = 16;

	private static final ClassValue<Kind> KINDS = new ClassValue<>() {

		@Override
		protected Kind computeValue(Class<?> type) {
			return Kind.of(type);
		}

	};

	private final IdentityHashMap<Object, Long> ways = new IdentityHashMap<>();

	/** The class that was met last, and likely is next. */
	private Class<?> type = Object.class;

	private Kind kind = KINDS.get(Object.class);

	/** When to stop, {@code null} before a hash is worth a look at the clock. */
	private @Nullable Long deadline;

	/**
	 * Forgets what was read.
	 */
	void clear() {
		if (!this.ways.isEmpty()) {
			this.ways.clear();
		}
		this.deadline = null;
	}

	/**
	 * Returns whether to go on, before an object or a reference is read.
	 */
	boolean mayContinue() {
		return this.deadline == null || System.nanoTime() - this.deadline < 0;
	}

	/**
	 * Counts the ways below an object that was read.
	 * @param object the object
	 * @throws ValueCodecException if its hash would take too long
	 */
	void completed(Object object) {
		Kind kind = kind(object);
		if (kind.leaf()) {
			return;
		}
		long count = countBelow(object, kind, MAX_WAYS);
		if (count >= MAX_WAYS) {
			throw new ValueCodecException("Its parts refer to each other in too many ways", null);
		}
		if (count >= SMALL) {
			this.ways.put(object, count);
		}
		if (count >= HEAVY && this.deadline == null) {
			this.deadline = System.nanoTime() + MAX_NANOS;
		}
	}

	private Kind kind(Object object) {
		Class<?> met = object.getClass();
		if (met != this.type) {
			this.kind = KINDS.get(met);
			this.type = met;
		}
		return this.kind;
	}

	/** Counts up to a limit, or somewhat more. */
	private long countBelow(Object object, Kind kind, long limit) {
		long count = 0;
		try {
			for (Field field : kind.fields()) {
				count += count(field.get(object), limit - count);
			}
			if (kind.container()) {
				for (Collection<?> parts : contents(object)) {
					for (Object part : parts) {
						if (count >= limit) {
							return count;
						}
						count += count(part, limit - count);
					}
				}
			}
		}
		catch (RuntimeException | IllegalAccessException ex) {
			// It is not complete, as its parts refer to it. They are counted.
		}
		return count;
	}

	private long count(@Nullable Object part, long limit) {
		Kind kind = (part != null) ? kind(part) : null;
		if (part == null || kind == null || kind.leaf()) {
			return 1;
		}
		Long known = this.ways.isEmpty() ? null : this.ways.get(part);
		if (known != null) {
			return 1 + known;
		}
		// It has less than SMALL below it, else it were known, or is not complete.
		return (limit > 1) ? 1 + countBelow(part, kind, Math.min(SMALL, limit - 1)) : 1;
	}

	private static List<Collection<?>> contents(Object container) {
		if (container instanceof Collection<?> collection) {
			return List.of(collection);
		}
		if (container instanceof Map<?, ?> map) {
			return List.of(map.keySet(), map.values());
		}
		if (container instanceof Map.Entry<?, ?> entry) {
			return List.of(Arrays.asList(entry.getKey(), entry.getValue()));
		}
		return List.of((container instanceof Optional<?> optional) ? optional.stream().toList()
				: Arrays.asList((Object[]) container));
	}

	/**
	 * The way to the parts of a class's objects that their hash may visit.
	 *
	 * @param container whether they are the contents of a container of the JDK
	 * @param fields the fields that refer to them, of all other classes
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Kind(boolean container, Field... fields) {

		static Kind of(Class<?> type) {
			if (type.getName().startsWith("java.") || type.isArray()) {
				boolean container = Stream
					.of(Collection.class, Map.class, Map.Entry.class, Optional.class, Object[].class)
					.anyMatch((known) -> known.isAssignableFrom(type));
				return new Kind(container);
			}
			List<Field> fields = new ArrayList<>();
			ReflectionUtils.doWithFields(type, fields::add, (field) -> !Modifier.isStatic(field.getModifiers())
					&& !type.isEnum() && !ClassUtils.isSimpleValueType(field.getType()) && field.trySetAccessible());
			return new Kind(false, fields.toArray(new Field[0]));
		}

		boolean leaf() {
			return !this.container && this.fields.length == 0;
		}

	}

}
