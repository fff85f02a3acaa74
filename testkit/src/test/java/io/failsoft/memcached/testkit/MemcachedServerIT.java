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
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link MemcachedServer} with a real memcached.
 */
class MemcachedServerIT {

	@Test
	void whenStartedThenItAnswers() {
		try (MemcachedServer server = MemcachedServer.start()) {
			assertThat(server.isRunning()).isTrue();
			assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
			assertThat(server.address().getPort()).isEqualTo(server.port()).isPositive();
			assertThat(server.host()).isEqualTo("127.0.0.1");
			assertThat(server.stats()).containsEntry("pid", Long.toString(server.pid())).containsKey("get_hits");
		}
	}

	@Test
	void whenStartedWithTlsThenItAnswersWithinTlsAndAlsoAfterARestart() throws IOException {
		TestIdentity identity = TestAuthority.create().issue("localhost", "127.0.0.1");
		for (MemcachedServerOptions options : List.of(MemcachedServerOptions.defaults().withTls(identity),
				MemcachedServerOptions.defaults().withMutualTls(identity))) {
			try (MemcachedServer server = MemcachedServer.start(options);
					FaultProxy proxy = FaultProxy.insideTls(server);
					Socket within = identity.context().getSocketFactory().createSocket(proxy.host(), proxy.port())) {
				within.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(within.getInputStream().read()).isEqualTo('V');
				server.restart();
				assertThat(server.command("version").get(0)).startsWith("VERSION");
			}
		}
	}

	@Test
	void commandReturnsWholeReplies() {
		try (MemcachedServer server = MemcachedServer.start()) {
			assertThat(server.command("set key 0 0 5\r\nva\r\nu")).containsExactly("STORED");
			assertThat(server.command("get key")).containsExactly("VALUE key 0 5", "va\r\nu", "END");
			assertThat(server.command("mg key v")).containsExactly("VA 5", "va\r\nu");
			assertThat(server.command("get none")).containsExactly("END");
			assertThat(server.command("mn")).containsExactly("MN");
			assertThat(server.command("nonsense")).containsExactly("ERROR");
			assertThat(server.command("quit")).isEmpty();
		}
	}

	@Test
	void statsOfAKindAreAnswered() {
		try (MemcachedServer server = MemcachedServer.start()) {
			assertThat(server.stats("items")).isEmpty();
			server.command("set key 0 0 5\r\nvalue");
			assertThat(server.stats("items")).containsEntry("items:1:number", "1");
			assertThat(server.stats("settings")).containsEntry("inter", "127.0.0.1");
		}
	}

