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

package io.failsoft.memcached.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.MemcachedCacheErrorHandler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;

/**
 * The handler that applies to our caches: that of the application's
 * {@link CachingConfigurer}, else a {@link CacheErrorHandler} bean, which may be ours.
 * Thread-safe.
 */
final class ApplicableErrorHandler implements Supplier<CacheErrorHandler>, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ApplicableErrorHandler.class);

	private final List<Supplier<CacheErrorHandler>> interceptorHandlers;

	private final ObjectProvider<CachingConfigurer> configurers;

	private final ObjectProvider<CacheErrorHandler> handlers;

	private final CacheErrorHandler untilResolved = new MemcachedCacheErrorHandler();

	private volatile @Nullable CacheErrorHandler resolved;

	ApplicableErrorHandler(List<Supplier<CacheErrorHandler>> interceptorHandlers,
			ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheErrorHandler> handlers) {
		this.interceptorHandlers = interceptorHandlers;
		this.configurers = configurers;
		this.handlers = handlers;
	}

	@Override
	public void afterSingletonsInstantiated() {
		get();
	}

	/**
	 * The handler. While the context is not complete and it cannot be found yet, that is
	 * ours.
	 * @return the handler, never {@code null}
	 */
	@Override
	public CacheErrorHandler get() {
		CacheErrorHandler handler = this.resolved;
		if (handler == null) {
			try {
				handler = resolve();
				this.resolved = handler;
			}
			catch (RuntimeException ex) {
				logger.debug("The cache error handler cannot be found yet", ex);
				handler = this.untilResolved;
			}
		}
		return handler;
	}

	private CacheErrorHandler resolve() {
		for (Supplier<CacheErrorHandler> supplier : this.interceptorHandlers) {
			CacheErrorHandler handler = supplier.get();
			if (handler.getClass() != SimpleCacheErrorHandler.class) {
				return handler;
			}
		}
		// Spring's default and one that a configurer asks for look alike in the
		// interceptor
		for (CachingConfigurer configurer : this.configurers.stream().toList()) {
			CacheErrorHandler handler = configurer.errorHandler();
			if (handler != null) {
				return handler;
			}
		}
		CacheErrorHandler handler = this.handlers.getIfUnique();
		return (handler != null) ? handler
				: this.handlers.orderedStream().findFirst().orElseGet(MemcachedCacheErrorHandler::new);
	}

}
