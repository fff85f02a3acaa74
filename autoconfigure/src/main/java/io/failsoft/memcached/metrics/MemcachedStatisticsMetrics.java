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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.failsoft.memcached.client.ServerStatistics;
import io.failsoft.memcached.client.StatisticsListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of what the servers say of themselves, tagged {@code server}:
 * {@code memcached.server.items}, {@code .memory.used}, {@code .memory.max},
 * {@code .connections}, {@code .connections.max}, {@code .uptime}, {@code .evictions} and
 * {@code .gets}. They are registered when a server first tells. While a server does not
 * tell, its gauges are not a number and its counters stand still. Reading them does no
 * I/O. Thread-safe.
 */
public final class MemcachedStatisticsMetrics implements MeterBinder, StatisticsListener {

	private final Map<String, StatisticsMeters> servers = new ConcurrentHashMap<>();

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		if (!this.registries.contains(registry)) {
			this.registries.add(registry);
			this.servers.values().forEach((meters) -> meters.bindTo(registry));
		}
	}

	@Override
	public synchronized void told(String server, @Nullable ServerStatistics statistics) {
		StatisticsMeters meters = this.servers.get(server);
		if (meters == null) {
			if (statistics == null) {
				return;
			}
			meters = new StatisticsMeters(server);
			this.servers.put(server, meters);
			this.registries.forEach(meters::bindTo);
		}
		meters.update(statistics);
	}

	/**
	 * Forget servers that are gone. Should one of them come back, its meters are
	 * registered anew.
	 * @param names the servers that there are
	 */
	public synchronized void retain(Collection<String> names) {
		this.servers.keySet().retainAll(names);
	}

}
