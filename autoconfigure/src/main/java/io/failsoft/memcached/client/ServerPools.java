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

/**
 * Makes {@link ServerPool}s.
 */
public final class ServerPools {

	private ServerPools() {
	}

	/**
	 * Make a pool that is not connected yet; {@link ServerPool#start} does that.
	 * @param servers the servers, each once
	 * @param settings how to treat them
	 * @return the pool, which the caller closes
	 * @throws IllegalArgumentException if there is no server, or one is listed twice; the
	 * message names the remedy
	 */
	public static ServerPool create(List<ServerAddress> servers, ClientSettings settings) {
		return new DefaultServerPool(servers, settings, Dialer.Resolver.SYSTEM);
	}

}
