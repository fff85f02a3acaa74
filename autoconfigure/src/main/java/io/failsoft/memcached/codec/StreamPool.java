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

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of expensive objects. Unlike a {@link ThreadLocal} it does not grow with
 * the number of threads. Thread-safe and lock-free.
 *
 * @param <T> the type of the objects
 */
final class StreamPool<T> {

	private static final int SLOTS = 32;

	private static final int TRIES = 4;

	private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);

	@Nullable T take() {
		int start = start();
		for (int i = 0; i < TRIES; i++) {
			int slot = (start + i) & (SLOTS - 1);
			if (this.slots.getPlain(slot) != null) {
				T object = this.slots.getAndSet(slot, null);
				if (object != null) {
					return object;
				}
			}
		}
		return null;
	}

	void give(T object) {
		int start = start();
		for (int i = 0; i < TRIES; i++) {
			int slot = (start + i) & (SLOTS - 1);
			if (this.slots.getPlain(slot) == null && this.slots.compareAndSet(slot, null, object)) {
				return;
			}
		}
	}

	@SuppressWarnings("deprecation") // threadId() is not in Java 17
	private static int start() {
		long id = Thread.currentThread().getId();
		return (int) ((id * 0x9E3779B97F4A7C15L) >>> 59);
	}

}
