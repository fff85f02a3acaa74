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

import org.jspecify.annotations.Nullable;

/**
 * One memcached server, with a connection, a breaker and a healer of its own, so that one
 * bad server never slows another. Thread-safe.
 */
public interface Server {

	/**
	 * Returns the name by which the server was configured or discovered,
	 * {@code host:port}. The ring is keyed by it, whatever the name resolves to.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the connection to use now. Costs a volatile read.
	 * @return the link, or {@code null} while the breaker is open
	 */
	@Nullable Link link();

	/**
	 * Returns the state of the server.
	 * @return a snapshot
	 */
	ServerSnapshot snapshot();

	/**
	 * Has the gate asked for work at once rather than at the next of its rounds, which
	 * are some 25 ms apart. Does not block.
	 */
	void wake();

}
