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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When a server counts as up, and what its gate is asked.
 */
class HealerTests {

	private static final byte[] NOTHING = {};

	@ParameterizedTest
	@ValueSource(strings = { "gets .*", "(set|gets) .*" })
	void aServerThatHangsOnGetOrAnswersOnlyVersionIsNotUp(String hanging) throws Exception {
		AtomicBoolean mended = new AtomicBoolean();
		try (FakeServer server = new FakeServer(
				(line) -> (line.matches(hanging) && !mended.get()) ? FakeServer.SILENCE : null);
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			String failure = "probing " + (hanging.startsWith("gets") ? "get" : "set") + ": timed out";
			TestPool.await(failure,
					() -> server.connections.get() >= 3 && failure.equals(pool.snapshot().lastFailure()));
			assertThat(pool.pool.isAlive()).isFalse();
			assertThat(pool.admissions).hasValue(0);
			mended.set(true);
			pool.up();
		}
	}

	@Test
	void aServerThatForgetsAtOnceIsNotUp() throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith("gets") ? "END\r\n" : null);
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			String failure = "probing get: it does not hold what was stored";
			TestPool.await(failure, () -> failure.equals(pool.snapshot().lastFailure()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "add, ERROR, it does not know the command add", "cas, ERROR, it does not know the command cas",
			"add, STORED, probing add: unexpected answer", "cas, STORED, probing cas: unexpected answer",
			"cas, EXISTS, probing cas: unexpected answer" })
	void aServerThatOverwritesWhatIsNewerOrNeverCanIsNotUpAndTheReasonNamesTheCommand(String command, String answer,
			String reason) throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith(command) ? answer + "\r\n" : null);
				TestPool pool = new TestPool(TestPool.hasty(3), server.address())) {
			TestPool.await(reason, () -> reason.equals(pool.snapshot().lastFailure()));
			assertThat(pool.admissions).hasValue(0);
		}
	}

	@ParameterizedTest
	@CsvSource({ "ERROR, 1", "CLIENT_ERROR unknown command, 1", FakeServer.CLOSE + ", 2" })
	@ExtendWith(OutputCaptureExtension.class)
	void aServerThatDoesNotKnowTouchIsUsedWithoutItUntilItDoes(String answer, int connections, CapturedOutput output)
			throws Exception {
		AtomicBoolean knows = new AtomicBoolean();
		try (FakeServer server = new FakeServer((line) -> (!line.startsWith("touch") || knows.get()) ? null
				: answer.equals(FakeServer.CLOSE) ? answer : answer + "\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			assertThat(output).doesNotContain("time-to-idle");
			for (int i = 0; i < 3; i++) {
				assertThat(link.touch(TestPool.key("k"), 10).await(TestPool.WAIT).stored()).isFalse();
			}
			assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
			assertThat(server.commands).filteredOn((line) -> line.startsWith("touch")).hasSize(1);
			assertThat(server.connections).hasValue(connections);
			assertThat(pool.snapshot().lacks()).isEqualTo("touch");
			assertThat(output).containsOnlyOnce("does not know the command touch");
			knows.set(true);
			server.dropConnections();
			TestPool.await("replaced", () -> pool.server().link() != link && pool.server().link() != null);
			assertThat(pool.up().touch(TestPool.key("k"), 10).await(TestPool.WAIT).stored()).isTrue();
			assertThat(pool.snapshot().lacks()).isNull();
		}
	}

	@Test
	void aServerThatClosesWhenAskedForItsVersionIsUsedAndTouched() throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.equals("version") ? FakeServer.CLOSE : null);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
			assertThat(link.touch(TestPool.key("k"), 10).await(TestPool.WAIT).stored()).isTrue();
			assertThat(server.connections).hasValue(2);
			assertThat(pool.snapshot().lacks()).isNull();
		}
	}

	@Test
	void aServerThatAcceptsAndClosesIsTriedWithinTheProbeInterval() throws Exception {
		try (FakeServer server = FakeServer.healthy()) {
			server.greeting = "";
			try (TestPool pool = new TestPool(TestPool.settings(), server.address())) {
				TestPool.await("tried", () -> server.connections.get() >= 8);
				assertThat(pool.snapshot().state()).isEqualTo(ServerSnapshot.State.CONNECTING);
				server.greeting = null;
				assertThat(Stopwatch.millis(pool::up)).isLessThan(1500);
			}
		}
	}

	@Test
	void whenTheConnectionIsLostAgainAndAgainThenTheGateHearsOfEachLossOnce() throws Exception {
		try (FakeServer server = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			for (int i = 1; i <= 10; i++) {
				Link link = pool.up();
				server.dropConnections();
				int losses = i;
				TestPool.await("lost", () -> pool.losses.get() == losses);
				TestPool.await("replaced", () -> pool.server().link() != link);
			}
			pool.up();
			assertThat(pool.losses).hasValue(10);
			assertThat(pool.admissions).hasValue(11);
		}
	}

	@Test
	void whenSomeKeysAreSlowerThanTheTimeoutThenTheBreakerStaysClosed() throws Exception {
		Semaphore timedOut = new Semaphore(0);
		Duration timeout = Duration.ofMillis(750);
		try (FakeServer server = slowServer(timedOut);
				TestPool pool = new TestPool(TestPool.settings(timeout), server.address())) {
			Link link = pool.up();
			for (int i = 0; i < 6; i++) {
				assertThat(slow(link, timeout)).isEqualTo(Failure.TIMEOUT);
				timedOut.release();
				TestPool.await("the late answer", () -> pool.snapshot().inFlight() == 0);
				assertThat(TestPool.get(link, "fast").failure()).isNull();
			}
			assertThat(link.isOpen()).isTrue();
			assertThat(pool.losses).hasValue(0);
		}
	}

	@Test
	void whenEveryAnswerComesTooLateThenTheBreakerOpens() throws Exception {
		Semaphore timedOut = new Semaphore(0);
		try (FakeServer server = slowServer(timedOut);
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			Link link = pool.up();
			for (int asked = 0; link.isOpen(); asked++) {
				assertThat(asked).isLessThan(20);
				// The healer may open the breaker before the caller's own time is up.
				assertThat(slow(link, Duration.ofMillis(250))).isIn(Failure.TIMEOUT, Failure.CONNECTION_LOST,
						Failure.DOWN);
				timedOut.release();
				TestPool.await("the late answer", () -> pool.snapshot().inFlight() == 0 || !link.isOpen());
			}
			TestPool.await("lost", () -> pool.losses.get() == 1 && pool.snapshot().lastFailure() != null);
			assertThat(pool.snapshot().lastFailure())
				.isEqualTo("3 operation timeouts in a row without an answer in time");
		}
	}

	/**
	 * A server that is slow with one key: slower than the caller who notices it.
	 */
	private static FakeServer slowServer(Semaphore timedOut) throws Exception {
		return new FakeServer((line) -> {
			if (line.startsWith("gets slow")) {
				timedOut.acquire();
			}
			return null;
		});
	}

	private static @Nullable Failure slow(Link link, Duration timeout) {
		return link.gets(TestPool.key("slow")).await(timeout.toNanos()).failure();
	}

	@Test
	void whenTheGateHasMoreToDoThenItIsAskedAgainOnTheSameLink() throws Exception {
		AtomicInteger opens = new AtomicInteger();
		Gate gate = new Gate() {

			@Override
			public boolean openIfUpToDate(Runnable open) {
				return opens.incrementAndGet() > 3 && super.openIfUpToDate(open);
			}

		};
		try (FakeServer server = FakeServer.healthy(); ServerPool pool = pool(gate, server)) {
			TestPool.await("up", pool::isAlive);
			assertThat(gate.admitted).hasValue(4);
			assertThat(server.connections).hasValue(1);
		}
	}

	@Test
	void whenTheGateRefusesOrThrowsThenTheNextProbeStartsAgain() throws Exception {
		Gate gate = new Gate() {

			@Override
			public boolean catchUp(Link link) {
				int number = this.admitted.incrementAndGet();
				if (number == 2) {
					throw new IllegalStateException("thrown for a test");
				}
				assertThat(link.set(TestPool.key("k"), 0, NOTHING, NOTHING).await(TestPool.WAIT).stored()).isTrue();
				return number > 2;
			}

		};
		try (FakeServer server = FakeServer.healthy(); ServerPool pool = pool(gate, server)) {
			TestPool.await("up", pool::isAlive);
			assertThat(gate.admitted).hasValue(3);
			assertThat(server.connections).hasValue(3);
			assertThat(gate.lost).hasValue(0);
		}
	}

	@Test
	void workOfTheGateIsDonePromptlyAndIfItFailsTheServerIsLost() throws Exception {
		Gate gate = new Gate();
		try (FakeServer server = FakeServer.healthy(); ServerPool pool = pool(gate, server)) {
			TestPool.await("up", pool::isAlive);
			gate.work = true;
			TestPool.await("done", () -> gate.maintained.get() > 3);
			gate.work = false;
			gate.fit = false;
			TestPool.await("lost", () -> gate.lost.get() >= 1);
			gate.fit = true;
			TestPool.await("up", pool::isAlive);
		}
	}

	@Test
	void anIdleServerIsAskedForASignOfLife() throws Exception {
		try (FakeServer server = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			pool.up();
			Predicate<String> probing = (line) -> line.startsWith("gets failsoft:probe:");
			TestPool.await("beats", () -> server.commands.stream().filter(probing).count() >= 3);
		}
	}

	@Test
	void whenAServerCanBeConnectedToButNotUsedThenAttemptsLeaveNoMemoryBehind() throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith("set") ? "SERVER_ERROR full\r\n" : null);
				TestPool pool = new TestPool(TestPool.hasty(3), server.address())) {
			TestPool.await("tried", () -> server.connections.get() >= 20);
			long used = directMemory();
			TestPool.await("tried again and again", () -> server.connections.get() >= 120);
			assertThat(directMemory() - used).isLessThan(1024 * 1024);
			assertThat(pool.pool.isAlive()).isFalse();
		}
	}

	private static void drop(FakeServer server) {
		try {
			server.dropConnections();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((buffers) -> buffers.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	@Test
	void overTheLimitThreadsAndFuturesLearnSoAtOnceAndNothingIsSent() throws Exception {
		AtomicBoolean answers = new AtomicBoolean(true);
		try (FakeServer server = new FakeServer((line) -> answers.get() ? null : FakeServer.SILENCE);
				TestPool pool = new TestPool(TestPool.settings(2, 400), server.address())) {
			Link link = pool.up();
			answers.set(false);
			Reply first = TestPool.repeat(2, () -> link.gets(TestPool.key("a"))).get(0);
			assertThat(link.gets(TestPool.key("b")).await(TestPool.WAIT).failure()).isEqualTo(Failure.OVERLOADED);
			assertThat(link.set(TestPool.key("b"), 0, NOTHING, NOTHING)).isSameAs(ServerLink.OVERLOADED);
			CompletableFuture<Reply> refused = link.gets(TestPool.key("c")).toFuture(TestPool.WAIT, Runnable::run);
			assertThat(refused).isCompletedWithValueMatching((reply) -> reply.failure() == Failure.OVERLOADED);
			server.dropConnections();
			assertThat(first.await(TestPool.WAIT).failure()).isEqualTo(Failure.CONNECTION_LOST);
			answers.set(true);
			TestPool.await("places are given back", () -> pool.snapshot().inFlight() == 0);
		}
	}

	@Test
	void whenAConnectionEndsThenTheServerIsNotReachedAnewBeforeAllThatWasUnderWayIsSettled() throws Exception {
		List<String> events = new CopyOnWriteArrayList<>();
		Gate gate = new Gate() {

			@Override
			public boolean catchUp(Link link) {
				events.add("admitted");
				return super.catchUp(link);
			}

		};
		try (FakeServer server = new FakeServer((line) -> line.startsWith("set odd ") ? FakeServer.SILENCE : null);
				DefaultServerPool pool = new DefaultServerPool(List.of(server.address()), null, Duration.ZERO,
						TestPool.patient(), Dialer.Resolver.SYSTEM)) {
			pool.start((asking) -> gate);
			Server asked = pool.servers().get(0);
			TestPool.await("up", () -> asked.link() != null);
			Link link = Objects.requireNonNull(asked.link());
			for (int i = 0; i < 3; i++) {
				link.set(TestPool.key("odd"), 0, NOTHING, NOTHING).onCompletion((reply) -> {
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600));
					events.add("settled: " + reply.failure());
				});
			}
			server.dropConnections();
			TestPool.await("up again", () -> asked.link() != null && asked.link() != link);
			assertThat(events).containsExactly("admitted", "settled: CONNECTION_LOST", "settled: CONNECTION_LOST",
					"settled: CONNECTION_LOST", "admitted");
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheLinkEndsAsItIsPublishedThenTheServerIsNotSaidToBeBack(CapturedOutput output) throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		AtomicReference<@Nullable Link> latest = new AtomicReference<>();
		try (FakeServer server = FakeServer.healthy()) {
			Gate gate = new Gate() {

				@Override
				public boolean catchUp(Link link) {
					latest.set(link);
					return super.catchUp(link);
				}

				@Override
				public boolean openIfUpToDate(Runnable open) {
					if (attempts.incrementAndGet() < 4) {
						assertThat(output).doesNotContain(server.address().name() + " is up");
						drop(server);
						TestPool.await("ended", () -> latest.get() instanceof ServerLink link && link.isEnded());
					}
					return super.openIfUpToDate(open);
				}

			};
			try (ServerPool pool = pool(gate, server)) {
				TestPool.await("up", () -> attempts.get() == 4 && pool.isAlive());
				TestPool.await("said so", () -> output.getOut().contains(server.address().name() + " is up"));
				assertThat(gate.lost).hasValue(3);
			}
		}
	}

	@Test
	void aPoolIsStartedOnceAndMayBeClosedWithoutAStart() throws Exception {
		ServerPool pool = ServerPool.create(List.of(ServerAddress.parse("localhost")), TestPool.settings());
		assertThat(pool.isAlive()).isFalse();
		pool.close();
		pool.close();
		assertThatIllegalStateException().isThrownBy(() -> pool.start((server) -> new Gate()));
	}

	private static ServerPool pool(RecoveryGate gate, FakeServer server) {
		// Connections are counted: none is lost because this machine pauses.
		ServerPool pool = ServerPool.create(List.of(server.address()), TestPool.patient());
		pool.start((owner) -> gate);
		return pool;
	}

	private static class Gate implements RecoveryGate {

		final AtomicInteger admitted = new AtomicInteger();

		final AtomicInteger maintained = new AtomicInteger();

		final AtomicInteger lost = new AtomicInteger();

		volatile boolean work;

		volatile boolean fit = true;

		@Override
		public boolean catchUp(Link link) {
			this.admitted.incrementAndGet();
			return true;
		}

		@Override
		public boolean openIfUpToDate(Runnable open) {
			open.run();
			return true;
		}

		@Override
		public boolean maintain(Link link) {
			this.maintained.incrementAndGet();
			return this.fit;
		}

		@Override
		public boolean hasWork() {
			return this.work;
		}

		@Override
		public void connectionLost(Link link) {
			this.lost.incrementAndGet();
		}

	}

}
