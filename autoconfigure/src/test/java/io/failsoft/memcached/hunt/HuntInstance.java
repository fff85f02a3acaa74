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

package io.failsoft.memcached.hunt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An instance of the application, in a JVM of its own. Takes commands from standard input
 * and answers each with lines on standard output, the last of which is {@code end}. It
 * ends with its standard input.
 */
final class HuntInstance {

	/** The file beside the database whose certificate is trusted. */
	static final String AUTHORITY = "authority.pem";

	private static final int THREADS = 8;

	/** Threads of an instance that work where little happens. */
	private static final int QUIET_THREADS = 2;

	/** So many of the instance with the long window load for long. */
	private static final int LOADING_THREADS = 16;

	private final CacheUnderTest cache;

	private final Mode mode;

	private final ConfigurableApplicationContext context;

	private final Database database;

	private final Failures failures;

	private final History history = new History();

	private final Oracle oracle;

	private final AtomicLong operations = new AtomicLong();

	private final AtomicLong hits = new AtomicLong();

	private final List<Thread> workers = new ArrayList<>();

	private final int instance;

	private volatile boolean going;

	private long seed;

	HuntInstance(CacheUnderTest cache, Mode mode, ConfigurableApplicationContext context, int instance, long seed) {
		this.cache = cache;
		this.mode = mode;
		this.context = context;
		this.instance = instance;
		this.seed = seed;
		this.database = context.getBean(Database.class);
		this.failures = context.getBean(Failures.class);
		this.oracle = new Oracle(this.database, this.failures, this.history, instance,
				cache.promisesOthersEvictions() && mode.promisesOthersEvictions(), mode.staleness(instance));
	}

