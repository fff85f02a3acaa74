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

package io.failsoft.memcached.sample.dashboard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.failsoft.memcached.sample.City;
import io.failsoft.memcached.sample.SampleClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * The load, against a server that counts.
 */
class LoadIT {

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger mostUnderWay = new AtomicInteger();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final CountDownLatch gate = new CountDownLatch(1);

	private volatile int status = 200;

	private volatile boolean held;

	private HttpServer server;

	private Load load;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.setExecutor(this.executor);
		this.server.start();
		Questions questions = new Questions(mock(JdbcClient.class)) {

			@Override
			List<City> cities() {
				return List.of(new City(1, "Ys", "FR", 100, 48, -4), new City(2, "Vineta", "DE", 10, 54, 14));
			}

		};
		MockEnvironment environment = new MockEnvironment().withProperty("local.server.port",
				String.valueOf(this.server.getAddress().getPort()));
		this.load = new Load(questions, environment, this.nanos::get);
	}

	@AfterEach
	void stop() {
		this.load.destroy();
		this.gate.countDown();
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	@Test
	void isBounded() {
		this.load.turnTo(1_000_000);
		assertThat(this.load.progress().rate()).isEqualTo(Load.MAX_RATE);
		this.load.turnTo(-1);
		assertThat(this.load.progress().rate()).isZero();
	}

	@Test
	void whenAnswersAreSlowThenNoMoreThanFourAreUnderWay() throws Exception {
		this.held = true;
		this.load.turnTo(Load.MAX_RATE);
		SampleClient.await("four under way", () -> this.underWay.get() == 4);
		this.gate.countDown();
		SampleClient.await("answers", () -> this.load.progress().answered() >= 20);
		assertThat(this.mostUnderWay).hasValue(4);
		assertThat(this.load.progress().failed()).isZero();
	}

	@Test
	void countsWhatFails() throws Exception {
		this.status = 500;
		this.load.turnTo(100);
		SampleClient.await("failures", () -> this.load.progress().failed() >= 3);
		assertThat(this.load.progress().answered()).isZero();
	}

	@Test
	void whenNobodyWatchesThenItStops() throws Exception {
		this.load.turnTo(50);
		SampleClient.await("answers", () -> this.load.progress().answered() > 0);
		this.nanos.addAndGet(Load.UNWATCHED.toNanos());
		this.load.watched();
		this.nanos.addAndGet(Load.UNWATCHED.toNanos());
		long before = this.load.progress().answered();
		SampleClient.await("answers while it is watched", () -> this.load.progress().answered() > before);
		this.nanos.incrementAndGet();
		SampleClient.await("the end", () -> this.load.progress().rate() == 0);
	}

	private void answer(HttpExchange exchange) throws IOException {
		int now = this.underWay.incrementAndGet();
		this.mostUnderWay.accumulateAndGet(now, Math::max);
		try {
			if (this.held) {
				this.gate.await(60, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.underWay.decrementAndGet();
		exchange.sendResponseHeaders(this.status, -1);
		exchange.close();
	}

}
