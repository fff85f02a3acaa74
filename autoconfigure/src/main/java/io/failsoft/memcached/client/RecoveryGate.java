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
 * The check that a returning server has to pass before it is used again, and the work
 * that is due while it is in use. Implemented by the layer that knows what the server
 * missed. All methods are called on the server's own healer thread, except
 * {@link #connectionLost}, which may be called on any thread and must not block.
 */
public interface RecoveryGate {

	/**
	 * Brings the server up to date over a fresh link on which a real set and get have
	 * succeeded. Commands of other threads do not yet use it.
	 * @param link the fresh link
	 * @return whether the server may be used; if not, the link is closed and the next
	 * probe starts again
	 */
	boolean catchUp(Link link);

	/**
	 * Runs the action that opens the server for use if nothing is left of what was to be
	 * done at the last {@link #catchUp}; atomic against new entries.
	 * @param open the action; does not block
	 * @return whether it was run
	 */
	boolean openIfUpToDate(Runnable open);

	/**
	 * Does the work that is due while the server is in use. Called every few tens of
	 * milliseconds when {@link #hasWork()}, else at each heartbeat.
	 * @param link the link in use
	 * @return whether the link may go on being used; if not, it is closed and the server
	 * counts as lost
	 */
	boolean maintain(Link link);

	/**
	 * Returns whether {@link #maintain} has something to do now. Must be cheap.
	 * @return whether there is work
	 */
	boolean hasWork();

	/**
	 * Notes that a link that was in use is closed.
	 * @param link the link
	 */
	void connectionLost(Link link);

	/**
	 * Makes the gate of each server, and follows changes of the servers. Called by one
	 * thread at a time, which no request waits for.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes the gate of a server. Called once per server, before it is connected.
		 * @param server the server
		 * @return its gate
		 */
		RecoveryGate create(Server server);

		/**
		 * Moves keys from server to server. The items that their new homes hold of them
		 * may be stale.
		 * @param gaining the servers that keys move to from others that were in use
		 * @param leaving the servers that no key belongs to any more; the others have
		 * missed what was asked of them and not delivered, and what their holders still
		 * ask of them
		 * @param move moves the keys; does not block and is to be run once
		 */
		default void move(Collection<? extends Server> gaining, Collection<? extends Server> leaving, Runnable move) {
			move.run();
		}

		/**
		 * Notes that a server is gone. Called after its last key moved, and once it is
		 * closed.
		 * @param server the server
		 */
		default void left(Server server) {
		}

	}

}
