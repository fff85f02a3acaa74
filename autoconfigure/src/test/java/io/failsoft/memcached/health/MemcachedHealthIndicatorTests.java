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

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.consistency.InvalidationFigures;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedHealthIndicatorTests {

	private static final Instant SINCE = Instant.parse("2026-11-23T12:00:00Z");

	@Test
	void whenAllServersAreUpThenUp() {
		assertThat(health("DEGRADED", up("a:1"), up("b:1")).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void whenAnyServerIsNotUpThenTheStatusThatWasChosen() {
		assertThat(health("DEGRADED", up("a:1"), down("b:1")).getStatus()).isEqualTo(new Status("DEGRADED"));
		assertThat(health("DOWN", down("b:1")).getStatus()).isEqualTo(Status.DOWN);
		assertThat(health("UP", down("b:1")).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void detailsTellHowEachServerIs() {
		Map<String, Object> details = health("DEGRADED", up("a:1"), down("b:1")).getDetails();
		assertThat(details).containsOnlyKeys("servers", "reserveInUse").containsEntry("reserveInUse", false);
		assertThat(details.get("servers")).isEqualTo(Map.of("a:1",
				Map.of("state", "UP", "since", "2026-11-23T12:00:00Z", "version", "1.6.18", "lacks", "touch",
						"latencyMillis", 0.25, "inFlight", 2, "pendingInvalidations", 7),
				"b:1",
				Map.of("state", "DOWN", "since", "2026-11-23T12:00:00Z", "lastFailure", "refused", "inFlight", 0)));
	}

	private static Health health(String degraded, ServerSnapshot... snapshots) {
		MemcachedServers servers = new MemcachedServers() {

			@Override
			public boolean isAlive() {
				return true;
			}

			@Override
			public List<ServerSnapshot> snapshots() {
				return Arrays.asList(snapshots);
			}

		};
		return Objects.requireNonNull(new MemcachedHealthIndicator(servers,
				() -> Map.of("a:1", new InvalidationFigures(7, 0, 0, 0, 0)), () -> false, degraded)
			.health());
	}

	private static ServerSnapshot up(String name) {
		return new ServerSnapshot(name, State.UP, SINCE, null, 2, "1.6.18", "touch", Duration.ofNanos(250_000), 0, 0, 0,
				0);
	}

	private static ServerSnapshot down(String name) {
		return new ServerSnapshot(name, State.DOWN, SINCE, "refused", 0, null, null, null, 0, 0, 0, 0);
	}

}
