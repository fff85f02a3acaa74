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

package com.example.outside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes along with the starter is what its documentation lists.
 */
class DependenciesTests {

	@Test
	void nothingComesAlongThatIsNotWrittenDown() throws Exception {
		List<String> resolved = Files.readAllLines(Path.of("target", "runtime-dependencies.txt"))
			.stream()
			.map(String::strip)
			.filter((line) -> line.contains(":jar:"))
			.map((line) -> line.substring(0, line.indexOf(":jar:")))
			.sorted()
			.toList();
		List<String> documented = Files.readAllLines(Path.of("..", "docs", "dependencies.md"))
			.stream()
			.filter((line) -> line.matches("[a-z0-9._-]+:[a-z0-9._-]+"))
			.toList();
		assertThat(resolved).contains("com.googlecode.xmemcached:xmemcached").isEqualTo(documented);
	}

}
