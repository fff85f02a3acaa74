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

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.support.NoOpCache;
import org.springframework.util.function.SingletonSupplier;

/**
 * A {@link CacheManager} whose caches are held by memcached. Creating a cache does no I/O
 * and never fails. Thread-safe.
 */
public class MemcachedCacheManager implements CacheManager {

	private final MemcachedCacheSettings defaults;

	private final Map<String, MemcachedCacheSettings> settings;

	private final String keyPrefix;

	private final boolean dynamic;

	private final CacheStore.Shared shared;

	private final Map<String, Cache> caches = new ConcurrentHashMap<>();

	private final List<Consumer<MemcachedCache>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates the caches that a builder names.
	 * @param builder the builder
	 */
	protected MemcachedCacheManager(Builder builder) {
		this.defaults = builder.defaults;
		this.settings = Map.copyOf(builder.settings);
		this.keyPrefix = builder.keyPrefix;
		this.dynamic = builder.dynamic;
		this.shared = new CacheStore.Shared(builder.consistency, builder.localStore, builder.errorHandler,
				builder.executor, builder.transactionAware, new Grace.Shared(builder.refreshExecutor,
						new Semaphore(builder.refreshConcurrency), builder.staleListener));
		for (String name : builder.names) {
			this.caches.put(name, create(name));
		}
	}

	/**
	 * Creates a local store for the managers of a pool of servers.
	 * @param maximumWeight the most bytes that keys and encoded values may take on the
	 * heap, 200 bytes an entry included; 0 to keep nothing
	 * @return the store
	 */
	public static LocalStore<Payload> localStore(long maximumWeight) {
		return new LocalStore<>(Math.max(0, maximumWeight), (payload) -> payload.bytes().length);
	}

	/**
	 * Returns a builder of a manager.
	 * @param consistency the servers and what keeps their entries consistent; may be
	 * shared with other managers
	 * @param defaults the settings of every cache that has none of its own
	 * @return a builder
	 */
	public static Builder builder(Consistency consistency, MemcachedCacheSettings defaults) {
		return new Builder(consistency, defaults);
	}

	@Override
	public @Nullable Cache getCache(String name) {
		Cache cache = this.caches.get(name);
		if (cache != null || !this.dynamic) {
			return cache;
		}
		return this.caches.computeIfAbsent(name, this::create);
	}

	@Override
	public Collection<String> getCacheNames() {
		return Collections.unmodifiableSet(this.caches.keySet());
	}

	/**
	 * Returns the servers that hold the entries.
	 * @return the servers
	 */
	public MemcachedServers getServers() {
		return this.shared.consistency().pool();
	}

	/**
	 * Adds a listener that is called for each cache, existing ones included.
	 * @param listener called once per cache, possibly on the thread that first asks for
	 * the cache; must not throw
	 */
	public void addCacheListener(Consumer<MemcachedCache> listener) {
		this.listeners.add(listener);
		for (Cache cache : List.copyOf(this.caches.values())) {
			if (cache instanceof MemcachedCache ours) {
				listener.accept(ours);
			}
		}
	}

	private Cache create(String name) {
		MemcachedCacheSettings own = this.settings.getOrDefault(name, this.defaults);
		if (!own.enabled()) {
			return new NoOpCache(name);
		}
		CacheKeys keys = new CacheKeys(this.keyPrefix, name, own.keyClasses().toArray(String[]::new));
		MemcachedCache cache = new MemcachedCache(name, new CacheStore(keys, own, this.shared));
		this.listeners.forEach((listener) -> listener.accept(cache));
		return cache;
	}

	/**
	 * Builds a {@link MemcachedCacheManager}. Not thread-safe.
	 */
	public static class Builder {

		private final Consistency consistency;

		private final Map<String, MemcachedCacheSettings> settings = new HashMap<>();

		private final Set<String> names = new LinkedHashSet<>();

		private MemcachedCacheSettings defaults;

		private String keyPrefix = "";

		private boolean dynamic = true;

		private boolean transactionAware;

		private Supplier<CacheErrorHandler> errorHandler = SingletonSupplier
			.<CacheErrorHandler>of(MemcachedCacheErrorHandler::new)::obtain;

		private Executor executor = CacheStore.commonPool();

		private LocalStore<Payload> localStore = MemcachedCacheManager.localStore(32 << 20);

