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
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.failsoft.memcached.cache.CollectionCacheable;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.stereotype.Service;

/**
 * The queries, cached. Nothing in this class handles a failure of the cache: there is
 * nothing to handle. Thread-safe.
 * <p>
 * Some caches hold a population, and so must change with it:
 * <table>
 * <caption>The caches</caption>
 * <tr>
 * <th>cache</th>
 * <th>key</th>
 * <th>on a change of population</th>
 * </tr>
 * <tr>
 * <td>{@code cities}</td>
 * <td>id</td>
 * <td>the changed city is put</td>
 * </tr>
 * <tr>
 * <td>{@code nearest}</td>
 * <td>id and limit</td>
 * <td>nothing: a {@link Neighbour} says nothing about the population</td>
 * </tr>
 * <tr>
 * <td>{@code largest}</td>
 * <td>country</td>
 * <td>the ranking of the city's country is evicted</td>
 * </tr>
 * <tr>
 * <td>{@code search}</td>
 * <td>folded name</td>
 * <td>all are evicted: which searches find the city cannot be told</td>
 * </tr>
 * </table>
 */
@Service
public class CityService {

	/**
	 * The longest list that is asked for, and the length of the lists that are cached.
	 */
	public static final int MAX_RESULTS = 100;

	private final CityRepository repository;

	private final Executor executor;

	CityService(CityRepository repository, @Qualifier("applicationTaskExecutor") Executor executor) {
		this.repository = repository;
		this.executor = executor;
	}

	/**
	 * Finds a city. That there is none is cached too.
	 * @param id the GeoNames id
	 * @return the city, or {@code null} if there is none
	 */
	@Cacheable("cities")
	public @Nullable City city(long id) {
		return this.repository.find(id).orElse(null);
	}

	/**
	 * Finds cities. Each is cached by itself, as {@link #city} caches it; that there is
	 * none, too.
	 * @param ids GeoNames ids
	 * @return the cities that there are, by id, in the order of the ids
	 */
	@CollectionCacheable(cacheNames = "cities", cacheAbsent = true)
	public Map<Long, City> cities(Collection<Long> ids) {
		return this.repository.findAll(ids).stream().collect(Collectors.toMap(City::id, Function.identity()));
	}

	/**
	 * Finds the cities nearest to a city. The most expensive query, so
	 * {@code sync = true}: of many threads that miss at once, one runs it.
	 * @param id the GeoNames id
	 * @param limit number of cities, 1 to 100
	 * @return the nearest first; empty if there is no such city
	 */
	@Cacheable(cacheNames = "nearest", sync = true)
	public List<Neighbour> nearest(long id, int limit) {
		return this.repository.nearest(id, limit);
	}

	/**
	 * Ranks the cities of a country.
	 * @param country the country's code in upper case
	 * @return the hundred largest, the largest first; empty if there is no such country
	 */
	@Cacheable("largest")
	public List<RankedCity> largest(String country) {
		return this.repository.largest(country, MAX_RESULTS);
	}

	/**
	 * Finds the cities whose name contains a text, without keeping a thread waiting.
	 * @param folded the text, folded by {@link City#fold}
	 * @return the hundred with most inhabitants, the largest first
	 */
	@Cacheable("search")
	public CompletableFuture<List<City>> search(String folded) {
		return CompletableFuture.supplyAsync(() -> this.repository.search(folded, MAX_RESULTS), this.executor);
	}

	/**
	 * Changes a city's population. The caches follow once it is committed, so that no
	 * other request can cache the old row in between.
	 * @param id the GeoNames id
	 * @param population the new population
	 * @return the changed city
	 * @throws NoSuchElementException if there is no such city; no cache changes then
	 */
	@Caching(put = @CachePut(cacheNames = "cities", key = "#id"),
			evict = { @CacheEvict(cacheNames = "largest", key = "#result.country"),
					@CacheEvict(cacheNames = "search", allEntries = true) })
	public City changePopulation(long id, long population) {
		return this.repository.changePopulation(id, population).orElseThrow(() -> noCity(id));
	}

	static NoSuchElementException noCity(long id) {
		return new NoSuchElementException("There is no city with id " + id + ".");
	}

}
