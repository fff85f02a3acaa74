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
 * The memcached servers of an application. Thread-safe; no method does any I/O.
 */
public interface MemcachedServers {

	/**
	 * Returns whether there is any server that can be used now.
	 * @return {@code true} if at least one server is up
	 */
	boolean isAlive();

	/**
	 * Returns the state of each server, in the order of the configuration.
	 * @return a snapshot of each
	 */
	List<ServerSnapshot> snapshots();

	/**
	 * Has an action run after each change of the list of servers, where they are
	 * discovered; elsewhere never. It runs on the thread that discovers them, so it must
	 * be short. An exception that it throws is logged.
	 * @param action the action
	 */
	default void onChange(Runnable action) {
	}

}
