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

package io.failsoft.memcached.sample.dashboard;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.failsoft.memcached.sample.dashboard.Traffic.Second;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the charts are drawn from.
 */
class TrafficTests {

	private static final long START = 1_000_000;

	private final SettableClock clock = new SettableClock();

	private final Traffic traffic = new Traffic(this.clock);

	@Test
	void tellsHitsFromMissesAndTheirTimesApart() {
		CacheTrace hit = new CacheTrace();
		CacheTrace miss = new CacheTrace();
		CacheTrace stale = new CacheTrace();
		this.traffic.answered(hit);
		this.traffic.queried();
		miss.queried(spin(20));
		this.traffic.answered(miss);
		stale.queried(0);
		stale.servedStale();
		this.traffic.answered(stale);
		this.traffic.answered(new CacheTrace());
		this.clock.second++;
		Second second = this.traffic.after(START - 1).get(0);
		assertThat(second.second()).isEqualTo(START);
		assertThat(second.requests()).isEqualTo(4);
		assertThat(second.hits()).isEqualTo(3);
		assertThat(second.stale()).isEqualTo(1);
		assertThat(second.queries()).isEqualTo(1);
		assertThat(second.databaseMillis() * 4).isGreaterThanOrEqualTo(20).isEqualTo(miss.databaseMillis());
		assertThat(second.cacheMillis()).isNotNegative();
	}

	@Test
	void theSecondThatIsNotOverIsNotTold() {
		this.traffic.queried();
		assertThat(this.traffic.after(START - 1)).isEmpty();
		this.clock.second++;
		assertThat(this.traffic.after(START - 1)).extracting(Second::queries).containsExactly(1);
		assertThat(this.traffic.after(START)).isEmpty();
	}

	@Test
	void secondsInWhichNothingHappenedAreNoGaps() {
		this.traffic.queried();
		this.clock.second += 3;
		this.traffic.queried();
		this.clock.second++;
		assertThat(this.traffic.after(START - 1)).extracting(Second::queries).containsExactly(1, 0, 0, 1);
	}

	@Test
	void whatIsTooLongAgoIsForgotten() {
		this.traffic.queried();
		this.clock.second += Traffic.SECONDS;
		List<Second> all = this.traffic.after(0);
		assertThat(all).hasSize(Traffic.SECONDS);
		assertThat(all.get(0)).extracting(Second::second, Second::queries).containsExactly(START, 1);
		this.clock.second++;
		assertThat(this.traffic.after(0)).hasSize(Traffic.SECONDS).extracting(Second::queries).containsOnly(0);
		this.clock.second += 1_000;
		assertThat(this.traffic.after(0)).hasSize(Traffic.SECONDS).extracting(Second::queries).containsOnly(0);
	}

	private static long spin(int millis) {
		long start = System.nanoTime();
		while (System.nanoTime() - start < millis * 1_000_000L) {
			Thread.onSpinWait();
		}
		return System.nanoTime() - start;
	}

	private static final class SettableClock extends Clock {

		private long second = START;

		@Override
		public Instant instant() {
			return Instant.ofEpochSecond(this.second);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
