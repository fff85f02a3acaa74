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

package io.failsoft.memcached.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedServerMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final Servers servers = new Servers();

	@Test
	void metersFollowTheServers() {
		this.registry.counter("others.meter", "server", "gone").increment();
		this.registry.counter("memcached.of.the.application", "server", "another:1").increment();
		start();
		assertThat(metered()).containsExactly("a:1");
		this.servers.change("a:1", "b:1");
		assertThat(metered()).containsExactly("a:1", "b:1");
		this.servers.change("b:1", "c:1");
		assertThat(metered()).containsExactly("b:1", "c:1");
		assertThat(this.registry.find("memcached.invalidations.pending").tag("server", "a:1").gauge()).isNull();
		assertThat(this.registry.find("others.meter").counter()).isNotNull();
		assertThat(this.registry.find("memcached.of.the.application").counter()).isNotNull();
	}

	@Test
	void whenAServerIsMeteredOnceMoreAfterItIsGoneThenTheNextChangeRemovesThat() {
		start();
		this.servers.change("b:1");
		this.registry.counter("memcached.bytes.sent", "server", "a:1").increment();
		this.servers.change("c:1");
		assertThat(this.registry.find("memcached.bytes.sent").tag("server", "a:1").counter()).isNull();
	}

	@Test
	void whenServersComeAndGoThenTheirNamesAreForgotten() {
		start();
		this.servers.change("b:1");
		this.servers.change("c:1");
		this.registry.counter("memcached.of.the.application", "server", "a:1").increment();
		this.servers.change("d:1");
		assertThat(this.registry.find("memcached.of.the.application").counter()).isNotNull();
	}

	@Test
	void whenNothingChangesThenMetersAreTheSame() {
		start();
		Object meter = this.registry.get("memcached.server.up").gauge();
		this.servers.change("a:1");
		assertThat(this.registry.get("memcached.server.up").gauge()).isSameAs(meter);
	}

	private void start() {
		new MemcachedServerMetrics(this.servers, Map::of).bindTo(this.registry);
	}

	private List<String> metered() {
		return this.registry.get("memcached.server.up")
			.gauges()
			.stream()
			.map((gauge) -> String.valueOf(gauge.getId().getTag("server")))
			.sorted()
			.toList();
	}

	private static final class Servers implements MemcachedServers {

		private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

		private List<String> names = List.of("a:1");

		void change(String... changed) {
			this.names = List.of(changed);
			this.listeners.forEach(Runnable::run);
		}

		@Override
		public boolean isAlive() {
			return true;
		}

		@Override
		public List<ServerSnapshot> snapshots() {
			try (ServerPool pool = ServerPool.create(this.names.stream().map(ServerAddress::parse).toList(),
					ClientSettings.defaults())) {
				return pool.snapshots();
			}
		}

		@Override
		public void onChange(Runnable action) {
			this.listeners.add(action);
		}

	}

}
