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

package io.failsoft.memcached.consistency;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.Stopwatch;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long it takes until a server is used again that has missed many evictions.
 */
class ReturningServerIT {

	private static final Duration TIMEOUT = Duration.ofMillis(250);

	private final MemcachedServer server = MemcachedServer.start();

	@Test
	void whenEvictionsOutrunTheReplayThenTheServerIsBackAllTheSame() throws Exception {
		AtomicBoolean ended = new AtomicBoolean();
		try (Consistency consistency = start(4096)) {
			Region region = consistency.region((own) -> MemcachedKey.of("books:" + own), Duration.ofSeconds(30));
			List<Thread> evicting = Stream.generate(() -> new Thread(() -> {
				for (int i = 0; !ended.get(); i++) {
					region.evict(MemcachedKey.of("books:" + i % 9000));
				}
			})).limit(8).toList();
			lose(consistency);
			evicting.forEach(Thread::start);
			await("evictions are logged", () -> pending(consistency) >= 5000);
			this.server.restart();
			assertThat(Stopwatch.millis(() -> await("the server is back", consistency.pool()::isAlive)))
				.isLessThan(1500);
			ended.set(true);
			for (Thread thread : evicting) {
				thread.join();
			}
			await("all are delivered", () -> pending(consistency) == 0);
		}
		finally {
			ended.set(true);
			this.server.close();
		}
	}

	@Test
	void whenFewerMayBeUnderWayThanAreLoggedThenTheServerIsBackAllTheSame() {
		try (Consistency consistency = start(8)) {
			Region region = consistency.region((own) -> MemcachedKey.of("books:" + own), Duration.ofSeconds(30));
			lose(consistency);
			for (int i = 0; i < 5000; i++) {
				region.evict(MemcachedKey.of("books:" + i)).await(new Budget(TIMEOUT.toNanos()));
			}
			assertThat(pending(consistency)).isEqualTo(5000);
			this.server.restart();
			assertThat(Stopwatch.millis(() -> await("the server is back", consistency.pool()::isAlive)))
				.isLessThan(1500);
			await("all are delivered", () -> pending(consistency) == 0);
		}
		finally {
			this.server.close();
		}
	}

	private Consistency start(int maxInFlight) {
		return Consistency.start(
				ServerPool
					.create(List.of(new ServerAddress(this.server.host(), this.server.port(), 1)),
							new ClientSettings(TIMEOUT, TIMEOUT, maxInFlight, 16L << 20, 3, Duration.ofMillis(500),
									false, null, null, null)),
				ConsistencySettings.of(TIMEOUT, 10_000, Duration.ofSeconds(10)));
	}

	private void lose(Consistency consistency) {
		await("the server is up", consistency.pool()::isAlive);
		this.server.kill();
		await("the server is down", () -> !consistency.pool().isAlive());
	}

	private static int pending(Consistency consistency) {
		return consistency.figures().values().iterator().next().pending();
	}

	private static void await(String what, BooleanSupplier condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - deadline).as("waited too long: " + what).isNegative();
			LockSupport.parkNanos(1_000_000);
		}
	}

}
