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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DnsDiscoveryTests {

	private final Map<String, List<String>> records = new HashMap<>();

	@Test
	void eachAddressOfEachNameIsAServerWithTheNamesPortAndWeight() {
		this.records.put("one", List.of("10.0.0.2", "10.0.0.1"));
		this.records.put("two", List.of("10.0.0.3"));
		Discovery.Found found = discovery("one:1", "two:2*3").look();
		assertThat(found.servers()).containsExactly(server("10.0.0.1:1"), server("10.0.0.2:1"), server("10.0.0.3:2*3"));
		assertThat(found.failure()).isNull();
	}

	@Test
	void whenTwoNamesShareAnAddressThenItIsOneServer() {
		this.records.put("one", List.of("10.0.0.1"));
		this.records.put("two", List.of("10.0.0.1", "10.0.0.2"));
		assertThat(discovery("one", "two").look().servers()).containsExactly(server("10.0.0.1"), server("10.0.0.2"));
	}

	@Test
	void whenANameHasAddressesOfBothFamiliesThenThoseOfOneCount() {
		this.records.put("one", List.of("2001:db8::1", "10.0.0.1"));
		this.records.put("six", List.of("2001:db8::2"));
		assertThat(discovery("one", "six").look().servers()).containsExactly(server("10.0.0.1"),
				server("[2001:db8:0:0:0:0:0:2]"));
	}

	@Test
	void whenANameCannotBeResolvedAtFirstThenItStaysWithoutAServer() {
		this.records.put("two", List.of("10.0.0.2"));
		DnsDiscovery discovery = discovery("one", "two");
		Discovery.Found found = discovery.look();
		assertThat(found.servers()).containsExactly(server("10.0.0.2"));
		assertThat(found.failures()).containsExactly(Map.entry(server("one"), "unknown host"));
		assertThat(found.failure()).isEqualTo("one:11211: unknown host");
		this.records.put("one", List.of("10.0.0.1"));
		assertThat(discovery.look().failures()).isEmpty();
	}

	@Test
	void whenANameCannotBeResolvedAnyMoreThenItsLastKnownAddressesStay() {
		this.records.put("one", List.of("10.0.0.1", "10.0.0.2"));
		DnsDiscovery discovery = discovery("one");
		discovery.look();
		for (List<String> bad : List.of(List.of("unknown"), List.<String>of())) {
			this.records.put("one", bad);
			for (int i = 0; i < 10; i++) {
				Discovery.Found found = discovery.look();
				assertThat(found.servers()).containsExactly(server("10.0.0.1"), server("10.0.0.2"));
				assertThat(found.failure()).isNotNull();
			}
		}
	}

	@Test
	void anAddressIsGivenUpOnlyWhenItIsMissingInSeveralAnswersInARow() {
		DnsDiscovery discovery = discovery("one");
		List<List<String>> answers = new ArrayList<>(List.of(List.of("10.0.0.1", "10.0.0.2")));
		List<String> without = List.of("10.0.0.1");
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < DnsDiscovery.MISSING_ANSWERS - 1; i++) {
				answers.add(without);
			}
			answers.add(List.of("10.0.0.2"));
		}
		for (List<String> answer : answers) {
			this.records.put("one", answer);
			assertThat(discovery.look().servers()).hasSize(2);
		}
		this.records.put("one", without);
		for (int i = 1; i < DnsDiscovery.MISSING_ANSWERS; i++) {
			assertThat(discovery.look().servers()).hasSize(2);
		}
		assertThat(discovery.look().servers()).containsExactly(server("10.0.0.1"));
	}

	private DnsDiscovery discovery(String... names) {
		return new DnsDiscovery(List.of(names).stream().map(ServerAddress::parse).toList(), this::resolve);
	}

	private InetAddress[] resolve(String host) throws UnknownHostException {
		List<String> addresses = this.records.getOrDefault(host, List.of("unknown"));
		if (addresses.contains("unknown")) {
			throw new UnknownHostException(host);
		}
		InetAddress[] resolved = new InetAddress[addresses.size()];
		for (int i = 0; i < resolved.length; i++) {
			resolved[i] = InetAddress.getByName(addresses.get(i));
		}
		return resolved;
	}

	private static ServerAddress server(String text) {
		return ServerAddress.parse(text);
	}

}
