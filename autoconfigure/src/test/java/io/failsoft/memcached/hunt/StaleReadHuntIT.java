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

	@Test
	@Timeout(240)
	void whenPutsOfSeveralInstancesRaceThenTheHuntSeesWhatIsNotPromised() throws Exception {
		// Not every round has a put that came too late: what it left may be overwritten
		// before it is read.
		StringBuilder seen = new StringBuilder();
		for (int i = 0; i < 6 && !(seen.indexOf("STALE") >= 0 && seen.indexOf("put by") >= 0); i++) {
			Report report = hunt(CacheUnderTest.FAILSOFT_RACING_PUTS, 1_000_000, 100, 5, Duration.ZERO);
			assertThat(report.violationCount()).as("seed " + SEED).isPositive();
			seen.append(report.violations());
		}
		assertThat(seen.toString()).contains("STALE", "put by").doesNotContain("EXCEPTION", "RAN");
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
