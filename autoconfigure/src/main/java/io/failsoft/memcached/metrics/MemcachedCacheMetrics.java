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

package io.failsoft.memcached.metrics;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The standard meters of a cache, with {@code memcached.cache.failures} by reason and
 * {@code memcached.cache.fills.refused}, {@code memcached.cache.local.hits} by tier,
 * {@code memcached.cache.loads} by cause, {@code memcached.cache.waits},
 * {@code memcached.cache.stale} by reason and {@code memcached.cache.refreshes} by
 * outcome beside them. The size is not known, and evictions are those that the
 * application asked for.
 */
public final class MemcachedCacheMetrics extends CacheMeterBinder<MemcachedCache> {

	private final CacheStatistics statistics;

	/**
	 * Meters of a cache.
	 * @param cache the cache
	 * @param tags the tags of every meter
	 */
	public MemcachedCacheMetrics(MemcachedCache cache, Iterable<Tag> tags) {
		super(cache, cache.getName(), tags);
		this.statistics = cache.getStatistics();
	}

	@Override
	protected @Nullable Long size() {
		return null;
	}

	@Override
	protected long hitCount() {
		return this.statistics.getHits();
	}

	@Override
	protected Long missCount() {
		return this.statistics.getMisses();
	}

	@Override
	protected Long evictionCount() {
		return this.statistics.getEvictions();
	}

	@Override
	protected long putCount() {
		return this.statistics.getPuts();
	}

	@Override
	protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
		for (Reason reason : Reason.values()) {
			counter(registry, "failures", Tags.of("reason", reason.name().toLowerCase(Locale.ROOT)),
					(statistics) -> statistics.getFailures(reason), "Cache operations that failed and fell through");
		}
		counter(registry, "fills.refused", Tags.empty(), CacheStatistics::getFillsRefused,
				"Loaded values that were not stored as something newer was there");
		String localHits = "Reads that this instance answered itself, without asking memcached (near) or in its place (reserve)";
		counter(registry, "local.hits", Tags.of("tier", "near"), CacheStatistics::getNearHits, localHits);
		counter(registry, "local.hits", Tags.of("tier", "reserve"), CacheStatistics::getReserveHits, localHits);
		String loads = "Calls of cached methods and loaders, as memcached held nothing (miss) or could not say (failure)";
		counter(registry, "loads", Tags.of("cause", "miss"), CacheStatistics::getLoadsOnMiss, loads);
		counter(registry, "loads", Tags.of("cause", "failure"), CacheStatistics::getLoadsOnFailure, loads);
		counter(registry, "waits", Tags.empty(), CacheStatistics::getWaits,
				"Callers that waited for another's load of the same key");
		String stale = "Values served after their time to live, while they were loaded anew or as that failed";
		counter(registry, "stale", Tags.of("reason", "revalidate"), CacheStatistics::getStaleOnRevalidate, stale);
		counter(registry, "stale", Tags.of("reason", "error"), CacheStatistics::getStaleOnError, stale);
		for (Refresh outcome : Refresh.values()) {
			counter(registry, "refreshes", Tags.of("outcome", outcome.name().toLowerCase(Locale.ROOT)),
					(statistics) -> statistics.getRefreshes(outcome), "Loads of aged values in the background");
		}
	}

	private void counter(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<CacheStatistics> figure,
			String description) {
		FunctionCounter.builder("memcached.cache." + name, this.statistics, figure)
			.tags(getTagsWithCacheName())
			.tags(tags)
			.description(description)
			.register(registry);
	}

}
