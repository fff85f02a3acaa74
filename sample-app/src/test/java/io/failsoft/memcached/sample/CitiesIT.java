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

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import io.failsoft.memcached.autoconfigure.MemcachedCacheManagerBuilderCustomizer;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application over HTTP, with a real memcached.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class CitiesIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final JsonMapper json = JsonMapper.shared();

	private static final MemcachedServer server = MemcachedServer.start();

	private final SampleClient client;

	private final JdbcTemplate jdbc;

	CitiesIT(@LocalServerPort int port, @Autowired JdbcTemplate jdbc) {
		this.client = new SampleClient(port);
		this.jdbc = jdbc;
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("memcached.servers", () -> server.host() + ":" + server.port());
		// A hit is expected below however busy the machine is.
		registry.add("memcached.operation-timeout", () -> "10s");
		// Searches and their refreshes share a thread: none of them may wait for another.
		registry.add("spring.task.execution.pool.core-size", () -> 1);
	}

	@BeforeEach
	void awaitServer() throws Exception {
		// What is loaded before is kept by the reserve alone.
		SampleClient.await("memcached", () -> !get("/actuator/health").body().contains("DEGRADED"));
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void secondCallIsAnsweredByMemcachedAndTenTimesFaster() throws Exception {
		// Warm up with another city, so that the compiler's work is not counted as the
		// query's.
		for (int i = 0; i < 20; i++) {
			get("/cities/2657896/nearest?limit=10");
		}
		long start = System.nanoTime();
		HttpResponse<String> first = get("/cities/2950159/nearest?limit=10");
		double miss = (System.nanoTime() - start) / 1e6;
		assertThat(cache(first)).isEqualTo("miss");
		long hitsBefore = getHits();
		List<Double> hits = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			start = System.nanoTime();
			HttpResponse<String> next = get("/cities/2950159/nearest?limit=10");
			hits.add((System.nanoTime() - start) / 1e6);
			assertThat(cache(next)).isEqualTo("hit");
			assertThat(next.body()).isEqualTo(first.body());
		}
		assertThat(getHits()).isGreaterThanOrEqualTo(hitsBefore + 50);
		double hit = hits.stream().sorted().skip(25).findFirst().orElseThrow();
		System.out.printf("nearest: miss %.1f ms, median hit %.2f ms%n", miss, hit);
		assertThat(hit * 10).as("ten times the median hit, against a miss of %.1f ms", miss).isLessThanOrEqualTo(miss);
	}

	@ParameterizedTest
	@CsvSource({ "/cities/3448439, São Paulo", "/cities/3448439/nearest?limit=3, BR",
			"/countries/br/largest?limit=5, São Paulo", "/cities?name=S%C3%A3o+Paulo&limit=2, São Paulo" })
	void secondCallIsAHitOfTheSameAnswer(String path, String part) throws Exception {
		HttpResponse<String> first = get(path);
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(cache(first)).isEqualTo("miss");
		assertThat(first.headers().firstValue("X-Time-Ms")).get().asString().matches("\\d+\\.\\d");
		long hitsBefore = getHits();
		HttpResponse<String> second = get(path);
		assertThat(second.statusCode()).isEqualTo(200);
		assertThat(cache(second)).isEqualTo("hit");
		assertThat(second.body()).isEqualTo(first.body()).contains(part);
		assertThat(getHits()).isGreaterThan(hitsBefore);
	}

	@Test
	void spellingsOfOneQuestionShareAnEntry() throws Exception {
		get("/cities?name=%C5%81%C3%B3d%C5%BA");
		assertThat(cache(get("/cities?name=lodz&limit=100"))).isEqualTo("hit");
		get("/countries/pl/largest");
		assertThat(cache(get("/countries/PL/largest?limit=100"))).isEqualTo("hit");
	}

	@Test
	void thatACityDoesNotExistIsCachedToo() throws Exception {
		HttpResponse<String> first = get("/cities/8");
		assertThat(cache(first)).isEqualTo("miss");
		HttpResponse<String> second = get("/cities/8");
		assertThat(cache(second)).isEqualTo("hit");
		assertThat(second.statusCode()).isEqualTo(404);
		assertThat(second.body()).isEqualTo(first.body());
	}

	@Test
	void citiesOfACollectionShareTheirEntriesWithSingleOnes() throws Exception {
		String one = get("/cities/2950096").body();
		HttpResponse<String> first = get("/cities?ids=2867714,2950096,9");
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(json.readTree(first.body()).size()).as("there is no city 9").isEqualTo(2);
		assertThat(json.readTree(first.body()).get(1)).isEqualTo(json.readTree(one));
		long hitsBefore = getHits();
		assertThat(cache(get("/cities/2867714"))).isEqualTo("hit");
		assertThat(cache(get("/cities/9"))).isEqualTo("hit");
		assertThat(get("/cities?ids=2867714,2950096,9").body()).isEqualTo(first.body());
		assertThat(getHits() - hitsBefore).as("each element counts").isGreaterThanOrEqualTo(5);
	}

	@Test
	void searchTellsWhereItsAnswerComesFrom() throws Exception {
		String path = "/dashboard/search?name=" + URLEncoder.encode("Tórshavn", StandardCharsets.UTF_8);
		assertThat(get(path).body()).contains("Tórshavn", "from the database");
		assertThat(get(path).body()).contains("Tórshavn", "from the cache");
		assertThat(get("/dashboard/search?name=+").body()).contains("Type a name");
		assertThat(get("/dashboard/search?name=%3Cb%3Ex").body()).contains("&lt;b&gt;x").doesNotContain("<b>");
	}

	@Test
	void changeOfPopulationIsVisibleAtOnceEverywhere() throws Exception {
		// Winterthur, third of its country by population before and first after the
		// change.
		String path = "/cities/2657970";
		for (long population : new long[] { 2_000_000, 91_908, 3_000_000 }) {
			// Whatever is there is cached, twice over, when the change comes.
			for (int i = 0; i < 2; i++) {
				get(path);
				get(path + "/nearest");
				get("/cities/2657896/nearest");
				get("/countries/ch/largest");
				get("/cities?name=winterthur");
				get("/cities?name=winter");
			}
			HttpResponse<String> changed = putPopulation("2657970", "{\"population\": " + population + "}");
			assertThat(changed.statusCode()).isEqualTo(200);
			assertThat(json.readTree(changed.body()).get("population").asLong()).isEqualTo(population);
			assertThat(json.readTree(get(path).body()).get("population").asLong()).isEqualTo(population);
			JsonNode first = json.readTree(get("/countries/ch/largest").body()).get(0);
			if (population > 1_000_000) {
				assertThat(first.get("id").asLong()).isEqualTo(2657970);
				assertThat(first.get("population").asLong()).isEqualTo(population);
			}
			else {
				assertThat(first.get("name").asString()).isEqualTo("Zürich");
			}
			for (String name : List.of("winterthur", "winter")) {
				JsonNode found = json.readTree(get("/cities?limit=100&name=" + name).body());
				assertThat(found).anySatisfy((city) -> {
					assertThat(city.get("id").asLong()).isEqualTo(2657970);
					assertThat(city.get("population").asLong()).isEqualTo(population);
				});
			}
			assertThat(get("/cities/2657896/nearest?limit=100").body()).doesNotContain("population");
		}
	}

	@Test
	void aSearchIsRefreshedAfterItsTimeToLiveAndNobodyWaits() throws Exception {
		String path = "/cities?name=reykjav%C3%ADk";
		AtomicReference<String> before = new AtomicReference<>();
		SampleClient.await("a hit", () -> {
			HttpResponse<String> response = get(path);
			before.set(response.body());
			return "hit".equals(cache(response));
		});
		// Behind the cache's back, so that only a refresh can tell.
		this.jdbc.update("update city set population = population + 1 where folded_name = 'reykjavik'");
		List<String> outcomes = new ArrayList<>();
		SampleClient.await("the change", () -> {
			HttpResponse<String> response = get(path);
			outcomes.add(cache(response));
			return !response.body().equals(before.get()) && "hit".equals(outcomes.get(outcomes.size() - 1));
		});
		assertThat(outcomes).contains("stale").doesNotContain("miss");
		this.jdbc.update("update city set population = population - 1 where folded_name = 'reykjavik'");
	}

	@Test
	void changeOfPopulationLeavesOtherEntriesCached() throws Exception {
		// No other test asks for these: what was asked for before a server came back may
		// be given by the reserve, and be a miss once that is over.
		List<String> others = List.of("/cities/2996944", "/cities/2996944/nearest", "/countries/fr/largest",
				"/cities/2950159/nearest?limit=7");
		for (String other : others) {
			assertThat(cache(get(other))).as(other).isEqualTo("miss");
			assertThat(cache(get(other))).as(other).isEqualTo("hit");
		}
		putPopulation("2950159", "{\"population\": 3426354}");
		for (String other : others) {
			assertThat(cache(get(other))).as(other).isEqualTo("hit");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/cities/7                            | 404 | There is no city with id 7.
			/cities/7/nearest                    | 404 | There is no city with id 7.
			/countries/XX/largest                | 404 | There is no country with code 'XX'
			/cities/berlin                       | 400 | 'id'
			/cities/2950159/nearest?limit=0      | 400 | limit must be between 1 and 100, but is 0.
			/cities/2950159/nearest?limit=101    | 400 | limit must be between 1 and 100, but is 101.
			/cities/2950159/nearest?limit=x      | 400 | 'limit'
			/countries/DE/largest?limit=-1       | 400 | limit must be between 1 and 100, but is -1.
			/countries/Germany/largest           | 400 | A country code has two letters
			/cities?name=paris&limit=1000        | 400 | limit must be between 1 and 100, but is 1000.
			/cities?name=+                       | 400 | name must have between 1 and 100 characters
			/cities                              | 400 | 'name'
			/cities?ids=x                        | 400 | 'ids'
			/cities?ids=                         | 400 | ids must name between 1 and 100 cities, but names 0.
			""")
	void badQuestionsAreAnsweredWithAProblemDetail(String path, int status, String detail) throws Exception {
		assertProblem(get(path), status, detail);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			7       | {"population": 1}          | 404 | There is no city with id 7.
			2950159 | {"population": -1}         | 400 | population must be between 0 and 1000000000, but is -1.
			2950159 | {"population": 1000000001} | 400 | population must be between 0 and 1000000000
			2950159 | {"population": 1.5}        | 400 | whole number
			2950159 | {"population": "many"}     | 400 | whole number
			2950159 | {"population": null}       | 400 | population is missing
			2950159 | {}                         | 400 | population is missing
			2950159 | {                          | 400 | cannot be read
			""")
	void badChangesAreRefusedAndChangeNothing(String id, String body, int status, String detail) throws Exception {
		String before = get("/cities/" + id).body();
		assertProblem(putPopulation(id, body), status, detail);
		assertThat(get("/cities/" + id).body()).isEqualTo(before);
	}

	@Test
	void whenServerIsKilledThenEveryAnswerStaysRightAndHitsReturn() throws Exception {
		List<String> paths = List.of("/cities/2643743", "/cities/2643743/nearest?limit=5",
				"/countries/GB/largest?limit=5", "/cities?name=london&limit=5");
		Map<String, String> expected = new LinkedHashMap<>();
		for (String path : paths) {
			expected.put(path, get(path).body());
			assertThat(cache(get(path))).as(path).isEqualTo("hit");
		}
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger answers = new AtomicInteger();
		Queue<String> wrong = new ConcurrentLinkedQueue<>();
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> workers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				workers.add(executor.submit(() -> {
					while (!stop.get()) {
						for (String path : paths) {
							HttpResponse<String> response = get(path);
							if (response.statusCode() != 200 || !response.body().equals(expected.get(path))) {
								wrong.add(path + ": " + response.statusCode() + " " + response.body());
							}
							answers.incrementAndGet();
						}
					}
					return null;
				}));
			}
			SampleClient.await("answers while the server runs", more(answers, 60));
			server.kill();
			SampleClient.await("answers while the server is dead", more(answers, 60));
			// The eviction and the put that a change asks for fail with the server; the
			// change does not.
			HttpResponse<String> changed = putPopulation("2657970", "{\"population\": 4000000}");
			assertThat(changed.statusCode()).isEqualTo(200);
			assertThat(json.readTree(get("/cities/2657970").body()).get("population").asLong()).isEqualTo(4_000_000);
			HttpResponse<String> health = get("/actuator/health");
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(json.readTree(health.body()).at("/components/memcached/status").asString())
				.isEqualTo("DEGRADED");
			server.restart();
			SampleClient.await("hits again", () -> paths.stream().allMatch((path) -> "hit".equals(cache(get(path)))));
			SampleClient.await("answers after the restart", more(answers, 60));
			assertThat(json.readTree(get("/cities/2657970").body()).get("population").asLong()).isEqualTo(4_000_000);
			stop.set(true);
			for (Future<?> worker : workers) {
				worker.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			stop.set(true);
			executor.shutdownNow();
		}
		assertThat(wrong).isEmpty();
		// The reserve may have given all hits so far. A hit of the server is one of the
		// entry and one of its generation.
		SampleClient.await("hits of the new server", () -> {
			long hitsBefore = getHits();
			return "hit".equals(cache(get("/cities/2643743/nearest?limit=6"))) && getHits() - hitsBefore >= 2;
		});
	}

	@Test
	void healthMetersAndCachesAreExposed() throws Exception {
		get("/cities/2988507");
		get("/cities/2988507");
		JsonNode health = json.readTree(get("/actuator/health").body());
		assertThat(health.get("status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/memcached/status").asString()).isEqualTo("UP");
		JsonNode hits = json.readTree(get("/actuator/metrics/cache.gets?tag=cache:cities&tag=result:hit").body());
		assertThat(hits.at("/measurements/0/value").asDouble()).isPositive();
		assertThat(get("/actuator/caches").body()).contains("cities").contains("io.failsoft.memcached");
		assertThat(get("/actuator/memcached").body()).contains(server.host() + ":" + server.port()).contains("cities");
	}

	private void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		JsonNode problem = json.readTree(response.body());
		assertThat(problem.get("status").asInt()).isEqualTo(status);
		assertThat(problem.get("detail").asString()).contains(detail);
		if (status == 400) {
			assertThat(response.headers().firstValue("X-Cache")).as("no cache was asked").isEmpty();
		}
	}

	private HttpResponse<String> get(String path) {
		return this.client.get(path);
	}

	private HttpResponse<String> putPopulation(String id, String body) {
		return this.client.send(this.client.request("/cities/" + id + "/population")
			.header("Content-Type", "application/json")
			.PUT(HttpRequest.BodyPublishers.ofString(body))
			.build());
	}

	private static String cache(HttpResponse<String> response) {
		return response.headers().firstValue("X-Cache").orElse("none");
	}

	private static long getHits() {
		return Long.parseLong(server.stats().get("get_hits"));
	}

	private static BooleanSupplier more(AtomicInteger counter, int count) {
		int goal = counter.get() + count;
		return () -> counter.get() >= goal;
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Aging {

		@Bean
		MemcachedCacheManagerBuilderCustomizer aging() {
			return (builder) -> builder.cache("search",
					builder.settings("search")
						.toBuilder()
						.timeToLive((key, cities) -> Duration.ofSeconds("reykjavik".equals(key) ? 4 : 600))
						.build());
		}

	}

}
