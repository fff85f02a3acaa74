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

import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;
import io.failsoft.memcached.metrics.MemcachedCacheMetrics;
import io.failsoft.memcached.metrics.MemcachedOperationMetrics;
import io.failsoft.memcached.metrics.MemcachedServerMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters. It comes before
 * Boot's own, which meters the caches that exist at start-up if there is a provider; the
 * {@link LaterCacheMeters} see to those made later.
 */
@AutoConfiguration(after = MemcachedCacheAutoConfiguration.class, before = CacheMetricsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ MeterRegistry.class, CacheMeterBinderProvider.class })
@ConditionalOnBean({ Consistency.class, MeterRegistry.class })
public final class MemcachedMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "memcachedCacheMeterBinderProvider")
	CacheMeterBinderProvider<MemcachedCache> memcachedCacheMeterBinderProvider() {
		return MemcachedCacheMetrics::new;
	}

	@Bean
	@ConditionalOnMissingBean
	MemcachedServerMetrics memcachedServerMetrics(Consistency consistency) {
		return new MemcachedServerMetrics(consistency.pool(), consistency::figures);
	}

	@Bean
	@ConditionalOnMissingBean
	MemcachedOperationMetrics memcachedOperationMetrics(Consistency consistency) {
		MemcachedOperationMetrics metrics = new MemcachedOperationMetrics();
		MemcachedServers servers = consistency.pool();
		servers.onChange(() -> metrics.retain(servers.snapshots().stream().map(ServerSnapshot::name).toList()));
		return metrics;
	}

	@Bean
	MeterBinder memcachedLocalMetrics(LocalStore<Payload> localStore) {
		return (registry) -> {
			Gauge.builder("memcached.local.weight", localStore, LocalStore::weight)
				.baseUnit("bytes")
				.description("Heap that the values take which this instance keeps itself")
				.register(registry);
			FunctionCounter.builder("memcached.local.evictions", localStore, LocalStore::evictions)
				.description("Values that had to make room in this instance")
				.register(registry);
		};
	}

	@Bean
	LaterCacheMeters memcachedLaterCacheMeters(ListableBeanFactory beanFactory) {
		return new LaterCacheMeters(beanFactory);
	}

}
