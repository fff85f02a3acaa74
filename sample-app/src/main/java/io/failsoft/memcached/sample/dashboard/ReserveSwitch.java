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
import org.springframework.util.function.SingletonSupplier;

/**
 * A switch that takes the reserve away while the application runs, to show what it is
 * good for: the same caches once more, without it. Nothing changes where there is no
 * memcached. Thread-safe.
 */
@Component
class ReserveSwitch implements CachingConfigurer {

	private static final List<String> CACHES = List.of("cities", "nearest", "largest", "search");

	private final ObjectProvider<CacheManager> with;

	private final SingletonSupplier<CacheManager> without;

	private volatile boolean on = true;

	ReserveSwitch(ObjectProvider<CacheManager> manager, ObjectProvider<MemcachedCacheManager.Builder> builder) {
		this.with = manager;
		this.without = SingletonSupplier.of(() -> withoutReserve(builder.getIfAvailable(), manager));
	}

	private static CacheManager withoutReserve(MemcachedCacheManager.@Nullable Builder builder,
			ObjectProvider<CacheManager> otherwise) {
		if (builder == null) {
			return otherwise.getObject();
		}
		CACHES.forEach((name) -> builder.cache(name,
				builder.settings(name).toBuilder().reserveTimeToLive(Duration.ZERO).build()));
		return builder.build();
	}

	@Override
	public CacheResolver cacheResolver() {
		return (call) -> new SimpleCacheResolver(this.on ? this.with.getObject() : this.without.obtain())
			.resolveCaches(call);
	}

	void turn(boolean on) {
		this.on = on;
	}

	boolean isOn() {
		return this.on;
	}

}
