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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fills the table at start-up if it is empty. The dashboard shows how far it is
 * meanwhile; {@link LoadedGuard} turns away the questions, and the application's
 * readiness is that of the data. Thread-safe.
 */
@Component
class CityLoader implements ApplicationRunner {

	/** Number of cities in the file. */
	static final int TOTAL = 135_233;

	private static final Log logger = LogFactory.getLog(CityLoader.class);

	private static final int BATCH_SIZE = 5_000;

	private static final int PROGRESS_STEP = 45_000;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private volatile int loaded;

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
		if (isEmpty()) {
			this.transaction.executeWithoutResult((status) -> load());
		}
		this.done = true;
	}

	/**
	 * How many cities were loaded so far.
	 * @return the number, 0 as well if the table was full already
	 */
	int loaded() {
		return this.loaded;
	}

	/**
	 * Whether all cities can be asked for.
	 * @return {@code true} once the table is full
	 */
	boolean isDone() {
		return this.done;
	}

	private boolean isEmpty() {
		return this.jdbc.queryForList("select id from city fetch first 1 row only").isEmpty();
	}

	private void load() {
		long start = System.nanoTime();
		int loaded = 0;
		try (BufferedReader reader = open()) {
			String header = reader.readLine();
			if (!"id,name,country,population,latitude,longitude".equals(header)) {
				throw new IllegalStateException("cities.csv.gz has other columns than expected: " + header);
			}
			List<Object[]> batch = new ArrayList<>(BATCH_SIZE);
			String line;
			while ((line = reader.readLine()) != null) {
				batch.add(row(line));
				if (batch.size() == BATCH_SIZE) {
					loaded = insert(batch, loaded);
				}
			}
			loaded = insert(batch, loaded);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cities.csv.gz cannot be read", ex);
		}
		logger.info(String.format("Loaded %,d cities in %.1f s (data: GeoNames, CC BY 4.0)", loaded,
				(System.nanoTime() - start) / 1e9));
	}

	private int insert(List<Object[]> batch, int loadedBefore) {
		this.jdbc.batchUpdate("insert into city (id, name, country, population, latitude, longitude, folded_name)"
				+ " values (?, ?, ?, ?, ?, ?, ?)", batch);
		int loaded = loadedBefore + batch.size();
		batch.clear();
		this.loaded = loaded;
		if (loaded / PROGRESS_STEP > loadedBefore / PROGRESS_STEP) {
			logger.info(String.format("Loading cities: %,d", loaded));
		}
		return loaded;
	}

	private static BufferedReader open() throws IOException {
		return new BufferedReader(new InputStreamReader(
				new GZIPInputStream(new ClassPathResource("cities.csv.gz").getInputStream(), 1 << 16),
				StandardCharsets.UTF_8));
	}

	private static @Nullable Object[] row(String line) {
		List<String> fields = fields(line);
		if (fields.size() != 6) {
			throw new IllegalStateException("cities.csv.gz has a row with " + fields.size() + " columns: " + line);
		}
		String name = fields.get(1);
		return new Object[] { Long.valueOf(fields.get(0)), name, fields.get(2), Long.valueOf(fields.get(3)),
				Double.valueOf(fields.get(4)), Double.valueOf(fields.get(5)), CityNames.fold(name) };
	}

	/**
	 * Split a line of comma-separated values as RFC 4180 quotes them.
	 * @param line the line
	 * @return the fields
	 */
	static List<String> fields(String line) {
		List<String> fields = new ArrayList<>();
		StringBuilder field = new StringBuilder();
		boolean quoted = false;
		for (int i = 0; i < line.length(); i++) {
			char character = line.charAt(i);
			if (character == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
				field.append('"');
				i++;
			}
			else if (character == '"') {
				quoted = !quoted;
			}
			else if (character == ',' && !quoted) {
				fields.add(field.toString());
				field.setLength(0);
			}
			else {
				field.append(character);
			}
		}
		fields.add(field.toString());
		return fields;
	}

}
