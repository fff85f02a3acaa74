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

import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures what needs no server, each cell of a table in a JVM of its own.
 *
 * @param rounds how often each is measured
 * @param warmups seconds before each measurement
 * @param measurements seconds of each measurement
 */
record Micro(int rounds, int warmups, int measurements) {

	/**
	 * What was measured: medians.
	 *
	 * @param nanos the time of an operation
	 * @param bytes what an operation allocates
	 */
	record Figures(double nanos, double bytes) {

		@Override
		public String toString() {
			return String.format("%,.0f ns, %,.0f B", this.nanos, this.bytes);
		}

	}

	Figures measure(Class<?> benchmark, String method, Map<String, String> parameters) throws RunnerException {
		Median nanos = new Median();
		Median bytes = new Median();
		for (int round = 0; round < this.rounds; round++) {
			RunResult result = run(benchmark, method, parameters);
			nanos.add(result.getPrimaryResult().getStatistics().getPercentile(50));
			Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
			bytes.add((allocated != null) ? allocated.getScore() : Double.NaN);
		}
		Figures figures = new Figures(nanos.get(), bytes.get());
		log(method + " " + parameters + ": " + figures);
		return figures;
	}

	private RunResult run(Class<?> benchmark, String method, Map<String, String> parameters) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder()
			.include("^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
			.forks(1)
			.warmupIterations(this.warmups * 2)
			.warmupTime(TimeValue.milliseconds(500))
			.measurementIterations(this.measurements * 2)
			.measurementTime(TimeValue.milliseconds(500))
			.addProfiler(GCProfiler.class)
			.jvmArgsAppend("-Xms512m", "-Xmx512m")
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		parameters.forEach(options::param);
		return new Runner(options.build()).runSingle();
	}

	@SuppressWarnings("SystemOut")
	private static void log(String line) {
		System.err.println(line);
	}

}
