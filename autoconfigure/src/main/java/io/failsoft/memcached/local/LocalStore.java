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

package io.failsoft.memcached.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Encoded values that this instance has read from memcached or loaded, bounded by their
 * weight. Which of them may be served is for its users to decide. One store serves all
 * caches on a pool of servers. Thread-safe; reading takes no lock.
 *
 * @param <V> the type of the encoded values
 */
public final class LocalStore<V> {

	/** What an entry takes beside its key and value, in bytes. */
	private static final int OVERHEAD = 200;

	private static final int LARGEST_VALUE = 256 << 10;

	private static final long IN_USE_NANOS = Duration.ofSeconds(10).toNanos();

	private final boolean enabled;

	private final Cache<MemcachedKey, Kept<V>> kept;

	private final ToIntFunction<V> size;

	private final LongAdder evictions = new LongAdder();

	private volatile long reserveServed = System.nanoTime() - IN_USE_NANOS;

	/**
	 * Creates an empty store.
	 * @param maximumWeight the most bytes that keys and values may take, 200 bytes an
	 * entry included; 0 for a store that keeps nothing
	 * @param size returns the bytes that a value holds on to
	 */
	public LocalStore(long maximumWeight, ToIntFunction<V> size) {
		this.size = size;
		this.enabled = maximumWeight > 0;
		this.kept = Caffeine.newBuilder()
			.maximumWeight(maximumWeight)
			.weigher(
					(MemcachedKey key, Kept<V> value) -> key.bytes().length + size.applyAsInt(value.value()) + OVERHEAD)
			// No thread of another pool is asked for, and none inherits anything.
			.executor(Runnable::run)
			.evictionListener((key, value, cause) -> this.evictions.increment())
			.build();
	}

	/**
	 * Returns whether values are kept at all.
	 * @return {@code false} if the maximum weight is 0
	 */
	public boolean isEnabled() {
		return this.enabled;
	}

	/**
	 * Returns what is kept of a key.
	 * @param key the key
	 * @return what is kept, or {@code null}
	 */
	public @Nullable Kept<V> get(MemcachedKey key) {
		return this.kept.getIfPresent(key);
	}

	/**
	 * Keeps a value in place of one that was confirmed before it. A value over 256 KB is
	 * not kept, nor is what it would replace. Not for several threads at once with the
	 * same key.
	 * @param key the key
	 * @param value the value
	 */
	public void keep(MemcachedKey key, Kept<V> value) {
		if (this.size.applyAsInt(value.value()) > LARGEST_VALUE) {
			this.kept.invalidate(key);
			return;
		}
		Kept<V> present = this.kept.getIfPresent(key);
		if (present == null || present.time() - value.time() <= 0) {
			this.kept.put(key, value);
		}
	}

	/**
	 * Removes what is kept of a key.
	 * @param key the key
	 */
	public void remove(MemcachedKey key) {
		this.kept.invalidate(key);
	}

	/**
	 * Returns the weight of what is kept.
	 * @return bytes, as far as they are counted by now
	 */
	public long weight() {
		return this.kept.policy().eviction().map((eviction) -> eviction.weightedSize().orElse(0)).orElse(0L);
	}

	/**
	 * Returns how many entries had to make room.
	 * @return the number since the start
	 */
	public long evictions() {
		return this.evictions.sum();
	}

	/**
	 * Notes that an entry was served as memcached could not be asked.
	 */
	public void noteReserve() {
		this.reserveServed = System.nanoTime();
	}

	/**
	 * Returns whether an entry was served as memcached could not be asked within the last
	 * ten seconds.
	 * @return whether the reserve is in use
	 */
	public boolean isReserveInUse() {
		return System.nanoTime() - this.reserveServed < IN_USE_NANOS;
	}

	/**
	 * The classes of Caffeine's that it makes by their names.
	 */
	static class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			for (String name : List.of("SSMW", "PSMW")) {
				hints.reflection()
					.registerType(TypeReference.of("com.github.benmanes.caffeine.cache." + name),
							MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.ACCESS_DECLARED_FIELDS);
			}
		}

	}

	/**
	 * A value that is kept.
	 *
	 * @param value the value, encoded
	 * @param time when it was confirmed: the beginning of the read that returned it, or
	 * of the load; by {@link System#nanoTime()}
	 * @param sequence the number of the last write of this JVM at that time
	 * @param generation the generation it was confirmed under, or 0 if it is not known
	 * @param <V> the type of the value
	 */
	public record Kept<V>(V value, long time, long sequence, long generation) {

	}

}
