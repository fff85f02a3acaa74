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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads docs/operations.md.
 */
final class Docs {

	static final Path DASHBOARD = Path.of("../docs/grafana/failsoft-memcached.json");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final Pattern EXPRESSION = Pattern.compile("^ *expr: (.+)$", Pattern.MULTILINE);

	private Docs() {
	}

	private static String page() {
		return read(Path.of("../docs/operations.md"));
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The rows of all tables below a heading, up to the next heading.
	 */
	static List<List<String>> rows(String heading) {
		String page = page();
		int start = page.indexOf("\n" + heading + "\n");
		if (start < 0) {
			throw new AssertionError("no heading " + heading);
		}
		int end = page.indexOf("\n#", start + heading.length() + 2);
		List<List<String>> rows = new ArrayList<>();
		for (String line : page.substring(start, (end < 0) ? page.length() : end).split("\n")) {
			if (line.startsWith("| ") && line.contains("`")) {
				rows.add(Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
					.map(String::strip)
					.toList());
			}
		}
		return rows;
	}

	/**
	 * The first thing in a cell that is set as code.
	 */
	static String code(String cell) {
		return codes(cell).stream().findFirst().orElse("");
	}

	static List<String> codes(String cell) {
		Matcher matcher = CODE.matcher(cell);
		return matcher.results().map((result) -> result.group(1)).toList();
	}

	/**
	 * The expressions of the alerts.
	 */
	static List<String> alerts() {
		return EXPRESSION.matcher(page()).results().map((result) -> result.group(1)).toList();
	}

}
