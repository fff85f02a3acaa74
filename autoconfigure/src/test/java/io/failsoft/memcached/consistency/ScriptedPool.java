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
import java.util.Objects;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.RecoveryGate;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A pool of scripted servers. The first is home to every key, the second stands in for
 * it.
 */
final class ScriptedPool implements ServerPool {

	private List<ScriptedServer> servers;

	private RecoveryGate.@Nullable Factory gates;

	/** What other threads do between the finding of servers and their use. */
	Runnable beforeMove = () -> {
	};

	/** What other threads do just before keys belong to the servers that were found. */
	Runnable duringMove = () -> {
	};

	ScriptedPool(ScriptedServer... servers) {
		this.servers = List.of(servers);
	}

	@Override
	public Server home(MemcachedKey key) {
		return this.servers.get(0);
	}

	@Override
	public @Nullable Server failoverServer(MemcachedKey key) {
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

	/**
	 * Change the servers as a pool that discovers them does.
	 * @param gaining those that keys move to
	 * @param changed the servers from now on
	 */
	void change(List<ScriptedServer> gaining, ScriptedServer... changed) {
		RecoveryGate.Factory told = Objects.requireNonNull(this.gates);
		List<ScriptedServer> before = this.servers;
		List<ScriptedServer> after = List.of(changed);
		for (ScriptedServer server : after) {
			if (!before.contains(server)) {
				server.gate(told.create(server));
			}
		}
		told.move(gaining, before.stream().filter((server) -> !after.contains(server)).toList(),
				() -> this.servers = after);
		for (ScriptedServer server : before) {
			if (!after.contains(server)) {
				server.disconnect();
				told.left(server);
			}
		}
	}

	/**
	 * Servers are found in place of the one that stood for them.
	 */
	void find(ScriptedServer... found) {
		RecoveryGate.Factory told = Objects.requireNonNull(this.gates);
		ScriptedServer placeholder = this.servers.get(0);
		for (ScriptedServer server : found) {
			server.gate(told.create(server));
		}
		this.beforeMove.run();
		told.move(List.of(), List.of(placeholder), () -> {
			this.duringMove.run();
			this.servers = List.of(found);
		});
		told.left(placeholder);
	}

	@Override
	public void setOperationListener(OperationListener listener) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void start(RecoveryGate.Factory gates) {
		this.gates = gates;
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
