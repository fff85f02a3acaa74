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
import java.util.List;

import io.failsoft.memcached.hunt.Hunt.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hunt as part of the build, in one of its modes. {@code hunt.seed} repeats a run's
 * random choices, the mode among them; {@code hunt.mode} chooses one, or {@code all};
 * {@code hunt.operations}, {@code hunt.faults} and {@code hunt.minutes} prolong it.
 */
class StaleReadHuntIT {

	private static final long SEED = Long.getLong("hunt.seed", System.nanoTime());

	private static final int OPERATIONS = Integer.getInteger("hunt.operations", 50_000);

	private static final int FAULTS = Integer.getInteger("hunt.faults", 20);

	private static final Duration DURATION = Duration
		.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("hunt.minutes", "0"))));

	@ParameterizedTest
	@MethodSource("modes")
	void whenServersFailInEveryWayThenNothingStaleIsRead(Mode mode) throws Exception {
		Report report = hunt(CacheUnderTest.FAILSOFT, mode, OPERATIONS, FAULTS, Math.min(FAULTS, 25), DURATION);
		assertThat(report.violations()).as("mode " + mode + ", seed " + SEED).isEmpty();
		assertThat(report.violationCount()).as("mode " + mode + ", seed " + SEED).isZero();
		assertThat(report.operations()).isGreaterThanOrEqualTo(OPERATIONS);
		assertThat(report.faults()).isGreaterThanOrEqualTo(FAULTS);
		assertThat(report.hits()).as("a cache that is never hit is never stale")
			.isGreaterThan(report.operations() / 10);
		assertThat(report.settledHits()).isPositive();
		if (mode == Mode.GRACE) {
			assertThat(report.aged()).isPositive();
		}
	}

	static List<Mode> modes() {
		return Mode.of(System.getProperty("hunt.mode", ""), SEED);
	}

	@Test
	@Timeout(300)
	void whenThePlainControlIsHuntedThenItIsCaught() throws Exception {
		Report report = hunt(CacheUnderTest.PLAIN, Mode.PLAIN, 1_000_000, 50, 5, Duration.ZERO);
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
	@Timeout(300)
	void whenPutsOfSeveralInstancesRaceThenOnlyWhatWasPutIsStale() throws Exception {
		Report report = hunt(CacheUnderTest.FAILSOFT_RACING_PUTS, Mode.PLAIN, 1_000_000, 100, 5, Duration.ZERO);
		assertThat(report.violationCount()).as("seed " + SEED).isPositive();
		assertThat(report.violations()).as("seed " + SEED)
			.isNotEmpty()
			.allSatisfy((violation) -> assertThat(violation.lines().findFirst().orElseThrow())
				.containsPattern("STALE: read Row\\[key=\\d+, version=\\d+, putBy=\\d"));
	}

	private static Report hunt(CacheUnderTest cache, Mode mode, long operations, int faults, int faultsPerRound,
			Duration duration) throws IOException, InterruptedException {
		System.out.println(cache + ", mode " + mode + ", seed " + SEED);
		try (Hunt hunt = new Hunt(cache, mode, SEED, false)) {
			Report report = hunt.run(operations, faults, faultsPerRound, duration);
			System.out.println(cache + ", mode " + mode + ": " + report);
			return report;
		}
	}

}
