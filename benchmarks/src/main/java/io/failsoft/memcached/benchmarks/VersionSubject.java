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

package io.failsoft.memcached.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * One version of this library in a JVM of its own, for {@link VersionComparison}. It
 * reads the name of a row from its input, measures it and answers with a line. It uses
 * only what an application uses, as it is compiled with one version and runs with
 * another; a row that fails for that is shown as NaN.
 */
final class VersionSubject {

	/** What the line of an answer begins with. */
	static final String ANSWER = "= ";

	private static final int KEYS = 10_000;

	private static final int WARMUPS = 30;

	private static final int WARMUP = 2_000;

	private static final int TRIES = 100;

	private static final int SAMPLES = 1 << 20;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Server server = Server.memcached();

	private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
		.web(WebApplicationType.NONE)
		.properties("memcached.servers=127.0.0.1:" + this.server.address().getPort(),
				"memcached.cache.key-prefix=benchmark", "memcached.cache.caches.json.codec=json",
				"memcached.cache.allowed-classes=io.failsoft.memcached.benchmarks.**", "logging.level.root=error",
				"spring.main.banner-mode=off")
		.run();

	/**
	 * Measure what the input names, until it ends.
	 * @param arguments seconds of warming up and of measuring
	 * @throws IOException if the input cannot be read
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] arguments) throws IOException {
		VersionSubject subject = new VersionSubject();
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String row = input.readLine(); row != null; row = input.readLine()) {
			String answer;
			try {
				answer = subject.measure(Measurement.valueOf(row), Long.parseLong(arguments[0]),
						Long.parseLong(arguments[1]));
			}
			catch (Exception | LinkageError ex) {
				System.err.println(row + ": " + ex);
				answer = "NaN NaN";
			}
			System.out.println(ANSWER + answer);
		}
		subject.context.close();
		subject.server.close();
	}

	private LongConsumer operation(Measurement row) {
		return switch (row) {
			case GET, GET_8, GET_32 -> get(CodecValue.RECORD);
			case GET_10K -> get(CodecValue.TEXT);
			case MISS -> cache("missing")::get;
			case PUT, PUT_8 -> put(CodecValue.RECORD);
			case PUT_10K -> put(CodecValue.TEXT);
			case EVICT -> cache("evicted")::evict;
			case BEAN -> read("jdk", CodecValue.BEAN);
			case LIST -> read("jdk", CodecValue.LIST);
			case JSON_BEAN -> read("json", CodecValue.BEAN);
			case JSON_LIST -> read("json", CodecValue.LIST);
			case DOWN -> down();
		};
	}

	private Cache cache(String name) {
		return Objects.requireNonNull(this.context.getBean(CacheManager.class).getCache(name));
	}

	private LongConsumer get(CodecValue value) {
		Cache cache = cache(value.parameter());
		Object object = value.make();
		for (long key = 0; key < KEYS; key++) {
			for (int i = 0; cache.get(key) == null; i++) {
				cache.put(key, object);
				if (i > 0) {
					Pause.millis(i);
				}
				if (i == TRIES) {
					throw new IllegalStateException("A key is not there though it was put " + TRIES + " times");
				}
			}
		}
		return (key) -> found(cache.get(key));
	}

	private static void found(@Nullable Object value) {
		if (value == null) {
			throw new IllegalStateException("A miss");
		}
	}

	private LongConsumer put(CodecValue value) {
		Cache cache = cache(value.parameter());
		Object object = value.make();
		return (key) -> cache.put(key, object);
	}

	/**
	 * Reads by the codec alone, as a round trip would hide it. It pauses while it warms
	 * up, as the JVM's compiler shares the processor.
	 */
	private LongConsumer read(String cache, CodecValue value) {
		ValueCodec codec = this.context.getBean(MemcachedCacheManager.Builder.class).settings(cache).codec();
		byte[] bytes = codec.encode(value.make());
		for (int i = 0; i < WARMUPS; i++) {
			Scenarios.repeat(WARMUP, (key) -> found(codec.decode(bytes, 0, bytes.length)));
			Pause.millis(30);
		}
		return (key) -> found(codec.decode(bytes, 0, bytes.length));
	}

	private LongConsumer down() {
		this.server.close();
		Cache cache = cache(CodecValue.RECORD.parameter());
		for (long key = 0; key < 100; key++) {
			cache.get(key);
			Pause.millis(20);
		}
		return cache::get;
	}

	private String measure(Measurement row, long warmup, long measure) throws Exception {
		LongConsumer operation = operation(row);
		ThreadPoolExecutor executor = (ThreadPoolExecutor) Executors.newFixedThreadPool(row.threads);
		executor.prestartAllCoreThreads();
		try {
			long[][] nanos = new long[row.threads][SAMPLES / row.threads];
			run(executor, operation, nanos, TimeUnit.SECONDS.toNanos(warmup));
			long before = allocated();
			int[] operations = run(executor, operation, nanos, TimeUnit.SECONDS.toNanos(measure));
			long allocated = allocated() - before;
			long[] all = IntStream.range(0, row.threads)
				.boxed()
				.flatMapToLong((i) -> Arrays.stream(nanos[i]).limit(operations[i]))
				.toArray();
			return String.format(Locale.ROOT, "%.3f %.1f", Percentiles.of(all, 50) / 1e3,
					(double) allocated / IntStream.of(operations).sum());
		}
		finally {
			executor.shutdown();
		}
	}

	private static int[] run(ThreadPoolExecutor executor, LongConsumer operation, long[][] nanos, long duration)
			throws Exception {
		List<Callable<Integer>> callers = new ArrayList<>();
		for (long[] mine : nanos) {
			callers.add(() -> run(operation, mine, duration));
		}
		int[] operations = new int[nanos.length];
		List<Future<Integer>> futures = executor.invokeAll(callers);
		for (int i = 0; i < operations.length; i++) {
			operations[i] = futures.get(i).get();
		}
		return operations;
	}

	private static int run(LongConsumer operation, long[] nanos, long duration) {
		SplittableRandom random = new SplittableRandom();
		int operations = 0;
		long began = System.nanoTime();
		long last = began;
		while (last - began < duration) {
			operation.accept(random.nextInt(KEYS));
			long now = System.nanoTime();
			nanos[operations++ % nanos.length] = now - last;
			last = now;
		}
		return operations;
	}

	/** On all threads, the I/O thread included. */
	private long allocated() {
		return Arrays.stream(this.threads.getThreadAllocatedBytes(this.threads.getAllThreadIds())).sum();
	}

	/**
	 * The rows, in the order in which they are measured.
	 */
	enum Measurement {

		GET("get, hit", 1),

		GET_8("get, hit, 8 threads", 8),

		GET_32("get, hit, 32 threads", 32),

		MISS("get, miss", 1),

		PUT("put", 1),

		PUT_8("put, 8 threads", 8),

		EVICT("evict", 1),

		GET_10K("get, hit, 10 KB of text", 1),

		PUT_10K("put, 10 KB of text", 1),

		BEAN("read a bean, `jdk`, codec alone", 1),

		LIST("read a list of 100 records, `jdk`", 1),

		JSON_BEAN("read a bean, `json`", 1),

		JSON_LIST("read a list of 100 records, `json`", 1),

		/** The last one, as the server is gone then. */
		DOWN("get while the breaker is open", 1);

		private final String title;

		private final int threads;

		Measurement(String title, int threads) {
			this.title = title;
			this.threads = threads;
		}

		String title() {
			return this.title;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration(MemcachedCacheAutoConfiguration.class)
	static class Application {

	}

}
