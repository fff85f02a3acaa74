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

package io.failsoft.memcached.faults;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/**
 * A way from the caller through Spring and the cache to the method.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions keep no state
enum CachedPath {

	GET("@Cacheable", Catalogue::get),

	PUT("@CachePut", Catalogue::put),

	EVICT("@CacheEvict", Catalogue::evict),

	EVICT_BEFORE("@CacheEvict before", Catalogue::evictBefore),

	CLEAR("allEntries", Catalogue::clear),

	SYNC("sync", Catalogue::sync),

	SEVERAL("four caches", Catalogue::several),

	FUTURE("future", (catalogue, key) -> catalogue.future(key).join()),

	FUTURE_SYNC("future sync", (catalogue, key) -> catalogue.futureSync(key).join()),

	FUTURE_PUT("future put", (catalogue, key) -> catalogue.futurePut(key).join()),

	FUTURE_EVICT("future evict", (catalogue, key) -> catalogue.futureEvict(key).join()),

	MONO("Mono", (catalogue, key) -> catalogue.mono(key).block()),

	MONO_SYNC("Mono sync", (catalogue, key) -> catalogue.monoSync(key).block()),

	MONO_PUT("Mono put", (catalogue, key) -> catalogue.monoPut(key).block()),

	COLLECTION("collection", (catalogue, key) -> only(catalogue.collection(List.of(key)).values())),

	COLLECTION_EVICT("collection evict", (catalogue, key) -> only(catalogue.evictCollection(List.of(key)).values())),

	COLLECTION_FUTURE("future collection",
			(catalogue, key) -> only(catalogue.futureCollection(List.of(key)).join().values())),

	COLLECTION_MONO("Mono collection",
			(catalogue, key) -> only(Objects.requireNonNull(catalogue.monoCollection(List.of(key)).block()).values())),

	FLUX("Flux", (catalogue, key) -> only(catalogue.flux(key).collectList().block())),

	FLUX_SYNC("Flux sync", (catalogue, key) -> only(catalogue.fluxSync(key).collectList().block()));

	private final String label;

	private final BiFunction<Catalogue, String, Item> invocation;

	CachedPath(String label, BiFunction<Catalogue, String, Item> invocation) {
		this.label = label;
		this.invocation = invocation;
	}

	String label() {
		return this.label;
	}

	Item invoke(Catalogue catalogue, String key) {
		return this.invocation.apply(catalogue, key);
	}

	private static Item only(@Nullable Collection<Item> items) {
		if (items == null || items.size() != 1) {
			throw new AssertionError("not one item but " + items);
		}
		return items.iterator().next();
	}

}
