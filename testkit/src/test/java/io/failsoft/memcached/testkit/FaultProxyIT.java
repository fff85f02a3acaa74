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

package io.failsoft.memcached.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link FaultProxy} before a real memcached.
 */
class FaultProxyIT {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static MemcachedServer server;

	private FaultProxy proxy;

	@BeforeAll
	static void startServer() {
		server = MemcachedServer.start();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@BeforeEach
	void openProxy() {
		if (!server.isRunning()) {
			server.restart();
		}
		server.command("flush_all");
		this.proxy = FaultProxy.to(server);
	}

	@AfterEach
	void closeProxy() {
		this.proxy.close();
		String threads = "fault-proxy-" + this.proxy.port();
		await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch((t) -> t.getName().startsWith(threads)));
	}

	@Test
	void passesThrough() throws IOException {
		try (RawClient client = client()) {
			assertThat(client.send("set key 0 0 5\r\nvalue\r\n").line()).isEqualTo("STORED");
			assertThat(client.send("get key\r\n").line()).isEqualTo("VALUE key 0 5");
			assertThat(client.line()).isEqualTo("value");
			assertThat(client.line()).isEqualTo("END");
		}
	}

	@Test
	void passesLargeValuesInBothDirections() throws IOException {
		String large = "0123456789abcdef".repeat(60_000);
		try (RawClient client = client()) {
			assertThat(client.send("set key 0 0 " + large.length() + "\r\n" + large + "\r\n").line())
				.isEqualTo("STORED");
			client.send("get key\r\n");
			assertThat(client.line()).startsWith("VALUE");
			assertThat(client.line()).isEqualTo(large);
		}
	}

	@Test
	void countsBytesAndConnections() throws IOException {
		try (RawClient first = client(); RawClient second = client()) {
			first.send("mn\r\n").line();
			second.send("mn\r\n").line();
			await(() -> this.proxy.counters().equals(new FaultCounters(2, 2, 8, 8, 8, 8)));
		}
		await(() -> this.proxy.counters().equals(new FaultCounters(2, 0, 8, 8, 8, 8)));
	}

