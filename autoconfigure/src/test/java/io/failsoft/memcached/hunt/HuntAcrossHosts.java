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
import java.util.List;

import io.failsoft.memcached.hunt.Hunt.Report;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hunt with each server and each instance on a host of its own. Not part of the
 * build, as it takes root: {@code run-hunt --hosts} runs it.
 */
class HuntAcrossHosts {

	private static final long SEED = Long.getLong("hunt.seed", System.nanoTime());

	private static final int OPERATIONS = Integer.getInteger("hunt.operations", 200_000);

	private static final int FAULTS = Integer.getInteger("hunt.faults", 50);

	private static final Duration DURATION = Duration
		.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("hunt.minutes", "0"))));

	@ParameterizedTest
	@MethodSource("modes")
	void whenHostsAndNetworksFailThenNothingStaleIsRead(Mode mode) throws Exception {
		try (Hunt hunt = new Hunt(CacheUnderTest.FAILSOFT, mode, SEED, true)) {
			Report report = hunt.run(OPERATIONS, FAULTS, Math.min(FAULTS, 25), DURATION);
			System.out.println("Across hosts, mode " + mode + ", seed " + SEED + ": " + report);
			assertThat(report.violations()).as("mode " + mode + ", seed " + SEED).isEmpty();
			assertThat(report.violationCount()).as("mode " + mode + ", seed " + SEED).isZero();
			assertThat(report.hits()).as("a cache that is never hit is never stale")
				.isGreaterThan(report.operations() / 10);
			assertThat(report.settledHits()).isPositive();
		}
	}

	static List<Mode> modes() {
		return Mode.of(System.getProperty("hunt.mode", "all"), SEED)
			.stream()
			.filter((mode) -> mode != Mode.ADDRESSES)
			.toList();
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILSOFT_WITHOUT_L5", "FAILSOFT_WITHOUT_LOG", "FAILSOFT_WITHOUT_CHECK" })
	void whenARuleIsTakenOutThenItIsCaught(CacheUnderTest cache) throws Exception {
		try (Hunt hunt = new Hunt(cache, cache.modeOfRule(), SEED, true)) {
			Report report = hunt.run(10_000_000, 200, 10, Duration.ZERO);
			System.out.println(cache + " across hosts, seed " + SEED + ": " + report);
			report.violations().forEach(System.out::println);
			assertThat(report.violationCount()).as("seed " + SEED).isPositive();
			assertThat(report.violations().toString()).contains("STALE").doesNotContain("EXCEPTION", "RAN", "NULL");
		}
	}

}
