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

import java.time.Duration;

import io.failsoft.memcached.hunt.Hunt.Report;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hunts with a rule taken out of the code, which must be caught. Not part of the build,
 * for its length: {@code run-hunt --without-rules} runs it.
 */
class HuntWithoutRules {

	private static final long SEED = Long.getLong("hunt.seed", System.nanoTime());

	@ParameterizedTest
	@EnumSource(names = "FAILSOFT_WITHOUT_.*", mode = EnumSource.Mode.MATCH_ANY)
	void whenARuleIsTakenOutThenItIsCaught(CacheUnderTest cache) throws Exception {
		try (Hunt hunt = new Hunt(cache, cache.modeOfRule(), SEED, false)) {
			Report report = hunt.run(1_000_000, 100, 5, Duration.ZERO);
			System.out.println(cache + ", seed " + SEED + ": " + report);
			report.violations().forEach(System.out::println);
			assertThat(report.violationCount()).as("seed " + SEED).isPositive();
			assertThat(report.violations().toString()).contains("STALE").doesNotContain("EXCEPTION", "RAN", "NULL");
		}
	}

}
