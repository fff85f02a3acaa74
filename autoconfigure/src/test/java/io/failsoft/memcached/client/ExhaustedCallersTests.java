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

package io.failsoft.memcached.client;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers and executors in trouble do to others.
 */
class ExhaustedCallersTests {

	private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

	@Test
	void whenTheExecutorThrowsAnErrorThenEachFutureCompletesAndTheConnectionStays() throws Exception {
		Semaphore answers = new Semaphore(0);
		try (FakeServer server = new FakeServer((line) -> {
			if (line.startsWith("gets slow")) {
				answers.acquire();
			}
			return null;
		}); TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			Executor exhausted = (task) -> {
				throw new OutOfMemoryError("unable to create native thread");
			};
			Reply shared = link.gets(TestPool.key("slow"));
			List<CompletableFuture<Reply>> futures = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				futures.add(shared.toFuture(TestPool.WAIT, exhausted));
				futures.add(shared.toFuture(TestPool.WAIT, Runnable::run));
			}
			answers.release();
			for (CompletableFuture<Reply> future : futures) {
				assertThat(future.get(20, TimeUnit.SECONDS).failure()).isNull();
			}
			// What times out is completed by the timer.
			assertThat(link.gets(TestPool.key("slow"))
				.toFuture(TimeUnit.MILLISECONDS.toNanos(20), exhausted)
				.get(20, TimeUnit.SECONDS)
				.failure()).isEqualTo(Failure.TIMEOUT);
			answers.release();
			assertThat(TestPool.get(link, "other").failure()).isNull();
			assertThat(link.isOpen()).isTrue();
			assertThat(pool.losses).hasValue(0);
		}
	}

	@Test
	void whenTheStackOfACallerOverflowsThenItsPermitIsGivenBackAndTheServerStaysUp() throws Exception {
		try (FakeServer server = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			IntStream.range(0, 10).forEach((i) -> TestPool.set(link, "key" + i, TestPool.bytes("value" + i)));
			AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
			Thread thread = new Thread(null, () -> {
				Random random = new Random(1);
				int overflows = 0;
				int depth = 1000;
				for (int i = 0; i < 4000; i++) {
					boolean overflown = overflows(link, "key" + i % 10, "value" + i % 10, depth);
					overflows += overflown ? 1 : 0;
					depth = Math.max(0, depth + (overflown ? -1 : 1) * random.nextInt((overflows > 0) ? 20 : 1000));
				}
				assertThat(overflows).isGreaterThan(200);
			}, "deep", 512 * 1024);
			thread.setUncaughtExceptionHandler((dead, ex) -> failure.set(ex));
			thread.start();
			thread.join();
			assertThat(failure.get()).isNull();
			TestPool.await("no permit is taken", () -> pool.snapshot().inFlight() == 0);
			assertThat(pool.snapshot().queuedBytes()).isZero();
			assertThat(link.isOpen()).as(pool.snapshot().lastFailure()).isTrue();
			assertThat(pool.losses).hasValue(0);
		}
	}

	private static boolean overflows(Link link, String key, String value, int depth) {
		try {
			Reply reply = askAt(depth, link, TestPool.key(key));
			Reply.Item item = reply.first();
			assertThat((item != null) ? item.value() : null).as(String.valueOf(reply.detail()))
				.isEqualTo(TestPool.bytes(value));
			return false;
		}
		catch (StackOverflowError ex) {
			return true;
		}
	}

	private static Reply askAt(int depth, Link link, MemcachedKey key) {
		return (depth > 0) ? askAt(depth - 1, link, key) : link.gets(key).await(TestPool.WAIT);
	}

	@Test
	void threadsThatBeginWithARequestInheritNothingOfIt() throws Exception {
		Set<Thread> before = TestPool.threads();
		ClassLoader context = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader application = new URLClassLoader(new URL[0], context);
				FakeServer server = new FakeServer((line) -> line.startsWith("gets slow") ? FakeServer.SILENCE : null);
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			Link link = pool.up();
			TENANT.set("the first request's tenant");
			Thread.currentThread().setContextClassLoader(application);
			AtomicReference<@Nullable String> seen = new AtomicReference<>("unset");
			link.gets(TestPool.key("slow")).toFuture(100_000_000, (task) -> {
				seen.set(TENANT.get());
				new Thread(task).start();
			}).get(20, TimeUnit.SECONDS);
			assertThat(seen).hasValue(null);
			Thread[] started = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> !before.contains(thread) && thread.getName().startsWith("failsoft-memcached"))
				.toArray(Thread[]::new);
			assertThat(Arrays.stream(started).map(Thread::getName)).contains("failsoft-memcached-timer");
			assertThat(started).noneMatch((thread) -> thread.getContextClassLoader() == application);
		}
		finally {
			TENANT.remove();
			Thread.currentThread().setContextClassLoader(context);
		}
	}

}
