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

package io.failsoft.memcached.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.failsoft.memcached.cache.KeyTable.Place;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of keys in {@code docs/values.md}, on a real memcached: what one instance
 * puts under a key another gets under that key, and under no other.
 */
class KeyTableIT {

	private static final Path PAGE = Path.of("..", "docs", "values.md");

	private static final Path RECORDED = Path.of("src", "test", "resources", "keys", "table.md");

	private static final String BEGIN = "<!-- keys: written by KeyTableIT -->\n";

	private static final String END = "<!-- end of keys -->\n";

	private static final MemcachedServer server = MemcachedServer.start();

	private static final Map<String, Application> writers = new LinkedHashMap<>();

	private static final Map<String, Application> readers = new LinkedHashMap<>();

	@BeforeAll
	static void connect() {
		for (Place place : KeyTable.places().values()) {
			writers.computeIfAbsent(place.prefix(), (prefix) -> new Application(server, prefix));
			readers.computeIfAbsent(place.prefix(), (prefix) -> new Application(server, prefix));
		}
		writers.values().forEach(Application::awaitUp);
		readers.values().forEach(Application::awaitUp);
	}

	@AfterAll
	static void stop() {
		writers.values().forEach(Application::close);
		readers.values().forEach(Application::close);
		server.close();
	}

	private static Cache cache(Map<String, Application> applications, Place place) {
		Application application = applications.get(place.prefix());
		assertThat(application).isNotNull();
		return application.cache(place.cache());
	}

	private static @Nullable Object read(Place place) {
		// A key of null is what direct users of a Cache may hand over.
		ValueWrapper wrapper = cache(readers, place).get(key(place));
		return (wrapper != null) ? wrapper.get() : null;
	}

	@SuppressWarnings("NullAway") // Spring's signature says there is a key, callers may
									// disagree
	private static Object key(Place place) {
		return place.key();
	}

	static List<KeyTable.Row> rows() {
		return KeyTable.rows();
	}

	@ParameterizedTest
	@MethodSource("rows")
	void whatIsPutUnderOneKeyIsNotFoundUnderTheOther(KeyTable.Row row) {
		cache(writers, row.one()).evict(key(row.one()));
		cache(writers, row.other()).evict(key(row.other()));
		cache(writers, row.one()).put(key(row.one()), "one: " + row.what());
		assertThat(read(row.one())).isEqualTo("one: " + row.what());
		assertThat(read(row.other())).isNull();
		cache(writers, row.other()).put(key(row.other()), "other: " + row.what());
		assertThat(read(row.one())).isEqualTo("one: " + row.what());
		assertThat(read(row.other())).isEqualTo("other: " + row.what());
		cache(writers, row.one()).evict(key(row.one()));
		assertThat(read(row.one())).isNull();
		assertThat(read(row.other())).isEqualTo("other: " + row.what());
	}

	@Test
	void allKeysOfTheTableSideBySideKeepTheirValues() {
		Map<String, Place> places = KeyTable.places();
		places.forEach((memcachedKey, place) -> cache(writers, place).put(key(place), memcachedKey));
		places.forEach((memcachedKey, place) -> {
			assertThat(read(place)).isEqualTo(memcachedKey);
			List<String> item = server.command("get " + memcachedKey);
			assertThat(item.get(0)).as("what the server holds").startsWith("VALUE " + memcachedKey + " ");
			assertThat(memcachedKey.length()).isLessThanOrEqualTo(250);
			assertThat(memcachedKey).matches("[!-~]+");
		});
		TreeSet<String> distinct = new TreeSet<>();
		KeyTable.rows().forEach((row) -> {
			distinct.add(row.one().memcachedKey());
			distinct.add(row.other().memcachedKey());
			assertThat(row.one().memcachedKey()).as(row.what()).isNotEqualTo(row.other().memcachedKey());
		});
		assertThat(distinct).hasSize(places.size());
	}

	/**
	 * The tables were written by some other JVM, so this also shows that keys are the
	 * same in all of them.
	 */
	@Test
	void thePageAndTheRecordedTableShowTheKeysAsTheyAre() throws IOException {
		String page = Files.readString(PAGE);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END);
		String measured = KeyTable.markdown(true);
		if (Boolean.getBoolean("docs.write")) {
			Files.writeString(RECORDED, KeyTable.markdown(false));
			Files.writeString(PAGE, page.substring(0, begin) + measured + page.substring(end));
		}
		else {
			assertThat(page.substring(begin, end)).as("-Ddocs.write=true writes it anew").isEqualTo(measured);
			assertThat(Files.readString(RECORDED)).as("-Ddocs.write=true writes it anew")
				.isEqualTo(KeyTable.markdown(false));
		}
	}

}
