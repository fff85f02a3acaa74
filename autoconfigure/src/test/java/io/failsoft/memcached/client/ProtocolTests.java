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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client and servers that answer oddly.
 */
class ProtocolTests {

	private static final byte[] NOTHING = {};

	private static final String ITEM = "gets odd";

	private static FakeServer answering(String answer) throws Exception {
		return new FakeServer((line) -> (line.startsWith(ITEM) || line.startsWith("set odd ")) ? answer : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage\r\n", "garbage\n", "\r\n", "VALUE other 0 1 1\r\nx\r\nEND\r\n",
			"VALUE odd 0 -1 1\r\nEND\r\n", "VALUE odd 0 1\r\nx\r\nEND\r\n", "VALUE odd x 1 1\r\nx\r\nEND\r\n",
			"VALUE odd 4294967296 1 1\r\nx\r\nEND\r\n", "VALUE odd 0 2 1\r\nxEND\r\n\r\n",
			"VALUE odd 0 1 1\r\nxx\r\nEND\r\n", "VALUE odd 0 99999999999 1\r\nx\r\nEND\r\n",
			"VALUE odd 0 1 99999999999999999999\r\nx\r\nEND\r\n", "VALUE odd 0 1 18446744073709551616\r\nx\r\nEND\r\n",
			"VALUE odd 0 1 1 1\r\nx\r\nEND\r\n", "VALUE odd 0 1 1\r\nx\r\nVALUE odd 0 1 1\r\nx\r\nEND\r\n",
			"STORED\r\n", "VALUE\r\n", "VALUE odd\r\n", "VALUE odd 0\r\n" })
	void whenAnAnswerIsMalformedThenItFailsAtOnceAndTheConnectionIsReplaced(String answer) throws Exception {
		try (FakeServer server = answering(answer);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			Reply reply = TestPool.get(link, "odd");
			assertThat(reply.failure()).isEqualTo(Failure.PROTOCOL_ERROR);
			assertThat(reply.first()).isNull();
			assertThat(link.isOpen()).isFalse();
			TestPool.await("a new link", () -> pool.server().link() != link);
			assertThat(pool.snapshot().lastFailure()).startsWith("malformed answer");
			assertThat(TestPool.set(pool.up(), "even", NOTHING).stored()).isTrue();
			TestPool.await("lost once", () -> pool.losses.get() == 1);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "SECRET\r\n", "SECRET\n", "VALUE SECRET 0 1 1\r\nx\r\nEND\r\n", "VALUE odd 0 SECRET\r\nEND\r\n",
					"VALUE odd 0 1 1\r\nxSECRET\r\nEND\r\n", "END\r\nSECRET\r\n", "-ERR unknown command 'SECRET'\r\n" })
	@ExtendWith(OutputCaptureExtension.class)
	void whenAnAnswerIsMalformedThenNothingOfItIsShown(String answer, CapturedOutput output) throws Exception {
		try (FakeServer server = answering(answer);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			assertThat(TestPool.get(link, "odd").detail()).satisfiesAnyOf((detail) -> assertThat(detail).isNull(),
					(detail) -> assertThat(detail).isNotEmpty().doesNotContain("SECRET"));
			TestPool.await("the link is given up", () -> pool.server().link() != link);
			assertThat(pool.snapshot().lastFailure()).startsWith("malformed answer").doesNotContain("SECRET");
		}
		assertThat(output).contains("malformed answer").doesNotContain("SECRET");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheServerTakesCredentialsForACommandThenTheyAreNotShown(CapturedOutput output) throws Exception {
		try (FakeServer server = new FakeServer(
				(line) -> line.startsWith("set ") ? "CLIENT_ERROR unknown command 'user PASSWORD'\r\n" : null);
				TestPool pool = new TestPool(TestPool.authenticated("user", "PASSWORD"), server.address())) {
			TestPool.await("refused", () -> pool.snapshot().lastFailure() != null);
			assertThat(pool.snapshot().lastFailure()).startsWith("authentication").doesNotContain("PASSWORD");
		}
		assertThat(output).contains("authentication").doesNotContain("PASSWORD");
	}

	@Test
	void whenAServerSpeaksAnotherProtocolThenItsNameIsShown() throws Exception {
		try (FakeServer server = new FakeServer((line) -> "HTTP/1.1 400 Bad Request\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			TestPool.await("refused", () -> pool.snapshot().lastFailure() != null);
			assertThat(pool.snapshot().lastFailure()).contains("HTTP/").doesNotContain("Bad Request");
		}
	}

	@Test
	void whenGarbageHasNoEndThenItIsAnErrorAfterAFewKilobytes() throws Exception {
		try (FakeServer server = answering("x".repeat(9000));
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			assertThat(TestPool.get(pool.up(), "odd").failure()).isEqualTo(Failure.PROTOCOL_ERROR);
		}
	}

	@Test
	void whenGarbageIsShortAndHasNoEndThenTheBreakerOpens() throws Exception {
		try (FakeServer server = answering("x".repeat(100));
				TestPool pool = new TestPool(TestPool.settings(Duration.ofSeconds(1)), server.address())) {
			Link link = pool.up();
			long start = System.nanoTime();
			Reply reply = link.gets(TestPool.key("odd")).await(TimeUnit.MILLISECONDS.toNanos(1000));
			assertThat(reply.failure()).isEqualTo(Failure.TIMEOUT);
			TestPool.await("the link is given up", () -> pool.server().link() != link);
			assertThat(TestPool.millisSince(start)).isGreaterThan(2900);
			pool.up();
		}
	}

	@Test
	void whenSomethingArrivesUnaskedForThenTheConnectionIsReplaced() throws Exception {
		try (FakeServer server = answering("END\r\nEND\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			assertThat(TestPool.get(link, "odd").failure()).isNull();
			TestPool.await("the link is given up", () -> pool.server().link() != link);
			assertThat(TestPool.set(pool.up(), "even", NOTHING).stored()).isTrue();
			assertThat(TestPool.get(pool.up(), "even").first()).isNotNull();
		}
	}

	@Test
	void whenMuchIsUnderWayThenAllOfItReachesAServerThatSaysNothing() throws Exception {
		try (FakeServer server = answering(FakeServer.SILENCE);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			for (int i = 1; i <= 100; i++) {
				link.gets(TestPool.key("odd"));
				int sent = i;
				TestPool.await("request " + sent, () -> count(server, ITEM) == sent);
			}
			assertThat(link.isOpen()).isTrue();
		}
	}

	private static long count(FakeServer server, String start) {
		return server.commands.stream().filter((line) -> line.startsWith(start)).count();
	}

	@Test
	void whenTheServerIsFullThenItIsNotReachable() throws Exception {
		try (FakeServer server = FakeServer.healthy()) {
			server.greeting = "ERROR Too many open connections\r\n";
			try (TestPool pool = new TestPool(TestPool.settings(), server.address())) {
				TestPool.await("a few attempts", () -> server.connections.get() > 3);
				assertThat(pool.snapshot().state()).isEqualTo(ServerSnapshot.State.CONNECTING);
				assertThat(pool.pool.isAlive()).isFalse();
				server.greeting = null;
				pool.up();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SERVER_ERROR out of memory", "CLIENT_ERROR no", "ERROR" })
	void anErrorLineIsAReply(String line) throws Exception {
		try (FakeServer server = answering(line + "\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			for (int i = 0; i < 100; i++) {
				Reply reply = TestPool.get(link, "odd");
				assertThat(reply.failure()).isEqualTo(Failure.SERVER_ERROR);
				assertThat(reply.detail()).isEqualTo(line);
			}
			assertThat(TestPool.set(link, "even", NOTHING).stored()).isTrue();
			assertThat(link.isOpen()).isTrue();
			assertThat(pool.losses).hasValue(0);
		}
	}

	@Test
	void whenDataWasTakenForCommandsThenTheConnectionIsReplaced() throws Exception {
		try (FakeServer server = answering("ERROR\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			assertThat(TestPool.set(link, "odd", NOTHING).failure()).isEqualTo(Failure.SERVER_ERROR);
			TestPool.await("the link is given up", () -> pool.server().link() != link);
		}
	}

	@Test
	void anErrorLineAfterAnItemEndsTheReply() throws Exception {
		try (FakeServer server = answering("VALUE odd 0 1 1\r\nx\r\nSERVER_ERROR out of memory\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Reply reply = TestPool.get(pool.up(), "odd");
			assertThat(reply.failure()).isEqualTo(Failure.SERVER_ERROR);
			assertThat(reply.first()).isNull();
			assertThat(TestPool.set(pool.up(), "even", NOTHING).stored()).isTrue();
		}
	}

	@Test
	void flagsAndNumbersOfVersionsAreUnsigned() throws Exception {
		try (FakeServer server = answering("VALUE odd 4294967295 1 18446744073709551615\r\nx\r\nEND\r\n");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			Reply.Item item = TestPool.item(TestPool.get(link, "odd").first());
			assertThat(item.flags()).isEqualTo(4294967295L);
			assertThat(item.cas()).isEqualTo(-1L);
			assertThat(link.cas(TestPool.key("c"), 0, NOTHING, NOTHING, item.cas()).await(TestPool.WAIT).stored())
				.isTrue();
			assertThat(server.commands).containsOnlyOnce("cas c 0 0 0 18446744073709551615");
		}
	}

	@Test
	void whenADeclaredLengthIsNotDeliveredThenNoMemoryIsTakenForIt() throws Exception {
		try (FakeServer server = answering("VALUE odd 0 1073741824 1\r\nx");
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Reply reply = pool.up().gets(TestPool.key("odd")).await(TimeUnit.MILLISECONDS.toNanos(100));
			assertThat(reply.failure()).isEqualTo(Failure.TIMEOUT);
		}
	}

	@Test
	void lateRepliesAreTakenInTheirTurn() throws Exception {
		CountDownLatch late = new CountDownLatch(1);
		try (FakeServer server = new FakeServer((line) -> {
			if (line.startsWith(ITEM)) {
				late.await();
			}
			return null;
		}); TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			for (String key : List.of("odd", "a", "b")) {
				link.set(TestPool.key(key), 0, NOTHING, TestPool.bytes("value of " + key)).await(TestPool.WAIT);
			}
			Reply odd = link.gets(TestPool.key("odd"));
			Reply a = link.gets(TestPool.key("a"));
			assertThat(odd.await(TimeUnit.MILLISECONDS.toNanos(50)).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(a.await(0).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(pool.snapshot().inFlight()).isEqualTo(2);
			Reply b = link.gets(TestPool.key("b"));
			late.countDown();
			assertThat(TestPool.value(b.await(TestPool.WAIT))).isEqualTo(TestPool.bytes("value of b"));
			assertThat(odd.await(TestPool.WAIT).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(odd.await(TestPool.WAIT).first()).isNull();
			assertThat(a.await(TestPool.WAIT).first()).isNull();
			// A heartbeat may be under way, if the machine paused.
			TestPool.await("nothing is under way", () -> pool.snapshot().inFlight() == 0);
			assertThat(link.isOpen()).isTrue();
		}
	}

	@Test
	void beyondTheLimitOperationsAreRefusedAndAbandonedOnesStillCount() throws Exception {
		CountDownLatch late = new CountDownLatch(1);
		try (FakeServer server = new FakeServer((line) -> {
			if (line.startsWith(ITEM)) {
				late.await();
			}
			return null;
		}); TestPool pool = new TestPool(TestPool.settings(4, 1000), server.address())) {
			Link link = pool.up();
			long before = pool.snapshot().bytesSent();
			List<Reply> four = TestPool.repeat(4, () -> link.gets(TestPool.key("odd")));
			long size = (long) "gets \r\n".length() + TestPool.key("odd").bytes().length;
			// One that is given up before it was sent is withdrawn, and does not count.
			TestPool.await("all four are sent", () -> pool.snapshot().bytesSent() - before >= 4 * size);
			assertThat(four.get(3).await(0).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(link.gets(TestPool.key("a")).await(TestPool.WAIT).failure()).isEqualTo(Failure.OVERLOADED);
			late.countDown();
			assertThat(four.get(0).await(TestPool.WAIT).failure()).isNull();
			TestPool.await("all answered", () -> pool.snapshot().inFlight() == 0);
			assertThat(TestPool.set(link, "large", new byte[1000]).failure()).isEqualTo(Failure.OVERLOADED);
			assertThat(TestPool.set(link, "small", new byte[100]).stored()).isTrue();
		}
	}

	@Test
	void futuresCompleteOnTheirExecutorOrAtLeastOffTheIoThread() throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith(ITEM) ? FakeServer.SILENCE : null);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			for (boolean direct : new boolean[] { true, false }) {
				AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
				CompletableFuture<Reply> answered = link.gets(TestPool.key("a"))
					.toFuture(TestPool.WAIT, direct ? Runnable::run : (task) -> new Thread(task, "mine").start());
				answered.thenRun(() -> thread.set(Thread.currentThread())).get(30, TimeUnit.SECONDS);
				assertThat(answered.join().failure()).isNull();
				assertThat(thread.get()).isNotInstanceOf(ClientThread.class);
				assertThat(thread.toString()).doesNotContain("failsoft");
			}
			CompletableFuture<Reply> rejected = link.gets(TestPool.key("a")).toFuture(TestPool.WAIT, (task) -> {
				throw new java.util.concurrent.RejectedExecutionException();
			});
			assertThat(rejected.get(30, TimeUnit.SECONDS).failure()).isNull();
			CompletableFuture<Reply> timedOut = link.gets(TestPool.key("odd"))
				.toFuture(TimeUnit.MILLISECONDS.toNanos(30), Runnable::run);
			assertThat(timedOut.get(30, TimeUnit.SECONDS).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(link.gets(TestPool.key("a")).toFuture(0, Runnable::run)).isCompleted();
		}
	}

	@Test
	void whenTheCallerIsInterruptedThenTheConnectionSurvives() throws Exception {
		try (FakeServer server = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			Thread.currentThread().interrupt();
			Reply pending = link.set(TestPool.key("a"), 0, NOTHING, new byte[300_000]);
			Failure failure = pending.await(TestPool.WAIT).failure();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(failure == null || failure == Failure.INTERRUPTED).isTrue();
			assertThat(TestPool.set(link, "a", NOTHING).stored()).isTrue();
			assertThat(link.isOpen()).isTrue();
		}
	}

	@Test
	void severalThreadsMayAwaitOneOperation() throws Exception {
		CountDownLatch late = new CountDownLatch(1);
		try (FakeServer server = new FakeServer((line) -> {
			if (line.startsWith(ITEM)) {
				late.await();
			}
			return null;
		}); TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Reply pending = pool.up().gets(TestPool.key("odd"));
			List<CompletableFuture<Reply>> waiting = Arrays.asList(
					CompletableFuture.supplyAsync(() -> pending.await(TestPool.WAIT),
							(task) -> new Thread(task).start()),
					CompletableFuture.supplyAsync(() -> pending.await(TestPool.WAIT),
							(task) -> new Thread(task).start()),
					pending.toFuture(TestPool.WAIT, (task) -> new Thread(task).start()));
			late.countDown();
			for (CompletableFuture<Reply> reply : waiting) {
				assertThat(reply.get(30, TimeUnit.SECONDS).failure()).isNull();
			}
		}
	}

}
