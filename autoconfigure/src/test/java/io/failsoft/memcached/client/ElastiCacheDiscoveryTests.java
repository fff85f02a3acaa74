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
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Discovery by a configuration endpoint that behaves and misbehaves.
 */
class ElastiCacheDiscoveryTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final ServerAddress ONE = ServerAddress.parse("node-1.example.com:11211");

	private static final ServerAddress TWO = ServerAddress.parse("node-2.example.com:11212");

	private static final ServerAddress THREE = ServerAddress.parse("node-3.example.com:11211");

	private final ConfigurationEndpoint endpoint;

	private final ElastiCacheDiscovery discovery;

	ElastiCacheDiscoveryTests() throws IOException {
		this.endpoint = new ConfigurationEndpoint();
		this.discovery = new ElastiCacheDiscovery(List.of(this.endpoint.address()), LONG, LONG, null,
				Dialer.Resolver.SYSTEM);
	}

	@AfterEach
	void close() throws IOException {
		this.discovery.close();
		this.endpoint.close();
	}

	@Test
	void nodesAreAddedAndRemoved() {
		this.endpoint.answer(1, ONE, TWO);
		assertFound(null, ONE, TWO);
		this.endpoint.answer(2, ONE, TWO, THREE);
		assertFound(null, ONE, TWO, THREE);
		this.endpoint.answer(3, THREE);
		assertFound(null, THREE);
		assertThat(this.endpoint.questions).containsOnly("config get cluster");
	}

	@Test
	void whenTheVersionDoesNotGrowThenTheNodesStay() {
		this.endpoint.answer(5, ONE, TWO);
		assertFound(null, ONE, TWO);
		this.endpoint.answer(5, THREE);
		assertFound(null, ONE, TWO);
		this.endpoint.answer(4, THREE);
		assertFound("version 4 of the configuration after 5", ONE, TWO);
		this.endpoint.answer(6, THREE);
		assertFound(null, THREE);
	}

	@Test
	void whenTheEndpointIsDownAtTheStartThenThereAreNoServersUntilItIsUp() throws IOException {
		this.endpoint.stop();
		Discovery.Found found = this.discovery.look();
		assertThat(found.servers()).isEmpty();
		assertThat(found.failures()).containsExactly(Map.entry(this.endpoint.address(), "refused"));
		assertThat(found.failure()).contains("refused");
		this.endpoint.start();
		this.endpoint.answer(1, ONE);
		assertFound(null, ONE);
	}

	@Test
	void whenTheEndpointDiesThenTheLastKnownNodesStay() throws IOException {
		this.endpoint.answer(1, ONE, TWO);
		assertFound(null, ONE, TWO);
		this.endpoint.stop();
		assertFound("refused", ONE, TWO);
		this.endpoint.start();
		this.endpoint.answer(2, TWO);
		assertFound(null, TWO);
	}

	@Test
	void whenTheEndpointHangsThenTheQuestionEndsInTime() {
		this.endpoint.hang();
		ElastiCacheDiscovery hasty = new ElastiCacheDiscovery(List.of(this.endpoint.address()), LONG,
				Duration.ofMillis(500), null, Dialer.Resolver.SYSTEM);
		long began = System.nanoTime();
		Stopwatch.Timed<Discovery.Found> looked = Stopwatch.time(hasty::look);
		assertThat(TestPool.millisSince(began)).isGreaterThan(400);
		assertThat(looked.result().failure()).contains("no answer in time");
		assertThat(looked.millis()).isLessThan(5_000);
		TestPool.await("the connection is closed", () -> this.endpoint.connections() == 0);
	}

	@Test
	void whenTheAnswerComesInPiecesThenItIsPutTogether() {
		String whole = ConfigurationEndpoint.configuration("CONFIG cluster", 1, ONE, TWO);
		this.endpoint.answer(false, whole.split("(?<=.)", whole.length()));
		assertFound(null, ONE, TWO);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 400 Bad Request\r\n\r\n", "SERVER_ERROR out of memory\r\n", "ERROR\r\n",
			"CLIENT_ERROR unknown\r\n", "END\r\n", "\r\n", "\0\1\2\u00ff\r\n", "CONFIG cluster 0 -1\r\n",
			"CONFIG cluster 0 99999999\r\n", "CONFIG cluster 0 5\r\n1\na|b|1\n\r\nEND\r\n",
			"CONFIG cluster 0 8\r\n1\na|b|1\n\r\nEND\r\nmore", "CONFIG cluster 0 0\r\n\r\nEND\r\n",
			"CONFIG cluster 0 2\r\n1\n\r\nEND\r\n", "CONFIG cluster 0 8\r\nx\na|b|1\n\r\nEND\r\n",
			"CONFIG cluster 0 6\r\n1\na|b\n\r\nEND\r\n", "CONFIG cluster 0 8\r\n1\na|b|0\n\r\nEND\r\n",
			"CONFIG cluster 0 12\r\n1\na|b|99999\n\r\nEND\r\n", "CONFIG cluster 0 7\r\n1\n||11\n\r\nEND\r\n",
			"CONFIG cluster 0 8\r\n1\n\u0085|b|1\n\r\nEND\r\n", "CONFIG cluster 0 14\r\n1\na|b|1 A|b|1\n\r\nEND\r\n",
			"CONFIG cluster 0 10\r\n1\na|b|1\n2\n\r\nEND\r\n" })
	void whenTheAnswerIsNonsenseThenNothingIsTakenFromIt(String answer) {
		this.endpoint.answer(true, answer);
		Discovery.Found found = this.discovery.look();
		assertThat(found.servers()).isEmpty();
		assertThat(found.failure()).isNotNull().matches("[ -~]{1,200}");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 12, 20, 40, 60 })
	void whenTheAnswerIsCutOffThenNothingIsTakenFromIt(int length) {
		String whole = ConfigurationEndpoint.configuration("CONFIG cluster", 1, ONE, TWO);
		this.endpoint.answer(true, whole.substring(0, length));
		assertThat(this.discovery.look().servers()).isEmpty();
		this.endpoint.answer(true, whole.substring(0, whole.length() - 1));
		assertThat(this.discovery.look().failure()).contains("closed before the end");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "CONFIG cluster 0 65000\r\n1\n" })
	void whenTheAnswerIsHugeThenReadingEnds(String begin) {
		this.endpoint.answer(false, begin, "y".repeat(10_000_000));
		assertThat(this.discovery.look().failure()).containsAnyOf("answer of more than", "another length");
	}

	@Test
	void whenItIsClosedThenAQuestionUnderWayEndsAtOnce() throws InterruptedException {
		this.endpoint.hang();
		ElastiCacheDiscovery patient = new ElastiCacheDiscovery(List.of(this.endpoint.address()), LONG, LONG, null,
				Dialer.Resolver.SYSTEM);
		Thread asking = new Thread(patient::look);
		asking.start();
		TestPool.await("asked", () -> !this.endpoint.questions.isEmpty());
		patient.close();
		asking.join(10_000);
		assertThat(asking.isAlive()).isFalse();
		assertThat(patient.look().failure()).contains("client closed");
	}

	@Test
	void whenTheFirstEndpointDoesNotAnswerThenTheNextIsAsked() throws IOException {
		try (ConfigurationEndpoint other = new ConfigurationEndpoint()) {
			this.endpoint.stop();
			other.answer(1, ONE);
			ElastiCacheDiscovery both = new ElastiCacheDiscovery(List.of(this.endpoint.address(), other.address()),
					LONG, LONG, null, Dialer.Resolver.SYSTEM);
			assertThat(both.look().servers()).containsExactly(ONE);
			assertThat(both.look().failure()).isNull();
		}
	}

	private void assertFound(@Nullable String failure, ServerAddress... servers) {
		Discovery.Found found = this.discovery.look();
		assertThat(found.servers()).containsExactly(servers);
		if (failure == null) {
			assertThat(found.failure()).isNull();
		}
		else {
			assertThat(found.failure()).startsWith("127.0.0.1:").contains(failure);
		}
	}

}
