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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.failsoft.memcached.fuzz.FuzzRun.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzing as part of the build: all targets in one short run. {@code fuzz.executions} has
 * a long run of each target follow, {@code fuzz.seed} repeats a run's random choices.
 */
class FuzzIT {

	private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime() & 0x7fffffff);

	private static final long EXECUTIONS = Long.getLong("fuzz.executions", 0);

	private static final Path FOLDER = Path.of("target", "fuzz");

	@Test
	void whateverIsReadIsRightOrAMiss() throws Exception {
		List<Result> results = new ArrayList<>();
		FuzzRun run = new FuzzRun(FOLDER.toAbsolutePath(), SEED);
		if (EXECUTIONS == 0) {
			results.add(run.fuzz("ALL", 10_000, Duration.ofSeconds(8)));
			assertThat(results.get(0).covered()).as("edges").isGreaterThan(300);
		}
		else {
			results.addAll(fuzzEach(run));
		}
		report(results);
		assertThat(results).extracting(Result::finding).as("seed " + SEED).allMatch(String::isEmpty);
	}

	/** As many at a time as there are processors, as each has only one thread. */
	private static List<Result> fuzzEach(FuzzRun run) throws Exception {
		ExecutorService runs = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
		try {
			List<Future<Result>> futures = new ArrayList<>();
			for (Targets target : Targets.values()) {
				futures.add(runs.submit(() -> run.fuzz(target.name(), target.share(EXECUTIONS), Duration.ofDays(1))));
			}
			List<Result> results = new ArrayList<>();
			for (Future<Result> future : futures) {
				results.add(future.get());
			}
			return results;
		}
		finally {
			runs.shutdownNow();
		}
	}

	private static void report(List<Result> results) throws Exception {
		StringBuilder text = new StringBuilder(LocalDate.now(ZoneOffset.UTC) + ", seed " + SEED + ", Java "
				+ Runtime.version() + "\n\n| target | executions | edges | took | findings |\n|---|---|---|---|---|\n");
		long total = 0;
		for (Result result : results) {
			text.append(result.row()).append('\n');
			total += result.executions();
		}
		text.append("\nIn sum ").append(total).append(" executions.\n");
		Files.writeString(Files.createDirectories(Path.of("target", "reports")).resolve("fuzz.md"), text);
		System.out.println(text);
	}

	/**
	 * The fuzzer has to find what is there to be found.
	 */
	@Test
	void whenAReaderBreaksThenTheFuzzerFindsIt(@TempDir Path folder) throws Exception {
		Result result = new FuzzRun(folder, 1).fuzz("BROKEN", 2_000_000, Duration.ofMinutes(5));
		assertThat(result.finding()).contains("What was broken on purpose");
	}

}
