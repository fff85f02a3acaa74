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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import javax.sql.DataSource;

import io.failsoft.memcached.sample.City;
import io.failsoft.memcached.sample.CityRepository;
import io.failsoft.memcached.sample.Neighbour;
import io.failsoft.memcached.sample.RankedCity;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The data and the queries, without a cache.
 */
class CitiesTests {

	private static final long BERLIN = 2950159;

	private static CityRepository repository;

	private static List<City> all;

	@BeforeAll
	static void load() {
		DataSource dataSource = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.addScript("schema.sql")
			.build();
		new CityLoader(new JdbcTemplate(dataSource), new JdbcTransactionManager(dataSource)).fillIfEmpty();
		JdbcClient jdbc = JdbcClient.create(dataSource);
		repository = new CityRepository(jdbc);
		all = jdbc.sql("select id, name, country, population, latitude, longitude from city").query(City.class).list();
	}

	@Test
	void loadsEveryCity() {
		assertThat(all).hasSize(135_233);
		assertThat(repository.find(BERLIN)).contains(new City(BERLIN, "Berlin", "DE", 3426354, 52.52437, 13.41053));
		assertThat(repository.find(1638754)).map(City::name).contains("Laikit, Laikit II (Dimembe)");
		assertThat(repository.find(11189102)).map(City::name)
			.contains("Poselok Turisticheskogo pansionata \"Klyazminskoe vodohranilische\"");
		assertThat(repository.find(1)).isEmpty();
	}

	@Test
	void findsTheNearestAsAnotherFormulaDoes() {
		Random random = new Random(20261123);
		List<City> origins = new ArrayList<>();
		origins.add(repository.find(BERLIN).orElseThrow());
		// Where a formula in degrees goes wrong: at the antimeridian and towards a pole.
		origins.add(all.stream().max(Comparator.comparingDouble(City::longitude)).orElseThrow());
		origins.add(all.stream().max(Comparator.comparingDouble(City::latitude)).orElseThrow());
		for (int i = 0; i < 5; i++) {
			origins.add(all.get(random.nextInt(all.size())));
		}
		for (City origin : origins) {
			double[] expected = all.stream()
				.filter((city) -> city.id() != origin.id())
				.mapToDouble((city) -> distanceByChord(origin, city))
				.sorted()
				.limit(25)
				.toArray();
			List<Neighbour> nearest = repository.nearest(origin.id(), 25);
			assertThat(nearest).as(origin.toString()).hasSize(25);
			for (int i = 0; i < 25; i++) {
				assertThat(nearest.get(i).distanceKm()).as("%s, neighbour %d", origin, i)
					.isCloseTo(expected[i], Offset.offset(0.001));
				City found = repository.find(nearest.get(i).id()).orElseThrow();
				assertThat(nearest.get(i).distanceKm()).isCloseTo(distanceByChord(origin, found), Offset.offset(0.001));
			}
		}
	}

	@Test
	void ranksTheCitiesOfACountry() {
		List<City> expected = all.stream()
			.filter((city) -> city.country().equals("CH"))
			.sorted(Comparator.comparingLong(City::population).reversed().thenComparingLong(City::id))
			.toList();
		long total = expected.stream().mapToLong(City::population).sum();
		List<RankedCity> largest = repository.largest("CH", 100);
		assertThat(largest).extracting(RankedCity::id)
			.containsExactlyElementsOf(expected.stream().limit(100).map(City::id).toList());
		assertThat(largest.get(0)).extracting(RankedCity::rank, RankedCity::name).containsExactly(1, "Zürich");
		assertThat(largest).allSatisfy((city) -> {
			assertThat(city.rank())
				.isEqualTo(1 + expected.stream().filter((other) -> other.population() > city.population()).count());
			assertThat(city.share()).isCloseTo((double) city.population() / total, Offset.offset(1e-9));
		});
		assertThat(repository.largest("XX", 100)).isEmpty();
	}

	@Test
	void searchIgnoresCaseAndAccents() {
		assertThat(repository.search(City.fold("ZURICH"), 1)).extracting(City::name).containsExactly("Zürich");
		assertThat(repository.search(City.fold("são paulo"), 1)).extracting(City::id).containsExactly(3448439L);
		String folded = City.fold("Łódź");
		List<Long> expected = all.stream()
			.filter((city) -> City.fold(city.name()).contains(folded))
			.sorted(Comparator.comparingLong(City::population).reversed().thenComparingLong(City::id))
			.map(City::id)
			.toList();
		assertThat(repository.search(folded, 100)).extracting(City::id)
			.isNotEmpty()
			.containsExactlyElementsOf(expected);
	}

	@Test
	void searchTakesPatternCharactersLiterally() {
		assertThat(repository.search("%", 100)).isEmpty();
		assertThat(repository.search("_", 100)).allSatisfy((city) -> assertThat(city.name()).contains("_"));
		assertThat(repository.search("!", 100)).allSatisfy((city) -> assertThat(city.name()).contains("!"));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "Zürich, zurich", "SÃO PAULO, sao paulo", "Łódź, lodz", "Ærøskøbing, aeroskobing",
					"Straße, strasse", "İstanbul, istanbul", "Diyarbakır, diyarbakir", "‘Ayn Ḩalāqīm, 'ayn halaqim",
					"\"  New   York \", new york", "東京, 東京" })
	void foldsNames(String name, String folded) {
		assertThat(City.fold(name)).isEqualTo(folded);
		assertThat(City.fold(folded)).isEqualTo(folded);
	}

	@Test
	void splitsQuotedFields() {
		assertThat(CityLoader.fields("1,\"a, b\",\"say \"\"hi\"\"\",,x")).containsExactly("1", "a, b", "say \"hi\"", "",
				"x");
	}

	/**
	 * The great-circle distance by way of the chord between two points on a sphere.
	 */
	private static double distanceByChord(City a, City b) {
		double[] p = pointOnSphere(a);
		double[] q = pointOnSphere(b);
		double chord = Math.sqrt(Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2));
		return 2 * CityRepository.EARTH_RADIUS_KM * Math.asin(Math.min(1, chord / 2));
	}

	private static double[] pointOnSphere(City city) {
		double latitude = Math.toRadians(city.latitude());
		double longitude = Math.toRadians(city.longitude());
		return new double[] { Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude),
				Math.sin(latitude) };
	}

}
