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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.benchmarks.VersionSubject.Measurement;
import org.jspecify.annotations.Nullable;

/**
 * Compares this version of the library with another jar of it. Each round starts a JVM
 * for each, and row by row these take turns, so that a change of the machine's mood meets
 * both.
 */
final class VersionComparison {

	private final Map<Measurement, Measured> built = new EnumMap<>(Measurement.class);

	private final Map<Measurement, Measured> other = new EnumMap<>(Measurement.class);

	private VersionComparison() {
	}

	/**
	 * Run the comparison.
	 * @param arguments see {@code run-benchmarks --help}
	 * @throws Exception if a JVM fails
	 */
	public static void main(String[] arguments) throws Exception {
		String against = "";
		int rounds = 3;
		String warmup = "2";
		String measure = "1";
		Path output = null;
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.substring(0, argument.length() - value.length())) {
				case "--against=" -> against = value;
				case "--rounds=" -> rounds = Integer.parseInt(value);
				case "--warmup=" -> warmup = value;
				case "--measure=" -> measure = value;
				case "--server-cpus=" -> System.setProperty(Server.CPUS, value);
				case "--output=" -> output = Path.of(value);
				default -> throw new IllegalArgumentException("Unknown: " + argument);
			}
		}
		VersionComparison comparison = new VersionComparison();
		for (int round = 0; round < rounds; round++) {
			try (Jvm built = new Jvm(null, warmup, measure); Jvm other = new Jvm(against, warmup, measure)) {
				comparison.round(built, other);
			}
		}
		String report = Machine.describe() + comparison.table();
		print(report);
		if (output != null) {
			Files.writeString(output, report);
		}
	}

	@SuppressWarnings("SystemOut")
	private static void print(String report) {
		System.out.println(report);
	}

	private void round(Jvm builtJvm, Jvm otherJvm) throws IOException {
		for (Measurement row : Measurement.values()) {
			builtJvm.measure(row, this.built);
			otherJvm.measure(row, this.other);
		}
	}

	private String table() {
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add("| operation | µs, built | µs, other | ratio | bytes, built | bytes, other | ratio |");
		lines.add("|---|---|---|---|---|---|---|");
		this.built.forEach((row, mine) -> {
			Measured theirs = this.other.getOrDefault(row, mine);
			lines.add(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %,.0f | %,.0f | %.2f |", row.title(),
					mine.micros(), theirs.micros(), mine.micros() / theirs.micros(), mine.bytes(), theirs.bytes(),
					mine.bytes() / theirs.bytes()));
		});
		return String.join("\n", lines);
	}

	/**
	 * A JVM that runs a {@link VersionSubject}.
	 */
	private static final class Jvm implements AutoCloseable {

		private final Process process;

		private final PrintStream rows;

		private final BufferedReader answers;

		Jvm(@Nullable String jar, String warmup, String measure) throws Exception {
			String ours = Path
				.of(MemcachedCacheAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation().toURI())
				.toString();
			String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.map((entry) -> (jar != null && Path.of(entry).toAbsolutePath().toString().equals(ours)) ? jar : entry)
				.collect(Collectors.joining(File.pathSeparator));
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xms512m", "-Xmx512m", "-Dmemcached.binary=" + System.getProperty("memcached.binary", "memcached"),
					"-D" + Server.CPUS + "=" + System.getProperty(Server.CPUS, ""), "-cp", classPath,
					VersionSubject.class.getName(), warmup, measure)
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			this.rows = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8);
			this.answers = this.process.inputReader(StandardCharsets.UTF_8);
		}

		void measure(Measurement row, Map<Measurement, Measured> results) throws IOException {
			this.rows.println(row.name());
			String line = this.answers.readLine();
			while (line != null && !line.startsWith(VersionSubject.ANSWER)) {
				print(line);
				line = this.answers.readLine();
			}
			if (line == null) {
				throw new IOException("The JVM ended at " + row);
			}
			print(String.format("%-40s %s", row.title(), line));
			String[] figures = line.substring(VersionSubject.ANSWER.length()).split(" ");
			results.computeIfAbsent(row, (key) -> new Measured())
				.add(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
		}

		@Override
		public void close() {
			this.rows.close();
			this.process.onExit().join();
		}

	}

}
