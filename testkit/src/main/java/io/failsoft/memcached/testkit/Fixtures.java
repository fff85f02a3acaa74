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

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The servers and proxies of one test class or method, by name.
 */
final class Fixtures implements AutoCloseable {

	private final Map<String, MemcachedServer> servers = new HashMap<>();

	private final Map<String, FaultProxy> proxies = new HashMap<>();

	synchronized MemcachedServer server(String name, Optional<WithMemcached> declaration) {
		return this.servers.computeIfAbsent(name, (key) -> MemcachedServer
			.start(declaration.map(Fixtures::options).orElse(MemcachedServerOptions.defaults())));
	}

	synchronized FaultProxy proxy(String name, Optional<WithMemcached> declaration) {
		MemcachedServer server = server(name, declaration);
		return this.proxies.computeIfAbsent(name, (key) -> FaultProxy.to(server));
	}

	/**
	 * Has every server run and every proxy pass.
	 */
	synchronized void repair() {
		for (MemcachedServer server : this.servers.values()) {
			if (!server.isRunning()) {
				server.restart();
			}
			else if (server.isPaused()) {
				server.resume();
			}
		}
		this.proxies.values().forEach(FaultProxy::pass);
	}

	@Override
	public synchronized void close() {
		this.proxies.values().forEach(FaultProxy::close);
		this.servers.values().forEach(MemcachedServer::close);
	}

	static MemcachedServerOptions options(WithMemcached declaration) {
		MemcachedServerOptions options = MemcachedServerOptions.defaults()
			.withMemoryMegabytes(declaration.memoryMegabytes())
			.withMaxItemBytes(declaration.maxItemBytes())
			.withConnectionLimit(declaration.connectionLimit())
			.withThreads(declaration.threads())
			.withPort(declaration.port())
			.withExtraArguments(declaration.extraArguments());
		if (declaration.username().isEmpty() && declaration.password().isEmpty()) {
			return options;
		}
		return options.withAuthentication(declaration.username(), declaration.password());
	}

}
