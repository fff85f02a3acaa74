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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

class SingleFlightTests {

	private static final MemcachedKey KEY = MemcachedKey.of("key");

	private final SingleFlight singleFlight = new SingleFlight(Duration.ofHours(1), Duration.ofHours(1));

	private final Flight first = new Flight(null);

	private final Flight second = new Flight(null);

	@Test
	void whoAsksWhileALoadIsUnderWayJoinsIt() {
		assertThat(this.singleFlight.join(KEY, this.first, now())).isSameAs(this.first);
		assertThat(this.singleFlight.join(KEY, this.second, now())).isSameAs(this.first);
		assertThat(this.singleFlight.join(MemcachedKey.of("other"), this.second, now())).isSameAs(this.second);
	}

	@Test
	void n13_anEvictionDetachesTheLoadUnderWay() {
		this.singleFlight.join(KEY, this.first, now());
		this.singleFlight.detach(KEY);
		assertThat(this.singleFlight.join(KEY, this.second, now())).isSameAs(this.second);
		this.singleFlight.complete(KEY, this.first, "old");
		assertThat(this.second.result()).isNotDone();
	}

	@Test
	void n13_aClearDetachesAllLoadsUnderWay() {
		this.singleFlight.join(KEY, this.first, now());
		this.singleFlight.detach(null);
		assertThat(this.singleFlight.join(KEY, this.second, now())).isSameAs(this.second);
	}

	@Test
	void whoseReadBeganBeforeTheLoadLandedSharesItsResult() {
		long readBegan = now();
		this.singleFlight.join(KEY, this.first, now());
		this.singleFlight.complete(KEY, this.first, "value");
		assertThat(this.singleFlight.join(KEY, this.second, readBegan)).isSameAs(this.first);
		assertThat(this.first.result()).isCompletedWithValue("value");
	}

	@Test
	void whoseReadBeganAfterTheLoadLandedLoadsAnew() {
		this.singleFlight.join(KEY, this.first, now());
		this.singleFlight.complete(KEY, this.first, "value");
		assertThat(this.singleFlight.join(KEY, this.second, now() + 1)).isSameAs(this.second);
	}

	@Test
	void aLoadThatMayNeverEndIsNotJoinedForEver() {
		SingleFlight impatient = new SingleFlight(Duration.ZERO, Duration.ZERO);
		impatient.join(KEY, this.first, now());
		assertThat(impatient.join(KEY, this.second, now())).isSameAs(this.second);
	}

	@Test
	void aLoadThatFailedIsNotSharedWithWhoAsksAfterwards() {
		long readBegan = now();
		this.singleFlight.join(KEY, this.first, now());
		this.singleFlight.fail(KEY, this.first, new IllegalStateException());
		assertThat(this.singleFlight.join(KEY, this.second, readBegan)).isSameAs(this.second);
		assertThat(this.first.result()).isCompletedExceptionally();
	}

	@Test
	void whoWaitsOnAForkJoinWorkerRunsNoOtherTaskMeanwhile() throws Exception {
		ForkJoinPool pool = new ForkJoinPool(1);
		ReflectionTestUtils.setField(this.first, "result", new ManyProcessorsFuture<>(pool));
		AtomicBoolean ran = new AtomicBoolean();
		Future<Boolean> ranMeanwhile = pool.submit(() -> {
			CompletableFuture.runAsync(() -> ran.set(true), pool);
			this.first.await(Duration.ofDays(1));
			return ran.get();
		});
		CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
			.execute(() -> this.singleFlight.complete(KEY, this.first, "value"));
		assertThat(ranMeanwhile.get(10, TimeUnit.SECONDS)).isFalse();
		pool.shutdown();
	}

	@Test
	@Timeout(60)
	void aLoadThatHasEndedIsNotWaitedForThoughItsThreadWaitsForUs() throws Exception {
		Flight ours = new Flight(Thread.currentThread());
		Thread waiting = new Thread(() -> ours.await(Duration.ofDays(1)));
		Flight theirs = new Flight(waiting);
		waiting.start();
		while (LockSupport.getBlocker(waiting) != ours) {
			assertThat(waiting.isAlive()).isTrue();
			Thread.sleep(1);
		}
		assertThat(theirs.await(Duration.ofDays(1))).as("each would wait for the other").isFalse();
		this.singleFlight.complete(KEY, theirs, "value");
		assertThat(theirs.await(Duration.ofDays(1))).isTrue();
		this.singleFlight.complete(KEY, ours, "value");
		waiting.join();
	}

	private static long now() {
		return System.nanoTime();
	}

	/** A future as there is with more processors: its default executor is a pool. */
	private static final class ManyProcessorsFuture<T> extends CompletableFuture<T> {

		private final Executor pool;

		ManyProcessorsFuture(Executor pool) {
			this.pool = pool;
		}

		@Override
		public Executor defaultExecutor() {
			return this.pool;
		}

		@Override
		public <U> CompletableFuture<U> newIncompleteFuture() {
			return new ManyProcessorsFuture<>(this.pool);
		}

	}

}
