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

package io.failsoft.memcached.fuzz;

import java.io.File;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of Jazzer, in a JVM of its own as it instruments what it fuzzes.
 */
final class FuzzRun {

	private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

	private static final Pattern COVERED = Pattern.compile("cov: (\\d+)");

	/**
	 * They compare each name with hundreds, and the fuzzer would take notes of each.
	 */
	private static final String NOT_TRACED = "io.failsoft.memcached.codec.AllowedClasses**";

	private static final Duration START = Duration.ofMinutes(5);

	private final Path folder;

	private final long seed;

	FuzzRun(Path folder, long seed) {
		this.folder = folder;
		this.seed = seed;
	}

	/**
	 * Fuzz one target, or all.
	 * @param target the name of one of {@link Targets}, or {@code ALL}
	 * @param executions how often it is to be called
	 * @param enough after how long it is called no more
	 * @return what came of it
	 */
	Result fuzz(String target, long executions, Duration enough) throws IOException, InterruptedException {
		Path corpus = Files.createDirectories(this.folder.resolve(target).resolve("corpus"));
		Path seeds = seeds(target);
		Path log = this.folder.resolve(target).resolve("log");
		List<String> command = new ArrayList<>(List.of(
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx384m",
				"-XX:+UseSerialGC", "-XX:MaxJavaStackTraceDepth=16", "-Xshare:auto",
				// A short run is over before more than this pays.
				(enough.toHours() == 0) ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				"com.code_intelligence.jazzer.Jazzer", "--target_class=" + Fuzz.class.getName(),
				"--target_args=" + target, "--instrumentation_includes=io.failsoft.memcached.**",
				"--custom_hook_includes=io.failsoft.memcached.**", "--instrumentation_excludes=" + NOT_TRACED,
				"--custom_hook_excludes=" + NOT_TRACED,
				// It tells of every ObjectInputStream; Canary is for what is read
				// by ours.
				"--disabled_hooks=com.code_intelligence.jazzer.sanitizers.Deserialization",
				"--reproducer_path=" + this.folder, "-artifact_prefix=" + this.folder + File.separator,
				"-seed=" + (int) (this.seed & 0x7fffffff), "-runs=" + executions, "-max_len=2048", "-rss_limit_mb=0",
				"-timeout=60", "-max_total_time=" + enough.toSeconds(), corpus.toString(), seeds.toString()));
		Duration limit = START.plus(enough);
		Instant start = Instant.now();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
				return new Result(target, 0, 0, Duration.between(start, Instant.now()), "no end within " + limit);
			}
			String text = Files.readString(log);
			Matcher done = DONE.matcher(text);
			long count = done.find() ? Long.parseLong(done.group(1)) : 0;
			return new Result(target, count, covered(text), Duration.between(start, Instant.now()),
					(process.exitValue() == 0 && count > 0) ? "" : finding(text));
		}
		finally {
			process.destroyForcibly();
		}
	}

	private Path seeds(String target) throws IOException {
		Path seeds = Files.createDirectories(this.folder.resolve(target).resolve("seeds"));
		int number = 0;
		int choice = 0;
		for (Targets one : Targets.values()) {
			if (target.equals("ALL") || target.equals(one.name())) {
				for (byte[] seed : one.make().seeds()) {
					byte[] bytes = seed;
					if (target.equals("ALL")) {
						bytes = new byte[seed.length + 1];
						bytes[0] = (byte) choice;
						System.arraycopy(seed, 0, bytes, 1, seed.length);
					}
					Files.write(seeds.resolve("seed-" + number++), bytes);
				}
			}
			choice++;
		}
		return seeds;
	}

	private static long covered(String text) {
		long covered = 0;
		for (Matcher matcher = COVERED.matcher(text); matcher.find();) {
			covered = Long.parseLong(matcher.group(1));
		}
		return covered;
	}

	private static String finding(String text) {
		int at = text.indexOf("== Java Exception");
		String from = (at >= 0) ? text.substring(at) : text.substring(Math.max(0, text.length() - 2000));
		return from.substring(0, Math.min(3000, from.length()));
	}

	/**
	 * What came of a run.
	 *
	 * @param target what was fuzzed
	 * @param executions how often it was called
	 * @param covered how many edges of the code were reached
	 * @param took how long it took
	 * @param finding what is wrong; empty if nothing is
	 */
	record Result(String target, long executions, long covered, Duration took, String finding) {

		String row() {
			return "| " + this.target + " | " + this.executions + " | " + this.covered + " | " + this.took.toSeconds()
					+ " s | " + (this.finding.isEmpty() ? "none" : this.finding.lines().findFirst().orElse("?")) + " |";
		}

	}

}
