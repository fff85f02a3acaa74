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

package io.failsoft.memcached.outage;

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;

/**
 * A way to lose servers.
 */
enum Outage {

	/** All are killed, and come back empty. */
	KILLED,

	/** All hang, and wake with what they had. */
	HUNG,

	/** The network loses everything, and connects to all of them anew later. */
	CUT,

	/** One is killed. */
	ONE,

	/** All are killed, for two instances that share the load. */
	SHARED;

	/**
	 * Returns how many instances share the load.
	 */
	int instances() {
		return (this == SHARED) ? 2 : 1;
	}

	/**
	 * Says if a cache is played by default. The plain one opens a connection for each
	 * request of a server that is cut off, which the proxy before it then keeps.
	 */
	boolean isFor(Contender cache) {
		return switch (this) {
			case KILLED, HUNG -> true;
			case CUT -> cache != Contender.PLAIN;
			case ONE, SHARED -> cache == Contender.RESERVE;
		};
	}

	/**
	 * Three servers that are lost this way.
	 */
	final class Servers implements AutoCloseable {

		private final List<MemcachedServer> servers = new ArrayList<>();

		private final List<FaultProxy> proxies = new ArrayList<>();

		Servers() {
			for (int i = 0; i < 3; i++) {
				MemcachedServer server = MemcachedServer.start();
				this.servers.add(server);
				if (Outage.this == CUT) {
					this.proxies.add(FaultProxy.to(server));
				}
			}
		}

		List<String> addresses() {
			return (Outage.this == CUT)
					? this.proxies.stream().map((proxy) -> proxy.host() + ":" + proxy.port()).toList()
					: this.servers.stream().map((server) -> server.host() + ":" + server.port()).toList();
		}

		void lose() {
			switch (Outage.this) {
				case KILLED, SHARED -> this.servers.forEach(MemcachedServer::kill);
				case HUNG -> this.servers.forEach(MemcachedServer::pause);
				case CUT -> this.proxies.forEach(FaultProxy::blackHole);
				case ONE -> this.servers.get(0).kill();
			}
		}

		void giveBack() {
			switch (Outage.this) {
				case KILLED, SHARED -> this.servers.forEach(MemcachedServer::restart);
				case HUNG -> this.servers.forEach(MemcachedServer::resume);
				case CUT -> this.proxies.forEach((proxy) -> {
					proxy.cut(FaultProxy.Cut.RST);
					proxy.pass();
				});
				case ONE -> this.servers.get(0).restart();
			}
		}

		@Override
		public void close() {
			this.proxies.forEach(FaultProxy::close);
			this.servers.forEach(MemcachedServer::close);
		}

	}

}
