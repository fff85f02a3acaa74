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

package io.failsoft.memcached.hunt;

import java.io.IOException;
import java.time.Duration;

import io.failsoft.memcached.hunt.Hunt.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hunt as part of the build. {@code hunt.seed} repeats a run's random choices, and
 * {@code hunt.minutes} prolongs it.
 */
class StaleReadHuntIT {

	private static final long SEED = Long.getLong("hunt.seed", System.nanoTime());

	private static final Duration DURATION = Duration
		.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("hunt.minutes", "0"))));

	@Test
	void whenServersFailInEveryWayThenNothingStaleIsRead() throws Exception {
		Report report = hunt(CacheUnderTest.FAILSOFT, 200_000, 50, 25, DURATION);
		assertThat(report.violations()).as("seed " + SEED).isEmpty();
		assertThat(report.violationCount()).as("seed " + SEED).isZero();
		assertThat(report.operations()).isGreaterThanOrEqualTo(200_000);
		assertThat(report.faults()).isGreaterThanOrEqualTo(50);
		assertThat(report.hits()).as("a cache that is never hit is never stale")
			.isGreaterThan(report.operations() / 10);
		assertThat(report.settledHits()).isPositive();
	}

	@Test
	@Timeout(120)
	void whenThePlainControlIsHuntedThenItIsCaught() throws Exception {
		Report report = hunt(CacheUnderTest.PLAIN, 1_000_000, 50, 5, Duration.ZERO);
		assertThat(report.violationCount()).as("seed " + SEED).isPositive();
		assertThat(report.violations().toString()).contains("STALE").doesNotContain("EXCEPTION", "RAN", "NULL");
	}

	/**
	 * A put is sent when its method has returned, so one that began earlier may be sent
	 * after another instance's eviction and then stays there. It is the only thing that
	 * may be found: were a row that was loaded stale, a fill would have overwritten
	 * something newer, which no race of puts excuses. What such a put left may be read
	 * while the hunt goes on, or not before all has settled.
	 */
	@Test
	@Timeout(120)
	void whenPutsOfSeveralInstancesRaceThenOnlyWhatWasPutIsStale() throws Exception {
		Report report = hunt(CacheUnderTest.FAILSOFT_RACING_PUTS, 1_000_000, 100, 5, Duration.ZERO);
		assertThat(report.violationCount()).as("seed " + SEED).isPositive();
		assertThat(report.violations()).as("seed " + SEED)
			.isNotEmpty()
			.allSatisfy((violation) -> assertThat(violation.lines().findFirst().orElseThrow())
				.containsPattern("STALE: read Row\\[key=\\d+, version=\\d+, putBy=\\d"));
	}

	private static Report hunt(CacheUnderTest cache, long operations, int faults, int faultsPerRound, Duration duration)
			throws IOException, InterruptedException {
		System.out.println(cache + ", seed " + SEED);
		try (Hunt hunt = new Hunt(cache, SEED)) {
			Report report = hunt.run(operations, faults, faultsPerRound, duration);
			System.out.println(cache + ": " + report);
			return report;
		}
	}

}
