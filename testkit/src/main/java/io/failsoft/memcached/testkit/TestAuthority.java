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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A certificate authority for tests, made by the JDK's {@code keytool}. To make one, and
 * to issue a certificate, takes about a second, so share both between tests. Its methods
 * may be called by any thread.
 */
public final class TestAuthority {

	/** Also of the keys; nothing secret is behind it. */
	static final char[] PASSWORD = "changeit".toCharArray();

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final Path store;

	private int issued;

	private TestAuthority(Path store) {
		this.store = store;
	}

	/**
	 * Makes an authority.
	 * @return the authority
	 * @throws IllegalStateException if {@code keytool} fails
	 */
	public static TestAuthority create() {
		try {
			Path folder = Files.createTempDirectory("failsoft-memcached-authority-");
			TestAuthority authority = new TestAuthority(folder.resolve("store.p12"));
			folder.toFile().deleteOnExit();
			authority.store.toFile().deleteOnExit();
			authority.generate("authority", "-ext", "bc:critical=ca:true", "-validity", "3650");
			return authority;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Issues a certificate that is valid now.
	 * @param names the host names and IPv4 addresses that it is for
	 * @return the certificate and its key
	 * @throws IllegalStateException if {@code keytool} fails
	 */
	public TestIdentity issue(String... names) {
		return issue(names, "-1d");
	}

	/**
	 * Issues a certificate whose time was over weeks ago.
	 * @param names the host names and IPv4 addresses that it is for
	 * @return the certificate and its key
	 * @throws IllegalStateException if {@code keytool} fails
	 */
	public TestIdentity issueExpired(String... names) {
		return issue(names, "-60d");
	}

	private synchronized TestIdentity issue(String[] names, String begin) {
		String alias = "issued" + ++this.issued;
		String san = Arrays.stream(names)
			.map((name) -> (name.matches("[0-9.]+") ? "ip:" : "dns:") + name)
			.collect(Collectors.joining(","));
		generate(alias, "-signer", "authority", "-ext", "san=" + san, "-startdate", begin, "-validity", "30");
		return identity(alias);
	}

	/**
	 * Returns what a client has to trust.
	 * @return the authority's own certificate as PEM
	 */
	public String certificate() {
		return identity("authority").certificate();
	}

	private TestIdentity identity(String alias) {
		try (InputStream in = Files.newInputStream(this.store)) {
			KeyStore read = KeyStore.getInstance("PKCS12");
			read.load(in, PASSWORD);
			return new TestIdentity((PrivateKey) read.getKey(alias, PASSWORD), read.getCertificateChain(alias));
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void generate(String alias, String... options) {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool") + "",
				"-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-keyalg", "EC", "-groupname", "secp256r1",
				"-storetype", "PKCS12", "-keystore", this.store + "", "-storepass", new String(PASSWORD)));
		command.addAll(List.of(options));
		Shell.Result result = Shell.run(command, LIMIT);
		if (result.status() != 0) {
			throw new IllegalStateException("keytool made no certificate: " + result.output());
		}
	}

}
