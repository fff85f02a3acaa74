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

package io.failsoft.memcached.consistency;

import java.util.List;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ReturnGateFactory;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A pool of scripted servers. The first is home to every key, the second stands in for
 * it.
 */
final class ScriptedPool implements ServerPool {

	private final List<ScriptedServer> servers;

	ScriptedPool(ScriptedServer... servers) {
		this.servers = List.of(servers);
	}

	@Override
	public Server home(MemcachedKey key) {
		return this.servers.get(0);
	}

	@Override
	public @Nullable Server standIn(MemcachedKey key) {
		return (this.servers.size() > 1 && this.servers.get(1).link() != null) ? this.servers.get(1) : null;
	}

	@Override
	public List<Server> servers() {
		return List.copyOf(this.servers);
	}

	@Override
	public double share(Server server) {
		return 1;
	}

	@Override
	public void start(ReturnGateFactory gates) {
		for (ScriptedServer server : this.servers) {
			server.gate(gates.create(server));
		}
	}

	@Override
	public boolean isAlive() {
		return this.servers.stream().anyMatch((server) -> server.link() != null);
	}

	@Override
	public List<ServerSnapshot> snapshots() {
		return this.servers.stream().map(ScriptedServer::snapshot).toList();
	}

	@Override
	public void close() {
	}

}
