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

package io.failsoft.memcached.sample.dashboard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.failsoft.memcached.sample.City;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The loader that fills the table at start-up if it is empty. The dashboard shows how far
 * it is meanwhile; {@link LoadedGuard} turns away the questions, and the application's
 * readiness is that of the data. Thread-safe.
 */
@Component
class CityLoader implements ApplicationRunner {

	/** Number of cities in the file. */
	static final int TOTAL = 135_233;

	private static final Log logger = LogFactory.getLog(CityLoader.class);

	private static final int BATCH_SIZE = 5_000;

	private static final Pattern FIELD = Pattern.compile("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))");

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final AtomicInteger loaded = new AtomicInteger();

	private volatile boolean done;

	CityLoader(JdbcTemplate jdbc, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public void run(ApplicationArguments arguments) {
		fillIfEmpty();
	}

	void fillIfEmpty() {
		if (this.jdbc.queryForList("select id from city fetch first 1 row only").isEmpty()) {
			this.transaction.executeWithoutResult((status) -> load());
		}
		this.done = true;
	}

	int loaded() {
		return this.loaded.get();
	}

	boolean isDone() {
		return this.done;
	}

	private void load() {
		long start = System.nanoTime();
		try (BufferedReader reader = open()) {
			// The first line names the columns.
			reader.readLine();
			List<Object[]> batch = new ArrayList<>(BATCH_SIZE);
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				batch.add(row(line));
				if (batch.size() == BATCH_SIZE) {
					insert(batch);
				}
			}
			insert(batch);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cities.csv.gz cannot be read", ex);
		}
		logger.info(String.format("Loaded %,d cities in %.1f s (data: GeoNames, CC BY 4.0)", loaded(),
				(System.nanoTime() - start) / 1e9));
	}

	private void insert(List<Object[]> batch) {
		this.jdbc.batchUpdate("insert into city (id, name, country, population, latitude, longitude, folded_name)"
				+ " values (?, ?, ?, ?, ?, ?, ?)", batch);
		this.loaded.addAndGet(batch.size());
		batch.clear();
	}

	private static BufferedReader open() throws IOException {
		return new BufferedReader(new InputStreamReader(
				new GZIPInputStream(new ClassPathResource("cities.csv.gz").getInputStream(), 1 << 16),
				StandardCharsets.UTF_8));
	}

	private static Object[] row(String line) {
		List<String> fields = fields(line);
		return Stream.concat(fields.stream(), Stream.of(City.fold(fields.get(1)))).toArray();
	}

	/**
	 * Splits a line of comma-separated values as RFC 4180 quotes them.
	 * @param line the line
	 * @return the fields
	 */
	static List<String> fields(String line) {
		return FIELD.matcher(line)
			.results()
			.map((field) -> (field.group(1) != null) ? field.group(1).replace("\"\"", "\"") : field.group(2))
			.toList();
	}

}
