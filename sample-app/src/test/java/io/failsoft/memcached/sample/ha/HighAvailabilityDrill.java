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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

	private static final String ON_HOSTS = "ha/on-hosts";

	private static final String MISSING = shell(ON_HOSTS + " try" + ProcessHandle.current().pid());

	@Test
	void whenEachNodeIsLostInTurnThenEveryQueryIsAnsweredRightly() throws Exception {
		if (!MISSING.isEmpty()) {
			System.out.println("All nodes share loopback: a host of its own for each needs root and Debian's packages "
					+ "of ./run-ha-drill. Missing here: " + MISSING);
			try (Drill drill = new Drill(DIRECTORY)) {
				drill.run(true);
			}
			return;
		}
		String before = ofThisMachine();
		String prefix = "ha" + ProcessHandle.current().pid();
		Process drill = start(prefix, DIRECTORY, Boolean.getBoolean("ha.whole") ? "whole" : "steps");
		String output = outputOf(drill).collect(Collectors.joining("\n"));
		assertThat(drill.waitFor()).as(output).isZero();
		assertThat(leftOf(prefix)).isEmpty();
		assertThat(ofThisMachine()).isEqualTo(before);
	}

	@Test
	void whenTwoDrillsAreKilledThenTheyHaveNotMetAndNothingOfThemIsLeft() throws Exception {
		assumeThat(MISSING).isEmpty();
		String before = ofThisMachine();
		List<String> prefixes = Stream.of("hb", "hc").map((name) -> name + ProcessHandle.current().pid()).toList();
		List<Process> drills = new ArrayList<>();
		for (String prefix : prefixes) {
			drills.add(start(prefix, DIRECTORY.resolveSibling(prefix), "wait"));
		}
		for (Process drill : drills) {
			assertThat(outputOf(drill).anyMatch("The servers are up"::equals)).isTrue();
		}
		assertThat(prefixes).allSatisfy((prefix) -> assertThat(leftOf(prefix)).isNotEmpty());
		// The JVM that takes the steps, and the script that has the hosts made.
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
				"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + Programs.SETUP.resolve("hosts"),
				"-Dha.prefix=" + prefix, "-Dha.answers=" + Integer.getInteger("ha.answers", 20),
				"-Dmemcached.binary=" + System.getProperty("memcached.binary", "memcached"), "-cp", classPath,
				Drill.class.getName(), directory.toString(), steps)
			.redirectErrorStream(true)
			.start();
	}

	/**
	 * Prints what a drill says.
	 */
	private static Stream<String> outputOf(Process drill) {
		return drill.inputReader().lines().peek(System.out::println);
	}

	/**
	 * Looks for namespaces, files and processes of a drill.
	 */
	private static String leftOf(String prefix) {
		return shell(
				"ls -d /run/NAME* /run/netns/NAME* /tmp/NAME* 2>/dev/null; grep -ls HA_DRILL=NAME /proc/[0-9]*/environ"
					.replace("NAME", prefix));
	}

	/**
	 * Lists what a drill must not touch: links, firewall rules and what servers leave in
	 * the directory for running programs.
	 */
	private static String ofThisMachine() {
		return shell("{ ls -d /sys/class/net/* /run/*; PATH=$PATH:/usr/sbin nft list ruleset; } | grep -E '(keepalived"
				+ "|haproxy|mysql|mariadb|switch|eth|near|far|bad|[^-]+-[12]$|table (inet failsoft|ip cut))'");
	}

	private static String shell(String script) {
		return Programs.run(List.of("sh", "-c", script + "; true")).strip();
	}

}
