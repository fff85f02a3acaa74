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

package io.failsoft.memcached.sample.ha;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The steps of the drill and what each cost the callers.
 */
final class Steps {

	/** Awaited after each step: 20 in the build, 60 from {@code ./run-ha-drill}. */
	private static final int ANSWERS = Integer.getInteger("ha.answers", 20);

	private final Callers callers;

	private final Runnable write;

	private final List<String> rows = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	/**
	 * Create the steps.
	 * @param callers who is asking all the while
	 * @param write changes something and checks that the change is seen, at each step
	 */
	Steps(Callers callers, Runnable write) {
		this.callers = callers;
		this.write = write;
	}

	/**
	 * Take a step, and go on when enough was answered after it.
	 * @param what the step, as the table names it
	 * @param action what is done
	 */
	void step(String what, Runnable action) {
		this.problems
			.addAll(this.callers.take().stream().map(Callers.Answered::problem).filter(Steps::isText).toList());
		long start = System.nanoTime();
		action.run();
		double took = (System.nanoTime() - start) / 1e6;
		int goal = this.callers.pending() + ANSWERS;
		Waiting.until("answers after: " + what, () -> this.callers.pending() >= goal);
		double write = timed(what);
		note(what, took, write, this.callers.take());
	}

	private double timed(String what) {
		long start = System.nanoTime();
		try {
			this.write.run();
		}
		catch (RuntimeException | AssertionError ex) {
			this.problems.add(what + ": the change failed: " + ex);
		}
		return (System.nanoTime() - start) / 1e6;
	}

	private void note(String what, double took, double write, List<Callers.Answered> answered) {
		List<String> failed = answered.stream().map(Callers.Answered::problem).filter(Steps::isText).toList();
		failed.forEach((problem) -> this.problems.add(what + ": " + problem));
		List<Double> millis = answered.stream().map(Callers.Answered::millis).sorted().toList();
		long hits = answered.stream().filter(Callers.Answered::hit).count();
		this.rows.add(String.format(Locale.ROOT, "| %d | %s | %.0f | %d | %d | %d %% | %.1f | %.0f | %.0f |",
				this.rows.size() + 1, what, took, answered.size(), failed.size(), 100 * hits / answered.size(),
				millis.get(millis.size() / 2), millis.get(millis.size() - 1), write));
	}

	private static boolean isText(String problem) {
		return !problem.isEmpty();
	}

	/**
	 * Everything that a caller should not have seen.
	 * @return the problems; empty if there were none
	 */
	List<String> problems() {
		return List.copyOf(this.problems);
	}

	/**
	 * Print the table and write it to a file.
	 * @param file the file
	 * @param closing what is said below the table
	 */
	void report(Path file, String closing) {
		String report = """
				| | step | took, ms | requests | failed | from the cache | median, ms | longest, ms | a change, ms |
				|---|---|---|---|---|---|---|---|---|
				""" + String.join("\n", this.rows) + "\n\n" + closing + "\n";
		try {
			Files.createDirectories(file.getParent());
			Files.writeString(file, report);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		System.out.println(report);
	}

}
