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

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.consistency.InvalidationFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of each memcached server, tagged {@code server}: {@code memcached.server.up},
 * {@code .in.flight}, {@code .queued}, {@code .latency}, {@code .losses}, {@code .sent}
 * and {@code .received}, and {@code memcached.invalidations.pending}, {@code .logged},
 * {@code .replayed}, {@code .overflowed} and {@code .lost}. Reading them does no I/O.
 * Thread-safe.
 */
public final class MemcachedServerMetrics implements MeterBinder {

	private static final String UP = "memcached.server.up";

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

	/**
	 * Registers the meters of the servers, and from then on follows the servers that are
	 * discovered. Meters that are registered already stay as they are.
	 */
	@Override
	public void bindTo(MeterRegistry registry) {
		Followed followed = new Followed(registry);
		this.servers.onChange(followed::follow);
		followed.follow();
	}

	private void bindTo(MeterRegistry registry, String server) {
		gauge(registry, server, "server.up", null, "Whether the server can be used: 1 if so, 0 if its breaker is open",
				snapshot(server, (snapshot) -> (snapshot.state() == State.UP) ? 1 : 0));
		gauge(registry, server, "server.in.flight", "operations", "Operations under way",
				snapshot(server, ServerSnapshot::inFlight));
		gauge(registry, server, "server.queued", "bytes", "Bytes of the operations under way",
				snapshot(server, ServerSnapshot::queuedBytes));
		TimeGauge
			.builder("memcached.server.latency", this, TimeUnit.NANOSECONDS,
					snapshot(server, MemcachedServerMetrics::latencyNanos))
			.tag("server", server)
			.description("Moving average of the answer time")
			.register(registry);
		counter(registry, server, "server.losses", null, "How often the server was lost while in use",
				snapshot(server, ServerSnapshot::losses));
		counter(registry, server, "server.sent", "bytes", "Bytes sent to the server",
				snapshot(server, ServerSnapshot::bytesSent));
		counter(registry, server, "server.received", "bytes", "Bytes received from the server",
				snapshot(server, ServerSnapshot::bytesReceived));
		gauge(registry, server, "invalidations.pending", null, "Invalidations that wait to be delivered",
				figures(server, InvalidationFigures::pending));
		counter(registry, server, "invalidations.logged", null, "Invalidations that could not be delivered at once",
				figures(server, InvalidationFigures::logged));
		counter(registry, server, "invalidations.replayed", null, "Invalidations that were delivered later",
				figures(server, InvalidationFigures::replayed));
		counter(registry, server, "invalidations.overflowed", null,
				"Invalidations that became a clearing of their cache",
				figures(server, InvalidationFigures::overflowed));
		counter(registry, server, "invalidations.lost", null,
				"Invalidations that were pending when this instance stopped",
				figures(server, InvalidationFigures::lost));
	}

	private void gauge(MeterRegistry registry, String server, String name, @Nullable String unit, String description,
			ToDoubleFunction<MemcachedServerMetrics> value) {
		Gauge.builder("memcached." + name, this, value)
			.tag("server", server)
			.baseUnit(unit)
			.description(description)
			.register(registry);
	}

	private void counter(MeterRegistry registry, String server, String name, @Nullable String unit, String description,
			ToDoubleFunction<MemcachedServerMetrics> value) {
		FunctionCounter.builder("memcached." + name, this, value)
			.tag("server", server)
			.baseUnit(unit)
			.description(description)
			.register(registry);
	}

	private static double latencyNanos(ServerSnapshot snapshot) {
		return (snapshot.latency() != null) ? snapshot.latency().toNanos() : Double.NaN;
	}

	private static ToDoubleFunction<MemcachedServerMetrics> snapshot(String server,
			ToDoubleFunction<ServerSnapshot> value) {
		return (metrics) -> metrics.servers.snapshots()
			.stream()
			.filter((snapshot) -> snapshot.name().equals(server))
			.findFirst()
			.map(value::applyAsDouble)
			.orElse(Double.NaN);
	}

	private static ToDoubleFunction<MemcachedServerMetrics> figures(String server,
			ToDoubleFunction<InvalidationFigures> value) {
		return (metrics) -> {
			InvalidationFigures figures = metrics.invalidations.get().get(server);
			return (figures != null) ? value.applyAsDouble(figures) : 0;
		};
	}

	/**
	 * The meters in one registry. Those of servers that are gone are removed: addresses
	 * of pods never come back, so that their meters would pile up.
	 */
	private final class Followed {

		private final MeterRegistry registry;

		/**
		 * Ours at the last two changes: whoever else meters servers keeps those meters.
		 * An operation that ends late may meter a server once more after it is gone.
		 */
		private Set<String> last = Set.of();

		private Set<String> lastButOne = Set.of();

		Followed(MeterRegistry registry) {
			this.registry = registry;
		}

		synchronized void follow() {
			Set<String> names = new HashSet<>();
			for (ServerSnapshot snapshot : MemcachedServerMetrics.this.servers.snapshots()) {
				names.add(snapshot.name());
				// Micrometer warns of meters that are registered twice.
				if (this.registry.find(UP).tag("server", snapshot.name()).gauge() == null) {
					MemcachedServerMetrics.this.bindTo(this.registry, snapshot.name());
				}
			}
			Set<String> gone = new HashSet<>(this.last);
			gone.addAll(this.lastButOne);
			gone.removeAll(names);
			this.lastButOne = this.last;
			this.last = names;
			for (Meter meter : this.registry.getMeters()) {
				if (meter.getId().getName().startsWith("memcached.") && gone.contains(meter.getId().getTag("server"))) {
					this.registry.remove(meter);
				}
			}
		}

	}

}