		private Executor refreshExecutor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
				new SynchronousQueue<>(), (task) -> Timer.daemon(task, "failsoft-memcached-refresh"));

		private int refreshConcurrency = 8;

		private BiConsumer<Cache, Object> staleListener = (cache, key) -> {
		};

		Builder(Consistency consistency, MemcachedCacheSettings defaults) {
			this.consistency = consistency;
			this.defaults = defaults;
		}

		/**
		 * Returns the settings of every cache that has none of its own.
		 * @return the settings
		 */
		public MemcachedCacheSettings defaults() {
			return this.defaults;
		}

		/**
		 * Sets the settings of every cache that has none of its own.
		 * @param defaults the settings
		 * @return this builder
		 */
		public Builder defaults(MemcachedCacheSettings defaults) {
			this.defaults = defaults;
			return this;
		}

		/**
		 * Sets the prefix of every key, so that applications can share servers.
		 * @param keyPrefix any text, possibly empty
		 * @return this builder
		 */
		public Builder keyPrefix(String keyPrefix) {
			this.keyPrefix = keyPrefix;
			return this;
		}

		/**
		 * Gives a cache settings of its own. It is created at start-up.
		 * @param name the cache's name
		 * @param settings its settings
		 * @return this builder
		 */
		public Builder cache(String name, MemcachedCacheSettings settings) {
			this.settings.put(name, settings);
			this.names.add(name);
			return this;
		}

		/**
		 * Returns the settings that a cache would be given, for instance to change one.
		 * @param name the cache's name
		 * @return its own settings, or the defaults if it has none
		 */
		public MemcachedCacheSettings settings(String name) {
			return this.settings.getOrDefault(name, this.defaults);
		}

		/**
		 * Adds caches that are created at start-up, with the default settings unless they
		 * have their own.
		 * @param names the caches' names
		 * @return this builder
		 */
		public Builder cacheNames(Collection<String> names) {
			this.names.addAll(names);
			return this;
		}

		/**
		 * Sets whether caches that were not named are created on demand.
		 * @param dynamic {@code false} for only those named
		 * @return this builder
		 */
		public Builder dynamic(boolean dynamic) {
			this.dynamic = dynamic;
			return this;
		}

		/**
		 * Sets whether evictions and puts within a transaction wait for its commit. Needs
		 * spring-tx.
		 * @param transactionAware whether they wait
		 * @return this builder
		 */
		public Builder transactionAware(boolean transactionAware) {
			this.transactionAware = transactionAware;
			return this;
		}

		/**
		 * Sets the error handler that each failure is handed to, once.
		 * @param errorHandler asked for at each failure
		 * @return this builder
		 */
		public Builder errorHandler(Supplier<CacheErrorHandler> errorHandler) {
			this.errorHandler = errorHandler;
			return this;
		}

		/**
		 * Sets the executor that completes the futures of asynchronous reads, and so may
		 * run their dependents.
		 * @param executor the executor; the common pool by default
		 * @return this builder
		 */
		public Builder executor(Executor executor) {
			this.executor = executor;
			return this;
		}

		/**
		 * Sets where values are kept on the heap that this instance has read or loaded.
		 * @param localStore the store, which other managers may share; one of 32 MB by
		 * default
		 * @return this builder
		 */
		public Builder localStore(LocalStore<Payload> localStore) {
			this.localStore = localStore;
			return this;
		}

		/**
		 * Sets what loads aged values anew in the background.
		 * @param executor runs the methods and loaders; {@code null}, the default, for
		 * daemon threads, which know nothing of the caller's request
		 * @param concurrency how many run at once, 8 by default; what finds no room, or
		 * is rejected by the executor, is left to a later read
		 * @return this builder
		 */
		public Builder refreshes(@Nullable Executor executor, int concurrency) {
			this.refreshExecutor = (executor != null) ? executor : this.refreshExecutor;
			this.refreshConcurrency = concurrency;
			return this;
		}

		/**
		 * Sets who is told of each value that is served after its time to live.
		 * @param listener given the cache, or an invocation's view of it, and the key,
		 * before the value is returned; must neither block nor throw
		 * @return this builder
		 */
		public Builder staleListener(BiConsumer<Cache, Object> listener) {
			this.staleListener = listener;
			return this;
		}

		/**
		 * Builds the manager. Does no I/O.
		 * @return the manager
		 */
		public MemcachedCacheManager build() {
			return new MemcachedCacheManager(this);
		}

	}

}
