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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

/**
 * Questions and their right answers, worked out from the data without any database.
 * Thread-safe.
 */
final class Truth {

	private static final JsonMapper json = JsonMapper.shared();

	/** Rows that only the drill itself asks for, as it changes them. */
	private static final int RESERVED = 150;

	private static final int POPULAR = 50;

	private final List<Row> rows;

	/** Countries whose ranking the drill's changes change. */
	private final Set<String> changing;

	private final ConcurrentMap<String, List<Long>> largest = new ConcurrentHashMap<>();

	private final List<Row> changed = new CopyOnWriteArrayList<>();

	private volatile boolean onlyPopular;

	Truth() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(new GZIPInputStream(new ClassPathResource("cities.csv.gz").getInputStream()),
						StandardCharsets.UTF_8))) {
			// A name may hold commas and quotes; the other columns hold neither.
			this.rows = reader.lines().skip(1).map(Row::parse).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.changing = this.rows.stream().limit(RESERVED).map(Row::country).collect(Collectors.toSet());
	}

	/**
	 * A city that the drill may change.
	 * @param number which one, 0 to 149
	 * @return its id
	 */
	long changeable(int number) {
		return this.rows.get(number).id();
	}

	/**
	 * Note a change, which every later answer has to tell.
	 * @param number which city
	 * @param population the population that it has from now on
	 */
	void change(int number, long population) {
		Row row = this.rows.get(number);
		this.changed.add(new Row(row.id(), row.country(), population));
	}

	/**
	 * Ask for nothing but the few cities that are cached soon, or for anything again.
	 * @param only whether to ask for them alone
	 */
	void askOnlyPopular(boolean only) {
		this.onlyPopular = only;
	}

	/**
	 * Ask something: mostly for a city, one in two of them among few, which are cached
	 * soon, the others among all, which no cache has; sometimes for one that was changed,
	 * or for a country's largest.
	 * @param random what chooses
	 * @return the question
	 */
	Question ask(Random random) {
		int kind = this.onlyPopular ? 0 : random.nextInt(20);
		if (kind == 18 && !this.changed.isEmpty()) {
			Row row = this.changed.get(random.nextInt(this.changed.size()));
			return new Question("/cities/" + row.id(), row::isToldBy);
		}
		int bound = (kind < 10) ? POPULAR : this.rows.size() - RESERVED;
		Row row = this.rows.get(RESERVED + random.nextInt(bound));
		if (kind == 19 && !this.changing.contains(row.country())) {
			List<Long> expected = this.largest.computeIfAbsent(row.country(), this::largest);
			return new Question("/countries/" + row.country() + "/largest?limit=10",
					(body) -> ids(body).equals(expected));
		}
		return new Question("/cities/" + row.id(), row::isToldBy);
	}

	private List<Long> largest(String country) {
		return this.rows.stream()
			.filter((row) -> row.country().equals(country))
			.sorted(Comparator.comparingLong(Row::population).reversed().thenComparing(Row::id))
			.limit(10)
			.map(Row::id)
			.toList();
	}

	private static List<Long> ids(String body) {
		return json.readTree(body).valueStream().map((city) -> city.get("id").asLong()).toList();
	}

	/**
	 * A question to the application.
	 *
	 * @param path what is asked for
	 * @param answer whether a body is the right answer
	 */
	record Question(String path, Answer answer) {

	}

	/**
	 * Knows the right answer.
	 */
	@FunctionalInterface
	interface Answer {

		boolean isRight(String body);

	}

	private record Row(long id, String country, long population) {

		static Row parse(String line) {
			String[] before = line.split(",", 2);
			String[] all = line.split(",");
			int last = all.length - 1;
			return new Row(Long.parseLong(before[0]), all[last - 3], Long.parseLong(all[last - 2]));
		}

		boolean isToldBy(String body) {
			JsonNode city = json.readTree(body);
			return city.get("id").asLong() == this.id && city.get("country").asString().equals(this.country)
					&& city.get("population").asLong() == this.population;
		}

	}

}
