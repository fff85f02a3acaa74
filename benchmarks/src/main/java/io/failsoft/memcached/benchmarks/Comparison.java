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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the comparison and prints its table. In each round and row the contenders take
 * turns, each in a JVM of its own, so that a change of the machine's mood meets all of
 * them.
 */
final class Comparison {

	private final Settings settings;

	private final Map<Row, Map<ContenderType, Measured>> results = new LinkedHashMap<>();

	private Comparison(Settings settings) {
		this.settings = settings;
	}

	/**
	 * Run the comparison.
	 * @param arguments see {@code run-benchmarks --help}
	 * @throws Exception if a benchmark fails
	 */
	public static void main(String[] arguments) throws Exception {
		Settings settings = Settings.parse(arguments);
		System.setProperty(Server.CPUS, settings.serverCpus());
		StringBuilder report = new StringBuilder(Machine.describe());
		if (!settings.rows().isEmpty()) {
			Comparison comparison = new Comparison(settings);
			comparison.run();
			report.append(comparison.table()).append(comparison.allocations());
		}
		if (settings.commands()) {
			report.append(CommandsPerOperation.table(settings.contenders()));
		}
		if (settings.scenarios()) {
			report.append(Scenarios.table());
		}
		print(report.toString());
		Path output = settings.output();
		if (output != null) {
			Files.writeString(output, report);
		}
	}

	@SuppressWarnings("SystemOut")
	private static void print(String report) {
		System.out.println(report);
	}

	private void run() throws RunnerException {
		for (int round = 0; round < this.settings.rounds(); round++) {
			for (Row row : this.settings.rows()) {
				for (ContenderType contender : this.settings.contenders()) {
					measure(row, contender);
				}
			}
		}
	}

	private void measure(Row row, ContenderType contender) throws RunnerException {
		Options options = new OptionsBuilder()
			.include("^" + OperationBenchmark.class.getName().replace(".", "\\.") + "\\." + row.method() + "$")
			.param("contender", contender.parameter())
			.param("text", String.valueOf(row.text()))
			.threads(row.threads())
			.forks(1)
			.warmupIterations(this.settings.warmups())
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(this.settings.measurements())
			.measurementTime(TimeValue.seconds(1))
			.addProfiler(GCProfiler.class)
			.jvmArgsAppend("-Xms512m", "-Xmx512m", "-D" + Server.CPUS + "=" + this.settings.serverCpus())
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT)
			.build();
		RunResult result = new Runner(options).runSingle();
		double micros = result.getPrimaryResult().getStatistics().getPercentile(50);
		Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
		double bytes = (allocated != null) ? allocated.getScore() : Double.NaN;
		this.results.computeIfAbsent(row, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(contender, (key) -> new Measured())
			.add(micros, bytes);
		log(String.format("%-20s %-24s %8.1f us %8.0f B", row.title(), contender.title(), micros, bytes));
	}

	@SuppressWarnings("SystemOut")
	private static void log(String line) {
		System.err.println(line);
	}

	private String table() {
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add("### Time: p50 as a ratio to the raw client's");
		lines.add("");
		boolean hasUnit = this.settings.contenders().contains(ContenderType.XMEMCACHED);
		heading(lines, " | must reach");
		this.results.forEach((row, measured) -> {
			Measured unit = measured.get(ContenderType.XMEMCACHED);
			StringBuilder line = new StringBuilder("| " + row.title() + " | "
					+ ((row.target() != null) ? String.format("%.2f", row.target()) : "") + " |");
			measured.forEach((contender, figures) -> {
				line.append((unit == null || unit == figures) ? String.format(" %.1f µs |", figures.micros())
						: String.format(" %.2f |", figures.micros() / unit.micros()));
			});
			lines.add(line.toString());
		});
		if (!hasUnit) {
			lines.add("");
			lines.add("Without the raw client there are no ratios.");
		}
		lines.add("");
		return String.join("\n", lines);
	}

	private String allocations() {
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add("### Garbage: bytes allocated per operation, on all threads");
		lines.add("");
		heading(lines, "");
		this.results.forEach((row, measured) -> {
			StringBuilder line = new StringBuilder("| " + row.title() + " |");
			measured.forEach((contender, figures) -> line.append(String.format(" %,.0f |", figures.bytes())));
			lines.add(line.toString());
		});
		lines.add("");
		return String.join("\n", lines);
	}

	private void heading(List<String> lines, String second) {
		StringBuilder titles = new StringBuilder("| operation" + second + " |");
		for (ContenderType contender : this.settings.contenders()) {
			titles.append(' ').append(contender.title()).append(" |");
		}
		lines.add(titles.toString());
		long columns = titles.chars().filter((c) -> c == '|').count() - 1;
		lines.add("|" + "---|".repeat((int) columns));
	}

}
