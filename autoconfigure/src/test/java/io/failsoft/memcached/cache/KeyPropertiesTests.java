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

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of {@link CacheKeys}.
 */
class KeyPropertiesTests {

	private static final int MAX_DEPTH = 32;

	record Pair(Object one, Object other) {

	}

	/**
	 * A key, and how deep it is.
	 */
	private record Nested(int depth, Object key) {

		static Nested flat(Object key) {
			return new Nested(0, key);
		}

		static Nested of(List<Nested> parts, Function<List<Object>, Object> together) {
			int depth = parts.stream().mapToInt(Nested::depth).max().orElse(0);
			return new Nested(depth + 1, together.apply(parts.stream().map(Nested::key).toList()));
		}

	}

	@Provide
	Arbitrary<String> texts() {
		Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(8);
		Arbitrary<String> tricky = Arbitraries.strings().withChars("ab:,()=%~* \ns1\ud83d\ude00").ofMaxLength(4);
		Arbitrary<String> large = Arbitraries.strings().withChars("ab").ofMinLength(230).ofMaxLength(260);
		return Arbitraries.oneOf(List.of(tricky, any, large));
	}

	/**
	 * Of any depth that a key may have. What is put together at random is at times
	 * deeper.
	 */
	@Provide
	Arbitrary<Object> keys() {
		return nested().filter((nested) -> nested.depth() <= MAX_DEPTH).map(Nested::key);
	}

	private Arbitrary<Nested> nested() {
		return Arbitraries.lazyOf(() -> texts().map(Nested::flat), () -> texts().map(Nested::flat),
				() -> Arbitraries.longs().map(Nested::flat),
				() -> Arbitraries.integers().between(0, 3).map(Nested::flat),
				() -> Arbitraries.doubles().map(Nested::flat), () -> upToThree((keys) -> keys),
				() -> upToThree((keys) -> new SimpleKey(keys.toArray())), () -> upToThree(HashSet::new),
				() -> nested().map((only) -> Nested.of(List.of(only), (keys) -> Optional.of(keys.get(0)))),
				() -> two((keys) -> new Pair(keys.get(0), keys.get(1))),
				() -> two((keys) -> Map.of(keys.get(0), keys.get(1))));
	}

	private Arbitrary<Nested> upToThree(Function<List<Object>, Object> together) {
		return nested().list().ofMaxSize(3).map((parts) -> Nested.of(parts, together));
	}

	private Arbitrary<Nested> two(Function<List<Object>, Object> together) {
		return nested().list().ofSize(2).map((parts) -> Nested.of(parts, together));
	}

	@Property(tries = 3000)
	void keysAreOneEntryIfAndOnlyIfTheyAreEqual(@ForAll("keys") Object one, @ForAll("keys") Object other) {
		CacheKeys keys = new CacheKeys("shop", "books");
		assertThat(keys.of(one).equals(keys.of(other))).isEqualTo(one.equals(other));
	}

	@Property(tries = 2000)
	void memcachedTakesEveryKey(@ForAll("texts") String prefix, @ForAll("texts") String cache,
			@ForAll("keys") Object key) {
		assertThat(new CacheKeys(prefix, cache).of(key).toString()).matches("[!-~]{1,250}");
	}

	@Property(tries = 2000)
	void cachesNeverShareAKey(@ForAll("texts") String prefix, @ForAll("texts") String cache,
			@ForAll("texts") String otherPrefix, @ForAll("texts") String otherCache, @ForAll("texts") String key,
			@ForAll("texts") String otherKey) {
		boolean same = prefix.equals(otherPrefix) && cache.equals(otherCache) && key.equals(otherKey);
		String one = new CacheKeys(prefix, cache).of(key).toString();
		assertThat(one.equals(new CacheKeys(otherPrefix, otherCache).of(otherKey).toString())).isEqualTo(same);
	}

}
