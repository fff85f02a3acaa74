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

import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Error handlers that an application may bring.
 */
final class Handlers {

	private Handlers() {
	}

	static Throwable unwrap(@Nullable Throwable throwable) {
		if (throwable == null) {
			throw new AssertionError("nothing was thrown");
		}
		Throwable cause = throwable.getCause();
		return (throwable instanceof CompletionException && cause != null) ? cause : throwable;
	}

	/**
	 * Where the application has its handler.
	 */
	enum Kind {

		BEAN(AsBean.class), CONFIGURER(OfConfigurer.class);

		private final Class<?> configuration;

		Kind(Class<?> configuration) {
			this.configuration = configuration;
		}

		Class<?> configuration() {
			return this.configuration;
		}

		Recording handler(RunningApplication application) {
			return (this == BEAN) ? application.bean(Recording.class)
					: application.bean(OfConfigurer.Recorder.class).handler();
		}

	}

	/**
	 * Counts, and throws on if it is told to.
	 */
	static class Recording implements CacheErrorHandler {

		private final AtomicInteger calls = new AtomicInteger();

		private volatile boolean rethrows;

		private volatile @Nullable RuntimeException last;

		void rethrow() {
			this.rethrows = true;
		}

		void swallow() {
			this.rethrows = false;
		}

		int calls() {
			return this.calls.get();
		}

		@Nullable RuntimeException last() {
			return this.last;
		}

		private void handle(RuntimeException exception) {
			this.calls.incrementAndGet();
			this.last = exception;
			if (this.rethrows) {
				throw exception;
			}
		}

		@Override
		public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
			handle(exception);
		}

		@Override
		public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
			handle(exception);
		}

		@Override
		public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
			handle(exception);
		}

		@Override
		public void handleCacheClearError(RuntimeException exception, Cache cache) {
			handle(exception);
		}

	}

	/** A bean. */
	@Configuration(proxyBeanMethods = false)
	static class AsBean {

		@Bean
		Recording handler() {
			return new Recording();
		}

	}

	/** In a configurer; not a bean as such. */
	@Configuration(proxyBeanMethods = false)
	static class OfConfigurer {

		@Bean
		Recorder recorder() {
			return new Recorder(new Recording());
		}

		@Bean
		CachingConfigurer configurer(Recorder recorder) {
			return new CachingConfigurer() {

				@Override
				public CacheErrorHandler errorHandler() {
					return recorder.handler();
				}

			};
		}

		record Recorder(Recording handler) {

		}

	}

}
