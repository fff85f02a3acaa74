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

package io.failsoft.memcached.benchmarks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Everything that is compared runs: all contenders, and all benchmarks for a moment.
 */
class ContendersIT {

	@ParameterizedTest
	@EnumSource
	void eachContenderHoldsWhatItIsGiven(ContenderType type) {
		assumeTrue(type.isAvailable(), "its server is not installed");
		try (Server server = type.startServer(); Contender contender = type.create(server.address())) {
			Object value = Values.of(contender, 0);
			assertThat(contender.get(1L)).isNull();
			contender.put(1L, value);
			assertThat(contender.get(1L)).isEqualTo(value);
			contender.evict(1L);
			assertThat(contender.get(1L)).isNull();
		}
	}

	@Test
	void eachBenchmarkRuns() throws RunnerException {
		OptionsBuilder options = new OptionsBuilder();
		options.include("^io\\.failsoft\\.memcached\\.benchmarks\\.")
			.param("contender", ContenderType.FAILSOFT.parameter())
			.forks(0)
			.warmupIterations(0)
			.measurementIterations(1)
			.measurementTime(TimeValue.milliseconds(50))
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		assertThat(new Runner(options.build()).run()).hasSizeGreaterThanOrEqualTo(7)
			.allSatisfy((result) -> assertThat(result.getPrimaryResult().getSampleCount()).isPositive());
	}

}
