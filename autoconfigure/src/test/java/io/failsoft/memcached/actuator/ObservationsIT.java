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

package io.failsoft.memcached.actuator;

import java.time.Duration;
import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.observation.MemcachedObservations;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Observations of operations on a real server.
 */
class ObservationsIT {

	@Test
	void whenAskedForThenEachOperationIsObservedAndTimedAsWell() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication
					.start(List.of(Registry.class), List.of(server), "memcached.observations.enabled=true")
					.await(State.UP)) {
			TestObservationRegistry observations = application.bean(TestObservationRegistry.class);
			application.books().find("Emma");
			observations.clear();
			assertThat(application.books().find("Emma")).isEqualTo("the text of Emma");
			// It ends when its outcome is known, which the caller may know a moment
			// earlier.
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> TestObservationRegistryAssert.assertThat(observations)
					.hasNumberOfObservationsWithNameEqualTo("memcached.command", 1)
					.hasObservationWithNameEqualTo("memcached.command")
					.that()
					.hasLowCardinalityKeyValue("server.port", String.valueOf(server.port()))
					.hasLowCardinalityKeyValue("outcome", "hit")
					.hasBeenStopped());
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(application.bean(MeterRegistry.class)
					.get("memcached.operations")
					.tags("operation", "get", "outcome", "hit")
					.timer()
					.count()).isEqualTo(1));
		}
	}

	@Test
	void whenNotAskedForThenNothingIsObserved() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(Registry.class), List.of(server))
					.await(State.UP)) {
			application.books().find("Emma");
			assertThat(application.beans(MemcachedObservations.class)).isEmpty();
			TestObservationRegistryAssert.assertThat(application.bean(TestObservationRegistry.class))
				.hasNumberOfObservationsWithNameEqualTo("memcached.command", 0);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Registry {

		@Bean
		TestObservationRegistry observationRegistry() {
			return TestObservationRegistry.create();
		}

	}

}
