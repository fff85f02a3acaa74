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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import io.failsoft.memcached.client.TestTls;

/**
 * Hunts for stale reads: starts servers and instances, lets them work while faults
 * strike, waits for the dust to settle, and compares.
 */
final class Hunt implements AutoCloseable {

	static final int SERVERS = 3;

	static final int INSTANCES = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final CacheUnderTest cache;

	private final Mode mode;

	private final List<Child> children = new ArrayList<>();

	private final List<String> violations = new ArrayList<>();

	private final Faults faults;

	private final Path directory;

	private long settledHits;

	/**
	 * Start servers and instances.
	 * @param cache what is hunted
	 * @param mode how
	 * @param seed what all that is random depends on, apart from the timing
	 * @param acrossHosts whether each server and instance has a network of its own; else
	 * the servers are behind proxies
	 * @throws IOException if there is no place for files
	 */
	Hunt(CacheUnderTest cache, Mode mode, long seed, boolean acrossHosts) throws IOException {
		this.cache = cache;
		this.mode = mode;
		this.directory = Files.createTempDirectory("hunt");
		if (mode == Mode.TLS) {
			Files.writeString(this.directory.resolve(HuntInstance.AUTHORITY), TestTls.authority().certificate());
		}
		Path database = this.directory.resolve("database");
		this.faults = acrossHosts ? new HostFaults(seed, mode, INSTANCES, new Database(database), this.directory)
				: new FaultPlan(seed, mode, INSTANCES, new Database(database),
						new Names(this.directory, INSTANCES, SERVERS));
		for (int i = 0; i < INSTANCES; i++) {
			this.children.add(Child.start(cache, mode, this.faults, database, i, seed * 31 + i, log(i)));
		}
		this.children.forEach(Child::receive);
	}

	/**
	 * Hunt until there was enough, but no longer than until the first violations.
	 * @param operations how many operations must have been done
	 * @param faults how many faults must have struck
	 * @param faultsPerRound after how many faults to let the dust settle and compare
	 * @param duration how long to hunt at least
	 * @return what was found
	 */
	Report run(long operations, int faults, int faultsPerRound, Duration duration) throws InterruptedException {
		long began = System.nanoTime();
		Report report = report();
		while (report.operations() < operations || report.faults() < faults
				|| System.nanoTime() - began < duration.toNanos()) {
			int until = this.faults.count() + faultsPerRound;
			round(() -> this.faults.count() >= until);
			report = report();
			System.out.printf("%s, mode %s, after %d s: %s%n", this.cache, this.mode,
					(System.nanoTime() - began) / 1_000_000_000, report);
			if (!this.violations.isEmpty()) {
				return report;
			}
		}
		return report;
	}

	/**
	 * Have the instances work while faults strike, let the dust settle, and compare; then
	 * have one clear, if the others must see it, and compare again.
	 * @param enough whether no more faults are to strike
	 */
	void round(BooleanSupplier enough) throws InterruptedException {
		tell("go");
		while (!enough.getAsBoolean()) {
			this.faults.strike();
		}
		tell("stop");
		this.faults.heal();
		settle();
		Thread.sleep(this.mode.staleness(0).toMillis());
		verify();
		if (this.cache.promisesOthersEvictions()) {
			this.children.get(0).send("clear");
			this.children.get(0).receive();
			settle();
			// All else that is kept is served only where memcached cannot say.
			Thread.sleep(this.mode.nearness().toMillis());
			verify();
		}
		collect();
	}

	private void verify() {
		this.settledHits += tell("verify").stream().mapToLong((lines) -> Long.parseLong(lines.get(0))).sum();
	}

	List<Resources> resources() {
		return tell("resources").stream().map((lines) -> Resources.parse(lines.get(0))).toList();
	}

	/**
	 * The file with what an instance has logged.
	 */
	Path log(int instance) {
		return this.directory.resolve("instance-" + instance + ".log");
	}

	private List<List<String>> tell(String command) {
		this.children.forEach((child) -> child.send(command));
		return this.children.stream().map(Child::receive).toList();
	}

