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

package io.failsoft.memcached.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A fleet of instances whose values age under load. {@code grace.seconds} prolongs it.
 */
class GraceUnderLoadIT {

	private static final long SECONDS = Long.getLong("grace.seconds", 4);

	private static final int KEYS = 1000;

	private final MemcachedServer server = MemcachedServer.start();

	private final List<Application> fleet = new ArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	/** When each key was loaded, by its key. */
	private final Map<Integer, Queue<Long>> loads = new ConcurrentHashMap<>();

	private final AtomicInteger waited = new AtomicInteger();

	private volatile boolean lost;

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.fleet.forEach(Application::close);
		this.server.close();
	}

	private void start(int instances, UnaryOperator<MemcachedCacheSettings.Builder> settings) {
		for (int i = 0; i < instances; i++) {
			this.fleet
				.add(new Application(this.server, "shop", (defaults) -> settings.apply(defaults.toBuilder()).build()));
			this.fleet.get(i).awaitUp();
		}
	}

	private String read(MemcachedCache cache, int key) {
		Thread caller = Thread.currentThread();
		return Objects.requireNonNull(cache.get(key, () -> {
			this.loads.computeIfAbsent(key, (first) -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
			if (Thread.currentThread() == caller) {
				this.waited.incrementAndGet();
			}
			if (this.lost) {
				throw new IOException("lost");
			}
			return "value " + key;
		}));
	}

	private void fill() {
		for (int key = 0; key < KEYS; key++) {
			read(this.fleet.get(0).cache("books"), key);
		}
		this.loads.clear();
		this.waited.set(0);
	}

	/**
	 * Returns how many loads there were for each that the throttle allows.
	 */
	private double loadsPerThrottle(Duration throttle) {
		long all = 0;
		long early = 0;
		for (Queue<Long> times : this.loads.values()) {
			long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
			all += sorted.length;
			for (int i = 1; i < sorted.length; i++) {
				early += (sorted[i] - sorted[i - 1] < throttle.toNanos()) ? 1 : 0;
			}
		}
		System.out.printf("%d loads, %d of them early%n", all, early);
		return (double) all / (all - early);
	}

	@Test
	void whileTheSourceIsLostNoRequestFailsAndTheSourceIsHardlyAsked() throws Exception {
		start(2, (settings) -> settings.timeToLive(Duration.ofMinutes(1)).staleIfError(Duration.ofMinutes(10)));
		fill();
		this.fleet.forEach((instance) -> instance.secondsAhead.addAndGet(120));
		this.lost = true;
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<Future<String>> requests = new ArrayList<>();
		long began = System.nanoTime();
		for (long i = 0; i < 200 * SECONDS; i++) {
			MemcachedCache books = this.fleet.get(random.nextInt(2)).cache("books");
			int key = random.nextInt(KEYS);
			requests.add(this.executor.submit(() -> read(books, key)));
			TimeUnit.NANOSECONDS.sleep(began + (i + 1) * 5_000_000 - System.nanoTime());
		}
		for (Future<String> request : requests) {
			assertThat(request.get(30, TimeUnit.SECONDS)).as("seed " + seed).startsWith("value");
		}
		assertThat(loadsPerThrottle(Duration.ofSeconds(5))).isLessThanOrEqualTo(1.02);
		this.fleet.get(0).cache("books").evict(0);
		assertThatExceptionOfType(ValueRetrievalException.class)
			.isThrownBy(() -> read(this.fleet.get(0).cache("books"), 0));
		assertThatExceptionOfType(ValueRetrievalException.class)
			.isThrownBy(() -> read(this.fleet.get(1).cache("books"), 0));
	}

	@Test
	void aFleetRefreshesEachKeyOnceAndNobodyWaits() throws Exception {
		Duration throttle = Duration.ofSeconds(2);
		start(4, (settings) -> settings.timeToLive(Duration.ofSeconds(2))
			.staleWhileRevalidate(Duration.ofMinutes(10))
			.staleIfErrorThrottle(throttle));
		Application without = new Application(this.server, "other");
		this.fleet.add(without);
		without.awaitUp();
		for (int key = 0; key < KEYS; key++) {
			without.cache("books").put(key, "value " + key);
		}
		fill();
		long began = System.nanoTime();
		long end = began + TimeUnit.SECONDS.toNanos(SECONDS + 6);
		List<long[]> times = new ArrayList<>();
		List<Future<?>> readers = new ArrayList<>();
		AtomicLong reads = new AtomicLong();
		for (Application instance : this.fleet) {
			long[] nanos = new long[200_000];
			times.add(nanos);
			readers.add(this.executor.submit(() -> {
				MemcachedCache books = instance.cache("books");
				for (int i = 0; System.nanoTime() < end; i++) {
					long start = System.nanoTime();
					assertThat(read(books, i % KEYS)).isNotNull();
					nanos[i % nanos.length] = System.nanoTime() - start;
					reads.incrementAndGet();
					TimeUnit.MICROSECONDS.sleep(200);
				}
				return null;
			}));
		}
		for (Future<?> reader : readers) {
			reader.get(120, TimeUnit.SECONDS);
		}
		assertThat(loadsPerThrottle(throttle)).isLessThanOrEqualTo(1.02);
		assertThat(this.waited).hasValue(0);
		assertThat(this.loads).hasSize(KEYS);
		long refreshed = this.fleet.stream()
			.mapToLong((instance) -> instance.cache("books").getStatistics().getRefreshes(Refresh.DONE))
			.sum();
		assertThat(refreshed).isGreaterThanOrEqualTo(KEYS);
		System.out.printf("%d reads, %d refreshes, p50 of a read %d ns, without grace %d ns%n", reads.get(), refreshed,
				median(times.get(0)), median(times.get(4)));
	}

	private static long median(long[] nanos) {
		long[] sorted = Arrays.stream(nanos).filter((time) -> time > 0).sorted().toArray();
		return sorted[sorted.length / 2];
	}

}
