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

import java.io.InvalidObjectException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

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

	private boolean heavy;

	private long startedAt;

	/** Of the object that is being counted. */
	private long count;

	private long limit;

	private int depth;

	/**
	 * Forgets what was read.
	 */
	void clear() {
		if (!this.ways.isEmpty()) {
			this.ways.clear();
		}
		this.heavy = false;
	}

	/**
	 * Returns whether to go on, before an object or a reference is read.
	 */
	boolean mayContinue() {
		return !this.heavy || System.nanoTime() - this.startedAt < MAX_NANOS;
	}

	/**
	 * Counts the ways below an object that was read.
	 * @param object the object
	 * @throws InvalidObjectException if its hash would take too long
	 */
	void completed(Object object) throws InvalidObjectException {
		Kind kind = KINDS.get(object.getClass());
		if (kind.leaf()) {
			return;
		}
		this.count = 0;
		this.limit = MAX_WAYS;
		this.depth = 0;
		visitParts(object, kind);
		if (this.count >= MAX_WAYS) {
			throw new InvalidObjectException("Its parts refer to each other in too many ways");
		}
		if (this.count >= SMALL) {
			this.ways.put(object, this.count);
			if (this.count >= HEAVY && !this.heavy) {
				this.heavy = true;
				this.startedAt = System.nanoTime();
			}
		}
	}

	private void visitParts(Object object, Kind kind) {
		this.depth++;
		try {
			if (kind.fields().length > 0) {
				for (Field field : kind.fields()) {
					visit(field.get(object));
				}
			}
			else if (object instanceof Collection<?> collection) {
				visitAll(collection);
			}
			else if (object instanceof Map<?, ?> map) {
				visitAll(map.keySet());
				visitAll(map.values());
			}
			else if (object instanceof Map.Entry<?, ?> entry) {
				visit(entry.getKey());
				visit(entry.getValue());
			}
			else if (object instanceof Optional<?> optional) {
				visit(optional.orElse(null));
			}
			else {
				visitAll(Arrays.asList((Object[]) object));
			}
		}
		catch (RuntimeException | IllegalAccessException ex) {
			// It is not complete, as its parts refer to it. They are counted.
		}
		this.depth--;
	}

	private void visitAll(Collection<?> parts) {
		for (Object part : parts) {
			if (this.count >= this.limit) {
				return;
			}
			visit(part);
		}
	}

	private void visit(@Nullable Object part) {
		this.count++;
		if (part == null || part instanceof String) {
			return;
		}
		Kind kind = KINDS.get(part.getClass());
		if (kind.leaf()) {
			return;
		}
		Long known = this.ways.isEmpty() ? null : this.ways.get(part);
		if (known != null) {
			this.count += known;
		}
		else if (this.depth < SMALL) {
			// It has less than SMALL below it, else it were known, or is not complete.
			long outer = this.limit;
			this.limit = Math.min(outer, this.count + SMALL);
			visitParts(part, kind);
			this.limit = outer;
		}
	}

	/**
	 * The parts of a class's objects that their hash may visit.
	 *
	 * @param leaf whether there are none
	 * @param fields the fields that refer to them, none for the JDK's containers
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Kind(boolean leaf, Field[] fields) {

		static Kind of(Class<?> type) {
			boolean ofJdk = type.getName().startsWith("java.");
			boolean container = (ofJdk && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)))
					|| Map.Entry.class.isAssignableFrom(type) || type == Optional.class
					|| Object[].class.isAssignableFrom(type);
			List<Field> fields = new ArrayList<>();
			for (Class<?> c = type; c != null && !ofJdk && !c.isEnum(); c = c.getSuperclass()) {
				for (Field field : c.getDeclaredFields()) {
					if (!Modifier.isStatic(field.getModifiers()) && mayRefer(field.getType())
							&& field.trySetAccessible()) {
						fields.add(field);
					}
				}
			}
			return new Kind(!container && fields.isEmpty(), fields.toArray(new Field[0]));
		}

		private static boolean mayRefer(Class<?> type) {
			return !type.isPrimitive() && !type.isEnum() && !CharSequence.class.isAssignableFrom(type)
					&& !Number.class.isAssignableFrom(type) && !type.getName().startsWith("java.time.");
		}

	}

}
