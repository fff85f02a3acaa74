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

package io.failsoft.memcached.sample.dashboard;

import java.time.Duration;
import java.util.List;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.stereotype.Component;

/**
 * A switch that takes the reserve away while the application runs, to show what it is
 * good for: the same caches once more, without it. Thread-safe.
 */
@Component
class ReserveSwitch implements CachingConfigurer {

	private static final List<String> CACHES = List.of("cities", "nearest", "largest", "search");

	private final ObjectProvider<CacheManager> manager;

	private final ObjectProvider<MemcachedCacheManager.Builder> builder;

	private volatile @Nullable CacheManager without;

	ReserveSwitch(ObjectProvider<CacheManager> manager, ObjectProvider<MemcachedCacheManager.Builder> builder) {
		this.manager = manager;
		this.builder = builder;
	}

	@Override
	public CacheResolver cacheResolver() {
		return (call) -> {
			CacheManager other = this.without;
			return new SimpleCacheResolver((other != null) ? other : this.manager.getObject()).resolveCaches(call);
		};
	}

	/**
	 * Turns the reserve on or off. Without memcached there is none.
	 */
	void turn(boolean on) {
		MemcachedCacheManager.Builder caches = on ? null : this.builder.getIfAvailable();
		if (caches != null) {
			CACHES.forEach((name) -> caches.cache(name,
					caches.settings(name).toBuilder().reserveTimeToLive(Duration.ZERO).build()));
		}
		this.without = (caches != null) ? caches.build() : null;
	}

	boolean isOn() {
		return this.without == null;
	}

}
