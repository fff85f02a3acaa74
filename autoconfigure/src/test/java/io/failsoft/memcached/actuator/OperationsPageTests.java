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

package io.failsoft.memcached.actuator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the log lines and the reasons in docs/operations.md with the code.
 */
class OperationsPageTests {

	private static final Pattern STATEMENT = Pattern.compile("ogger\\s*\\.(?:warn|info|error)\\((.*?)\\);",
			Pattern.DOTALL);

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

	/** What the lines are put together around. */
	private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z]+>|'");

	@Test
	void everyLineInTheDocsIsMadeOfWhatStandsInTheCode() {
		String code = String.join("\n", sources().stream().map(OperationsPageTests::literals).toList());
		List<String> lines = Docs.rows("## The log").stream().map((row) -> Docs.code(row.get(1))).toList();
		assertThat(lines).hasSizeGreaterThan(15);
		for (String line : lines) {
			for (String fragment : PLACEHOLDER.split(line)) {
				assertThat(code).as(line).contains(fragment.replaceAll("^[ :;]+|[ :;]+$", ""));
			}
		}
	}

	@Test
	void everyLineInTheCodeStandsInTheDocs() {
		List<String> lines = Docs.rows("## The log").stream().map((row) -> Docs.code(row.get(1))).toList();
		List<String> missing = new ArrayList<>();
		for (String source : sources()) {
			Matcher statements = STATEMENT.matcher(source);
			while (statements.find()) {
				List<String> literals = LITERAL.matcher(statements.group(1))
					.results()
					.map((result) -> result.group(1).strip())
					.filter((literal) -> literal.length() > 3)
					.toList();
				if (!literals.isEmpty()
						&& lines.stream().noneMatch((line) -> literals.stream().anyMatch(line::contains))) {
					missing.add(literals.toString());
				}
			}
		}
		assertThat(missing).as("lines that the code writes and docs/operations.md lacks").isEmpty();
	}

	@Test
	void everyReasonIsExplained() {
		assertThat(Docs.rows("### Reasons").stream().map((row) -> Docs.code(row.get(0))))
			.containsExactly(Arrays.stream(Reason.values())
				.map((reason) -> reason.name().toLowerCase(Locale.ROOT))
				.toArray(String[]::new));
	}

	private static List<String> sources() {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<String> sources = new ArrayList<>();
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				sources.add(Files.readString(file));
			}
			return sources;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The string literals of a source, those that are put together joined.
	 */
	private static String literals(String source) {
		String joined = source.replaceAll("\"\\s*\\+\\s*\"", "");
		return LITERAL.matcher(joined).results().map((result) -> result.group(1)).collect(Collectors.joining("\n"));
	}

}
