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

package io.failsoft.memcached.autoconfigure.metrics;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.metrics.MemcachedOperationMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Meters servers that are discovered after the start, and removes the meters of those
 * that are gone: addresses of pods never come back, so that their meters would pile up.
 */
final class DiscoveredServerMeters implements SmartInitializingSingleton {

	private static final String PREFIX = "memcached.";

	private final MemcachedServers servers;

	private final MeterBinder meters;

	private final MemcachedOperationMetrics operations;

	private final ObjectProvider<MeterRegistry> registry;

	/**
	 * Ours at the last two changes: who else meters servers of his own keeps his meters.
	 * An operation that ends late may meter a server once more after it is gone.
	 */
	private Set<String> last;

	private Set<String> lastButOne = Set.of();

	DiscoveredServerMeters(MemcachedServers servers, MeterBinder meters, MemcachedOperationMetrics operations,
			ObjectProvider<MeterRegistry> registry) {
		this.servers = servers;
		this.meters = meters;
		this.operations = operations;
		this.registry = registry;
		this.last = names();
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.registry.ifUnique((unique) -> {
			this.servers.onChange(() -> follow(unique));
			// What was found before.
			follow(unique);
		});
	}

	private synchronized void follow(MeterRegistry unique) {
		// Meters that are registered already stay as they are.
		this.meters.bindTo(unique);
		Set<String> names = names();
		this.operations.retain(names);
		Set<String> gone = new HashSet<>(this.last);
		gone.addAll(this.lastButOne);
		gone.removeAll(names);
		this.lastButOne = this.last;
		this.last = names;
		for (Meter meter : unique.getMeters()) {
			String server = meter.getId().getTag("server");
			if (server != null && meter.getId().getName().startsWith(PREFIX) && gone.contains(server)) {
				unique.remove(meter);
			}
		}
	}

	private Set<String> names() {
		return this.servers.snapshots().stream().map(ServerSnapshot::name).collect(Collectors.toSet());
	}

}
