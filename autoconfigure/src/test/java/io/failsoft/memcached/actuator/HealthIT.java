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

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The health endpoint while real servers are well, dead and hung. The operation timeout
 * is long, so that a probe that asked a hung server would stand out.
 */
class HealthIT {

	private static final String[] PROPERTIES = { "management.endpoint.health.show-details=always",
			"management.endpoint.health.probes.enabled=true",
			"management.endpoint.health.group.readiness.include=readinessState,memcached",
			"management.endpoint.health.group.cache.include=memcached,ping",
			"management.endpoint.health.group.cache.show-details=never", "memcached.operation-timeout=600ms" };

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenAllServersAreDeadOrHungThenHealthIsUpAtOnceAndSaysWhatIsWrong(boolean hung) {
		try (MemcachedServer one = MemcachedServer.start();
				MemcachedServer two = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(one, two), PROPERTIES).await(State.UP)) {
			double well = medianMillis(application);
			JsonNode before = application.json("/actuator/health/memcached");
			assertThat(before.get("status").asString()).isEqualTo("UP");
			for (MemcachedServer server : List.of(one, two)) {
				JsonNode details = before.at("/details/servers").get(WebApplication.name(server));
				assertThat(details.get("state").asString()).isEqualTo("UP");
				assertThat(details.get("version").asString()).startsWith("1.");
				assertThat(details.get("latencyMillis").asDouble()).isPositive();
				assertThat(details.get("since").asString()).isNotBlank();
				assertThat(details.get("pendingInvalidations").asInt()).isZero();
				fail(server, hung);
			}
			// While the breakers are still closed, too.
			double bound = Math.max(100, 3 * well);
			assertThat(medianMillis(application)).isLessThan(bound);
			application.await(State.DOWN);
			assertThat(medianMillis(application)).isLessThan(bound);
			application.books().evict("Emma");

			HttpResponse<String> health = application.get("/actuator/health");
			assertThat(health.statusCode()).isEqualTo(200);
			JsonNode after = application.json("/actuator/health");
			assertThat(after.get("status").asString()).isEqualTo("UP");
			assertThat(after.at("/components/memcached/status").asString()).isEqualTo("DEGRADED");
			int pending = 0;
			for (MemcachedServer server : List.of(one, two)) {
				JsonNode details = after.at("/components/memcached/details/servers").get(WebApplication.name(server));
				assertThat(details.get("state").asString()).isEqualTo("DOWN");
				assertThat(details.get("lastFailure").asString()).isNotBlank();
				pending += details.get("pendingInvalidations").asInt();
			}
			assertThat(pending).isEqualTo(1);
			for (String probe : List.of("readiness", "liveness", "cache")) {
				assertThat(application.get("/actuator/health/" + probe).statusCode()).as(probe).isEqualTo(200);
				assertThat(application.json("/actuator/health/" + probe).get("status").asString()).as(probe)
					.isEqualTo("UP");
			}
			assertThat(application.get("/actuator/health/cache").body()).doesNotContain("servers");
			if (hung) {
				one.resume();
				two.resume();
				application.await(State.UP);
				assertThat(application.json("/actuator/health/memcached").get("status").asString()).isEqualTo("UP");
			}
		}
	}

	@Test
	void whenDegradedIsToMeanDownThenTheApplicationIsDownWithItsCacheButStaysReady() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication
					.start(List.of(server), "memcached.health.status-when-degraded=DOWN",
							"management.endpoint.health.probes.enabled=true")
					.await(State.UP)) {
			assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
			server.kill();
			application.await(State.DOWN);
			assertThat(application.get("/actuator/health").statusCode()).isEqualTo(503);
			assertThat(application.get("/actuator/health").body()).contains("DOWN").doesNotContain("servers");
			assertThat(application.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		}
	}

	private static void fail(MemcachedServer server, boolean hung) {
		if (hung) {
			server.pause();
		}
		else {
			server.kill();
		}
	}

	private static double medianMillis(WebApplication application) {
		double[] times = new double[15];
		for (int i = 0; i < times.length; i++) {
			long start = System.nanoTime();
			int status = application.get("/actuator/health").statusCode();
			times[i] = (System.nanoTime() - start) / 1e6;
			assertThat(status).isEqualTo(200);
		}
		Arrays.sort(times);
		return times[times.length / 2];
	}

}
