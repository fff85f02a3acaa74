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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

import io.failsoft.memcached.sample.City;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Questions as a crowd would ask them: some often, most seldom, the expensive ones among
 * them. Thread-safe.
 */
@Component
class Questions {

	private static final int CITIES = 300;

	private final JdbcClient jdbc;

	Questions(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Chooses the cities that are asked about, by one query.
	 * @return the largest cities, the largest first
	 */
	List<City> cities() {
		return this.jdbc
			.sql("select id, name, country, population, latitude, longitude from city"
					+ " order by population desc, id limit " + CITIES)
			.query(City.class)
			.list();
	}

	/**
	 * Makes up a question.
	 * @param cities what to ask about; the first are asked about most
	 * @param random chooses
	 * @return path and query to ask
	 */
	static String next(List<City> cities, RandomGenerator random) {
		// Uniform in the logarithm: the nth city is asked about 1/n times as often as the
		// first.
		City city = cities.get((int) Math.pow(cities.size(), random.nextDouble()) - 1);
		int kind = random.nextInt(20);
		if (kind < 12) {
			return "/cities/" + city.id();
		}
		if (kind < 16) {
			return "/countries/" + city.country() + "/largest";
		}
		if (kind < 19) {
			return "/cities?name=" + URLEncoder.encode(city.name(), StandardCharsets.UTF_8);
		}
		return "/cities/" + city.id() + "/nearest";
	}

}
