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

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.failsoft.memcached.hunt.Hunt.Report;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has instances work for long while faults strike, with all windows of the local store
 * and of grace on, and looks for what grows. Not part of the build, for its length:
 * {@code run-soak} runs it.
 */
class Soak {

	private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

	private static final int MINUTES = Integer.getInteger("soak.minutes", 1);

	private static final boolean ACROSS_HOSTS = Boolean.getBoolean("soak.hosts");

	/** What of a minute is left for the dust to settle. */
	private static final Duration SETTLING = Duration.ofSeconds(15);

	private static final long MEGABYTE = 1024 * 1024;

	/** What is logged as a server, or the source, is lost or back. */
	private static final Pattern OF_A_FAULT = Pattern
		.compile("memcached \\S+ is (down|back|up|still down|not reachable)|failed on memcached|"
				+ "And \\d+ more in the last|its source (fails|is back)|a refresh fails");

	/** Lines of an instance's start. */
	private static final int AT_THE_START = 20;

	private static final int LINES_AN_HOUR = 200;

	private final List<Minute> minutes = new ArrayList<>();

	@Test
	void whenFaultsStrikeForLongThenNothingGrows() throws Exception {
		System.out.println("Soak, seed " + SEED + (ACROSS_HOSTS ? ", across hosts" : ""));
		System.out.println("| minute | operations | faults | violations | heap, MB | threads | sockets | direct, KB | "
				+ "log lines of faults | other log lines | stale at most, ms |");
		System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
		try (Hunt hunt = new Hunt(CacheUnderTest.FAILSOFT, Mode.SOAK, SEED, ACROSS_HOSTS)) {
			long began = System.nanoTime();
			for (int i = 1; i <= MINUTES; i++) {
				long end = began + Duration.ofMinutes(i).minus(SETTLING).toNanos();
				hunt.round(() -> System.nanoTime() - end >= 0);
				Minute minute = new Minute(hunt.report(), hunt.resources(), lines(hunt, true), lines(hunt, false));
				this.minutes.add(minute);
				System.out.println("| " + i + minute);
			}
			judge();
		}
	}

	private static List<Long> lines(Hunt hunt, boolean ofFaults) throws IOException {
		List<Long> lines = new ArrayList<>();
		for (int i = 0; i < Hunt.INSTANCES; i++) {
			try (Stream<String> all = Files.lines(hunt.log(i))) {
				lines.add(all.filter((line) -> OF_A_FAULT.matcher(line).find() == ofFaults).count());
			}
		}
		return lines;
	}

	private void judge() {
		Minute last = this.minutes.get(this.minutes.size() - 1);
		assertThat(last.report.violations()).as("seed " + SEED).isEmpty();
		assertThat(last.report.violationCount()).as("seed " + SEED).isZero();
		for (int i = 0; i < Hunt.INSTANCES; i++) {
			long heap = growth(i, Resources::heap);
			long threads = growth(i, Resources::threads);
			long sockets = growth(i, Resources::sockets);
			long direct = growth(i, Resources::direct);
			System.out.printf(
					"Instance %d, last third against the first: heap %+,d KB, threads %+d, sockets %+d, "
							+ "direct memory %+,d KB; %d log lines beyond the faults' own%n",
					i, heap / 1024, threads, sockets, direct / 1024, last.otherLines.get(i));
			assertThat(heap).as("growth of the heap of instance " + i).isLessThan(8 * MEGABYTE);
			assertThat(threads).as("more threads of instance " + i).isLessThanOrEqualTo(2);
			assertThat(sockets).as("more sockets of instance " + i).isLessThanOrEqualTo(2);
			assertThat(direct).as("growth of the direct memory of instance " + i).isLessThan(2 * MEGABYTE);
			assertThat(last.otherLines.get(i)).as("log lines of instance " + i + " beyond the faults' own")
				.isLessThanOrEqualTo(AT_THE_START + LINES_AN_HOUR * MINUTES / 60);
		}
	}

	/**
	 * By how much the mean of the last third of all minutes is above that of the first.
	 */
	private long growth(int instance, ToLongFunction<Resources> figure) {
		int third = Math.max(1, this.minutes.size() / 3);
		return mean(this.minutes.subList(this.minutes.size() - third, this.minutes.size()), instance, figure)
				- mean(this.minutes.subList(0, third), instance, figure);
	}

	private static long mean(List<Minute> minutes, int instance, ToLongFunction<Resources> figure) {
		return Math.round(minutes.stream()
			.mapToLong((minute) -> figure.applyAsLong(minute.resources.get(instance)))
			.average()
			.orElseThrow());
	}

	/**
	 * What was there at the end of a minute, when all had settled.
	 *
	 * @param report what was done and found until then
	 * @param resources by instance, what it used
	 * @param faultLines by instance, lines of its log that are a fault's own
	 * @param otherLines by instance, all other lines
	 */
	private record Minute(Report report, List<Resources> resources, List<Long> faultLines, List<Long> otherLines) {

		@Override
		public String toString() {
			return String.format(" | %,d | %d | %d | %s | %s | %s | %s | %s | %s | %d |", this.report.operations(),
					this.report.faults(), this.report.violationCount(),
					list((used) -> Math.round(used.heap() / (double) MEGABYTE)), list(Resources::threads),
					list(Resources::sockets), list((used) -> used.direct() / 1024), joined(this.faultLines),
					joined(this.otherLines),
					this.report.longestDelivered().stream().mapToLong(Duration::toMillis).max().orElse(0));
		}

		private String list(ToLongFunction<Resources> figure) {
			return joined(IntStream.range(0, this.resources.size())
				.mapToObj((instance) -> figure.applyAsLong(this.resources.get(instance)))
				.toList());
		}

		private static String joined(List<Long> figures) {
			return String.join(" ", figures.stream().map(String::valueOf).toList());
		}

	}

}
