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

package io.failsoft.memcached.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.consistency.InvalidationFigures;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells how the memcached servers are, without any I/O: what each server's own healer
 * found last. While all servers are up the status is {@code UP}, else the one that was
 * chosen for a degraded cache, which by default takes nothing down with it. Never throws.
 * Thread-safe.
 */
public final class MemcachedHealthIndicator implements HealthIndicator {

	private final MemcachedServers servers;

	private final Supplier<Map<String, InvalidationFigures>> invalidations;

	private final BooleanSupplier reserveInUse;

	private final Status degraded;

	/**
	 * An indicator.
	 * @param servers the servers
	 * @param invalidations figures of the invalidation logs by the name of the server
	 * @param reserveInUse whether values are served in place of memcached's
	 * @param statusWhenDegraded the code of the status when any server is not up
	 */
	public MemcachedHealthIndicator(MemcachedServers servers, Supplier<Map<String, InvalidationFigures>> invalidations,
			BooleanSupplier reserveInUse, String statusWhenDegraded) {
		this.servers = servers;
		this.invalidations = invalidations;
		this.reserveInUse = reserveInUse;
		this.degraded = new Status(statusWhenDegraded);
	}

	@Override
	public Health health() {
		Map<String, InvalidationFigures> figures = this.invalidations.get();
		Map<String, Object> details = new LinkedHashMap<>();
		boolean allUp = true;
		for (ServerSnapshot snapshot : this.servers.snapshots()) {
			allUp &= snapshot.state() == State.UP;
			details.put(snapshot.name(), details(snapshot, figures.get(snapshot.name())));
		}
		return Health.status(allUp ? Status.UP : this.degraded)
			.withDetail("servers", details)
			.withDetail("reserveInUse", this.reserveInUse.getAsBoolean())
			.build();
	}

	private static Map<String, @Nullable Object> details(ServerSnapshot snapshot,
			@Nullable InvalidationFigures figures) {
		Map<String, @Nullable Object> details = new LinkedHashMap<>();
		details.put("state", snapshot.state().name());
		details.put("since", snapshot.since().toString());
		details.put("version", snapshot.version());
		details.put("lacks", snapshot.lacks());
		details.put("latencyMillis", (snapshot.latency() != null) ? snapshot.latency().toNanos() / 1_000_000.0 : null);
		details.put("lastFailure", snapshot.lastFailure());
		details.put("inFlight", snapshot.inFlight());
		details.put("pendingInvalidations", (figures != null) ? figures.pending() : null);
		details.values().removeIf(Objects::isNull);
		return details;
	}

}
