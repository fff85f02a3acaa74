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

import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * The settings of TLS.
 *
 * @param bundle gives the bundle of keys and trusted authorities at each connection, so
 * that a reloaded one is used from the next connection on
 * @param verifyHostname whether the certificate must be for the name of the server
 */
public record TlsSettings(Supplier<SslBundle> bundle, boolean verifyHostname) {

	/**
	 * Creates the engine of one connection.
	 * @param host the name or address that the certificate must be for; a name with a dot
	 * in it is sent to the server (SNI)
	 * @param port the server's port
	 * @return an engine that has not begun its handshake
	 * @throws IllegalStateException if the bundle cannot be used
	 */
	SSLEngine engine(String host, int port) {
		SslBundle current = this.bundle.get();
		SSLEngine engine = current.createSslContext().createSSLEngine(host.replaceFirst("\\.$", ""), port);
		engine.setUseClientMode(true);
		SSLParameters parameters = engine.getSSLParameters();
		if (this.verifyHostname) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		SslOptions options = current.getOptions();
		// The engine keeps its own where the bundle has none.
		parameters.setCipherSuites(options.getCiphers());
		parameters.setProtocols(options.getEnabledProtocols());
		engine.setSSLParameters(parameters);
		return engine;
	}

}
