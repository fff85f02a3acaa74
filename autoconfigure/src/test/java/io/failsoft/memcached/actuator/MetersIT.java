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

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.metrics.MemcachedServerMetrics;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Meters of caches and servers, while real servers fail.
 */
class MetersIT {

	private static final String[] PATIENT = { "memcached.operation-timeout=1s",
			"memcached.breaker.failure-threshold=1000" };

	@Test
	void everyFailureThatIsInjectedIsCountedOnce() {
		MemcachedServerOptions small = MemcachedServerOptions.defaults().withMaxItemBytes(64 * 1024);
		try (MemcachedServer server = MemcachedServer.start(small);
				WebApplication application = WebApplication.start(List.of(server), PATIENT).await(State.UP)) {
			MeterRegistry registry = application.bean(MeterRegistry.class);
			for (int i = 0; i < 3; i++) {
				application.books().put("long " + i, incompressible(100_000));
			}
			assertThat(failures(registry, "too_large")).isEqualTo(3);
			awaitOperations(3, registry, server, "set", "too_large");

			server.pause();
			for (int i = 0; i < 7; i++) {
				assertThat(application.books().find("Emma " + i)).isEqualTo("the text of Emma " + i);
			}
			assertThat(failures(registry, "timeout")).isEqualTo(7);
			awaitOperations(7, registry, server, "get", "timeout");
			for (int i = 0; i < 5; i++) {
				application.books().evict("Emma " + i);
			}
			assertThat(failures(registry, "timeout")).isEqualTo(12);
			assertThat(count(registry, "memcached.invalidations.logged")).isEqualTo(8);
			server.resume();
			WebApplication.await("all are delivered", () -> count(registry, "memcached.invalidations.replayed") == 8);
			WebApplication.await("none is pending",
					() -> registry.get("memcached.invalidations.pending").gauge().value() == 0);

			assertThat(count(registry, "memcached.server.losses")).isZero();
			server.kill();
			application.await(State.DOWN);
			assertThat(count(registry, "memcached.server.losses")).isEqualTo(1);
			assertThat(registry.get("memcached.server.up").gauge().value()).isZero();
			for (int i = 0; i < 9; i++) {
				assertThat(application.books().find("Emma " + i)).isEqualTo("the text of Emma " + i);
			}
			assertThat(failures(registry, "down")).isEqualTo(9);
			assertThat(registry.find("memcached.cache.failures")
				.tag("cache", "books")
				.functionCounters()
				.stream()
				.mapToDouble(FunctionCounter::count)
				.sum()).isEqualTo(3 + 12 + 9);
			assertThat(count(registry, "memcached.invalidations.overflowed")).isZero();
			assertThat(count(registry, "memcached.invalidations.lost")).isZero();
		}
	}

	@Test
	void whenTheInstanceStopsThenWhatWasNotDeliveredIsLost() {
		MeterRegistry registry;
		// The meters hold it only weakly.
		List<MemcachedServerMetrics> metered = new ArrayList<>();
		try (MemcachedServer server = MemcachedServer.start()) {
			try (WebApplication application = WebApplication.start(List.of(server)).await(State.UP)) {
				server.kill();
				application.await(State.DOWN);
				application.books().evict("Emma");
				application.books().evict("Persuasion");
				registry = application.bean(MeterRegistry.class);
				metered.add(application.bean(MemcachedServerMetrics.class));
				assertThat(registry.get("memcached.invalidations.pending").gauge().value()).isEqualTo(2);
			}
			assertThat(count(registry, "memcached.invalidations.lost")).isEqualTo(2);
			assertThat(registry.get("memcached.invalidations.pending").gauge().value()).isZero();
		}
		finally {
			Reference.reachabilityFence(metered);
		}
	}

	@Test
	void operationsAreTimedByOutcomeAndBytesAreCountedBothWays() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(server)).await(State.UP)) {
			MeterRegistry registry = application.bean(MeterRegistry.class);
			String text = incompressible(100_000);
			application.books().put("Emma", text);
			for (int i = 0; i < 4; i++) {
				assertThat(application.books().find("Emma")).isEqualTo(text);
			}
			application.books().find("Persuasion");
			awaitOperations(4, registry, server, "get", "hit");
			WebApplication.await("a miss", () -> operations(registry, server, "get", "miss") > 0);
			Timer hits = registry.get("memcached.operations").tags("operation", "get", "outcome", "hit").timer();
			assertThat(hits.max(TimeUnit.MILLISECONDS)).isBetween(0.001, 20_000.0);
			assertThat(count(registry, "memcached.server.sent")).isBetween(75_000.0, 200_000.0);
			assertThat(count(registry, "memcached.server.received")).isBetween(300_000.0, 800_000.0);
			assertThat(registry.get("memcached.server.queued").gauge().value()).isZero();
		}
	}

	private static String incompressible(int length) {
		byte[] bytes = new byte[length];
		new Random(1).nextBytes(bytes);
		return Base64.getEncoder().encodeToString(bytes).substring(0, length);
	}

	private static double failures(MeterRegistry registry, String reason) {
		return registry.get("memcached.cache.failures")
			.tags("cache", "books", "reason", reason)
			.functionCounter()
			.count();
	}

	/**
	 * An operation is timed when its outcome is known, which the caller may know a moment
	 * earlier.
	 */
	private static void awaitOperations(long count, MeterRegistry registry, MemcachedServer server, String operation,
			String outcome) {
		WebApplication.await(count + " times " + operation + ": " + outcome,
				() -> operations(registry, server, operation, outcome) >= count);
		assertThat(operations(registry, server, operation, outcome)).isEqualTo(count);
	}

	private static long operations(MeterRegistry registry, MemcachedServer server, String operation, String outcome) {
		Timer timer = registry.find("memcached.operations")
			.tags("server", WebApplication.name(server), "operation", operation, "outcome", outcome)
			.timer();
		return (timer != null) ? timer.count() : 0;
	}

	private static double count(MeterRegistry registry, String name) {
		return registry.get(name).functionCounter().count();
	}

}
