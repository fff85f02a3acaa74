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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the comparison and prints its tables. In each round and row the contenders, or two
 * versions of this project, take turns, each in a JVM of its own, so that a change of the
 * machine's mood meets all of them.
 */
final class Comparison {

	private static final String CLASS_PATH = "java.class.path";

	private int rounds = 1;

	private int warmups = 6;

	private int measurements = 3;

	private List<Row> rows = Row.ofPeers();

	private List<ContenderType> contenders = Stream.of(ContenderType.values())
		.filter(ContenderType::isAvailable)
		.toList();

	private boolean commands = true;

	private boolean scenarios = true;

	private @Nullable String against;

	private @Nullable Path output;

	private final Map<Row, Map<String, Figures>> results = new LinkedHashMap<>();

	private Comparison(String[] arguments) {
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.substring(0, argument.length() - value.length())) {
				case "--rounds=" -> this.rounds = Integer.parseInt(value);
				case "--warmup=" -> this.warmups = Integer.parseInt(value);
				case "--measure=" -> this.measurements = Integer.parseInt(value);
				case "--rows=" -> this.rows = list(value, Row::of);
				case "--contenders=" -> this.contenders = list(value, ContenderType::of);
				case "--commands=" -> this.commands = Boolean.parseBoolean(value);
				case "--scenarios=" -> this.scenarios = Boolean.parseBoolean(value);
				case "--against=" -> {
					this.against = value;
					this.rows = Row.ofVersions();
					this.commands = false;
					this.scenarios = false;
				}
				case "--server-cpus=" -> System.setProperty(Server.CPUS, value);
				case "--output=" -> this.output = Path.of(value);
				default -> throw new IllegalArgumentException("Unknown: " + argument);
			}
		}
	}

	private static <T> List<T> list(String names, Function<String, T> parser) {
		return names.isEmpty() ? List.of() : Stream.of(names.split(",")).map(parser).toList();
	}

	/**
	 * Runs the comparison.
	 * @param arguments see {@code run-benchmarks --help}
	 * @throws Exception if a row is unknown or the report cannot be written
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] arguments) throws Exception {
		Comparison comparison = new Comparison(arguments);
		String report = Machine.describe() + comparison.run();
		System.out.println(report);
		if (comparison.output != null) {
			Files.writeString(comparison.output, report);
		}
	}

	private String run() throws Exception {
		Map<String, String> classPaths = new LinkedHashMap<>();
		String ours = System.getProperty(CLASS_PATH);
		if (this.against != null) {
			classPaths.put("other version", classPathOf(ours, this.against));
			classPaths.put("this version", ours);
		}
		for (int round = 0; round < this.rounds; round++) {
			for (Row row : this.rows) {
				if (this.against == null) {
					this.contenders.forEach((contender) -> measure(row, contender, contender.title()));
					continue;
				}
				classPaths.forEach((title, classPath) -> {
					// JMH starts its JVMs with it.
					System.setProperty(CLASS_PATH, classPath);
					measure(row, row.contender(), title);
				});
			}
		}
		StringBuilder report = new StringBuilder();
		if (!this.rows.isEmpty()) {
			table(report, "Time: p50, as a ratio to the first column's",
					(figures, first) -> figures.equals(first) ? String.format("%.2f µs", figures.micros.get())
							: String.format("%.2f", figures.micros.get() / first.micros.get()));
			table(report, "Garbage: bytes allocated per operation, on all threads",
					(figures, first) -> String.format("%,.0f", figures.bytes.get()));
		}
		if (this.commands) {
			report.append(CommandsPerOperation.table(this.contenders));
		}
		if (this.scenarios) {
			report.append(Scenarios.table());
		}
		return report.toString();
	}

	private static String classPathOf(String classPath, String jar) throws Exception {
		Path ours = Path
			.of(MemcachedCacheAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		return Stream.of(classPath.split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().equals(ours) ? jar : entry)
			.collect(Collectors.joining(File.pathSeparator));
	}

	@SuppressWarnings("SystemOut")
	private void measure(Row row, ContenderType contender, String title) {
		double micros = Double.NaN;
		double bytes = Double.NaN;
		try {
			RunResult result = new Runner(new OptionsBuilder()
				.include("^" + OperationBenchmark.class.getName().replace(".", "\\.") + "\\." + row.method() + "$")
				.param("contender", contender.parameter())
				.param("text", String.valueOf(row.text()))
				.threads(row.threads())
				.forks(1)
				.warmupIterations(this.warmups)
				.warmupTime(TimeValue.seconds(1))
				.measurementIterations(this.measurements)
				.measurementTime(TimeValue.seconds(1))
				.addProfiler(GCProfiler.class)
				.jvmArgsAppend("-Xms512m", "-Xmx512m", "-D" + Server.CPUS + "=" + System.getProperty(Server.CPUS, ""))
				.shouldFailOnError(true)
				.verbosity(VerboseMode.SILENT)
				.build()).runSingle();
			micros = result.getPrimaryResult().getStatistics().getPercentile(50);
			Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
			bytes = (allocated != null) ? allocated.getScore() : Double.NaN;
		}
		catch (RunnerException ex) {
			System.err.println(row + ": " + ex);
		}
		Figures figures = this.results.computeIfAbsent(row, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(title, (key) -> new Figures(new Medians(), new Medians()));
		figures.micros.add(micros);
		figures.bytes.add(bytes);
		System.err.println(String.format("%-40s %-24s %8.2f us %8.0f B", row.title(), title, micros, bytes));
	}

	private void table(StringBuilder report, String title, BiFunction<Figures, Figures, String> cell) {
		report.append("\n### ").append(title).append("\n\n| operation |");
		Set<String> columns = this.results.values().iterator().next().keySet();
		columns.forEach((column) -> report.append(' ').append(column).append(" |"));
		report.append("\n|").append("---|".repeat(columns.size() + 1)).append('\n');
		this.results.forEach((row, figures) -> {
			report.append("| ").append(row.title()).append(" |");
			Figures first = figures.values().iterator().next();
			figures.values().forEach((each) -> report.append(' ').append(cell.apply(each, first)).append(" |"));
			report.append('\n');
		});
	}

	/**
	 * The medians over the rounds.
	 *
	 * @param micros the p50 of an operation's time in microseconds
	 * @param bytes allocated per operation, on all threads
	 */
	private record Figures(Medians micros, Medians bytes) {
	}

}
