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

import java.util.Collection;

/**
 * Makes the {@link ReturnGate} of each server, and is told when the servers change. What
 * it is told is told by one thread at a time, of which nobody waits for a server.
 */
@FunctionalInterface
public interface ReturnGateFactory {

	/**
	 * Make the gate of a server. Called once per server, before it is connected.
	 * @param server the server
	 * @return its gate
	 */
	ReturnGate create(Server server);

	/**
	 * Keys move from server to server. What their new homes hold of them may be stale.
	 * @param gaining the servers that keys move to from others that were in use
	 * @param leaving the servers that no key belongs to any more; what was asked of them
	 * and not delivered, and still will be by those who hold them, the others have missed
	 * @param move moves the keys; does not block and is to be run once
	 */
	default void move(Collection<? extends Server> gaining, Collection<? extends Server> leaving, Runnable move) {
		move.run();
	}

	/**
	 * A server is a server no more. Called after its last key moved, and once it is
	 * closed.
	 * @param server the server
	 */
	default void left(Server server) {
	}

}
