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

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of {@link CacheKeys}.
 */
class KeyPropertiesTests {

	record Pair(Object one, Object other) {

	}

	@Provide
	Arbitrary<String> texts() {
		Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(8);
		Arbitrary<String> tricky = Arbitraries.strings().withChars("ab:,()=%~* \ns1\ud83d\ude00").ofMaxLength(4);
		Arbitrary<String> large = Arbitraries.strings().withChars("ab").ofMinLength(230).ofMaxLength(260);
		return Arbitraries.oneOf(List.of(tricky, any, large));
	}

	@Provide
	Arbitrary<Object> keys() {
		return Arbitraries.lazyOf(() -> texts().asGeneric(), () -> texts().asGeneric(),
				() -> Arbitraries.longs().asGeneric(), () -> Arbitraries.integers().between(0, 3).asGeneric(),
				() -> Arbitraries.doubles().asGeneric(), () -> keys().list().ofMaxSize(3).asGeneric(),
				() -> keys().list().ofMaxSize(3).map((list) -> new SimpleKey(list.toArray())),
				() -> keys().list().ofMaxSize(3).map(HashSet::new), () -> keys().map(Optional::of),
				() -> Combinators.combine(keys(), keys()).as(Pair::new),
				() -> Combinators.combine(keys(), keys()).as(Map::of));
	}

	@Property(tries = 3000)
	void keysAreOneEntryIfAndOnlyIfTheyAreEqual(@ForAll("keys") Object one, @ForAll("keys") Object other) {
		CacheKeys keys = new CacheKeys("shop", "books");
		assertThat(keys.of(one).memcachedKey().equals(keys.of(other).memcachedKey())).isEqualTo(one.equals(other));
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
