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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link MemcachedExtension} with a real memcached.
 */
class MemcachedExtensionIT {

	private static final List<MemcachedServer> seen = new ArrayList<>();

	@BeforeEach
	void forget() {
		seen.clear();
	}

	@Test
	void byDefaultAClassSharesOneServerWhichIsClosedAfterwards() {
		run(Shared.class).testEvents().assertStatistics((stats) -> stats.started(3).succeeded(3));
		assertThat(seen).hasSize(5);
		assertThat(seen.stream().distinct()).hasSize(1);
		assertThat(seen.get(0).isRunning()).isFalse();
	}

	@Test
	void whatATestBreaksIsRepairedForTheNext() {
		run(Breaking.class).testEvents().assertStatistics((stats) -> stats.started(3).succeeded(3));
		assertThat(seen.stream().distinct()).hasSize(1);
		assertThat(seen.get(0).isRunning()).isFalse();
	}

	@Test
	void withTheLifetimeOfAMethodEachTestHasItsOwn() {
		run(PerMethod.class).testEvents().assertStatistics((stats) -> stats.started(2).succeeded(2));
		assertThat(seen.stream().distinct()).hasSize(2);
		assertThat(seen).noneMatch(MemcachedServer::isRunning);
	}

	@Test
	void serversHaveNamesAndDeclarations() {
		run(Named.class).testEvents().assertStatistics((stats) -> stats.started(1).succeeded(1));
		assertThat(seen).hasSize(3).noneMatch(MemcachedServer::isRunning);
	}

	@Test
	void whenAServerOfAMethodIsAskedForByAClassThenTheMessageNamesTheRemedy() {
		run(TooEarly.class).allEvents()
			.assertThatEvents()
			.haveAtLeastOne(EventConditions.finishedWithFailure(
					TestExecutionResultConditions.message((message) -> message.contains("lifetime = CLASS"))));
	}

	private static EngineExecutionResults run(Class<?> tests) {
		return EngineTestKit.engine("junit-jupiter").selectors(DiscoverySelectors.selectClass(tests)).execute();
	}

	@ExtendWith(MemcachedExtension.class)
	static class Shared {

		Shared(MemcachedServer server) {
			assertThat(server.isRunning()).isTrue();
		}

		@BeforeAll
		static void fill(MemcachedServer server) {
			seen.add(server);
			server.command("set key 0 0 5\r\nvalue");
		}

		@AfterAll
		static void look(MemcachedServer server) {
			seen.add(server);
			assertThat(server.isRunning()).isTrue();
		}

		@Test
		void first(MemcachedServer server) {
			seen.add(server);
			assertThat(server.command("get key")).contains("value");
		}

		@Test
		void second(MemcachedServer server) {
			seen.add(server);
			assertThat(server.command("get key")).contains("value");
		}

		@Nested
		class Inner {

			@Test
			void third(MemcachedServer server) {
				seen.add(server);
				assertThat(server.command("get key")).contains("value");
			}

		}

	}

	@WithMemcached(memoryMegabytes = 16)
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	static class Breaking {

		@BeforeEach
		void works(MemcachedServer server, FaultProxy proxy) throws IOException {
			seen.add(server);
			assertThat(server.stats("settings")).containsEntry("maxbytes", "16777216");
			try (RawClient client = new RawClient(proxy.address())) {
				assertThat(client.send("mn\r\n").line()).isEqualTo("MN");
			}
		}

		@Test
		@Order(1)
		void kills(MemcachedServer server, FaultProxy proxy) {
			proxy.refuse();
			server.kill();
		}

		@Test
		@Order(2)
		void pauses(MemcachedServer server, FaultProxy proxy) {
			proxy.blackHole();
			server.pause();
		}

		@Test
		@Order(3)
		void nothing() {
		}

	}

	@WithMemcached(lifetime = WithMemcached.Lifetime.METHOD)
	static class PerMethod {

		private final MemcachedServer mine;

		PerMethod(MemcachedServer server) {
			this.mine = server;
			seen.add(server);
		}

		@Test
		void first(MemcachedServer server) {
			assertThat(server).isSameAs(this.mine);
			assertThat(server.command("add key 0 0 5\r\nvalue")).containsExactly("STORED");
		}

		@Test
		void second(MemcachedServer server, FaultProxy proxy) {
			assertThat(server).isSameAs(this.mine);
			assertThat(proxy.target()).isEqualTo(server.address());
			assertThat(server.command("add key 0 0 5\r\nvalue")).containsExactly("STORED");
		}

	}

	@WithMemcached(threads = 2)
	@WithMemcached(name = "safe", username = "scott", password = "tiger")
	static class Named {

		@Test
		void namesAreServers(MemcachedServer unnamed, @MemcachedName("safe") MemcachedServer safe,
				@MemcachedName("other") MemcachedServer other, @MemcachedName("safe") MemcachedServer again,
				@MemcachedName("safe") FaultProxy proxy) {
			seen.addAll(List.of(unnamed, safe, other));
			assertThat(seen.stream().map(MemcachedServer::port).distinct()).hasSize(3);
			assertThat(again).isSameAs(safe);
			assertThat(proxy.target()).isEqualTo(safe.address());
			assertThat(safe.options().username()).isEqualTo("scott");
			assertThat(safe.stats("settings")).containsEntry("num_threads", "4");
			assertThat(unnamed.stats("settings")).containsEntry("num_threads", "2");
			assertThat(other.stats("settings")).containsEntry("num_threads", "2");
		}

	}

	@WithMemcached(lifetime = WithMemcached.Lifetime.METHOD)
	static class TooEarly {

		@BeforeAll
		static void fails(MemcachedServer server) {
			throw new AssertionError(server);
		}

		@Test
		void neverRuns() {
		}

	}

}
