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

package io.failsoft.memcached.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.InvalidationFigures;
import io.failsoft.memcached.local.LocalStore;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Actuator endpoint {@code memcached}: the servers and the caches with their settings and
 * figures. It does no I/O and shows no keys, values or credentials. To clear a cache, use
 * {@code DELETE} on Boot's {@code caches} endpoint. Thread-safe.
 */
@Endpoint(id = "memcached")
public final class MemcachedEndpoint {

	private final Consistency consistency;

	private final LocalStore<?> localStore;

	private final Supplier<Map<String, MemcachedCacheManager>> managers;

	private final Function<MemcachedCacheSettings, String> codecName;

	/**
	 * Creates an endpoint.
	 * @param consistency the servers and their invalidation logs
	 * @param localStore what this instance keeps itself
	 * @param managers the cache managers by the names of their beans
	 * @param codecName the name of a cache's codec, as it is written in the configuration
	 */
	public MemcachedEndpoint(Consistency consistency, LocalStore<?> localStore,
			Supplier<Map<String, MemcachedCacheManager>> managers, Function<MemcachedCacheSettings, String> codecName) {
		this.consistency = consistency;
		this.localStore = localStore;
		this.managers = managers;
		this.codecName = codecName;
	}

	/**
	 * Describes everything.
	 * @return the servers and the caches made so far
	 */
	@ReadOperation
	public Description memcached() {
		Map<String, InvalidationFigures> figures = this.consistency.figures();
		List<ServerDescription> servers = new ArrayList<>();
		for (Server server : this.consistency.pool().servers()) {
			ServerSnapshot snapshot = server.snapshot();
			servers.add(new ServerDescription(snapshot.name(), snapshot.state().name(), snapshot.since(),
					snapshot.version(), millis(snapshot.latency()), snapshot.lastFailure(), snapshot.inFlight(),
					this.consistency.pool().share(server), figures.get(snapshot.name())));
		}
		Map<String, Map<String, CacheDescription>> caches = new LinkedHashMap<>();
		this.managers.get().forEach((name, manager) -> {
			Map<String, CacheDescription> described = new LinkedHashMap<>();
			new TreeSet<>(manager.getCacheNames()).forEach((cache) -> describe(manager, cache, cache, described));
			caches.put(name, described);
		});
		return new Description(servers, new LocalDescription(this.localStore.weight(), this.localStore.evictions(),
				this.localStore.isReserveInUse()), caches);
	}

	/**
	 * Describes a cache.
	 * @param cache its name
	 * @return the cache by the names of the managers that have made it, or {@code null}
	 * if none has
	 */
	@ReadOperation
	public @Nullable Map<String, CacheDescription> cache(@Selector String cache) {
		Map<String, CacheDescription> found = new LinkedHashMap<>();
		this.managers.get().forEach((name, manager) -> {
			if (manager.getCacheNames().contains(cache)) {
				describe(manager, cache, name, found);
			}
		});
		return found.isEmpty() ? null : found;
	}

	private void describe(MemcachedCacheManager manager, String cacheName, String key,
			Map<String, CacheDescription> target) {
		if (manager.getCache(cacheName) instanceof MemcachedCache cache) {
			Map<String, Object> settings = cache.getSettings().describe();
			settings.put("codec", this.codecName.apply(cache.getSettings()));
			target.put(key, new CacheDescription(settings, figures(cache.getStatistics())));
		}
	}

	private static Figures figures(CacheStatistics statistics) {
		Map<String, Long> failures = new LinkedHashMap<>();
		for (Reason reason : Reason.values()) {
			long count = statistics.getFailures(reason);
			if (count > 0) {
				failures.put(reason.name().toLowerCase(Locale.ROOT), count);
			}
		}
		return new Figures(statistics.getHits(), statistics.getMisses(), statistics.getPuts(),
				statistics.getEvictions(), statistics.getFillsRefused(), statistics.getNearHits(),
				statistics.getReserveHits(), statistics.getLoadsOnMiss(), statistics.getLoadsOnFailure(),
				statistics.getWaits(), failures);
	}

	private static @Nullable Double millis(@Nullable Duration duration) {
		return (duration != null) ? Double.valueOf(duration.toNanos() / 1_000_000.0) : null;
	}

	/**
	 * The answer of the endpoint.
	 *
	 * @param servers the servers, in the order of the configuration
	 * @param local what this instance keeps itself
	 * @param cacheManagers the caches made so far, by cache manager and name
	 */
	record Description(List<ServerDescription> servers, LocalDescription local,
			Map<String, Map<String, CacheDescription>> cacheManagers) {

	}

	/**
	 * The local store.
	 *
	 * @param weight the bytes that it takes
	 * @param evictions entries that had to make room
	 * @param reserveInUse whether it served anything in memcached's place within the last
	 * ten seconds
	 */
	record LocalDescription(long weight, long evictions, boolean reserveInUse) {

	}

	/**
	 * A server.
	 *
	 * @param name {@code host:port}
	 * @param state its state
	 * @param since since when it has been in that state
	 * @param version its version, or {@code null} if it was never reached
	 * @param latencyMillis moving average of its answer time, or {@code null}
	 * @param lastFailure why it was last lost, or {@code null}
	 * @param inFlight operations under way
	 * @param share share of the keys it is home to, 0 to 1
	 * @param invalidations figures of its invalidation log, or {@code null}
	 */
	record ServerDescription(String name, String state, Instant since, @Nullable String version,
			@Nullable Double latencyMillis, @Nullable String lastFailure, int inFlight, double share,
			@Nullable InvalidationFigures invalidations) {

	}

	/**
	 * A cache.
	 *
	 * @param settings its settings by name
	 * @param figures its figures since the start
	 */
	record CacheDescription(Map<String, Object> settings, Figures figures) {

	}

	/**
	 * The figures of a cache since the start.
	 *
	 * @param hits reads answered from the cache
	 * @param misses reads not answered from the cache
	 * @param puts values stored
	 * @param evictions evictions asked for
	 * @param fillsRefused loaded values that were not stored as something newer was there
	 * @param nearHits reads that this instance answered without asking memcached
	 * @param reserveHits reads that it answered in memcached's place
	 * @param loadsOnMiss loads as memcached held nothing
	 * @param loadsOnFailure loads as memcached could not say
	 * @param waits callers that waited for another's load
	 * @param failures failures by reason, those that occurred
	 */
	record Figures(long hits, long misses, long puts, long evictions, long fillsRefused, long nearHits,
			long reserveHits, long loadsOnMiss, long loadsOnFailure, long waits, Map<String, Long> failures) {

	}

}
