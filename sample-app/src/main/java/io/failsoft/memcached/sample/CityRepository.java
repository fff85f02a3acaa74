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

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;

/**
 * The queries, in plain SQL over all rows, without a cache. Thread-safe.
 * <p>
 * A query that fails with its connection is asked once more: with several databases, the
 * next connection is to another one. A change whose commit was done but not answered is
 * then done twice, and noted twice.
 */
@Repository
@Retryable(maxRetries = 1, delay = 0, includes = { TransientDataAccessException.class,
		RecoverableDataAccessException.class, DataAccessResourceFailureException.class, TransactionException.class })
public class CityRepository {

	/** The mean radius of the Earth in kilometres, R1 of IUGG. */
	public static final double EARTH_RADIUS_KM = 6371.0088;

	private static final String COLUMNS = "id, name, country, population, latitude, longitude";

	private final JdbcClient jdbc;

	/**
	 * Creates the repository.
	 * @param jdbc asks the database
	 */
	public CityRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Finds a city.
	 * @param id the GeoNames id
	 * @return the city, or empty if there is none
	 */
	public Optional<City> find(long id) {
		return this.jdbc.sql("select " + COLUMNS + " from city where id = ?").param(id).query(City.class).optional();
	}

	/**
	 * Finds cities.
	 * @param ids GeoNames ids, at least one
	 * @return those that there are, in no order
	 */
	public List<City> findAll(Collection<Long> ids) {
		return this.jdbc.sql("select " + COLUMNS + " from city where id in (:ids)")
			.param("ids", ids)
			.query(City.class)
			.list();
	}

	/**
	 * Finds the cities nearest to a city, by the haversine formula. No index helps: the
	 * distance of each city is computed.
	 * @param id the city, which is not among the results
	 * @param limit number of cities
	 * @return the nearest first; empty if there is no such city
	 */
	public List<Neighbour> nearest(long id, int limit) {
		return this.jdbc.sql("""
				select city.id, city.name, city.country, :diameter * asin(sqrt(least(1.0,
					power(sin(radians(city.latitude - origin.latitude) / 2), 2)
					+ cos(radians(origin.latitude)) * cos(radians(city.latitude))
					* power(sin(radians(city.longitude - origin.longitude) / 2), 2)))) as distance_km
				from city origin join city on city.id <> origin.id
				where origin.id = :id
				order by distance_km, city.id
				limit :limit
				""")
			.param("diameter", 2 * EARTH_RADIUS_KM)
			.param("id", id)
			.param("limit", limit)
			.query(Neighbour.class)
			.list();
	}

	/**
	 * Ranks the cities of a country by population.
	 * @param country the country's code
	 * @param limit number of cities
	 * @return the largest first; empty if there is no such country
	 */
	public List<RankedCity> largest(String country, int limit) {
		return this.jdbc.sql("""
				select rank() over (order by population desc) as rank, id, name, population,
					population * 1.0e0 / greatest(sum(population) over (), 1) as share
				from city
				where country = :country
				order by population desc, id
				limit :limit
				""").param("country", country).param("limit", limit).query(RankedCity.class).list();
	}

	/**
	 * Finds the cities whose name contains a text.
	 * @param folded the text, folded by {@link City#fold}
	 * @param limit number of cities
	 * @return those with most inhabitants first
	 */
	public List<City> search(String folded, int limit) {
		String pattern = "%" + folded.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
		return this.jdbc
			.sql("select " + COLUMNS + " from city where folded_name like :pattern escape '!'"
					+ " order by population desc, id limit :limit")
			.param("pattern", pattern)
			.param("limit", limit)
			.query(City.class)
			.list();
	}

	/**
	 * Changes a city's population, notes the change, and reads the city as it is then.
	 * @param id the city
	 * @param population the new population
	 * @return the changed city, or empty if there is no such city
	 */
	@Transactional
	public Optional<City> changePopulation(long id, long population) {
		int changed = this.jdbc.sql("update city set population = ? where id = ?").param(population).param(id).update();
		if (changed > 0) {
			this.jdbc.sql("insert into population_change (city, population) values (?, ?)")
				.param(id)
				.param(population)
				.update();
		}
		return find(id);
	}

}
