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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The steps, taken from this JVM: on the host {@code client} among hosts of their own, or
 * on loopback.
 */
final class Drill implements AutoCloseable {

	private static final long SEED = 20261125;

	private static final int ROWS_WHILE_BROKEN = 50;

	private static final int SECONDS_AHEAD = 30;

	private static final Duration A_WHILE = Duration.ofSeconds(3);

	private final Truth truth = new Truth();

	private final Site site;

	private final Callers callers;

	private final Steps steps;

	private long start;

	private int changes;

	private String shield = "";

	Drill(Path directory) throws IOException {
		FileSystemUtils.deleteRecursively(directory);
		this.site = Site.in(Files.createDirectories(directory).toAbsolutePath());
		this.callers = new Callers(URI.create("http://" + this.site.front().endpoint(LoadBalancer.PORT)), this.truth);
		this.steps = new Steps(this.callers, this::changeSomething);
	}

	/**
	 * Runs the drill among hosts of their own.
	 * @param arguments the directory for data and logs, and {@code steps} or
	 * {@code whole}, or {@code wait} for nothing but to start the servers
	 * @throws IOException if the directory cannot be made
	 */
	public static void main(String[] arguments) throws IOException {
		try (Drill drill = new Drill(Path.of(arguments[0]))) {
			if (arguments[1].equals("wait")) {
				drill.site.startServers();
				System.out.println("The servers are up");
				Waiting.pause(Duration.ofMinutes(10));
			}
			drill.run(arguments[1].equals("whole"));
		}
		System.exit(0);
	}

	/**
	 * Take the steps, and check what is left of them.
	 * @param whole whether to go on after the first ones
	 * @throws IOException if the table cannot be written
	 */
	void run(boolean whole) throws IOException {
		this.site.startServers();
		this.site.startInstances();
		this.callers.start(SEED);
		this.start = System.nanoTime();
		loseEachTarget();
		if (Host.areSeparate()) {
			assertThatThrownBy(() -> this.site.balancers()
				.get(0)
				.host()
				.run("curl", "-sS", "-m", "1", "http://" + this.site.caches().get(0).host().endpoint(Cache.PORT)))
				.as("the firewall")
				.hasMessageContaining("timed out");
			pullEachCable();
		}
		if (Host.areSeparate() && whole) {
			loseEachBalancer();
			hangEachDatabase();
			harmTheNetwork();
		}
		if (!Host.areSeparate() || whole) {
			loseMemcached("memcached 1", this.site.caches().subList(0, 1));
			loseMemcached("memcached 2", this.site.caches().subList(1, 2));
			loseMemcached("both memcached", this.site.caches());
			breakTheReplication();
		}
		check();
	}

	/** The seed's seventeen steps. */
	private void loseEachTarget() {
		this.steps.step("everything is up", () -> {
		});
		loseEachDatabase();
		for (Instance target : this.site.instances()) {
			this.steps.step("stop " + target.name(), target::stop);
			loseEachDatabase();
			restore("start " + target.name(), target::start);
		}
	}

	private void loseEachDatabase() {
		for (Database database : this.site.databases()) {
			this.steps.step("stop " + database.name(), database::stop);
			restore("start " + database.name(), () -> this.site.bringBack(database));
		}
	}

	private void pullEachCable() {
		for (LoadBalancer balancer : this.site.balancers()) {
			this.steps.move("pull the cable of " + balancer.name(), balancer.host()::pull);
			restore("plug it in", balancer.host()::plug);
		}
		for (Node node : Stream.concat(this.site.checked().stream(), this.site.caches().stream()).toList()) {
			lose("pull the cable of " + node.name(), node.host()::pull);
			restore("plug it in", node.host()::plug);
		}
	}

	private void loseEachBalancer() {
		for (LoadBalancer balancer : this.site.balancers()) {
			this.steps.move("stop " + balancer.name(), balancer::stop);
			restore("start " + balancer.name(), balancer::start);
		}
	}

	private void hangEachDatabase() {
		for (Database database : this.site.databases()) {
			lose("hang " + database.name(), database::hang);
			restore("wake " + database.name(), database::wake);
		}
	}

	private void lose(String what, Runnable action) {
		this.steps.step(what, () -> {
			action.run();
			this.site.awaitChecks();
		});
	}

	private void restore(String what, Runnable action) {
		this.steps.step(what, () -> {
			action.run();
			this.site.reconcile();
		});
	}

