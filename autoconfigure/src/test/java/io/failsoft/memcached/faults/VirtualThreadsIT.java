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

package io.failsoft.memcached.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No virtual thread is pinned by the cache. Runs on the JDK of the build if that is 24 or
 * newer, as on the build server, else on one that is found at the usual places.
 */
class VirtualThreadsIT {

	/** Since then {@code synchronized} does not pin. */
	private static final int OLDEST = 24;

	private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

	@Test
	void whetherMemcachedIsWellHungOrDeadNoVirtualThreadIsPinned(@TempDir Path folder) throws Exception {
		Optional<Path> java = java();
		Assumptions.assumeTrue(java.isPresent(), "There is no JDK 24 or newer to run virtual threads on");
		Path output = folder.resolve("output");
		List<String> command = new ArrayList<>(List.of(java.orElseThrow().toString(), "-cp",
				System.getProperty("java.class.path"), "-Xmx256m", "-Dspring.devtools.restart.enabled=false"));
		Optional.ofNullable(System.getProperty("memcached.binary"))
			.ifPresent((binary) -> command.add("-Dmemcached.binary=" + binary));
		command.add(VirtualThreadsRun.class.getName());
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("ends: " + text(output)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(text(output)).contains("well: finished, failures: []")
			.contains("hung: finished, failures: []")
			.contains("dead: finished, failures: []")
			.contains("on purpose: 1")
			.contains("pinned: 0");
	}

	private static String text(Path file) throws IOException {
		return Files.readString(file, StandardCharsets.UTF_8);
	}

	private static Optional<Path> java() throws IOException {
		Path own = Path.of(System.getProperty("java.home"));
		if (Runtime.version().feature() >= OLDEST) {
			return Optional.of(executable(own));
		}
		List<Path> homes = new ArrayList<>();
		for (Path parent : List.of(Path.of("/usr/lib/jvm"), Path.of("/opt/java"),
				Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"))) {
			if (Files.isDirectory(parent)) {
				try (Stream<Path> children = Files.list(parent)) {
					children.sorted().forEach(homes::add);
				}
			}
		}
		for (Path home : homes) {
			if (version(home) >= OLDEST && Files.isExecutable(executable(home))) {
				return Optional.of(executable(home));
			}
		}
		return Optional.empty();
	}

	private static Path executable(Path home) {
		return home.resolve("bin").resolve("java");
	}

	private static int version(Path home) throws IOException {
		Path release = home.resolve("release");
		if (!Files.isReadable(release)) {
			return 0;
		}
		Matcher matcher = VERSION.matcher(Files.readString(release));
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

}