	@Test
	void whenRefusedThenConnectsFailAndPassReopensThePort() throws IOException {
		int port = this.proxy.port();
		for (int round = 0; round < 50; round++) {
			try (RawClient client = client()) {
				assertThat(client.send("mn\r\n").line()).isEqualTo("MN");
				this.proxy.refuse();
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> client().close());
				assertThat(client.line()).isNull();
				this.proxy.pass();
				try (RawClient next = client()) {
					assertThat(next.send("mn\r\n").line()).isEqualTo("MN");
				}
			}
		}
		assertThat(this.proxy.port()).isEqualTo(port);
	}

	@Test
	void whenBlackHoledThenNothingIsAnsweredAndPassDeliversInOrder() throws IOException {
		try (RawClient before = client()) {
			before.send("mn\r\n").line();
			this.proxy.blackHole();
			try (RawClient after = client()) {
				before.send("set key 0 0 1\r\n1\r\n")
					.send("append key 0 0 1\r\n2\r\n")
					.send("append key 0 0 1\r\n3\r\n");
				after.send("mn\r\n");
				assertThat(before.isSilent()).isTrue();
				assertThat(after.isSilent()).isTrue();
				assertThat(server.command("get key")).containsExactly("END");
				this.proxy.pass();
				assertThat(List.of(before.line(), before.line(), before.line())).containsOnly("STORED");
				assertThat(after.line()).isEqualTo("MN");
				assertThat(server.command("get key")).contains("123");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenTheClientClosesThenHeldRequestsAreStillExecuted(boolean reset) throws IOException {
		this.proxy.blackHole();
		RawClient client = client().send("set key 0 0 5\r\nvalue\r\n");
		ProxiedConnection connection = this.proxy.awaitConnection(1, LIMIT);
		await(() -> connection.heldRequestBytes() == 22);
		if (reset) {
			client.reset();
		}
		else {
			client.close();
		}
		await(connection::isClientClosed);
		assertThat(server.command("get key")).containsExactly("END");
		assertThat(this.proxy.connections()).contains(connection);
		this.proxy.pass();
		await(() -> server.command("get key").contains("value"));
		await(() -> this.proxy.connections().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "FIN", "RST" })
	void whenOnlyTheClientIsCutThenHeldRequestsAreStillExecuted(String how) throws IOException {
		this.proxy.holdRequests();
		try (RawClient client = client().send("set key 0 0 5\r\nvalue\r\n")) {
			ProxiedConnection connection = this.proxy.awaitConnection(1, LIMIT);
			await(() -> connection.heldRequestBytes() == 22);
			connection.cutClient(FaultProxy.Cut.valueOf(how));
			if (how.equals("RST")) {
				assertThatExceptionOfType(SocketException.class).isThrownBy(client::line);
			}
			else {
				assertThat(client.line()).isNull();
			}
			assertThat(connection.isClientClosed()).isTrue();
			connection.release();
			await(() -> server.command("get key").contains("value"));
		}
	}

	@Test
	void whenOnlyRepliesAreHeldThenTheServerHasExecuted() throws IOException {
		try (RawClient client = client()) {
			client.send("mn\r\n").line();
			this.proxy.holdReplies();
			client.send("set key 0 0 5\r\nvalue\r\n");
			await(() -> this.proxy.connection(1).heldReplyBytes() == 8);
			assertThat(server.command("get key")).contains("value");
			assertThat(client.isSilent()).isTrue();
			this.proxy.releaseReplies();
			assertThat(client.line()).isEqualTo("STORED");
		}
	}

	@Test
	void whenOneConnectionIsHeldThenItsCommandComesAfterThatOfALaterConnection() throws IOException {
		RawClient first = client();
		this.proxy.awaitConnection(1, LIMIT).holdRequests();
		first.send("set key 0 0 5\r\nfirst\r\n");
		await(() -> this.proxy.connection(1).heldRequestBytes() == 22);
		first.close();
		try (RawClient second = client()) {
			assertThat(second.send("set key 0 0 6\r\nsecond\r\n").line()).isEqualTo("STORED");
		}
		assertThat(server.command("get key")).contains("second");
		this.proxy.connection(1).release();
		await(() -> server.command("get key").contains("first"));
	}

	@Test
	void whenTheServerIsKilledBehindABlackHoleThenTheClientDoesNotNotice() throws IOException {
		try (RawClient client = client()) {
			client.send("mn\r\n").line();
			this.proxy.holdReplies();
			server.kill();
			assertThat(client.isSilent()).isTrue();
			this.proxy.pass();
			assertThat(client.line()).isNull();
		}
	}

	@Test
	void whenTheServerIsDownThenTheConnectionIsReset() throws IOException {
		server.kill();
		// The reset may arrive before connecting has returned.
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (RawClient client = client()) {
				client.line();
			}
		});
		server.restart();
		try (RawClient client = client()) {
			assertThat(client.send("mn\r\n").line()).isEqualTo("MN");
		}
	}

	@Test
	void whenDelayedThenRequestsAreExecutedLaterAndRepliesComeLater() throws IOException {
		try (RawClient client = client()) {
			this.proxy.delay(Duration.ofMillis(200));
			long start = System.nanoTime();
			client.send("mn\r\n").line();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
			this.proxy.delay(Duration.ZERO);
			this.proxy.delayReplies(Duration.ofHours(1));
			client.send("set key 0 0 5\r\nvalue\r\n");
			await(() -> server.command("get key").contains("value"));
			assertThat(client.isSilent()).isTrue();
			this.proxy.pass();
			assertThat(client.line()).isEqualTo("STORED");
		}
	}

	@Test
	void whenCutThenPresentConnectionsEndAndNewOnesWork() throws IOException {
		try (RawClient client = client()) {
			client.send("mn\r\n").line();
			this.proxy.cut();
			assertThat(client.line()).isNull();
		}
		try (RawClient client = client()) {
			client.send("mn\r\n").line();
			this.proxy.cut(FaultProxy.Cut.RST);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::line);
		}
		try (RawClient client = client()) {
			assertThat(client.send("mn\r\n").line()).isEqualTo("MN");
		}
	}

	@Test
	void whenAnsweringThenTheServerSeesNothing() throws IOException {
		this.proxy.answer(bytes("NONSENSE\r\n"), bytes("SERVER_ERROR busy\r\n"));
		try (RawClient client = client()) {
			assertThat(client.send("set key 0 0 5\r\nvalue\r\n").line()).isEqualTo("NONSENSE");
			assertThat(client.send("mn\r\n").line()).isEqualTo("SERVER_ERROR busy");
			assertThat(client.send("mn\r\n").line()).isEqualTo("SERVER_ERROR busy");
			this.proxy.pass();
			assertThat(client.send("get key\r\n").line()).isEqualTo("END");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.proxy.answer());
	}

	@Test
	void injectedBytesReachEveryClient() throws IOException {
		try (RawClient first = client(); RawClient second = client()) {
			this.proxy.awaitConnection(2, LIMIT);
			assertThat(this.proxy.inject(bytes("END\r\n"))).isEqualTo(2);
			assertThat(this.proxy.connection(2).inject(bytes("STORED\r\n"))).isTrue();
			assertThat(first.line()).isEqualTo("END");
			assertThat(first.send("mn\r\n").line()).isEqualTo("MN");
			assertThat(second.line()).isEqualTo("END");
			assertThat(second.line()).isEqualTo("STORED");
		}
	}

	@Test
	void whenAcceptingAndClosingThenConnectsSucceedAndEnd() throws IOException {
		this.proxy.acceptAndClose();
		for (int i = 0; i < 3; i++) {
			try (RawClient client = client()) {
				assertThat(client.line()).isNull();
			}
		}
		assertThat(this.proxy.counters().connectionsAccepted()).isEqualTo(3);
		this.proxy.pass();
		try (RawClient client = client()) {
			assertThat(client.send("mn\r\n").line()).isEqualTo("MN");
		}
	}

	@Test
	void whenMoreIsHeldThanReadAheadThenTheSenderIsHeldUpAndNothingIsLost() throws Exception {
		this.proxy.blackHole();
		int values = 64;
		String value = "x".repeat(512 * 1024);
		try (RawClient client = client()) {
			Thread sender = new Thread(() -> {
				try {
					for (int i = 0; i < values; i++) {
						client.send("set key" + i + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
					}
				}
				catch (IOException ex) {
					throw new AssertionError(ex);
				}
			});
			sender.start();
			ProxiedConnection connection = this.proxy.awaitConnection(1, LIMIT);
			await(() -> connection.heldRequestBytes() >= Pipe.READ_AHEAD_BYTES);
			assertThat(connection.heldRequestBytes()).isLessThan(Pipe.READ_AHEAD_BYTES + 128L * 1024);
			assertThat(sender.isAlive()).isTrue();
			this.proxy.pass();
			for (int i = 0; i < values; i++) {
				assertThat(client.line()).isEqualTo("STORED");
			}
			sender.join();
		}
	}

	@Test
	void faultsCanBeSwitchedWhileManyClientsTalk() throws Exception {
		List<Thread> clients = new ArrayList<>();
		List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
		for (int i = 0; i < 4; i++) {
			String key = "key" + i;
			Thread thread = new Thread(() -> countUp(key, 300));
			thread.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
			clients.add(thread);
			thread.start();
		}
		while (clients.stream().anyMatch(Thread::isAlive)) {
			this.proxy.holdRequests();
			this.proxy.holdReplies();
			this.proxy.releaseRequests();
			this.proxy.delay(Duration.ofMillis(1));
			this.proxy.pass();
			Waiting.pause();
		}
		assertThat(failures).isEmpty();
	}

	private void countUp(String key, int times) {
		try (RawClient client = client()) {
			assertThat(client.send("set " + key + " 0 0 1\r\n0\r\n").line()).isEqualTo("STORED");
			for (int i = 1; i <= times; i++) {
				assertThat(client.send("incr " + key + " 1\r\n").line()).isEqualTo(Integer.toString(i));
			}
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void whenClosedThenConnectsAreRefusedAndFaultsAreToo() throws IOException {
		try (RawClient client = client()) {
			this.proxy.blackHole();
			this.proxy.close();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				if (client.line() == null) {
					throw new IOException("closed");
				}
			});
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> client().close());
			assertThatIllegalStateException().isThrownBy(this.proxy::pass).withMessageContaining("is closed");
		}
	}

	@Test
	void anUnknownConnectionIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.proxy.connection(7))
			.withMessageContaining("no connection 7");
		assertThatIllegalArgumentException().isThrownBy(() -> this.proxy.delay(Duration.ofMillis(-1)));
	}

	private RawClient client() throws IOException {
		return new RawClient(this.proxy.address());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static void await(BooleanSupplier condition) {
		assertThat(Waiting.until(LIMIT, condition)).as("the condition holds in time").isTrue();
	}

}
