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

	private int requests;

	private int lostInMoves;

	private long moveStart = System.nanoTime();

	private long moveEnd = this.moveStart;

	private double longestMove;

	/**
	 * Create the steps.
	 * @param callers who is asking all the while
	 * @param write changes something and checks that the change is seen, at each step
	 */
	Steps(Callers callers, Runnable write) {
		this.callers = callers;
		this.write = write;
		print("| | step | took, ms | requests | failed | lost in a move | from the cache | median, ms | longest, ms | a change, ms |");
		print("|---|---|---|---|---|---|---|---|---|---|");
	}

	/**
	 * Take a step, and go on when enough was answered after it.
	 * @param what the step, as the table names it
	 * @param action what is done
	 */
	void step(String what, Runnable action) {
		judge("before: " + what, this.callers.take());
		long start = System.nanoTime();
		action.run();
		double took = (System.nanoTime() - start) / 1e6;
		int goal = this.callers.pending() + ANSWERS;
		Waiting.until("answers after: " + what, () -> this.callers.pending() >= goal);
		double write = timed(what);
		note(what, took, write, this.callers.take());
	}

	/**
	 * Take a step in which a floating address may move. What is asked before new
	 * connections to it are taken again may be lost, but not answered wrongly.
	 * @param what the step, as the table names it
	 * @param action what is done
	 */
	void move(String what, Runnable action) {
		step(what, () -> {
			this.moveStart = System.nanoTime();
			this.moveEnd = Long.MAX_VALUE;
			action.run();
			FloatingAddresses.awaitBoth();
			this.moveEnd = System.nanoTime();
			this.longestMove = Math.max(this.longestMove, (this.moveEnd - this.moveStart) / 1e6);
		});
	}

	/**
	 * How long a floating address was away.
	 * @return the longest of all moves, in milliseconds
	 */
	double longestMove() {
		return this.longestMove;
	}

	private int judge(String what, List<Callers.Answered> answered) {
		this.requests += answered.size();
		int failed = 0;
		for (Callers.Answered each : answered) {
			if (each.problem().isEmpty()) {
				continue;
			}
			if (!each.isWrong() && each.began() <= this.moveEnd && each.ended() >= this.moveStart) {
				this.lostInMoves++;
				continue;
			}
			failed++;
			addProblem(what + ": " + each.problem());
		}
		return failed;
	}

	private double timed(String what) {
		long start = System.nanoTime();
		try {
			this.write.run();
		}
		catch (RuntimeException | AssertionError ex) {
			addProblem(what + ": the change failed: " + ex);
		}
		return (System.nanoTime() - start) / 1e6;
	}

	private void note(String what, double took, double write, List<Callers.Answered> answered) {
		int lostBefore = this.lostInMoves;
		int failed = judge(what, answered);
		List<Double> millis = answered.stream().map(Callers.Answered::millis).sorted().toList();
		long hits = answered.stream().filter(Callers.Answered::hit).count();
		print(String.format(Locale.ROOT, "| %d | %s | %.0f | %d | %d | %d | %d %% | %.1f | %.0f | %.0f |",
				this.rows.size() - 1, what, took, answered.size(), failed, this.lostInMoves - lostBefore,
				100 * hits / answered.size(), millis.get(millis.size() / 2), millis.get(millis.size() - 1), write));
	}

	/**
	 * Everything that a caller should not have seen.
	 * @return the problems; empty if there were none
	 */
	List<String> problems() {
		return List.copyOf(this.problems);
	}

	/**
	 * Write the table, which was printed meanwhile, to a file.
	 * @param file the file
	 * @param closing what is said below the table
	 * @throws IOException if it cannot be written
	 */
	void report(Path file, String closing) throws IOException {
		print(String.format(Locale.ROOT,
				"%n%d requests, %d problems, %d lost while an address moved (%.0f ms at most). %s", this.requests,
				this.problems.size(), this.lostInMoves, this.longestMove, closing));
		Files.createDirectories(file.getParent());
		Files.write(file, this.rows);
	}

	private void addProblem(String problem) {
		this.problems.add(problem);
		System.out.println(problem);
	}

	private void print(String row) {
		this.rows.add(row);
		System.out.println(row);
	}

}
