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

import java.time.Instant;
import java.util.Set;

import io.failsoft.memcached.client.ServerStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedStatisticsMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final MemcachedStatisticsMetrics metrics = new MemcachedStatisticsMetrics();

	@Test
	void aServerIsMeteredOnceItTells() {
		this.metrics.bindTo(this.registry);
		this.metrics.told("a:1", null);
		assertThat(this.registry.getMeters()).isEmpty();
		this.metrics.told("a:1", statistics(7, 0, 100));
		assertThat(this.registry.get("memcached.server.items").tag("server", "a:1").gauge().value()).isEqualTo(7);
		assertThat(this.registry.get("memcached.server.uptime").timeGauge().value()).isEqualTo(100);
	}

	@Test
	void whatWasToldBeforeARegistryWasBoundIsMeteredToo() {
		this.metrics.told("a:1", statistics(7, 0, 100));
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.get("memcached.server.items").gauge().value()).isEqualTo(7);
	}

	@Test
	void whileAServerDoesNotTellItsGaugesAreNoNumbersAndItsCountersStandStill() {
		this.metrics.bindTo(this.registry);
		this.metrics.told("a:1", statistics(7, 5, 100));
		this.metrics.told("a:1", statistics(7, 8, 100));
		this.metrics.told("a:1", null);
		assertThat(this.registry.get("memcached.server.items").gauge().value()).isNaN();
		assertThat(evictions()).isEqualTo(3);
		this.metrics.told("a:1", statistics(-1, -1, -1));
		assertThat(this.registry.get("memcached.server.items").gauge().value()).isNaN();
		assertThat(evictions()).isEqualTo(3);
	}

	@Test
	void countersBeginWhenFirstAskedAndGoOnWhenTheServerRestarts() {
		this.metrics.bindTo(this.registry);
		this.metrics.told("a:1", statistics(7, 1000, 100));
		assertThat(evictions()).isZero();
		this.metrics.told("a:1", statistics(7, 1010, 130));
		assertThat(evictions()).isEqualTo(10);
		this.metrics.told("a:1", statistics(7, 4, 10));
		assertThat(evictions()).isEqualTo(14);
	}

	@Test
	void whenAServerThatWasGoneComesBackThenItIsMeteredAgain() {
		this.metrics.bindTo(this.registry);
		this.metrics.told("a:1", statistics(7, 0, 100));
		this.metrics.retain(Set.of());
		this.registry.clear();
		this.metrics.told("a:1", statistics(8, 0, 100));
		assertThat(this.registry.get("memcached.server.items").gauge().value()).isEqualTo(8);
	}

	private double evictions() {
		return this.registry.get("memcached.server.evictions").functionCounter().count();
	}

	private static ServerStatistics statistics(long items, long evictions, long uptime) {
		return new ServerStatistics(Instant.EPOCH, items, 1, 2, evictions, 3, 4, 5, 6, uptime);
	}

}
