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

import org.jspecify.annotations.Nullable;

/**
 * All servers of an application and the ring that tells which of them a key belongs to.
 * Thread-safe.
 */
public interface ServerPool extends MemcachedServers, AutoCloseable {

	/**
	 * The server that a key belongs to, whether it can be used now or not.
	 * @param key the key
	 * @return its home
	 */
	Server home(MemcachedKey key);

	/**
	 * The server that stands in for a key's home while that cannot be used.
	 * @param key the key
	 * @return the next usable server of the ring after the key's home, or {@code null} if
	 * there is none or {@code on-server-failure} is not {@code failover}
	 */
	@Nullable Server failoverServer(MemcachedKey key);

	/**
	 * All servers, in the order of the configuration. Where servers are discovered, those
	 * of now, and until there are any, those configured, which cannot be used.
	 * @return the servers
	 */
	List<Server> servers();

	/**
	 * Share of the keys that each server is home to.
	 * @param server a server
	 * @return the share, 0 to 1; 0 if it is none of {@link #servers()} any more
	 */
	double share(Server server);

	/**
	 * Have someone told of each operation from now on, in place of who was told before.
	 * While nobody is, operations cost nothing more.
	 * @param listener who is told
	 */
	void setOperationListener(OperationListener listener);

	/**
	 * Connect in the background. Returns at once, whatever the servers do.
	 * @param gates makes the gate that each server asks before it is used
	 */
	void start(RecoveryGate.Factory gates);

	/**
	 * Close all connections at once, without flushing. Takes well under a second, hung
	 * servers included.
	 */
	@Override
	void close();

}
