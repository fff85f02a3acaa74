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
import java.util.Map;
import java.util.Set;

import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.cache.CacheManager;
import org.springframework.util.StringUtils;

/**
 * Meters the caches that are made after the start, under the tags that Boot gives to
 * those that exist at the start.
 */
final class LaterCacheMeters implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(LaterCacheMeters.class);

	private static final String SUFFIX = "cacheManager";

	private final ListableBeanFactory beanFactory;

	LaterCacheMeters(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		CacheMetricsRegistrar registrar = this.beanFactory.getBeanProvider(CacheMetricsRegistrar.class).getIfUnique();
		if (registrar == null) {
			return;
		}
		MeterRegistry registry = this.beanFactory.getBeanProvider(MeterRegistry.class).getIfUnique();
		Map<String, CacheManager> managers = this.beanFactory.getBeansOfType(CacheManager.class, false, true);
		managers.forEach((name, manager) -> {
			if (manager instanceof MemcachedCacheManager ours) {
				Tag tag = Tag.of("cache.manager", managerName(name));
				Set<String> early = Set.copyOf(ours.getCacheNames());
				ours.addCacheListener(
						(cache) -> bind(registrar, early.contains(cache.getName()) ? registry : null, cache, tag));
			}
		});
	}

	private static void bind(CacheMetricsRegistrar registrar, @Nullable MeterRegistry registry, MemcachedCache cache,
			Tag tag) {
		// Boot meters what exists when it looks, and Micrometer warns of a second time.
		// Only those are looked up, as that goes through all meters.
		if (registry != null
				&& registry.find("cache.gets").tag("cache", cache.getName()).tags(List.of(tag)).meter() != null) {
			return;
		}
		try {
			registrar.bindCacheToRegistry(cache, tag);
		}
		catch (RuntimeException ex) {
			logger.warn("Cache '" + cache.getName() + "' is not metered", ex);
		}
	}

	private static String managerName(String beanName) {
		return (beanName.length() > SUFFIX.length() && StringUtils.endsWithIgnoreCase(beanName, SUFFIX))
				? beanName.substring(0, beanName.length() - SUFFIX.length()) : beanName;
	}

}
