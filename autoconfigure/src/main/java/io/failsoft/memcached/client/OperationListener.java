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
 * Is told of each operation on a server that is in use: those of the caches and
 * invalidations that are delivered late, but not the probes and heartbeats of the client
 * itself. An operation on a server whose breaker is open is none, as nothing is sent.
 * <p>
 * It is called for every operation and must be thread-safe, quick, and never block. What
 * it throws is logged at a bounded rate and changes nothing.
 */
@FunctionalInterface
public interface OperationListener {

	/**
	 * An operation begins. Called on the thread that asks for it.
	 * @param server the server's name, {@code host:port}
	 * @param kind what is asked
	 * @return who is told of its end, which may be the same object for many operations,
	 * or {@code null} for nobody
	 */
	@Nullable OperationWatch begun(String server, OperationKind kind);

}
