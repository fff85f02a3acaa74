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

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;
import io.failsoft.memcached.local.LocalStore.Kept;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.cache.Cache;

/**
 * The four operations of a cache, one at a time, on {@value #KEYS} keys, or on
 * {@value #KEYS_OF_LARGE_VALUES} of large values.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls setUp
public class OperationBenchmark {

	static final int KEYS = 10_000;

	/**
	 * As many keys of a large value take about as much memory, and the raw client writes
	 * 27 of 100 KB in a second.
	 */
	private static final int KEYS_OF_LARGE_VALUES = 200;

	private static final int LARGE = 50_000;

	/** Below the keys that exist, and with as many digits. */
	private static final long FIRST_KEY = 100_000;

	private static final long FIRST_MISSING_KEY = 500_000;

	/** The subject: a {@link ContenderType}. */
	@Param({ "xmemcached", "socket", "failsoft", "failsoft-tls", "failsoft-stunnel", "failsoft-binary", "failsoft-json",
			"failsoft-smile", "sixhours", "ssm", "redis" })
	String contender;

	/** The length of the value's text; 0 for a small value. */
	@Param("0")
	int text;

	private Server server;

	private Contender cache;

	private Object value;

	/**
	 * Starts the server and fill the cache.
	 */
	@Setup(Level.Trial)
	public void setUp() {
		ContenderType type = ContenderType.of(this.contender);
		this.server = type.startServer();
		this.cache = type.create(this.server.address());
		this.value = Values.of(this.cache, this.text);
		Scenarios.fill(this.cache, FIRST_KEY, keys(), this.value);
	}

	int keys() {
		return (this.text < LARGE) ? KEYS : KEYS_OF_LARGE_VALUES;
	}

	/**
	 * Ends the server.
	 */
	@TearDown(Level.Trial)
	public void tearDown() {
		this.cache.close();
		this.server.close();
	}

	/**
	 * Reads an entry that is there.
	 * @param keys the source of keys
	 * @return the value
	 */
	@Benchmark
	public Object getHit(Keys keys) {
		Object found = this.cache.get(FIRST_KEY + keys.next());
		if (found == null) {
			throw new IllegalStateException("A miss");
		}
		return found;
	}

	/**
	 * Reads an entry that is not there.
	 * @param keys the source of keys
	 * @return {@code null}
	 */
	@Benchmark
	public @Nullable Object getMiss(Keys keys) {
		Object found = this.cache.get(FIRST_MISSING_KEY + keys.next());
		if (found != null) {
			throw new IllegalStateException("A hit");
		}
		return found;
	}

	/**
	 * Replaces an entry.
	 * @param keys the source of keys
	 */
	@Benchmark
	public void put(Keys keys) {
		this.cache.put(FIRST_KEY + keys.next(), this.value);
	}

	/**
	 * Evicts an entry.
	 * @param keys the source of keys
	 */
	@Benchmark
	public void evict(Keys keys) {
		this.cache.evict(FIRST_KEY + keys.next());
	}

	/**
	 * Reads while the breaker is open.
	 * @param keys the source of keys
	 * @param down an application whose server is gone
	 * @return {@code null}
	 */
	@Benchmark
	public @Nullable Object getDown(Keys keys, Down down) {
		return down.cache.get(keys.next());
	}

	/**
	 * Reads an entry that the instance keeps itself.
	 * @param keys the source of keys
	 * @param near the cache
	 * @return the value
	 */
	@Benchmark
	public @Nullable Object getNear(Keys keys, Near near) {
		return near.cache.get(FIRST_KEY + keys.next());
	}

	/**
	 * Keeps what was read, as each hit does.
	 * @param keys the source of keys
	 * @param local the local store
	 */
	@Benchmark
	public void keep(Keys keys, Local local) {
		local.store.keep(local.keys[(int) keys.next()], new Kept<>(local.payload, System.nanoTime(), 1, 1));
	}

	/**
	 * Reads a bean by the codec alone, as a round trip would hide it.
	 * @param codec the codec
	 * @return the bean
	 */
	@Benchmark
	public Object readBean(Codec codec) {
		return codec.read(codec.bean);
	}

	/**
	 * Reads a list of records by the codec alone.
	 * @param codec the codec
	 * @return the list
	 */
	@Benchmark
	public Object readList(Codec codec) {
		return codec.read(codec.list);
	}

	/**
	 * A codec and the bytes that it wrote.
	 */
	@State(Scope.Benchmark)
	@SuppressWarnings("NullAway.Init") // JMH calls setUp
	public static class Codec {

		private ValueCodec codec;

		private byte[] bean;

		private byte[] list;

		/**
		 * Writes the values.
		 * @param benchmark the benchmark, whose contender is this project
		 */
		@Setup(Level.Trial)
		public void setUp(OperationBenchmark benchmark) {
			this.codec = ((Failsoft) benchmark.cache).codec();
			this.bean = this.codec.encode(new Customer());
			this.list = this.codec.encode(Values.cities(100));
			// With pauses, as the JVM's compiler shares the processor.
			for (int i = 0; i < 30; i++) {
				Scenarios.repeat(1_000, (key) -> read(this.bean));
				Scenarios.repeat(1_000, (key) -> read(this.list));
				Server.pause(30);
			}
		}

		Object read(byte[] bytes) {
			return Objects.requireNonNull(this.codec.decode(bytes, 0, bytes.length));
		}

	}

	/**
	 * A cache all of whose entries are near.
	 */
	@State(Scope.Benchmark)
	@SuppressWarnings("NullAway.Init") // JMH calls setUp
	public static class Near {

		private Cache cache;

		/**
		 * Fills the cache, and reads it.
		 * @param benchmark the benchmark, whose contender is this project
		 */
		@Setup(Level.Trial)
		public void setUp(OperationBenchmark benchmark) {
			this.cache = ((Failsoft) benchmark.cache).cache("near");
			Contender contender = new Contender.SpringCache(this.cache, () -> {
			});
			Scenarios.fill(contender, FIRST_KEY, KEYS, benchmark.value);
			Scenarios.repeat(KEYS, (key) -> contender.get(FIRST_KEY + key));
		}

	}

	/**
	 * A local store that is full.
	 */
	@State(Scope.Benchmark)
	public static class Local {

		private final LocalStore<Payload> store = MemcachedCacheManager.localStore(32 << 20);

		private final Payload payload = new Payload(false, false, 1, new byte[300]);

		private final MemcachedKey[] keys = LongStream.range(0, KEYS)
			.mapToObj((key) -> MemcachedKey.of("benchmark:cities:l:" + (FIRST_KEY + key)))
			.toArray(MemcachedKey[]::new);

	}

	/**
	 * The cache of the benchmark without its server.
	 */
	@State(Scope.Benchmark)
	@SuppressWarnings("NullAway.Init") // JMH calls setUp
	public static class Down {

		private Contender cache;

		/**
		 * Ends the server and waits until its breaker is open.
		 * @param benchmark the benchmark, whose contender is this project
		 */
		@Setup(Level.Trial)
		public void setUp(OperationBenchmark benchmark) {
			this.cache = benchmark.cache;
			benchmark.server.close();
			((Failsoft) benchmark.cache).awaitDown();
		}

	}

	/**
	 * Keys at random, each thread its own.
	 */
	@State(Scope.Thread)
	public static class Keys {

		private final SplittableRandom random = new SplittableRandom();

		private int count;

		/**
		 * Learns how many keys there are.
		 * @param benchmark the benchmark
		 */
		@Setup(Level.Trial)
		public void setUp(OperationBenchmark benchmark) {
			this.count = benchmark.keys();
		}

		long next() {
			return this.random.nextInt(this.count);
		}

	}

}
