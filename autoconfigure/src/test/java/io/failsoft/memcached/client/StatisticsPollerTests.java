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

package io.failsoft.memcached.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class StatisticsPollerTests {

	private static final String STATISTICS = String.join("\r\n", "STAT curr_items 3", "STAT bytes 1000",
			"STAT evictions 2", "STAT version 1.6.18 of Debian", "STAT get_hits many", "END", "");

	@Test
	void whatAServerTellsIsHandedOnAndWhatItDoesNotTellIsUnknown() throws Exception {
		try (FakeServer fake = new FakeServer((line) -> line.equals("stats") ? STATISTICS : null);
				TestPool pool = new TestPool(TestPool.settings(), fake.address())) {
			Told told = new Told();
			pool.pool.watchStatistics(Duration.ofMillis(20), told);
			TestPool.await("told", () -> told.latest.containsKey(fake.address().name()));
			ServerStatistics statistics = told.latest.get(fake.address().name());
			assertThat(statistics).isNotNull();
			assertThat(statistics.items()).isEqualTo(3);
			assertThat(statistics.bytes()).isEqualTo(1000);
			assertThat(statistics.evictions()).isEqualTo(2);
			assertThat(statistics.hits()).isEqualTo(-1);
			assertThat(statistics.uptimeSeconds()).isEqualTo(-1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { FakeServer.CLOSE, FakeServer.SILENCE, "ERROR\r\n", "END", "STAT \r\n", "?!\r\n" })
	void whenAServerDoesNotTellThenOneLineSaysSoAndOperationsGoOn(String answer, CapturedOutput output)
			throws Exception {
		try (FakeServer fake = new FakeServer((line) -> line.equals("stats") ? answer : null);
				TestPool pool = new TestPool(TestPool.settings(), fake.address())) {
			Link link = pool.up();
			Told told = new Told();
			pool.pool.watchStatistics(Duration.ofMillis(20), told);
			TestPool.await("not told, twice", () -> told.silences.get() >= 2);
			assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
			assertThat(told.latest).isEmpty();
			assertThat(link.isOpen()).isTrue();
			assertThat(pool.losses).hasValue(0);
			assertThat(pool.snapshot().timeoutsInRow()).isZero();
			assertThat(output).containsOnlyOnce("does not tell its statistics");
		}
	}

	@Test
	void whenAListenerFailsWithAnErrorThenOneLineSaysSoAndItIsAskedAgain(CapturedOutput output) throws Exception {
		try (FakeServer fake = new FakeServer((line) -> line.equals("stats") ? STATISTICS : null);
				TestPool pool = new TestPool(TestPool.settings(), fake.address())) {
			pool.up();
			AtomicInteger calls = new AtomicInteger();
			pool.pool.watchStatistics(Duration.ofMillis(20), (server, statistics) -> {
				calls.incrementAndGet();
				throw new NoSuchMethodError("of another version");
			});
			TestPool.await("told again and again", () -> calls.get() >= 3);
			assertThat(output).containsOnlyOnce("Unexpected failure while asking memcached servers");
		}
	}

	@Test
	void whenThePoolIsClosedWhileAServerIsSilentThenNobodyWaits() throws Exception {
		Set<Thread> before = TestPool.threads();
		try (FakeServer fake = new FakeServer((line) -> line.equals("stats") ? FakeServer.SILENCE : null)) {
			TestPool pool = new TestPool(TestPool.patient(), fake.address());
			pool.up();
			pool.pool.watchStatistics(Duration.ofMillis(20), new Told());
			TestPool.await("asked", () -> fake.commands.contains("stats"));
			assertThat(Stopwatch.millis(pool::close)).isLessThan(2000);
			TestPool.await("the thread ends",
					() -> !TestPool.threadsSince(before).contains("failsoft-memcached-statistics"));
		}
	}

	private static final class Told implements StatisticsListener {

		final Map<String, ServerStatistics> latest = new ConcurrentHashMap<>();

		final AtomicInteger silences = new AtomicInteger();

		@Override
		public void told(String server, @Nullable ServerStatistics statistics) {
			if (statistics != null) {
				this.latest.put(server, statistics);
			}
			else {
				this.silences.incrementAndGet();
			}
		}

	}

}
