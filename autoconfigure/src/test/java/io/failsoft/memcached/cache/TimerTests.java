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

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import org.junit.jupiter.api.Test;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is done later than the request that asks for it.
 */
class TimerTests {

	private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

	@Test
	void whatIsDoneLaterKeepsNothingOfTheRequestThatAskedForIt() throws Exception {
		Thread request = Thread.currentThread();
		ClassLoader context = request.getContextClassLoader();
		try (URLClassLoader application = new URLClassLoader(new URL[0], context)) {
			TENANT.set("the first request's tenant");
			request.setContextClassLoader(application);
			SingleFlight singleFlight = new SingleFlight(Duration.ofSeconds(1), Duration.ofHours(1));
			Flight flight = new Flight(null);
			singleFlight.join(MemcachedKey.of("key"), flight, System.nanoTime());
			singleFlight.complete(MemcachedKey.of("key"), flight, "value");
			CompletableFuture<String> seen = new CompletableFuture<>();
			MemcachedCacheErrorHandler.runLater(() -> seen.complete(TENANT.get()), Duration.ZERO);
			assertThat(seen.get(20, TimeUnit.SECONDS)).isNull();
			assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread != request && thread.getContextClassLoader() == application);
		}
		finally {
			TENANT.remove();
			request.setContextClassLoader(context);
		}
	}

	@Test
	void aPauseEndsOffTheTimersThread() throws Exception {
		CompletableFuture<String> name = Timer.pause(50_000_000).thenApply((over) -> Thread.currentThread().getName());
		assertThat(name.get(20, TimeUnit.SECONDS)).isNotEqualTo("failsoft-memcached-delay");
	}

	@Test
	void whereTheJvmGetsNoThreadThenWhatIsDueLaterIsDoneAtOnce() {
		long hour = TimeUnit.HOURS.toNanos(1);
		ScheduledThreadPoolExecutor executor = (ScheduledThreadPoolExecutor) Objects
			.requireNonNull(ReflectionTestUtils.getField(Timer.class, "EXECUTOR"));
		ThreadFactory factory = executor.getThreadFactory();
		// So many that it asks for one more, even while it has its own.
		executor.setCorePoolSize(1000);
		executor.setThreadFactory((task) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		try {
			AtomicInteger runs = new AtomicInteger();
			Timer.schedule(runs::incrementAndGet, hour);
			assertThat(runs).hasValue(1);
			assertThat(Timer.pause(hour)).succeedsWithin(Duration.ofSeconds(20));
			SingleFlight singleFlight = new SingleFlight(Duration.ofHours(1), Duration.ofHours(1));
			MemcachedKey key = MemcachedKey.of("key");
			Flight flight = new Flight(null);
			singleFlight.join(key, flight, System.nanoTime());
			singleFlight.complete(key, flight, "value");
			assertThat(flight.result()).isCompletedWithValue("value");
			Flight next = new Flight(null);
			assertThat(singleFlight.join(key, next, System.nanoTime())).isSameAs(next);
		}
		finally {
			executor.setThreadFactory(factory);
			executor.setCorePoolSize(1);
			executor.getQueue().removeIf((task) -> ((Delayed) task).getDelay(TimeUnit.MINUTES) > 5);
		}
	}

}
