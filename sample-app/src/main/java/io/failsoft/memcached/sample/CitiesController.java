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
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The sample's HTTP interface. Thread-safe.
 */
@RestController
class CitiesController {

	private static final long MAX_POPULATION = 1_000_000_000L;

	private static final int MAX_NAME_LENGTH = 100;

	private final CityService cities;

	CitiesController(CityService cities) {
		this.cities = cities;
	}

	@GetMapping("/cities/{id}")
	City city(@PathVariable long id) {
		City city = this.cities.city(id);
		if (city == null) {
			throw CityService.noCity(id);
		}
		return city;
	}

	@GetMapping(path = "/cities", params = "ids")
	Collection<City> cities(@RequestParam List<Long> ids) {
		check(!ids.isEmpty() && ids.size() <= CityService.MAX_RESULTS,
				"ids must name between 1 and " + CityService.MAX_RESULTS + " cities, but names " + ids.size() + ".");
		return this.cities.cities(ids).values();
	}

	@GetMapping("/cities/{id}/nearest")
	List<Neighbour> nearest(@PathVariable long id, @RequestParam(defaultValue = "10") int limit) {
		checkLimit(limit);
		List<Neighbour> nearest = this.cities.nearest(id, limit);
		if (nearest.isEmpty()) {
			throw CityService.noCity(id);
		}
		return nearest;
	}

	@GetMapping("/countries/{code}/largest")
	List<RankedCity> largest(@PathVariable String code, @RequestParam(defaultValue = "10") int limit) {
		checkLimit(limit);
		check(code.matches("[A-Za-z]{2}"),
				"A country code has two letters (ISO 3166-1 alpha-2), but this is '" + code + "'.");
		// Whatever the length asked for, one entry per country is cached and evicted.
		List<RankedCity> largest = this.cities.largest(code.toUpperCase(Locale.ROOT));
		if (largest.isEmpty()) {
			throw new NoSuchElementException("There is no country with code '" + code + "' that has cities.");
		}
		return first(largest, limit);
	}

	@GetMapping("/cities")
	CompletableFuture<List<City>> search(@RequestParam String name, @RequestParam(defaultValue = "10") int limit) {
		checkLimit(limit);
		String folded = City.fold(name);
		check(!folded.isEmpty() && folded.length() <= MAX_NAME_LENGTH,
				"name must have between 1 and " + MAX_NAME_LENGTH + " characters other than blanks.");
		return this.cities.search(folded).thenApply((found) -> first(found, limit));
	}

	@PutMapping("/cities/{id}/population")
	City changePopulation(@PathVariable long id, @RequestBody PopulationChange change) {
		Long population = change.population();
		if (population == null) {
			throw badRequest("population is missing: send {\"population\": n}.");
		}
		check(population >= 0 && population <= MAX_POPULATION,
				"population must be between 0 and " + MAX_POPULATION + ", but is " + population + ".");
		return this.cities.changePopulation(id, population);
	}

	@ExceptionHandler
	ProblemDetail notFound(NoSuchElementException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"The body cannot be read: send {\"population\": n} with a whole number.");
	}

	private static void checkLimit(int limit) {
		check(limit >= 1 && limit <= CityService.MAX_RESULTS,
				"limit must be between 1 and " + CityService.MAX_RESULTS + ", but is " + limit + ".");
	}

	private static void check(boolean condition, String message) {
		if (!condition) {
			throw badRequest(message);
		}
	}

	private static ResponseStatusException badRequest(String message) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, message);
	}

	private static <T> List<T> first(List<T> list, int limit) {
		return list.subList(0, Math.min(limit, list.size()));
	}

	/**
	 * The body of a change of population.
	 *
	 * @param population the new population
	 */
	record PopulationChange(@Nullable Long population) {

	}

}
