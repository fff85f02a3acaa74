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

import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.failsoft.memcached.testkit.TestAuthority;
import io.failsoft.memcached.testkit.TestIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * Certificates that tests share, and the switch by which tests of all else run over TLS.
 */
public final class TestTls {

	private static volatile boolean on;

	private TestTls() {
	}

	/**
	 * Has servers, proxies and applications use TLS, or not.
	 */
	public static void turn(boolean to) {
		on = to;
	}

	public static boolean isOn() {
		return on;
	}

	public static TestAuthority authority() {
		return Shared.AUTHORITY;
	}

	/**
	 * A certificate for the names by which tests reach this machine.
	 */
	public static TestIdentity localhost() {
		return Shared.LOCALHOST;
	}

	/**
	 * A certificate for {@code cache.example.com} alone.
	 */
	public static TestIdentity example() {
		return Shared.EXAMPLE;
	}

	public static MemcachedServerOptions options() {
		return options(MemcachedServerOptions.defaults());
	}

	public static MemcachedServerOptions options(MemcachedServerOptions options) {
		return on ? options.withTls(localhost()) : options;
	}

	public static FaultProxy proxy(MemcachedServer server) {
		return on ? FaultProxy.insideTls(server) : FaultProxy.to(server);
	}

	/**
	 * Properties of an application.
	 */
	public static List<String> properties() {
		return on ? trusting(authority()) : List.of();
	}

	public static List<String> trusting(TestAuthority authority) {
		return List.of("memcached.ssl.bundle=cache",
				"spring.ssl.bundle.pem.cache.truststore.certificate=" + authority.certificate());
	}

	static TlsSettings settings(String... protocols) {
		SslOptions options = SslOptions.of(null, (protocols.length > 0) ? protocols : null);
		SslBundle bundle = SslBundle.of(
				new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(authority().certificate())),
				SslBundleKey.NONE, options);
		return new TlsSettings(() -> bundle, true);
	}

	/**
	 * The defaults, with TLS if that is on.
	 */
	public static ClientSettings defaults() {
		return with(on ? settings() : null, ClientSettings.defaults());
	}

	static ClientSettings with(@Nullable TlsSettings tls, ClientSettings settings) {
		return new ClientSettings(settings.connectTimeout(), settings.operationTimeout(), settings.maxInFlight(),
				settings.maxQueuedBytes(), settings.failureThreshold(), settings.probeInterval(), settings.failover(),
				settings.username(), settings.password(), tls);
	}

	/** Made when they are first asked for. */
	private static final class Shared {

		private static final TestAuthority AUTHORITY = TestAuthority.create();

		private static final TestIdentity LOCALHOST = AUTHORITY.issue("localhost", "127.0.0.1", "no-such-host.invalid",
				"memcached-0.hunt", "memcached-1.hunt", "memcached-2.hunt");

		private static final TestIdentity EXAMPLE = AUTHORITY.issue("cache.example.com");

	}

}
