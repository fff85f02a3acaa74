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

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OperationListenerTests {

	private final List<String> told = new CopyOnWriteArrayList<>();

	private OperationListener recorder() {
		return (server, operation) -> (reply, nanos) -> this.told.add(operation + " "
				+ ((reply.failure() != null) ? reply.failure() : reply.stored() || reply.first() != null));
	}

	@Test
	void eachOperationIsToldOnceAndProbesAreNot() throws Exception {
		try (FakeServer fake = FakeServer.healthy(); TestPool pool = new TestPool(TestPool.patient(), fake.address())) {
			pool.pool.setOperationListener(recorder());
			Link link = pool.up();
			TestPool.set(link, "k", TestPool.bytes("v"));
			TestPool.get(link, "k");
			TestPool.get(link, "none");
			TestPool.await("told", () -> this.told.size() == 3);
			assertThat(this.told).containsExactly("set true", "get true", "get false");
		}
	}

	@Test
	void anOperationThatTimesOutIsToldOnceWhateverComesLater() throws Exception {
		try (FakeServer fake = new FakeServer((line) -> line.startsWith("gets slow") ? FakeServer.SILENCE : null);
				TestPool pool = new TestPool(TestPool.patient(), fake.address())) {
			Link link = pool.up();
			pool.pool.setOperationListener(recorder());
			Reply pending = link.gets(TestPool.key("slow"));
			pending.await(TimeUnit.MILLISECONDS.toNanos(20));
			pool.pool.close();
			assertThat(pending.await(0).failure()).isEqualTo(Failure.TIMEOUT);
			assertThat(this.told).containsExactly("get TIMEOUT");
		}
	}

	@Test
	void everyFailureIsTheResultOfItsName() {
		for (Failure failure : Failure.values()) {
			Reply reply = () -> failure;
			assertThat(reply.outcome()).isEqualTo(failure.name().toLowerCase(Locale.ROOT));
		}
	}

	@Test
	void whatIsRefusedIsTold() throws Exception {
		try (FakeServer fake = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.settings(1000, 1000), fake.address())) {
			Link link = pool.up();
			pool.pool.setOperationListener(recorder());
			TestPool.set(link, "k", new byte[2000]);
			assertThat(this.told).containsExactly("set OVERLOADED");
			pool.pool.close();
			TestPool.await("closed", () -> !link.isOpen());
			TestPool.get(link, "k");
			assertThat(this.told).containsExactly("set OVERLOADED", "get DOWN");
		}
	}

	@Test
	void whatAListenerThrowsHarmsNothingAndIsLoggedOnce(CapturedOutput output) throws Exception {
		try (FakeServer fake = FakeServer.healthy(); TestPool pool = new TestPool(TestPool.patient(), fake.address())) {
			Link link = pool.up();
			pool.pool.setOperationListener((server, operation) -> {
				if (operation.equals("set")) {
					throw new IllegalStateException("at the begin");
				}
				return (reply, nanos) -> {
					throw new AssertionError("at the end");
				};
			});
			for (int i = 0; i < 10; i++) {
				assertThat(TestPool.set(link, "k", TestPool.bytes("v")).stored()).isTrue();
				assertThat(TestPool.get(link, "k").first()).isNotNull();
			}
			assertThat(pool.losses).hasValue(0);
			assertThat(output).containsOnlyOnce("A listener of memcached operations failed");
		}
	}

}
