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

import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text authentication ({@code memcached -Y}) against real servers.
 */
@ExtendWith(OutputCaptureExtension.class)
class AuthenticationIT {

	/** A hit is expected however busy the machine is. */
	private static final String PATIENT = "memcached.operation-timeout=10s";

	private static final String USERNAME = "memcached.username=shop";

	private static final MemcachedServerOptions DEMANDING = MemcachedServerOptions.defaults()
		.withAuthentication("shop", "s3cret");

	@Test
	void whenThePasswordIsRightThenTheServerIsUsedAndAlsoAfterARestart(CapturedOutput output) {
		try (MemcachedServer server = MemcachedServer.start(DEMANDING);
				RunningApplication application = RunningApplication
					.start(at(server), PATIENT, USERNAME, "memcached.password=s3cret")
					.up()) {
			assertCaches(application, "first");
			server.kill();
			Polling.until("down", () -> server(application).state() == State.DOWN);
			server.restart();
			application.up();
			assertCaches(application, "second");
			assertThat(output).doesNotContain("s3cret");
		}
	}

	@Test
	void whenThePasswordIsWrongThenOneLineSaysSoAndEveryCallFallsThrough(CapturedOutput output) {
		try (MemcachedServer server = MemcachedServer.start(DEMANDING);
				FaultProxy proxy = FaultProxy.to(server);
				RunningApplication application = RunningApplication.start(
						"memcached.servers=" + proxy.host() + ":" + proxy.port(), USERNAME,
						"memcached.password=gu3ssed")) {
			Polling.until("refused", () -> server(application).lastFailure() != null);
			Catalogue catalogue = application.catalogue();
			for (int i = 0; i < 200; i++) {
				catalogue.get("a");
			}
			assertThat(catalogue.calls()).isEqualTo(200);
			// Probed again and again meanwhile, at the pace of the back-off.
			Polling.until("probed", () -> proxy.counters().connectionsAccepted() >= 5);
			assertThat(server(application).state()).isEqualTo(State.CONNECTING);
			assertThat(server(application).lastFailure())
				.isEqualTo("authentication failed; check memcached.username and memcached.password");
			List<String> lines = output.getAll().lines().filter((line) -> line.contains("memcached.password")).toList();
			assertThat(lines).singleElement()
				.asString()
				.contains(" WARN ")
				.contains(
						"memcached " + proxy.host() + ":" + proxy.port() + " is not reachable: authentication failed");
			assertThat(output).doesNotContain("gu3ssed").doesNotContain("s3cret").doesNotContain("\tat ");
		}
	}

	@Test
	void whenTheServerComesBackWithTheRightPasswordThenItIsUsed() {
		try (MemcachedServer server = MemcachedServer.start(DEMANDING);
				RunningApplication application = RunningApplication.start(at(server), PATIENT, USERNAME,
						"memcached.password=changed")) {
			Polling.until("refused", () -> server(application).lastFailure() != null);
			// While it is down its port is kept.
			server.kill();
			try (MemcachedServer changed = MemcachedServer.start(
					MemcachedServerOptions.defaults().withPort(server.port()).withAuthentication("shop", "changed"))) {
				application.up();
				assertCaches(application, "a");
				assertThat(changed.isRunning()).isTrue();
			}
		}
	}

	@Test
	void whenTheServerDemandsAPasswordAndThereIsNoneThenTheLineSaysWhatToSet(CapturedOutput output) {
		try (MemcachedServer server = MemcachedServer.start(DEMANDING);
				RunningApplication application = RunningApplication.start(at(server))) {
			Polling.until("told", () -> output.getAll().contains("set memcached.username"));
			assertThat(server(application).lastFailure())
				.isEqualTo("it demands authentication; set memcached.username and memcached.password");
			assertThat(output).containsOnlyOnce("set memcached.username and memcached.password");
		}
	}

	@Test
	void whenTheServerDemandsNoPasswordThenItWorksAndKeepsNone() {
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = RunningApplication
					.start(at(server), PATIENT, USERNAME, "memcached.password=s3cret")
					.up()) {
			assertCaches(application, "a");
			// The crawler leaves out what is being used at that moment.
			Polling.until("the probe is among the keys", () -> {
				List<String> keys = server.command("lru_crawler metadump all")
					.stream()
					.filter((line) -> line.startsWith("key="))
					.map((line) -> line.substring(4, line.indexOf(' ')).replace("%3A", ":"))
					.toList();
				for (String key : keys) {
					assertThat(server.command("get " + key)).noneMatch((line) -> line.contains("s3cret"));
				}
				return keys.stream().anyMatch((key) -> key.startsWith("failsoft:probe:"));
			});
		}
	}

	private static void assertCaches(RunningApplication application, String key) {
		Catalogue catalogue = application.catalogue();
		int before = catalogue.calls();
		catalogue.get(key);
		catalogue.get(key);
		assertThat(catalogue.calls()).isEqualTo(before + 1);
	}

	private static ServerSnapshot server(RunningApplication application) {
		return application.servers().get(0);
	}

	private static String at(MemcachedServer server) {
		return "memcached.servers=" + server.host() + ":" + server.port();
	}

}
