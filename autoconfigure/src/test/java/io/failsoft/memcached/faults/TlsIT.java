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

package io.failsoft.memcached.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.failsoft.memcached.testkit.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS with real servers, {@code memcached -Z}: who is trusted, and what is told to whom
 * is not.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsIT {

	private static final MemcachedServerOptions OPTIONS = MemcachedServerOptions.defaults()
		.withTls(TestTls.localhost());

	private static final MemcachedServerOptions EXAMPLE = MemcachedServerOptions.defaults().withTls(TestTls.example());

	private static RunningApplication start(MemcachedServer server, String... properties) {
		List<String> all = new ArrayList<>(TestTls.trusting(TestTls.authority()));
		all.add("memcached.servers=localhost:" + server.port());
		// A hit is expected however busy the machine is.
		all.add("memcached.operation-timeout=10s");
		all.addAll(List.of(properties));
		return RunningApplication.start(all.toArray(String[]::new));
	}

	private static void assertCaches(RunningApplication application, String key) {
		Catalogue catalogue = application.catalogue();
		int before = catalogue.calls();
		catalogue.get(key);
		catalogue.get(key);
		assertThat(catalogue.calls()).isEqualTo(before + 1);
	}

	/** The server is refused, is told nothing, and no call suffers. */
	private static void assertRefused(MemcachedServer server, RunningApplication application, String reason) {
		Polling.until("refused: " + reason, () -> {
			String failure = server(application).lastFailure();
			return failure != null && failure.contains(reason);
		});
		Catalogue catalogue = application.catalogue();
		for (int i = 0; i < 5; i++) {
			assertThat(catalogue.get("a")).isEqualTo(catalogue.current("a"));
		}
		assertThat(catalogue.calls()).isEqualTo(5);
		assertThat(server(application).state()).isEqualTo(State.CONNECTING);
		assertThat(server(application).bytesSent()).isZero();
		assertThat(server.stats()).containsEntry("cmd_set", "0").containsEntry("cmd_get", "0");
	}

	private static ServerSnapshot server(RunningApplication application) {
		return application.servers().get(0);
	}

	@Test
	void whenTheCertificateIsOfAnotherAuthorityThenTheServerIsNeverUsed() {
		TestAuthority other = TestAuthority.create();
		MemcachedServerOptions options = MemcachedServerOptions.defaults().withTls(other.issue("localhost"));
		try (MemcachedServer server = MemcachedServer.start(options); RunningApplication application = start(server)) {
			assertRefused(server, application, "its certificate is of no authority that is trusted");
		}
	}

	@Test
	void whenNoBundleIsNamedThenTheAuthoritiesOfTheJdkAreTrusted() {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				RunningApplication application = RunningApplication
					.start("memcached.servers=localhost:" + server.port(), "memcached.ssl.enabled=true")) {
			assertRefused(server, application, "its certificate is of no authority that is trusted");
		}
	}

	@Test
	void whenTheCertificateHasExpiredThenTheServerIsNeverUsed() {
		MemcachedServerOptions options = MemcachedServerOptions.defaults()
			.withTls(TestTls.authority().issueExpired("localhost"));
		try (MemcachedServer server = MemcachedServer.start(options); RunningApplication application = start(server)) {
			assertRefused(server, application, "its certificate has expired");
		}
	}

	@Test
	void whenTheCertificateIsForAnotherNameThenTheServerIsNeverUsedAndThePasswordStaysHere(CapturedOutput output) {
		try (MemcachedServer server = MemcachedServer.start(EXAMPLE.withAuthentication("shop", "s3cret"))) {
			// By the tests' own client, which adds one each time.
			int before = authentications(server);
			try (RunningApplication application = start(server, "memcached.username=shop", "memcached.password=s3cret",
					"memcached.connect-timeout=20s")) {
				assertRefused(server, application, "its certificate is not for localhost");
			}
			assertThat(authentications(server)).isEqualTo(before + 2);
			assertThat(output).contains("is not reachable: its certificate is not for localhost")
				.doesNotContain("\tat ");
		}
	}

	private static int authentications(MemcachedServer server) {
		return Integer.parseInt(server.stats().getOrDefault("auth_cmds", ""));
	}

	@Test
	void whenTheNameIsNotToBeVerifiedThenOnlyTheNameIsNotAndOneLineSaysSo(CapturedOutput output) {
		String anyName = "memcached.ssl.verify-hostname=false";
		MemcachedServerOptions expired = MemcachedServerOptions.defaults()
			.withTls(TestTls.authority().issueExpired("cache.example.com"));
		try (MemcachedServer server = MemcachedServer.start(EXAMPLE.withAuthentication("shop", "s3cret"));
				RunningApplication application = start(server, anyName, "memcached.username=shop",
						"memcached.password=s3cret")) {
			application.up();
			assertCaches(application, "a");
			assertThat(output.getAll().lines().filter((line) -> line.contains("verify-hostname"))).singleElement()
				.asString()
				.contains(" WARN ");
		}
		try (MemcachedServer server = MemcachedServer.start(expired);
				RunningApplication application = start(server, anyName)) {
			assertRefused(server, application, "its certificate has expired");
		}
	}

	@Test
	void whenTheServerDemandsACertificateThenOnlyABundleWithAKeyWillDo() {
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withMutualTls(TestTls.localhost()))) {
			try (RunningApplication application = start(server)) {
				Polling.until("refused", () -> server(application).lastFailure() != null);
				assertThat(server(application).state()).isEqualTo(State.CONNECTING);
			}
			try (RunningApplication application = start(server,
					"spring.ssl.bundle.pem.cache.keystore.certificate=" + TestTls.example().certificate(),
					"spring.ssl.bundle.pem.cache.keystore.private-key=" + TestTls.example().key())) {
				application.up();
				assertCaches(application, "a");
			}
		}
	}

	@Test
	void whenTheServerDoesNotSpeakTlsThenItIsNeverUsed() {
		try (MemcachedServer server = MemcachedServer.start(); RunningApplication application = start(server)) {
			assertRefused(server, application, "it does not speak tls");
		}
	}

	@Test
	void whenTheBundleIsReloadedThenNewConnectionsUseItAndOldOnesLiveOn(@TempDir Path folder) throws Exception {
		TestAuthority next = TestAuthority.create();
		Path trusted = Files.writeString(folder.resolve("ca.pem"), TestTls.authority().certificate());
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				RunningApplication application = start(server,
						"spring.ssl.bundle.pem.cache.truststore.certificate=" + trusted.toUri(),
						"spring.ssl.bundle.pem.cache.reload-on-update=true",
						"spring.ssl.bundle.watch.file.quiet-period=50ms")) {
			application.up();
			assertCaches(application, "a");
			ServerSnapshot before = server(application);
			Files.writeString(trusted, next.certificate());
			// An old connection uses what it was opened with.
			assertCaches(application, "b");
			assertThat(server(application).since()).isEqualTo(before.since());
			// While it is down its port is kept.
			server.kill();
			try (MemcachedServer renewed = MemcachedServer
				.start(MemcachedServerOptions.defaults().withPort(server.port()).withTls(next.issue("localhost")))) {
				application.up();
				Polling.until("hits", () -> {
					int calls = application.catalogue().calls();
					application.catalogue().get("c");
					return application.catalogue().calls() == calls;
				});
				assertThat(renewed.isRunning()).isTrue();
			}
		}
	}

}
