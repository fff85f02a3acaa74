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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Two load balancers, two instances, two databases and two memcached servers: each is
 * lost in turn while callers go on asking, and nobody gets a wrong answer or none. Each
 * has a host of its own where this JVM may make network namespaces; else all share
 * loopback.
 */
class HighAvailabilityDrill {

	private static final Path DIRECTORY = Path.of("target", "ha").toAbsolutePath();

	private static final String ON_HOSTS = Programs.SETUP.resolve("on-hosts").toString();

	private final String missing = Programs.run(List.of(ON_HOSTS, "--check")).strip();

	@Test
	void whenEachNodeIsLostInTurnThenEveryQueryIsAnsweredRightly() throws Exception {
		if (!this.missing.isEmpty()) {
			System.out
				.println("All nodes share loopback: a host of its own for each needs root and Debian's packages of "
						+ "./run-ha-drill. Missing here: " + this.missing);
			try (Drill drill = new Drill(DIRECTORY)) {
				drill.run(true);
			}
			return;
		}
		List<String> before = ofThisMachine();
		String prefix = "ha" + ProcessHandle.current().pid();
		Process drill = start(prefix, DIRECTORY, Boolean.getBoolean("ha.whole") ? "whole" : "steps");
		String output = outputOf(drill, null);
		assertThat(drill.waitFor()).as(output).isZero();
		assertThat(leftOf(prefix)).isEmpty();
		assertThat(ofThisMachine()).isEqualTo(before);
	}

	@Test
	void whenTwoDrillsAreKilledThenTheyHaveNotMetAndNothingOfThemIsLeft() throws Exception {
		assumeThat(this.missing).isEmpty();
		List<String> before = ofThisMachine();
		List<String> prefixes = Stream.of("hb", "hc").map((name) -> name + ProcessHandle.current().pid()).toList();
		List<Process> drills = new ArrayList<>();
		for (String prefix : prefixes) {
			drills.add(start(prefix, DIRECTORY.resolveSibling(prefix), "wait"));
		}
		for (Process drill : drills) {
			outputOf(drill, "The servers are up");
		}
		assertThat(prefixes).allSatisfy((prefix) -> assertThat(leftOf(prefix)).isNotEmpty());
		// The JVM that takes the steps, and the script that made the hosts.
		drills.get(0)
			.descendants()
			.filter((process) -> process.info().command().orElse("").endsWith("java"))
			.forEach(ProcessHandle::destroyForcibly);
		drills.get(1).destroyForcibly();
		for (String prefix : prefixes) {
			Waiting.until("nothing is left of " + prefix, () -> leftOf(prefix).isEmpty());
			FileSystemUtils.deleteRecursively(DIRECTORY.resolveSibling(prefix));
		}
		assertThat(ofThisMachine()).isEqualTo(before);
	}

	private static Process start(String prefix, Path directory, String steps) throws IOException {
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return new ProcessBuilder(ON_HOSTS, prefix, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Dha.prefix=" + prefix,
				"-Dha.answers=" + Integer.getInteger("ha.answers", 20),
				"-Dmemcached.binary=" + System.getProperty("memcached.binary", "memcached"), "-cp", classPath,
				Drill.class.getName(), directory.toString(), steps)
			.redirectErrorStream(true)
			.start();
	}

	/**
	 * Prints what a drill says, until it ends or says a line.
	 */
	private static String outputOf(Process drill, @Nullable String last) throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(drill.getInputStream(), StandardCharsets.UTF_8));
		StringBuilder output = new StringBuilder();
		for (String line = reader.readLine(); line != null; line = reader.readLine()) {
			System.out.println(line);
			output.append(line).append('\n');
			if (line.equals(last)) {
				break;
			}
		}
		return output.toString();
	}

	/**
	 * Looks for namespaces, processes and files of a drill.
	 */
	private static List<String> leftOf(String prefix) throws IOException {
		List<String> left = new ArrayList<>();
		for (String directory : List.of("/run", "/run/netns", "/tmp", "/proc")) {
			try (Stream<Path> files = Files.list(Path.of(directory))) {
				files.filter((file) -> file.getFileName().toString().startsWith(prefix) || isProcessOf(prefix, file))
					.forEach((file) -> left.add(file.toString()));
			}
			catch (NoSuchFileException ex) {
				// There was never a namespace.
			}
		}
		return left;
	}

	private static boolean isProcessOf(String prefix, Path file) {
		try {
			return file.startsWith("/proc") && Files.readString(file.resolve("environ"), StandardCharsets.ISO_8859_1)
				.contains("HA_DRILL=" + prefix);
		}
		catch (IOException ex) {
			// No process, or it has just ended.
			return false;
		}
	}

	/**
	 * Lists what a drill must not touch: links, firewall rules and what servers leave in
	 * the directory for running programs.
	 */
	private static List<String> ofThisMachine() throws IOException {
		try (Stream<Path> links = Files.list(Path.of("/sys/class/net"));
				Stream<Path> files = Files.list(Path.of("/run"));
				Stream<String> rules = Programs.run(List.of("nft", "list", "ruleset")).lines()) {
			return Stream.concat(Stream.concat(links, files).map(Path::toString), rules)
				.filter((each) -> each.matches(".*(keepalived|haproxy|mysql|mariadb|switch|eth|near|far|bad|[^-]+-[12]$"
						+ "|table (inet failsoft|ip cut)).*"))
				.sorted()
				.toList();
		}
	}

}
