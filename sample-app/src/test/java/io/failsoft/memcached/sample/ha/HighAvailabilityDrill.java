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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two databases, two memcached servers, two instances behind a load balancer: each is
 * lost in turn while callers go on asking, and nobody gets a wrong answer or none.
 */
class HighAvailabilityDrill {

	private static final long SEED = 20261125;

	private static final int ROWS_WHILE_BROKEN = 50;

	private final Deque<AutoCloseable> running = new ArrayDeque<>();

	private final HttpClient http = HttpClient.newHttpClient();

	private final Truth truth = new Truth();

	private int changes;

	private Database database1;

	private Database database2;

	private FaultProxy from2to1;

	private FaultProxy from1to2;

	private MemcachedServer cache1;

	private MemcachedServer cache2;

	private Instance target1;

	private LoadBalancer loadBalancer;

	private Steps steps;

	@BeforeEach
	void startEverything() throws IOException {
		Path directory = Path.of("target", "ha").toAbsolutePath();
		FileSystemUtils.deleteRecursively(directory);
		Files.createDirectories(directory);
		List<Database> databases = IntStream.of(1, 2)
			.parallel()
			.mapToObj((number) -> start(number, directory))
			.toList();
		this.database1 = closeLater(databases.get(0));
		this.database2 = closeLater(databases.get(1));
		// Replication goes through proxies, so that it can be cut with both servers up.
		this.from2to1 = closeLater(FaultProxy.to(this.database2.address()));
		this.from1to2 = closeLater(FaultProxy.to(this.database1.address()));
		this.database1.replicateFrom(this.from2to1.address());
		this.database2.replicateFrom(this.from1to2.address());
		this.database1.open();
		this.database2.open();
		this.cache1 = closeLater(MemcachedServer.start());
		this.cache2 = closeLater(MemcachedServer.start());
		List<MemcachedServer> caches = List.of(this.cache1, this.cache2);
		this.target1 = closeLater(new Instance(1, directory, databases, caches));
		Instance target2 = closeLater(new Instance(2, directory, databases, caches));
		// The first one loads the data.
		this.target1.start();
		this.database2.catchUpWith(this.database1);
		target2.start();
		this.loadBalancer = closeLater(new LoadBalancer(directory, this.target1, target2));
		this.loadBalancer.start();
		Callers callers = closeLater(new Callers(this.loadBalancer.address(), this.truth, SEED));
		callers.start();
		this.steps = new Steps(callers, this::changeSomething);
	}

	private static Database start(int number, Path directory) {
		Database database = new Database(number, directory);
		database.start();
		return database;
	}

	private <T extends AutoCloseable> T closeLater(T resource) {
		this.running.push(resource);
		return resource;
	}

	@AfterEach
	void stopEverything() throws Exception {
		while (!this.running.isEmpty()) {
			this.running.pop().close();
		}
	}

	@Test
	void whenEachNodeIsLostInTurnThenEveryQueryIsAnsweredRightly() {
		this.steps.step("everything is up", () -> {
		});
		loseEachDatabase();
		this.steps.step("stop target 1", this.target1::stop);
		loseEachDatabase();
		this.steps.step("start target 1", this.target1::start);
		loseMemcached("memcached 1", List.of(this.cache1));
		loseMemcached("memcached 2", List.of(this.cache2));
		loseMemcached("both memcached", List.of(this.cache1, this.cache2));
		this.steps.step("break the replication", () -> {
			this.from2to1.refuse();
			this.from1to2.refuse();
			this.from2to1.cut();
			this.from1to2.cut();
		});
		this.steps.step("write on both sides", () -> {
			write(this.database1);
			write(this.database2);
		});
		this.steps.step("heal the replication", () -> {
			this.from2to1.pass();
			this.from1to2.pass();
			this.database1.catchUpWith(this.database2);
			this.database2.catchUpWith(this.database1);
		});
		List<Change> rows1 = changes(this.database1);
		List<Change> rows2 = changes(this.database2);
		this.steps.report(Path.of("target", "reports", "ha-drill.md"), String.format(Locale.ROOT,
				"Written while the replication was broken: %d rows on each side. Afterwards database 1 holds %d rows,"
						+ " database 2 holds %d; %d different ids.",
				ROWS_WHILE_BROKEN, rows1.size(), rows2.size(),
				new HashSet<>(rows1.stream().map(Change::id).toList()).size()));
		assertThat(this.steps.problems()).isEmpty();
		assertThat(rows1).isEqualTo(rows2).hasSize(2 * ROWS_WHILE_BROKEN + this.changes);
		assertThat(rows1).extracting(Change::id).doesNotHaveDuplicates();
		assertThat(rows1.stream().filter((change) -> change.city() == -1)).hasSize(ROWS_WHILE_BROKEN)
			.allMatch((change) -> change.id() % 10 == 1);
		assertThat(rows1.stream().filter((change) -> change.city() == -2)).hasSize(ROWS_WHILE_BROKEN)
			.allMatch((change) -> change.id() % 10 == 2);
		assertThat(this.database1.replicationError()).isEmpty();
		assertThat(this.database2.replicationError()).isEmpty();
	}

	private void loseEachDatabase() {
		this.steps.step("stop database 1", this.database1::stop);
		this.steps.step("start database 1", () -> bringBack(this.database1, this.database2));
		this.steps.step("stop database 2", this.database2::stop);
		this.steps.step("start database 2", () -> bringBack(this.database2, this.database1));
	}

	/**
	 * What an operator, or the service's start script, does.
	 */
	private static void bringBack(Database database, Database other) {
		database.start();
		database.catchUpWith(other);
		database.open();
	}

	private void loseMemcached(String name, List<MemcachedServer> servers) {
		this.steps.step("hang " + name, () -> servers.forEach(MemcachedServer::pause));
		this.steps.step("wake " + name, () -> servers.forEach(MemcachedServer::resume));
		this.steps.step("kill " + name, () -> servers.forEach(MemcachedServer::kill));
		this.steps.step("start " + name, () -> servers.forEach(MemcachedServer::restart));
	}

	/**
	 * Change a city that nobody else asks for, and see the change.
	 */
	private void changeSomething() {
		URI city = this.loadBalancer.address().resolve("/cities/" + this.truth.changeable(this.changes));
		long population = 1_000_000L + this.changes;
		this.changes++;
		HttpResponse<String> changed = send(HttpRequest.newBuilder(URI.create(city + "/population"))
			.header("Content-Type", "application/json")
			.PUT(HttpRequest.BodyPublishers.ofString("{\"population\": " + population + "}")));
		assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
		HttpResponse<String> seen = send(HttpRequest.newBuilder(city));
		assertThat(JsonMapper.shared().readTree(seen.body()).get("population").asLong()).isEqualTo(population);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.timeout(Duration.ofSeconds(20)).build(),
					HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new AssertionError("No answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	private static void write(Database database) {
		for (int i = 0; i < ROWS_WHILE_BROKEN; i++) {
			database.admin()
				.sql("insert into cities.population_change (city, population) values (?, ?)")
				.param(-database.number())
				.param(i)
				.update();
		}
	}

	private static List<Change> changes(Database database) {
		return database.admin()
			.sql("select id, city, population from cities.population_change order by id")
			.query(Change.class)
			.list();
	}

	private record Change(long id, long city, long population) {

	}

}
