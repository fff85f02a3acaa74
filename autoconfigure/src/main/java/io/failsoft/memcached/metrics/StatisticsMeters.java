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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

import io.failsoft.memcached.client.ServerStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The last statistics of one server and their meters. A server counts from its own start;
 * a counter here counts from when it was first asked and never goes back, whenever the
 * server restarts.
 */
final class StatisticsMeters implements MeterBinder {

	private final String server;

	private final Count evictions = new Count();

	private final Count hits = new Count();

	private final Count misses = new Count();

	private volatile @Nullable ServerStatistics latest;

	StatisticsMeters(String server) {
		this.server = server;
	}

	void update(@Nullable ServerStatistics statistics) {
		this.latest = statistics;
		if (statistics != null) {
			this.evictions.add(statistics.evictions());
			this.hits.add(statistics.hits());
			this.misses.add(statistics.misses());
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, "items", "items", "Items stored", ServerStatistics::items);
		gauge(registry, "memory.used", "bytes", "Memory that items take up", ServerStatistics::bytes);
		gauge(registry, "memory.max", "bytes", "Memory that items may take up", ServerStatistics::maxBytes);
		gauge(registry, "connections", "connections", "Connections open, of all clients",
				ServerStatistics::connections);
		gauge(registry, "connections.max", null, "Connections that may be open", ServerStatistics::maxConnections);
		TimeGauge
			.builder("memcached.server.uptime", this, TimeUnit.SECONDS,
					(meters) -> meters.figure(ServerStatistics::uptimeSeconds))
			.tag("server", this.server)
			.description("Time since the server's start")
			.register(registry);
		FunctionCounter.builder("memcached.server.evictions", this.evictions, Count::total)
			.tag("server", this.server)
			.description("Items removed before their end for want of memory")
			.register(registry);
		gets(registry, "hit", this.hits);
		gets(registry, "miss", this.misses);
	}

	private void gauge(MeterRegistry registry, String name, @Nullable String unit, String description,
			ToLongFunction<ServerStatistics> value) {
		Gauge.builder("memcached.server." + name, this, (meters) -> meters.figure(value))
			.tag("server", this.server)
			.baseUnit(unit)
			.description(description)
			.register(registry);
	}

	private void gets(MeterRegistry registry, String result, Count count) {
		FunctionCounter.builder("memcached.server.gets", count, Count::total)
			.tags("server", this.server, "result", result)
			.description("Reads of all clients, by whether an item was found")
			.register(registry);
	}

	private double figure(ToLongFunction<ServerStatistics> value) {
		ServerStatistics now = this.latest;
		long figure = (now != null) ? value.applyAsLong(now) : -1;
		return (figure >= 0) ? figure : Double.NaN;
	}

	/**
	 * Sums up a figure that begins anew whenever the server does. Written by one thread
	 * at a time.
	 */
	private static final class Count {

		private long last = -1;

		private final LongAdder total = new LongAdder();

		void add(long figure) {
			if (figure < 0) {
				return;
			}
			if (this.last >= 0) {
				this.total.add((figure >= this.last) ? figure - this.last : figure);
			}
			this.last = figure;
		}

		double total() {
			return this.total.sum();
		}

	}

}
