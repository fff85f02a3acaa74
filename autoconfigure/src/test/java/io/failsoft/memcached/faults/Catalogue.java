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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;

/**
 * A service whose methods are cached in every way there is. It counts how often the
 * method itself runs. Keys that begin with {@code bad} are sold out.
 */
class Catalogue {

	static final String ITEMS = "items";

	static final String LISTS = "lists";

	static final String CLEARED = "cleared";

	static final String OTHERS = "others";

	static final List<String> CACHES = List.of(ITEMS, LISTS, CLEARED, OTHERS);

	private final AtomicInteger calls = new AtomicInteger();

	private final Map<String, AtomicLong> versions = new ConcurrentHashMap<>();

	private volatile @Nullable SoldOut thrown;

	/**
	 * The method itself, without a cache.
	 */
	Item query(String key) {
		this.calls.incrementAndGet();
		if (key.startsWith("bad")) {
			SoldOut soldOut = new SoldOut(key);
			this.thrown = soldOut;
			throw soldOut;
		}
		return new Item(key, version(key).get());
	}

	private AtomicLong version(String key) {
		return this.versions.computeIfAbsent(key, (ignored) -> new AtomicLong());
	}

	int calls() {
		return this.calls.get();
	}

	@Nullable SoldOut thrown() {
		return this.thrown;
	}

	/**
	 * What the method would return now.
	 */
	Item current(String key) {
		return new Item(key, version(key).get());
	}

	private Item change(String key) {
		version(key).incrementAndGet();
		return query(key);
	}

	@Cacheable(ITEMS)
	public Item get(String key) {
		return query(key);
	}

	@CachePut(cacheNames = ITEMS)
	public Item put(String key) {
		return change(key);
	}

	@CacheEvict(ITEMS)
	public Item evict(String key) {
		return change(key);
	}

	@CacheEvict(cacheNames = ITEMS, beforeInvocation = true)
	public Item evictBefore(String key) {
		return change(key);
	}

	@Cacheable(CLEARED)
	public Item getCleared(String key) {
		return query(key);
	}

	@CacheEvict(cacheNames = CLEARED, allEntries = true)
	public Item clear(String key) {
		return change(key);
	}

	@Cacheable(cacheNames = ITEMS, sync = true)
	public Item sync(String key) {
		return query(key);
	}

	@Cacheable(ITEMS)
	public CompletableFuture<Item> future(String key) {
		return CompletableFuture.supplyAsync(() -> query(key));
	}

	@Cacheable(cacheNames = ITEMS, sync = true)
	public CompletableFuture<Item> futureSync(String key) {
		return CompletableFuture.supplyAsync(() -> query(key));
	}

	@CachePut(cacheNames = ITEMS)
	public CompletableFuture<Item> futurePut(String key) {
		return CompletableFuture.supplyAsync(() -> change(key));
	}

	@CacheEvict(ITEMS)
	public CompletableFuture<Item> futureEvict(String key) {
		return CompletableFuture.supplyAsync(() -> change(key));
	}

	@Cacheable(ITEMS)
	public Mono<Item> mono(String key) {
		return Mono.fromCallable(() -> query(key));
	}

	@Cacheable(cacheNames = ITEMS, sync = true)
	public Mono<Item> monoSync(String key) {
		return Mono.fromCallable(() -> query(key));
	}

	@CachePut(cacheNames = ITEMS)
	public Mono<Item> monoPut(String key) {
		return Mono.fromCallable(() -> change(key));
	}

	@Cacheable(LISTS)
	public Flux<Item> flux(String key) {
		return Mono.fromCallable(() -> query(key)).flux();
	}

	@Cacheable(cacheNames = LISTS, sync = true)
	public Flux<Item> fluxSync(String key) {
		return Mono.fromCallable(() -> query(key)).flux();
	}

	@CollectionCacheable(ITEMS)
	public Map<String, Item> collection(Collection<String> keys) {
		return query(keys);
	}

	@CollectionCacheable(ITEMS)
	public CompletableFuture<Map<String, Item>> futureCollection(Collection<String> keys) {
		return CompletableFuture.supplyAsync(() -> query(keys));
	}

	@CollectionCacheable(ITEMS)
	public Mono<Map<String, Item>> monoCollection(Collection<String> keys) {
		return Mono.fromCallable(() -> query(keys));
	}

	@CollectionCacheEvict(ITEMS)
	public Map<String, Item> evictCollection(Collection<String> keys) {
		keys.forEach((key) -> version(key).incrementAndGet());
		return query(keys);
	}

	/**
	 * The method itself of many keys, which is one call.
	 */
	Map<String, Item> query(Collection<String> keys) {
		int before = this.calls.get();
		Map<String, Item> items = new LinkedHashMap<>();
		keys.forEach((key) -> items.put(key, query(key)));
		this.calls.set(before + 1);
		return items;
	}

	@Caching(cacheable = @Cacheable({ ITEMS, OTHERS }), put = @CachePut(cacheNames = CLEARED, key = "#key + '-put'"),
			evict = @CacheEvict(cacheNames = OTHERS, key = "#key + '-evict'"))
	public Item several(String key) {
		return query(key);
	}

}
