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
import java.util.IdentityHashMap;

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
	 * What a hash visits in about a second, and more than a value of 2 GB has objects.
	 */
	static final long MAX_WAYS = 1L << 28;

	/** From here on a hash is worth a look at the clock. */
	private static final long HEAVY = 1 << 16;

	private static final long MAX_NANOS = 2_000_000_000L;

	/**
	 * Smaller ones are counted anew each time, which costs less than to remember them.
	 */
	private static final int SMALL = 16;

	/** A power of two. */
	private static final int KINDS = 32;

	private final IdentityHashMap<Object, Long> ways = new IdentityHashMap<>();

	private final Counter counter = new Counter();

	/** The kinds met last, as most values are of a few classes. */
	private final @Nullable NodeKind[] kinds = new @Nullable NodeKind[KINDS];

	private boolean heavy;

	private long startedAt;

	/**
	 * Forget what was read.
	 */
	void clear() {
		if (!this.ways.isEmpty()) {
			this.ways.clear();
		}
		this.heavy = false;
	}

	/**
	 * An object or a reference is about to be read.
	 * @return whether to go on
	 */
	boolean mayContinue() {
		return !this.heavy || System.nanoTime() - this.startedAt < MAX_NANOS;
	}

	/**
	 * An object was read.
	 * @param object the object
	 * @throws InvalidObjectException if its hash would take too long
	 */
	void completed(Object object) throws InvalidObjectException {
		NodeKind kind = kind(object);
		if (kind.isLeaf()) {
			return;
		}
		long count = this.counter.count(object, kind, MAX_WAYS);
		if (count >= SMALL) {
			if (count >= MAX_WAYS) {
				throw new InvalidObjectException("Its parts refer to each other in too many ways");
			}
			this.ways.put(object, count);
			if (count >= HEAVY && !this.heavy) {
				this.heavy = true;
				this.startedAt = System.nanoTime();
			}
		}
	}

	private NodeKind kind(Object object) {
		Class<?> type = object.getClass();
		int slot = type.hashCode() & (KINDS - 1);
		NodeKind kind = this.kinds[slot];
		if (kind == null || !kind.isOf(type)) {
			kind = NodeKind.of(object);
			this.kinds[slot] = kind;
		}
		return kind;
	}

	/**
	 * Counts the ways below one object.
	 */
	private final class Counter implements NodeKind.Visitor {

		private long limit;

		private long count;

		private int depth;

		long count(Object object, NodeKind kind, long limit) {
			this.limit = limit;
			this.count = 0;
			this.depth = 0;
			enter(object, kind);
			return this.count;
		}

		private void enter(Object object, NodeKind kind) {
			this.depth++;
			try {
				kind.visit(object, this);
			}
			catch (RuntimeException ex) {
				// It is not complete, as its parts refer to it. They are counted.
			}
			this.depth--;
		}

		@Override
		public boolean visit(@Nullable Object child) {
			this.count++;
			if (child != null && !(child instanceof String)) {
				NodeKind kind = kind(child);
				if (!kind.isLeaf()) {
					add(child, kind);
				}
			}
			return this.count < this.limit;
		}

		private void add(Object child, NodeKind kind) {
			Long known = HashWork.this.ways.isEmpty() ? null : HashWork.this.ways.get(child);
			if (known != null) {
				this.count += known;
			}
			else if (this.depth < SMALL) {
				// It has less than SMALL below it, else it were known, or is not
				// complete.
				long outer = this.limit;
				this.limit = Math.min(outer, this.count + SMALL);
				enter(child, kind);
				this.limit = outer;
			}
		}

	}

}
