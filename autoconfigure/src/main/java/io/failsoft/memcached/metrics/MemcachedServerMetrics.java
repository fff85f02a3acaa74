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

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.consistency.InvalidationFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of each memcached server, tagged {@code server}: {@code memcached.server.up},
 * {@code .in.flight}, {@code .latency}, and {@code memcached.invalidations.pending},
 * {@code .logged}, {@code .replayed} and {@code .overflowed}. Reading them does no I/O.
 */
public final class MemcachedServerMetrics implements MeterBinder {

	private final MemcachedServers servers;

	private final Supplier<Map<String, InvalidationFigures>> invalidations;

	/**
	 * Meters of servers.
	 * @param servers the servers
	 * @param invalidations figures of the invalidation logs by the name of the server
	 */
	public MemcachedServerMetrics(MemcachedServers servers, Supplier<Map<String, InvalidationFigures>> invalidations) {
		this.servers = servers;
		this.invalidations = invalidations;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (ServerSnapshot snapshot : this.servers.snapshots()) {
			bindServer(registry, snapshot.name());
			bindInvalidations(registry, snapshot.name());
		}
	}

	private void bindServer(MeterRegistry registry, String server) {
		Gauge
			.builder("memcached.server.up", this,
					(metrics) -> metrics.server(server, (snapshot) -> (snapshot.state() == State.UP) ? 1 : 0))
			.tag("server", server)
			.description("Whether the server can be used: 1 if so, 0 if its breaker is open")
			.register(registry);
		Gauge.builder("memcached.server.in.flight", this, (metrics) -> metrics.server(server, ServerSnapshot::inFlight))
			.tag("server", server)
			.description("Operations under way")
			.register(registry);
		TimeGauge
			.builder("memcached.server.latency", this, TimeUnit.NANOSECONDS,
					(metrics) -> metrics.server(server, MemcachedServerMetrics::latencyNanos))
			.tag("server", server)
			.description("Moving average of the answer time")
			.register(registry);
	}

	private void bindInvalidations(MeterRegistry registry, String server) {
		Gauge
			.builder("memcached.invalidations.pending", this,
					(metrics) -> metrics.figure(server, InvalidationFigures::pending))
			.tag("server", server)
			.description("Invalidations that wait to be delivered")
			.register(registry);
		counter(registry, server, "logged", "Invalidations that could not be delivered at once",
				InvalidationFigures::logged);
		counter(registry, server, "replayed", "Invalidations that were delivered later", InvalidationFigures::replayed);
		counter(registry, server, "overflowed", "Invalidations that became a clearing of their cache",
				InvalidationFigures::overflowed);
	}

	private void counter(MeterRegistry registry, String server, String name, String description,
			ToDoubleFunction<InvalidationFigures> value) {
		FunctionCounter.builder("memcached.invalidations." + name, this, (metrics) -> metrics.figure(server, value))
			.tag("server", server)
			.description(description)
			.register(registry);
	}

	private static double latencyNanos(ServerSnapshot snapshot) {
		return (snapshot.latency() != null) ? snapshot.latency().toNanos() : Double.NaN;
	}

	private double server(String name, ToDoubleFunction<ServerSnapshot> value) {
		for (ServerSnapshot snapshot : this.servers.snapshots()) {
			if (snapshot.name().equals(name)) {
				return value.applyAsDouble(snapshot);
			}
		}
		return Double.NaN;
	}

	private double figure(String server, ToDoubleFunction<InvalidationFigures> value) {
		InvalidationFigures figures = this.invalidations.get().get(server);
		return (figures != null) ? value.applyAsDouble(figures) : 0;
	}

}
