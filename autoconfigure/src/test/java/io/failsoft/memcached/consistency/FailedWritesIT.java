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

package io.failsoft.memcached.consistency;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writes that fail while nobody waits for them, or while all threads that would be told
 * are busy: they are in the invalidation log before their server can be read again.
 */
class FailedWritesIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final MemcachedKey KEY = MemcachedKey.of("books:Emma");

	private static final MemcachedKey OTHER = MemcachedKey.of("books:Persuasion");

	private final MemcachedServer server = MemcachedServer.start();

	private final FaultProxy proxy = FaultProxy.to(this.server);

	private final Saturated executor = new Saturated();

	private final Consistency consistency = Consistency.start(
			ServerPool.create(List.of(new ServerAddress(this.proxy.host(), this.proxy.port(), 1)), new ClientSettings(
					TIMEOUT, TIMEOUT, 4096, 16L << 20, 1_000_000, Duration.ofMillis(100), false, null, null, null)),
			ConsistencySettings.of(TIMEOUT, 10_000, Duration.ofSeconds(10)));

	private final Region region = this.consistency.region((own) -> MemcachedKey.of("books:" + own),
			Duration.ofSeconds(30));

	@AfterEach
	void stop() {
		this.executor.release();
		this.consistency.close();
		this.proxy.close();
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void whenTheConnectionIsCutWhileAllThreadsAreBusyThenTheServerIsNotReadBeforeItIsLogged(Write write) {
		Link before = up(null);
		fill(KEY);
		fill(OTHER);
		PutMark mark = this.region.beginPut(KEY, budget());
		this.proxy.holdRequests();
		CompletableFuture<WriteResult> result = write.send(this.region, mark)
			.toFuture(TIMEOUT.toNanos(), this.executor);
		this.proxy.cut(FaultProxy.Cut.RST);
		this.proxy.pass();
		up(before);
		assertThat(value(KEY)).isNull();
		assertThat(value(OTHER)).isEqualTo((write != Write.CLEAR) ? "old" : null);
		assertThat(result).isNotDone();
		this.executor.release();
		assertThat(result.join().failure()).isEqualTo(Failure.CONNECTION_LOST);
		assertThat(value(KEY)).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void whenTheConnectionIsCutAndNobodyWaitsThenTheWriteIsLoggedAllTheSame(Write write) {
		Link before = up(null);
		fill(KEY);
		PutMark mark = this.region.beginPut(KEY, budget());
		this.proxy.holdRequests();
		write.send(this.region, mark);
		this.proxy.cut(FaultProxy.Cut.RST);
		this.proxy.pass();
		up(before);
		assertThat(value(KEY)).isNull();
		assertThat(figures().logged()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void whenTheAnswerComesTooLateWhileAllThreadsAreBusyThenTheWriteIsLoggedInTime(Write write) {
		Link before = up(null);
		fill(KEY);
		PutMark mark = this.region.beginPut(KEY, budget());
		this.proxy.holdReplies();
		CompletableFuture<WriteResult> result = write.send(this.region, mark).toFuture(1_000_000, this.executor);
		await("it is logged", () -> figures().logged() == 1);
		this.proxy.pass();
		assertThat(value(KEY)).isNull();
		await("it is delivered", () -> figures().pending() == 0);
		assertThat(value(KEY)).isNull();
		assertThat(this.consistency.pool().servers().get(0).link()).isSameAs(before);
		assertThat(result).isNotDone();
		this.executor.release();
		assertThat(result.join().failure()).isEqualTo(Failure.TIMEOUT);
	}

	@ParameterizedTest
	@EnumSource
	void whenTheInstanceStopsThenWhatIsUnderWayCountsAsLost(Write write) {
		up(null);
		fill(KEY);
		PutMark mark = this.region.beginPut(KEY, budget());
		this.proxy.holdRequests();
		write.send(this.region, mark);
		this.consistency.close();
		assertThat(figures().lost()).isEqualTo(1);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheInstanceStopsThenALineSaysThatAnEvictionUnderWayIsLost(CapturedOutput output) {
		up(null);
		this.proxy.holdRequests();
		this.region.evict(KEY);
		this.consistency.close();
		assertThat(output).contains("1 invalidations were not delivered to memcached " + this.proxy.host());
	}

	@Test
	void whenTheServerRefusesToEvictWhileAllThreadsAreBusyThenTheOldValueIsNotRead() {
		up(null);
		fill(KEY);
		this.proxy.answer("SERVER_ERROR out of memory storing object\r\n".getBytes(StandardCharsets.US_ASCII));
		this.region.evict(KEY).toFuture(TIMEOUT.toNanos(), this.executor);
		await("it is logged", () -> figures().logged() == 1);
		this.proxy.pass();
		// The replay may have met the refusal, too, which ends the connection.
		assertThat(this.region.read(KEY, budget()).payload()).isNull();
	}

	/**
	 * Waits for the server.
	 * @param before the connection that is not the one, or {@code null}
	 */
	private Link up(@Nullable Link before) {
		await("the server is up", () -> {
			Link now = this.consistency.pool().servers().get(0).link();
			return now != null && now != before;
		});
		return Objects.requireNonNull(this.consistency.pool().servers().get(0).link());
	}

	private void fill(MemcachedKey key) {
		Ticket ticket = this.region.read(key, budget()).ticket();
		assertThat(this.region.fill(Objects.requireNonNull(ticket), key, payload("old"), 3600).await(budget()).status())
			.isEqualTo(WriteResult.Status.DONE);
		assertThat(value(key)).isEqualTo("old");
	}

	private @Nullable String value(MemcachedKey key) {
		Lookup lookup = this.region.read(key, budget());
		assertThat(lookup.failure()).isNull();
		Payload payload = lookup.payload();
		return (payload != null)
				? new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.US_ASCII) : null;
	}

	private InvalidationFigures figures() {
		return this.consistency.figures().values().iterator().next();
	}

	private static Budget budget() {
		return new Budget(TIMEOUT.toNanos());
	}

	private static Payload payload(String value) {
		return new Payload(false, false, 1, value.getBytes(StandardCharsets.US_ASCII));
	}

	private static void await(String what, BooleanSupplier condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - deadline).as("waited too long: " + what).isNegative();
			LockSupport.parkNanos(1_000_000);
		}
	}

	/**
	 * A write of one key, or of all.
	 */
	enum Write {

		EVICT, PUT, CLEAR;

		PendingWrite send(Region region, PutMark mark) {
			return switch (this) {
				case EVICT -> region.evict(KEY);
				case PUT -> region.put(mark, KEY, payload("new"), 3600);
				case CLEAR -> region.clear().get(0);
			};
		}

	}

	/**
	 * An executor all of whose threads are busy.
	 */
	private static final class Saturated implements Executor {

		private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		private volatile boolean free;

		@Override
		public void execute(Runnable task) {
			this.tasks.add(task);
			if (this.free) {
				release();
			}
		}

		/**
		 * The threads are free again.
		 */
		void release() {
			this.free = true;
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				task.run();
			}
		}

	}

}