	private void harmTheNetwork() {
		Host web = this.site.instances().get(0).host();
		Host cache = this.site.caches().get(0).host();
		this.steps.step("cut web-1 from cache-1, for 3 s", () -> {
			web.dropFrom(cache);
			Waiting.pause(A_WHILE);
		});
		this.steps.step("let web-1 reach cache-1", web::dropNothing);
		this.steps.step("5 % loss and 20 ms delay to memcached 1, for 5 s", () -> new Host("net").run("sh", "-c",
				"sleep 5 | perl ../autoconfigure/src/test/resources/hunt/wire.pl " + cache.name() + " 20 0 5"));
		Instance target = this.site.instances().get(1);
		this.steps.step("stop target 2", target::stop);
		restore("start target 2, its clock 30 s ahead from now on", () -> target.startAhead(SECONDS_AHEAD));
		String date = target.host().get(Instance.PORT, "/cities/1").headers().firstValue("Date").orElseThrow();
		assertThat(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
			.isAfter(Instant.now().plusSeconds(SECONDS_AHEAD - 10));
	}

	private void loseMemcached(String name, List<Cache> servers) {
		this.steps.step("hang " + name, () -> servers.forEach(Node::hang));
		this.steps.step("wake " + name, () -> servers.forEach(Node::wake));
		if (servers.size() == 1) {
			this.steps.step("kill " + name, () -> servers.forEach(Node::stop));
		}
		else {
			killAll(name, servers);
		}
		this.steps.step("start " + name, () -> servers.forEach(Node::start));
	}

	/**
	 * Kill every memcached while callers ask for the same few cities, and count what the
	 * databases are asked.
	 */
	private void killAll(String name, List<Cache> servers) {
		this.truth.askOnlyPopular(true);
		this.steps.step("ask for fifty cities only", () -> Waiting.pause(Duration.ofSeconds(2)));
		long before = queries();
		this.steps.step("kill " + name + ", for 12 s", () -> {
			servers.forEach(Node::stop);
			Waiting.pause(Duration.ofSeconds(12));
		});
		long queries = queries() - before;
		this.truth.askOnlyPopular(false);
		this.shield = String.format(Locale.ROOT,
				"While both memcached were killed for 12 s, the databases got %d queries. ", queries);
		// 50 cities, two instances, two windows of the reserve, and the drill's change.
		assertThat(queries).isLessThan(50 * 2 * 2 + 20);
	}

	private long queries() {
		return this.site.databases().stream().mapToLong(Database::queries).sum();
	}

	private void breakTheReplication() {
		this.steps.step("break the replication", this.site::breakReplication);
		this.steps.step("write on both sides", () -> this.site.databases().forEach(Drill::write));
		restore("heal the replication", this.site::healReplication);
	}

	private void check() throws IOException {
		this.site.reconcile();
		List<Change> rows1 = changes(this.site.databases().get(0));
		List<Change> rows2 = changes(this.site.databases().get(1));
		int ids = new HashSet<>(rows1.stream().map(Change::id).toList()).size();
		this.steps.report(Path.of("target", "reports", "ha-drill.md"), String.format(Locale.ROOT,
				"All steps took %d s. %sDatabase 1 holds %d rows of changes, database 2 holds %d; %d different ids.",
				(System.nanoTime() - this.start) / 1_000_000_000, this.shield, rows1.size(), rows2.size(), ids));
		assertThat(this.steps.problems()).isEmpty();
		assertThat(this.steps.longestMove()).isLessThan(3_000);
		assertThat(rows1).isEqualTo(rows2);
		assertThat(rows1).extracting(Change::id).doesNotHaveDuplicates();
		assertThat(rows1.stream().filter((change) -> change.city() > 0)).hasSize(this.changes);
		for (Database database : this.site.databases()) {
			// Written while the replication was broken: each side has its own ids.
			assertThat(rows1.stream().filter((change) -> change.city() == -database.number()))
				.allMatch((change) -> change.id() % 10 == database.number());
			assertThat(database.replicationError()).isEmpty();
		}
	}

	/**
	 * Change a city, and see the change. From then on the callers ask for it as well.
	 */
	private void changeSomething() {
		String city = "/cities/" + this.truth.changeable(this.changes);
		long population = 1_000_000L + this.changes;
		this.site.put(city + "/population", "{\"population\": " + population + "}");
		String seen = this.site.front().get(LoadBalancer.PORT, city).body();
		assertThat(JsonMapper.shared().readTree(seen).get("population").asLong()).isEqualTo(population);
		this.truth.change(this.changes, population);
		this.changes++;
		// Replication is asynchronous: it needs a moment before the next loss.
		Waiting.pause(Duration.ofMillis(100));
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

	@Override
	public void close() {
		this.callers.close();
		this.site.close();
	}

	private record Change(long id, long city, long population) {

	}

}
