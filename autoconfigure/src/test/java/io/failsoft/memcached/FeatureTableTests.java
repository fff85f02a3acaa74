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

package io.failsoft.memcached;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tests that {@code docs/migrating.md} names exist.
 */
class FeatureTableTests {

	private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Tests|IT))(?:\\.(\\w+))?`");

	@Test
	void everyTestThatShowsAFeatureExists() throws Exception {
		Map<String, String> sources = sources();
		String table = Files.readString(Path.of("..", "docs", "migrating.md"));
		Matcher named = TEST.matcher(table);
		int found = 0;
		while (named.find()) {
			assertThat(sources).containsKey(named.group(1));
			if (named.group(2) != null) {
				assertThat(sources.get(named.group(1))).as(named.group()).contains("void " + named.group(2) + "(");
			}
			found++;
		}
		assertThat(found).isGreaterThan(20);
	}

	private static Map<String, String> sources() throws Exception {
		Map<String, String> sources = new TreeMap<>();
		try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
			}
		}
		return sources;
	}

}
