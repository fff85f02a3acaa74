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

package io.failsoft.memcached.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the table in the README with the metadata of the properties.
 */
class ReadmePropertiesTests {

	private static final String NONE = "\u2013";

	private static final Pattern ROW = Pattern
		.compile("\\| ((?:`memcached\\.[^`]+`(?:, )?)+) \\| (?:`([^`]*)`|([^`|]*)) \\| .+ \\|");

	@Test
	void theTableHasEachPropertyWithItsDefaultAndNoOther() throws Exception {
		assertThat(table()).isEqualTo(metadata());
	}

	@Test
	void whatCanBeSetForOneCacheCanBeSetForAll() {
		assertThat(properties(MemcachedCacheProperties.class))
			.containsAll(properties(MemcachedCacheProperties.Named.class).stream()
				.filter((name) -> !name.equals("enabled"))
				.toList());
	}

	private static Map<String, String> table() throws Exception {
		Map<String, String> table = new TreeMap<>();
		for (String line : Files.readAllLines(readme())) {
			Matcher row = ROW.matcher(line);
			if (!row.matches()) {
				assertThat(line).as("a row that cannot be read").doesNotStartWith("| `memcached.");
				continue;
			}
			String value = (row.group(2) != null) ? row.group(2) : row.group(3);
			for (String name : row.group(1).replace("`", "").split(", ")) {
				assertThat(table.put(name, value)).as(name + " twice").isNull();
			}
		}
		return table;
	}

	private static Path readme() {
		Path path = Path.of("..", "README.md");
		assertThat(path).as("The tests run in the folder of their module").exists();
		return path;
	}

	static boolean isKnown(String property) {
		try {
			return metadata().containsKey(property);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, String> metadata() throws Exception {
		Map<String, String> properties = new TreeMap<>();
		try (var stream = MemcachedProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : JsonMapper.builder().build().readTree(stream).get("properties")) {
				String name = property.get("name").asString();
				if (name.equals("memcached.cache.caches")) {
					properties.put(name + ".<name>.*", "inherits");
				}
				else if (name.startsWith("memcached.")) {
					properties.put(name, text(property.get("defaultValue")));
				}
			}
		}
		return properties;
	}

	private static String text(@Nullable JsonNode value) {
		if (value == null) {
			return NONE;
		}
		return (value.isArray() ? value.get(0) : value).asString();
	}

	private static List<String> properties(Class<?> type) {
		return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
	}

}
