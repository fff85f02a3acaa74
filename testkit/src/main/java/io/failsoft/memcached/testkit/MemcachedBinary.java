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

package io.failsoft.memcached.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds an installed memcached.
 */
final class MemcachedBinary {

	/** The system property that names the program, or the folder that holds it. */
	static final String PROPERTY = "memcached.binary";

	private static final List<Path> USUAL_PLACES = List.of(Path.of("/opt/homebrew/bin"), Path.of("/usr/local/bin"),
			Path.of("/home/linuxbrew/.linuxbrew/bin"), Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/opt/bin"));

	private MemcachedBinary() {
	}

	/**
	 * Finds the program as this JVM's properties and environment say.
	 * @return the program, or empty if none is installed
	 * @throws MemcachedStartException if the system property names something else than a
	 * program
	 */
	static Optional<Path> find() {
		return find(System.getProperty(PROPERTY), System.getenv("PATH"), USUAL_PLACES);
	}

	static Optional<Path> find(@Nullable String configured, @Nullable String searchPath, List<Path> usualPlaces) {
		if (configured != null && !configured.isBlank()) {
			return Optional.of(configured(Path.of(configured.strip())));
		}
		if (searchPath != null) {
			for (String folder : searchPath.split(Pattern.quote(File.pathSeparator))) {
				Path candidate = Path.of(folder, "memcached");
				if (!folder.isEmpty() && isProgram(candidate)) {
					return Optional.of(candidate.toAbsolutePath());
				}
			}
		}
		return usualPlaces.stream()
			.map((folder) -> folder.resolve("memcached"))
			.filter(MemcachedBinary::isProgram)
			.findFirst();
	}

	private static Path configured(Path path) {
		Path candidate = Files.isDirectory(path) ? path.resolve("memcached") : path;
		if (!isProgram(candidate)) {
			throw new MemcachedStartException("The system property " + PROPERTY + " names " + path
					+ ", which is no memcached that can be executed. Correct it, or remove it to use the one on the PATH");
		}
		return candidate.toAbsolutePath();
	}

	private static boolean isProgram(Path path) {
		return Files.isRegularFile(path) && Files.isExecutable(path);
	}

	/**
	 * Says how to get memcached on this machine.
	 * @return the message, with the one line that installs it
	 */
	static String remedy() {
		boolean mac = System.getProperty("os.name", "").startsWith("Mac");
		boolean root = "root".equals(System.getProperty("user.name"));
		return remedy(mac, root, (program) -> isProgram(Path.of("/usr/bin", program)));
	}

	static String remedy(boolean mac, boolean root, Predicate<String> installed) {
		String sudo = root ? "" : "sudo ";
		String line;
		if (mac) {
			line = "brew install memcached";
		}
		else if (installed.test("dnf")) {
			line = sudo + "dnf install -y memcached";
		}
		else {
			line = sudo + "apt-get install -y memcached";
		}
		return "There is no memcached on this machine, and no container engine that answers. Install it with\n\n    "
				+ line + "\n\nor name one with -D" + PROPERTY + "=/path/to/memcached";
	}

}
