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

/**
 * What a returning server asks before it is used again, and whom a server in use reports
 * to. Implemented by those who know what the server missed. All methods are called on the
 * server's own healer thread, except {@link #connectionLost}, which may be called on any
 * thread and must not block.
 */
public interface ReturnGate {

	/**
	 * Bring the server up to date over a fresh link on which a real set and get have
	 * succeeded. Commands of other threads do not yet use it.
	 * @param link the fresh link
	 * @return whether the server may be used; if not, the link is closed and the next
	 * probe starts again
	 */
	boolean admit(Link link);

	/**
	 * Run the action that opens the server for use if nothing is left to be done since
	 * {@link #admit}; atomic against new entries.
	 * @param open the action; does not block
	 * @return whether it was run
	 */
	boolean openIfUpToDate(Runnable open);

	/**
	 * Do what is due while the server is in use. Called every few tens of milliseconds
	 * when {@link #hasWork()}, else at each heartbeat.
	 * @param link the link in use
	 * @return whether the link may go on being used; if not, it is closed and the server
	 * counts as lost
	 */
	boolean maintain(Link link);

	/**
	 * Whether {@link #maintain} has something to do now. Must be cheap.
	 * @return whether there is work
	 */
	boolean hasWork();

	/**
	 * A link that was in use is closed.
	 * @param link the link
	 */
	void connectionLost(Link link);

}
