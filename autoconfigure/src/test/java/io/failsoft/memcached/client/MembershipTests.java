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
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MembershipTests {

	private final PoolClock clock = new PoolClock(ClientSettings.defaults().operationTimeout());

	private final DefaultServer a = server("a");

	private final DefaultServer b = server("b");

	private final DefaultServer c = server("c");

	@AfterEach
	void close() {
		this.clock.close();
	}

	@Test
	void whenAServerJoinsThenOnlyItGains() {
		assertThat(of(this.a, this.b, this.c).gainedSince(of(this.a, this.b))).containsExactly(this.c);
	}

	@Test
	void whenAServerLeavesThenTheOthersGain() {
		assertThat(of(this.a, this.b).gainedSince(of(this.a, this.b, this.c))).containsExactlyInAnyOrder(this.a,
				this.b);
	}

	@Test
	void whenTheListIsOnlyInAnotherOrderThenNoneGains() {
		assertThat(of(this.b, this.a).gainedSince(of(this.a, this.b))).isEmpty();
	}

	@Test
	void whenAServerComesBackAsAnotherOneThenItGains() {
		DefaultServer again = server("a");
		assertThat(of(again, this.b).gainedSince(of(this.a, this.b))).containsExactly(again);
	}

	@Test
	void everyKeyThatMovesMovesToAServerThatGains() {
		Membership before = of(this.a, this.b, this.c);
		Membership after = of(this.a, server("d"), this.c);
		List<DefaultServer> homes = Stream.iterate(1L, (hash) -> hash * 0x9e3779b97f4a7c15L + 1)
			.limit(10_000)
			.filter((hash) -> before.home(hash) != after.home(hash))
			.map(after::home)
			.distinct()
			.toList();
		assertThat(homes).isNotEmpty();
		assertThat(after.gainedSince(before)).containsExactlyInAnyOrderElementsOf(homes);
	}

	private static Membership of(DefaultServer... servers) {
		return new Membership(List.of(servers));
	}

	private DefaultServer server(String name) {
		return new DefaultServer(new ServerAddress(name, 11211, 1), name, ClientSettings.defaults(), this.clock,
				Dialer.Resolver.SYSTEM);
	}

}