	@Test
	void whenKilledThenConnectsAreRefused() {
		try (MemcachedServer server = MemcachedServer.start()) {
			long pid = server.pid();
			server.kill();
			assertThat(server.isRunning()).isFalse();
			assertThat(ProcessHandle.of(pid)).isEmpty();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(server).close());
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(server::stats)
				.withMessageContaining("127.0.0.1:" + server.port());
		}
	}

	@Test
	void whenRestartedThenItIsEmptyAndOnTheSamePort() {
		try (MemcachedServer server = MemcachedServer.start()) {
			int port = server.port();
			long pid = server.pid();
			for (int round = 0; round < 5; round++) {
				server.command("set key 0 0 5\r\nvalue");
				server.kill();
				server.restart();
				assertThat(server.port()).isEqualTo(port);
				assertThat(server.pid()).isNotEqualTo(pid);
				assertThat(server.command("get key")).containsExactly("END");
			}
		}
	}

	@Test
	void whenRestartedWithOpenConnectionsThenItComesUp() throws IOException {
		try (MemcachedServer server = MemcachedServer.start()) {
			List<Socket> clients = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				clients.add(connect(server));
			}
			server.restart();
			assertThat(server.command("version").get(0)).startsWith("VERSION");
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	@Test
	void whileDownThePortIsReserved() {
		try (MemcachedServer server = MemcachedServer.start()) {
			assertThat(server.isPortReserved()).isFalse();
			server.kill();
			assertThat(server.isPortReserved()).isTrue();
			server.restart();
			assertThat(server.isPortReserved()).isFalse();
			server.stop();
			assertThat(server.isPortReserved()).isTrue();
			server.restart();
			ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
			assertThat(Waiting.until(Duration.ofSeconds(10), server::isPortReserved)).isTrue();
		}
	}

	@Test
	void whenPausedThenItHangsAndWhenResumedItExecutesWhatArrived() throws IOException {
		try (MemcachedServer server = MemcachedServer.start(); Socket client = connect(server)) {
			server.pause();
			assertThat(server.isPaused()).isTrue();
			assertThat(server.isRunning()).isTrue();
			client.getOutputStream().write("set key 0 0 5\r\nvalue\r\n".getBytes(StandardCharsets.UTF_8));
			client.setSoTimeout(200);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
			server.resume();
			client.setSoTimeout(10_000);
			assertThat(new String(client.getInputStream().readNBytes(8), StandardCharsets.UTF_8))
				.isEqualTo("STORED\r\n");
			assertThat(server.isPaused()).isFalse();
		}
	}

	@Test
	void whenPausedThenItCanBeKilledStoppedAndRestarted() {
		try (MemcachedServer server = MemcachedServer.start()) {
			server.pause();
			server.kill();
			assertThat(server.isRunning()).isFalse();
			server.restart();
			server.pause();
			server.restart();
			assertThat(server.isPaused()).isFalse();
			assertThat(server.command("version").get(0)).startsWith("VERSION");
			server.pause();
			server.stop();
			assertThat(server.isRunning()).isFalse();
		}
	}

	@Test
	void whenDownThenPauseAndResumeSaySo() {
		try (MemcachedServer server = MemcachedServer.start()) {
			server.kill();
			server.kill();
			server.stop();
			assertThatIllegalStateException().isThrownBy(server::pause).withMessageContaining("restart()");
			assertThatIllegalStateException().isThrownBy(server::resume).withMessageContaining("restart()");
		}
	}

	@Test
	void whenSomebodyElseEndsItThenItIsNotRunningAndComesBack() {
		try (MemcachedServer server = MemcachedServer.start()) {
			server.command("set key 0 0 5\r\nvalue");
			ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
			assertThat(Waiting.until(Duration.ofSeconds(10), () -> !server.isRunning())).isTrue();
			server.restart();
			assertThat(server.command("get key")).containsExactly("END");
		}
	}

	@Test
	void whenClosedThenTheProcessIsGoneAndCannotComeBack() {
		MemcachedServer server = MemcachedServer.start();
		server.close();
		server.close();
		assertThat(ProcessHandle.of(server.pid())).isEmpty();
		assertThat(server.isPortReserved()).isFalse();
		assertThatIllegalStateException().isThrownBy(server::restart);
	}

	@Test
	void whenThePortIsInUseThenTheMessageSaysSo() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			MemcachedServerOptions options = MemcachedServerOptions.defaults().withPort(other.getLocalPort());
			assertThatExceptionOfType(MemcachedStartException.class).isThrownBy(() -> MemcachedServer.start(options))
				.withMessageContaining("127.0.0.1:" + other.getLocalPort() + ", which is in use");
		}
	}

	@Test
	void whenAnArgumentIsUnknownThenTheMessageHasTheOutput() {
		MemcachedServerOptions options = MemcachedServerOptions.defaults().withExtraArguments("-o", "no_such_option");
		assertThatExceptionOfType(MemcachedStartException.class).isThrownBy(() -> MemcachedServer.start(options))
			.withMessageContaining("no_such_option");
	}

	@Test
	void optionsReachTheServer() {
		MemcachedServerOptions options = MemcachedServerOptions.defaults()
			.withMemoryMegabytes(8)
			.withMaxItemBytes(64 * 1024)
			.withConnectionLimit(100)
			.withThreads(2)
			.withExtraArguments("-M");
		try (MemcachedServer server = MemcachedServer.start(options)) {
			assertThat(server.stats("settings")).containsEntry("maxbytes", Integer.toString(8 * 1024 * 1024))
				.containsEntry("item_size_max", "65536")
				.containsEntry("maxconns", "100")
				.containsEntry("num_threads", "2")
				.containsEntry("evictions", "off");
			String large = "x".repeat(70_000);
			assertThat(server.command("set key 0 0 70000\r\n" + large).get(0)).startsWith("SERVER_ERROR");
		}
	}

	@Test
	void theSmallestLimitsStart() {
		MemcachedServerOptions smallest = MemcachedServerOptions.defaults()
			.withThreads(1)
			.withConnectionLimit(20)
			.withMemoryMegabytes(1)
			.withMaxItemBytes(1024);
		try (MemcachedServer server = MemcachedServer.start(smallest)) {
			assertThat(server.command("set key 0 0 5\r\nvalue")).containsExactly("STORED");
		}
		MemcachedServerOptions manyThreads = MemcachedServerOptions.defaults().withThreads(8).withConnectionLimit(48);
		try (MemcachedServer server = MemcachedServer.start(manyThreads)) {
			assertThat(server.isRunning()).isTrue();
		}
	}

	@Test
	void withAuthenticationOnlyThePasswordOpensIt() throws IOException {
		MemcachedServerOptions options = MemcachedServerOptions.defaults().withAuthentication("scott", "ti/ger$'\"");
		try (MemcachedServer server = MemcachedServer.start(options)) {
			assertThat(server.stats()).containsKey("uptime");
			try (Socket stranger = connect(server)) {
				stranger.setSoTimeout(10_000);
				stranger.getOutputStream().write("get key\r\n".getBytes(StandardCharsets.UTF_8));
				String answer = new String(stranger.getInputStream().readNBytes(30), StandardCharsets.UTF_8);
				assertThat(answer).startsWith("CLIENT_ERROR unauthenticated");
			}
			server.restart();
			assertThat(server.stats()).containsKey("uptime");
		}
	}

	@Test
	void manyServersRunSideBySide() {
		List<MemcachedServer> servers = new ArrayList<>();
		try {
			for (int i = 0; i < 5; i++) {
				servers.add(MemcachedServer.start());
			}
			assertThat(servers.stream().map(MemcachedServer::port).distinct()).hasSize(5);
		}
		finally {
			servers.forEach(MemcachedServer::close);
		}
	}

	private static Socket connect(MemcachedServer server) throws IOException {
		return new Socket(server.address().getAddress(), server.port());
	}

}