	private void settle() throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		List<String> restless = restless();
		while (!restless.isEmpty()) {
			if (System.nanoTime() > deadline) {
				this.violations.add("not settled within " + PATIENCE + ": " + restless);
				return;
			}
			Thread.sleep(50);
			restless = restless();
		}
	}

	private List<String> restless() {
		return tell("settled").stream().flatMap(List::stream).filter((line) -> !line.isEmpty()).toList();
	}

	private void collect() {
		List<List<String>> found = tell("violations");
		for (int i = 0; i < found.size(); i++) {
			for (String violation : found.get(i)) {
				if (this.violations.size() < 3) {
					int key = Integer.parseInt(violation.substring(0, violation.indexOf(' ')));
					this.violations.add("instance " + i + ", key " + violation + history(key));
				}
			}
		}
	}

	/**
	 * What all instances did to a key, and what befell the servers, in the order of time.
	 */
	private String history(int key) {
		List<String> lines = new ArrayList<>(this.faults.events());
		List<List<String>> histories = tell("history " + key);
		for (int i = 0; i < histories.size(); i++) {
			for (String line : histories.get(i)) {
				lines.add(line + " (instance " + i + ")");
			}
		}
		lines.sort(Comparator.comparingLong((line) -> Long.parseLong(line.split(" ", 3)[1])));
		int last = 0;
		for (int i = 0; i < lines.size(); i++) {
			last = lines.get(i).contains("!!!") ? i : last;
		}
		long origin = Long.parseLong(lines.get(last).split(" ", 3)[1]);
		StringBuilder text = new StringBuilder();
		for (String line : lines.subList(Math.max(0, last - 120), last + 1)) {
			String[] parts = line.split(" ", 3);
			text.append(String.format("%n  %10.3f ms, took %8.3f ms: %s", (Long.parseLong(parts[1]) - origin) / 1e6,
					(Long.parseLong(parts[1]) - Long.parseLong(parts[0])) / 1e6, parts[2]));
		}
		return text.toString();
	}

	Report report() {
		long[] sums = new long[6];
		long longestStaleness = 0;
		long longestExcused = 0;
		List<Duration> delivered = new ArrayList<>();
		for (List<String> counts : tell("count")) {
			long[] of = Arrays.stream(counts.get(0).split(" ")).mapToLong(Long::parseLong).toArray();
			for (int i = 0; i < sums.length; i++) {
				sums[i] += of[i];
			}
			longestStaleness = Math.max(longestStaleness, of[sums.length]);
			delivered.add(Duration.ofNanos(of[sums.length + 1]));
			longestExcused = Math.max(longestExcused, of[sums.length + 2]);
		}
		return new Report(sums[0], sums[1], this.faults.count(), sums[2], sums[3], sums[4], sums[5],
				Duration.ofNanos(longestStaleness), delivered, Duration.ofNanos(longestExcused), this.settledHits,
				List.copyOf(this.violations));
	}

	@Override
	public void close() {
		this.children.forEach(Child::close);
		this.faults.close();
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			System.err.println("Left behind: " + this.directory);
		}
	}

	/**
	 * Hunt alone.
	 * @param args the seed, how many minutes, what: a {@link CacheUnderTest}, and how: a
	 * {@link Mode}, and {@code hosts} to hunt across hosts
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		long seed = (args.length > 0) ? Long.parseLong(args[0]) : System.nanoTime();
		Duration duration = Duration.ofSeconds((args.length > 1) ? Math.round(Double.parseDouble(args[1]) * 60) : 60);
		CacheUnderTest cache = (args.length > 2) ? CacheUnderTest.valueOf(args[2].toUpperCase(Locale.ROOT))
				: CacheUnderTest.FAILSOFT;
		Mode mode = Mode.of((args.length > 3) ? args[3] : "", seed).get(0);
		System.out.println("mode " + mode + ", seed " + seed);
		Report report;
		try (Hunt hunt = new Hunt(cache, mode, seed, args.length > 4 && args[4].equals("hosts"))) {
			report = hunt.run(0, 0, 25, duration);
		}
		report.violations().forEach(System.out::println);
		System.out.println("seed " + seed + ": " + report);
		System.exit(report.violationCount() == 0 && report.violations().isEmpty() ? 0 : 1);
	}

	/**
	 * What a hunt found.
	 *
	 * @param operations how many operations the instances did
	 * @param hits how many of them were hits
	 * @param faults how many faults struck
	 * @param violationCount how often the oracle objected
	 * @param excused reads of another instance's late put, which is not promised to be
	 * spared
	 * @param staleElsewhere reads that began after the invalidation of what they read had
	 * returned: another instance's, unless the oracle objected
	 * @param aged values served after their time to live
	 * @param longestStaleness how long before its read one of those values had been
	 * invalidated, at most
	 * @param longestDelivered by instance, how long before its read memcached had carried
	 * out the invalidation of one, at most
	 * @param longestExcused the same of late puts, and of reads that may have joined a
	 * load that asked no server
	 * @param settledHits how many hits were compared with the database after all had
	 * settled
	 * @param violations the first violations, each with the history of its key
	 */
	record Report(long operations, long hits, int faults, long violationCount, long excused, long staleElsewhere,
			long aged, Duration longestStaleness, List<Duration> longestDelivered, Duration longestExcused,
			long settledHits, List<String> violations) {

		@Override
		public String toString() {
			return String.format(
					"%,d operations, %,d hits, %d faults, %,d hits compared when settled, %d violations, %d excused; "
							+ "%,d reads of what had been invalidated, at most %,d ms before, "
							+ "%s ms after that was delivered (by instance; %,d ms where excused); "
							+ "%,d of what had aged",
					this.operations, this.hits, this.faults, this.settledHits, this.violationCount, this.excused,
					this.staleElsewhere, this.longestStaleness.toMillis(),
					this.longestDelivered.stream().map(Duration::toMillis).toList(), this.longestExcused.toMillis(),
					this.aged);
		}

	}

}
