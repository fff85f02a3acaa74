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

package io.failsoft.memcached.autoconfigure;

import java.time.Instant;
import java.util.List;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.ReturnGateFactory;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Stands in until the client lands.
 */
final class UnconnectedServerPool implements ServerPool {

	private final List<ServerAddress> addresses;

	private final Instant since = Instant.now();

	UnconnectedServerPool(List<ServerAddress> addresses, ClientSettings settings) {
		this.addresses = addresses;
	}

	@Override
	public Server home(MemcachedKey key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public @Nullable Server standIn(MemcachedKey key) {
		return null;
	}

	@Override
	public List<Server> servers() {
		return List.of();
	}

	@Override
	public double share(Server server) {
		return 0;
	}

	@Override
	public void start(ReturnGateFactory gates) {
	}

	@Override
	public void close() {
	}

	@Override
	public boolean isAlive() {
		return false;
	}

	@Override
	public List<ServerSnapshot> snapshots() {
		return this.addresses.stream()
			.map((address) -> new ServerSnapshot(address.name(), ServerSnapshot.State.CONNECTING, this.since, null, 0,
					0, null, null))
			.toList();
	}

}
