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

import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.failsoft.memcached.testkit.TestAuthority;
import io.failsoft.memcached.testkit.TestIdentity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS with real servers, {@code memcached -Z}.
 */
class TlsIT {

	private static final TestAuthority AUTHORITY = TestAuthority.create();

	private static final TestIdentity LOCALHOST = AUTHORITY.issue("localhost", "127.0.0.1");

	@Test
	void whenTheBundleTrustsTheServerThenItIsUsed() {
		try (MemcachedServer server = MemcachedServer.start(MemcachedServerOptions.defaults().withTls(LOCALHOST));
				RunningApplication application = RunningApplication.start(
						"memcached.servers=localhost:" + server.port(), "memcached.ssl.bundle=cache",
						"spring.ssl.bundle.pem.cache.truststore.certificate=" + AUTHORITY.certificate())) {
			application.up();
			Catalogue catalogue = application.catalogue();
			catalogue.get("key");
			int calls = catalogue.calls();
			catalogue.get("key");
			assertThat(catalogue.calls()).isEqualTo(calls);
			assertThat(server.stats("conns").values()).isNotEmpty();
			ServerSnapshot snapshot = application.servers().get(0);
			assertThat(snapshot.bytesSent()).isPositive();
		}
	}

}
