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

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;

/**
 * What Spring's interceptors hand errors to. An error of one of our caches has been
 * handled within the cache by the time Spring sees it, so it is only thrown on, and never
 * handled twice. An error of any other cache goes to the handler that it would have gone
 * to without us.
 */
final class ForeignCacheErrorHandler implements CacheErrorHandler {

	private final Supplier<CacheErrorHandler> original;

	ForeignCacheErrorHandler(Supplier<CacheErrorHandler> original) {
		this.original = original;
	}

	@Override
	public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
		foreign(exception, cache).handleCacheGetError(exception, DecoratedCache.unwrap(cache), key);
	}

	@Override
	public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
		foreign(exception, cache).handleCachePutError(exception, DecoratedCache.unwrap(cache), key, value);
	}

	@Override
	public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
		foreign(exception, cache).handleCacheEvictError(exception, DecoratedCache.unwrap(cache), key);
	}

	@Override
	public void handleCacheClearError(RuntimeException exception, Cache cache) {
		foreign(exception, cache).handleCacheClearError(exception, DecoratedCache.unwrap(cache));
	}

	private CacheErrorHandler foreign(RuntimeException exception, Cache cache) {
		if (exception instanceof MemcachedCacheException || cache instanceof MemcachedCache) {
			throw exception;
		}
		return this.original.get();
	}

}
