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

package io.failsoft.memcached.benchmarks;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPools;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;

import org.springframework.cache.Cache;

/**
 * This project's cache manager, with its default settings.
 */
final class Failsoft implements AutoCloseable {

	private static final long READY_MILLIS = 10_000;

	private final Consistency consistency;

	private final MemcachedCacheManager manager;

	Failsoft(List<InetSocketAddress> servers, ValueCodec codec) {
		List<ServerAddress> addresses = new ArrayList<>();
		for (InetSocketAddress server : servers) {
			addresses.add(new ServerAddress(server.getHostString(), server.getPort(), 1));
		}
		this.consistency = Consistency.start(ServerPools.create(addresses, ClientSettings.defaults()),
				ConsistencySettings.defaults());
		this.manager = MemcachedCacheManager.builder(this.consistency, MemcachedCacheSettings.defaults(codec))
			.keyPrefix("benchmark")
			.build();
	}

	static ValueCodec jdk() {
		return Codecs.jdk(Failsoft.class.getClassLoader(), allowed());
	}

	static ValueCodec json() {
		return Codecs.json(Failsoft.class.getClassLoader(), allowed());
	}

	static ValueCodec smile() {
		return Codecs.smile(Failsoft.class.getClassLoader(), allowed());
	}

	private static AllowedClasses allowed() {
		return AllowedClasses.of(List.of("io.failsoft.memcached.benchmarks.**"));
	}

	Contender contender() {
		awaitUp();
		return new SpringContender(cache("cities"), this::close);
	}

	Cache cache(String name) {
		return Objects.requireNonNull(this.manager.getCache(name));
	}

	void awaitUp() {
		awaitAll(ServerSnapshot.State.UP);
	}

	/**
	 * Wait until all servers are in a state.
	 */
	void awaitAll(ServerSnapshot.State state) {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
		while (!this.consistency.pool().snapshots().stream().allMatch((snapshot) -> snapshot.state() == state)) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("Not " + state + ": " + this.consistency.pool().snapshots());
			}
			Pause.millis(2);
		}
	}

	@Override
	public void close() {
		this.consistency.close();
	}

}
