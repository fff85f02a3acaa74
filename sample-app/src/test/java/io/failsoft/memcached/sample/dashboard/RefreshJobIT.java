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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.sample.City;
import io.failsoft.memcached.sample.CityRepository;
import io.failsoft.memcached.sample.CityService;
import io.failsoft.memcached.sample.SampleClient;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The job that refreshes popular searches: instances that share a database and a real
 * memcached.
 */
@WithMemcached
class RefreshJobIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String NEVER = "1h";

	private final String database = "jdbc:h2:mem:refresh-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	private final List<Instance> instances = new ArrayList<>();

	private String address = "";

	@BeforeEach
	void setAddress(MemcachedServer server) {
		this.address = server.host() + ":" + server.port();
		server.command("flush_all");
	}

	@AfterEach
	void close() {
		this.instances.forEach(Instance::close);
	}

	@Test
	void popularSearchIsRefreshedBeforeItExpires() throws Exception {
		Instance instance = start(NEVER, "1m");
		assertThat(instance.population("Ys")).isEqualTo(100);
		// Behind the cache's back, so that only a refresh can tell.
		instance.jdbc().update("update city set population = 200");
		assertThat(instance.population("Ys")).as("cached").isEqualTo(100);
		instance.refresh();
		assertThat(instance.population("Ys")).isEqualTo(200);
		assertThat(instance.isHit("Ys")).isTrue();
	}

	@Test
	void runsByItselfAndAgainAfterItFailed() throws Exception {
		Instance instance = start("100ms", "1m");
		instance.searches().failures.set(2);
		instance.ask("Ys", 1_000_000);
		SampleClient.await("two runs that fail and more that do not", () -> instance.searches().count.get() >= 5);
		assertThat(instance.searches().failures).hasValueLessThanOrEqualTo(0);
	}

	@Test
	void runsInOneInstanceAtATime() throws Exception {
		Instance first = start(NEVER, "1m");
		Instance second = start(NEVER, "1m");
		first.ask("Ys", 10);
		second.ask("Ys", 10);
		CountDownLatch gate = first.searches().holdNext();
		CompletableFuture<Void> run = CompletableFuture.runAsync(first::refresh);
		SampleClient.await("first at work", () -> first.searches().count.get() == 1);
		second.refresh();
		assertThat(second.searches().count).as("second kept out").hasValue(0);
		gate.countDown();
		run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		second.refresh();
		assertThat(second.searches().count).as("second in its turn").hasValue(1);
	}

	@Test
	void whenTheInstanceThatHoldsTheLockIsGoneThenAnotherTakesOver() throws Exception {
		Instance first = start(NEVER, "4s");
		Instance second = start(NEVER, "4s");
		first.ask("Ys", 10);
		second.ask("Ys", 10);
		// To the others, an instance that never comes to its end is one that died.
		CountDownLatch gate = first.searches().holdNext();
		CompletableFuture<Void> run = CompletableFuture.runAsync(first::refresh);
		SampleClient.await("first at work", () -> first.searches().count.get() == 1);
		int lockedOut = 0;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (second.searches().count.get() == 0) {
			assertThat(System.nanoTime() - deadline).as("the lock ends").isNegative();
			boolean locked = Boolean.TRUE.equals(second.jdbc()
				.queryForObject("select lock_until > current_timestamp from shedlock where name = 'refresh'",
						Boolean.class));
			second.refresh();
			lockedOut += (locked && second.searches().count.get() == 0) ? 1 : 0;
			Thread.sleep(50);
		}
		assertThat(lockedOut).as("runs before the lock's end").isPositive();
		gate.countDown();
		run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Test
	void whenMemcachedIsKilledThenTheJobLivesOnAndRefreshesOnceItIsBack(MemcachedServer server) throws Exception {
		Instance instance = start("50ms", "1m");
		instance.ask("Ys", 1_000_000);
		SampleClient.await("refreshed", () -> instance.searches().count.get() >= 2);
		server.kill();
		SampleClient.await("loss noticed", () -> !instance.bean(MemcachedServers.class).isAlive());
		// A run that was under way may still come to its end.
		Thread.sleep(500);
		int searches = instance.searches().count.get();
		Thread.sleep(500);
		assertThat(instance.searches().count).as("the database is left alone").hasValue(searches);
		server.restart();
		SampleClient.await("refreshed again", () -> instance.searches().count.get() >= searches + 2);
	}

	@Test
	void whatChangesWhileTheJobLoadsIsNotOverwritten() throws Exception {
		Instance instance = start(NEVER, "1m");
		assertThat(instance.population("Ys")).isEqualTo(100);
		instance.ask("Ys", 10);
		CountDownLatch gate = instance.searches().holdNext();
		int before = instance.searches().count.get();
		CompletableFuture<Void> run = CompletableFuture.runAsync(instance::refresh);
		SampleClient.await("the old row read", () -> instance.searches().count.get() > before);
		instance.bean(CityService.class).changePopulation(1, 300);
		gate.countDown();
		run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		assertThat(instance.population("Ys")).isEqualTo(300);
	}

	private Instance start(String interval, String lockAtMost) throws InterruptedException {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + this.database, "--memcached.servers=" + this.address,
					"--memcached.operation-timeout=10s", "--sample.refresh.interval=" + interval,
					"--sample.refresh.lock-at-least=0s", "--sample.refresh.lock-at-most=" + lockAtMost);
		Instance instance = new Instance(context);
		this.instances.add(instance);
		instance.jdbc().update("merge into city values (1, 'Ys', 'FR', 100, 48, -4, 'ys')");
		SampleClient.await("the server in use", instance.bean(MemcachedServers.class)::isAlive);
		return instance;
	}

	/**
	 * One instance of the application, without its web server.
	 */
	private record Instance(ConfigurableApplicationContext context) implements AutoCloseable {

		<T> T bean(Class<T> type) {
			return this.context.getBean(type);
		}

		JdbcTemplate jdbc() {
			return bean(JdbcTemplate.class);
		}

		Searches searches() {
			return bean(Searches.class);
		}

		void refresh() {
			bean(RefreshJob.class).refresh();
		}

		void ask(String name, int times) {
			for (int i = 0; i < times; i++) {
				bean(PopularSearches.class).asked(City.fold(name));
			}
		}

		long population(String name) {
			ask(name, 2);
			return bean(CityService.class).search(City.fold(name)).join().get(0).population();
		}

		boolean isHit(String name) {
			int before = searches().count.get();
			bean(CityService.class).search(City.fold(name)).join();
			return searches().count.get() == before;
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = City.class)
	@EnableCaching
	@Import({ Searches.class, ObservedRepository.class, CityService.class, PopularSearches.class, RefreshJob.class })
	static class Parts {

	}

	/**
	 * What a test sees of the searches, and has them do. The repository is behind a
	 * proxy, whose fields say nothing.
	 */
	static final class Searches {

		final AtomicInteger count = new AtomicInteger();

		final AtomicInteger failures = new AtomicInteger();

		private volatile @Nullable CountDownLatch gate;

		CountDownLatch holdNext() {
			CountDownLatch latch = new CountDownLatch(1);
			this.gate = latch;
			return latch;
		}

		private void done() {
			CountDownLatch held = this.gate;
			this.gate = null;
			this.count.incrementAndGet();
			if (this.failures.getAndDecrement() > 0) {
				throw new IllegalStateException("The database fails, for a test");
			}
			if (held != null) {
				try {
					held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

	/**
	 * Fails, or waits, after it has read, where a test asks for it.
	 */
	static class ObservedRepository extends CityRepository {

		private final Searches searches;

		ObservedRepository(JdbcClient jdbc, Searches searches) {
			super(jdbc);
			this.searches = searches;
		}

		@Override
		public List<City> search(String folded, int limit) {
			List<City> found = super.search(folded, limit);
			this.searches.done();
			return found;
		}

	}

}
