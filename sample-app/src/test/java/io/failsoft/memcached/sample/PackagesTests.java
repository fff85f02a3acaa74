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

package io.failsoft.memcached.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a user would copy stands alone.
 */
class PackagesTests {

	@ParameterizedTest
	@CsvSource({ "., 8", "notes, 4" })
	void theExampleDoesNotKnowTheDashboardAndStaysSmall(String part, int most) throws IOException {
		try (Stream<Path> files = Files.list(Path.of("src/main/java/io/failsoft/memcached/sample", part))) {
			List<Path> sources = files.filter(Files::isRegularFile)
				.filter((file) -> !file.endsWith("package-info.java"))
				.toList();
			assertThat(sources).hasSizeBetween(1, most)
				.allSatisfy((file) -> assertThat(file).content()
					.doesNotContain("sample.dashboard", "io.failsoft.memcached.client",
							"io.failsoft.memcached.testkit"));
		}
	}

}