	/**
	 * Start an instance.
	 * @param args the cache under test, the servers, the database's file, the instance's
	 * number, the seed and the mode
	 */
	public static void main(String[] args) throws IOException {
		PrintStream out = System.out;
		System.setOut(System.err);
		CacheUnderTest cache = CacheUnderTest.valueOf(args[0]);
		cache.takeRuleOut();
		int number = Integer.parseInt(args[3]);
		SpringApplication application = new SpringApplication(Beans.class, cache.configuration());
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		Mode mode = Mode.valueOf(args[5]);
		Map<String, Object> properties = mode.properties(number);
		properties.putAll(Map.of("memcached.servers", args[1], "hunt.database", args[2], "hunt.instance", args[3],
				"memcached.cache.key-prefix", "hunt", "memcached.cache.allowed-classes", "io.failsoft.memcached.hunt.*",
				"spring.main.banner-mode", "off", "logging.level.root", "WARN", "spring.docker.compose.enabled",
				"false"));
		if (mode == Mode.TLS) {
			properties.put("memcached.ssl.bundle", "cache");
			properties.put("spring.ssl.bundle.pem.cache.truststore.certificate",
					Path.of(args[2]).resolveSibling(AUTHORITY).toUri().toString());
		}
		if (mode == Mode.SOAK) {
			properties.put("logging.level.io.failsoft", "INFO");
		}
		application.setDefaultProperties(properties);
		ConfigurableApplicationContext context = application.run();
		HuntInstance instance = new HuntInstance(cache, mode, context, number, Long.parseLong(args[4]));
		out.println("end");
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
			for (String answer : instance.answer(line)) {
				out.println(answer);
			}
			out.println("end");
			out.flush();
		}
		System.exit(0);
	}

	private List<String> answer(String line) {
		String[] words = line.split(" ");
		return switch (words[0]) {
			case "go" -> go();
			case "stop" -> stop();
			case "count" -> List
				.of(this.operations + " " + this.hits + " " + this.oracle.violationCount() + " " + this.oracle.excused()
						+ " " + this.oracle.staleElsewhere() + " " + aged() + " " + this.oracle.longestStaleness() + " "
						+ this.oracle.longestDelivered() + " " + this.oracle.longestExcused());
			case "resources" -> List.of(Resources.used());
			case "settled" -> List.of(this.cache.restlessness(this.context));
			case "clear" -> clear();
			case "verify" -> verify();
			case "violations" -> this.oracle.takeViolations();
			case "history" -> this.history.of(Integer.parseInt(words[1]));
			default -> List.of("unknown command " + line);
		};
	}

	/**
	 * How many values were served after their time to live.
	 */
	private long aged() {
		return this.context.getBeanProvider(MemcachedCacheManager.class)
			.stream()
			.flatMap((manager) -> manager.getCacheNames().stream().map(manager::getCache))
			.map((cache) -> ((MemcachedCache) Objects.requireNonNull(cache)).getStatistics())
			.mapToLong((figures) -> figures.getStaleOnError() + figures.getStaleOnRevalidate())
			.sum();
	}

	private List<String> go() {
		this.going = true;
		for (int i = 0; i < THREADS; i++) {
			start(worker());
		}
		if (this.mode == Mode.WINDOWS) {
			boolean slow = this.instance == Mode.LONG_WINDOW_INSTANCE;
			for (int i = 0; i < (slow ? LOADING_THREADS : QUIET_THREADS); i++) {
				Worker worker = worker();
				start(() -> worker.workQuietly(slow));
			}
		}
		return List.of();
	}

	private void start(Runnable task) {
		Thread thread = new Thread(task, "worker-" + this.workers.size());
		this.workers.add(thread);
		thread.start();
	}

	private Worker worker() {
		this.seed = this.seed * 6364136223846793005L + 1442695040888963407L;
		TransactionalWrites writes = this.context.getBean(TransactionalWrites.class);
		return new Worker(this.seed, this.context.getBean(Rows.class), this.database, this.failures, this.oracle,
				this.history, new TransactionTemplate(writes), writes, this.cache.serializesPuts(),
				this.mode.losesDatabase(), this.cache != CacheUnderTest.PLAIN, () -> this.going,
				(this.mode == Mode.LOCAL) ? Area.NESTED_KEYS : Area.BUSY_KEYS, this.operations, this.hits);
	}

	private List<String> stop() {
		this.going = false;
		for (Thread worker : this.workers) {
			try {
				worker.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.workers.clear();
		return List.of();
	}

	/**
	 * Update rows and clear their caches when nobody else works.
	 */
	private List<String> clear() {
		Worker worker = worker();
		for (Area area : List.of(Area.PLAIN, Area.SYNC, Area.PUT)) {
			worker.updateAll(area, System.nanoTime());
		}
		return List.of();
	}

	/**
	 * Read each row twice when nobody writes: what the first read may have filled must be
	 * right, too.
	 */
	private List<String> verify() {
		Rows rows = this.context.getBean(Rows.class);
		int hits = 0;
		for (int key = 0; key < Area.ALL_KEYS; key++) {
			for (int i = 0; i < 2; i++) {
				long began = System.nanoTime();
				rows.takeRuns();
				Row row = Worker.find(rows, key, Rows.Load.QUICK);
				int runs = rows.takeRuns();
				hits += (runs == 0) ? 1 : 0;
				this.history.note(key, began, "settled, " + ((runs == 0) ? "hit" : "loaded") + " v" + row.version());
				this.oracle.settledRead(key, row, began);
			}
		}
		return List.of(String.valueOf(hits));
	}

	@Override
	public String toString() {
		return "instance " + this.instance;
	}

	/**
	 * The application's beans.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class Beans {

		@Bean
		Database database(Environment environment) {
			return new Database(Path.of(environment.getRequiredProperty("hunt.database")));
		}

		@Bean
		Failures failures(Database database) {
			return new Failures(database);
		}

		@Bean
		TransactionalWrites transactionalWrites(Database database) {
			return new TransactionalWrites(database);
		}

		@Bean
		Rows rows(Database database, TransactionalWrites writes, Environment environment, ObjectProvider<Rows> cached,
				CacheManager caches) {
			return new Rows(database, writes, environment.getRequiredProperty("hunt.instance", Integer.class), cached,
					caches);
		}

	}

}
