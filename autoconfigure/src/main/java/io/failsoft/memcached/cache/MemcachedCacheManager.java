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
import java.util.List;
import java.util.function.Supplier;

import io.failsoft.memcached.client.ServerPool;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * A {@link CacheManager} backed by memcached. Thread-safe.
 */
public final class MemcachedCacheManager implements CacheManager {

	private MemcachedCacheManager() {
	}

	/**
	 * Start to build a manager.
	 * @param servers the servers
	 * @param defaults the settings of every cache that has none of its own
	 * @return a builder
	 */
	public static Builder builder(ServerPool servers, MemcachedCacheSettings defaults) {
		return new Builder();
	}

	@Override
	public @Nullable Cache getCache(String name) {
		return null;
	}

	@Override
	public Collection<String> getCacheNames() {
		return List.of();
	}

	/**
	 * Builds a {@link MemcachedCacheManager}. Not thread-safe.
	 */
	public static final class Builder {

		private Builder() {
		}

		/**
		 * Set what stands before every key, so that applications can share servers.
		 * @param keyPrefix any text, possibly empty
		 * @return this builder
		 */
		public Builder keyPrefix(String keyPrefix) {
			return this;
		}

		/**
		 * Give a cache settings of its own. It is made at start-up.
		 * @param name the cache's name
		 * @param settings its settings
		 * @return this builder
		 */
		public Builder cache(String name, MemcachedCacheSettings settings) {
			return this;
		}

		/**
		 * Make caches with the default settings at start-up.
		 * @param names the caches' names
		 * @return this builder
		 */
		public Builder cacheNames(Collection<String> names) {
			return this;
		}

		/**
		 * Whether caches that were not named are made on demand.
		 * @param dynamic {@code false} for only those named
		 * @return this builder
		 */
		public Builder dynamic(boolean dynamic) {
			return this;
		}

		/**
		 * Whether evictions and puts within a transaction wait for its commit.
		 * @param transactionAware whether they wait
		 * @return this builder
		 */
		public Builder transactionAware(boolean transactionAware) {
			return this;
		}

		/**
		 * Number of keys whose invalidation is remembered per server while it cannot be
		 * delivered.
		 * @param capacity at least 1
		 * @return this builder
		 */
		public Builder invalidationLogCapacity(int capacity) {
			return this;
		}

		/**
		 * Set what each failure is handed to, once.
		 * @param errorHandler asked for at each failure
		 * @return this builder
		 */
		public Builder errorHandler(Supplier<CacheErrorHandler> errorHandler) {
			return this;
		}

		/**
		 * Build the manager. Does no I/O.
		 * @return the manager
		 */
		public MemcachedCacheManager build() {
			return new MemcachedCacheManager();
		}

	}

}
