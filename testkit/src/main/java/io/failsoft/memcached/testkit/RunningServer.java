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

package io.failsoft.memcached.testkit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One life of a memcached, from its launch to its end.
 */
interface RunningServer {

	/**
	 * Returns the port it listens on.
	 * @return the port on 127.0.0.1
	 */
	int port();

	/**
	 * Returns its process id on this machine.
	 * @return the process id
	 */
	long pid();

	/**
	 * Stops it from executing anything; the kernel still accepts connections and bytes.
	 */
	void pause();

	/**
	 * Ends a pause.
	 */
	void resume();

	/**
	 * Ends it at once, without a chance to answer anything more.
	 */
	void kill();

	/**
	 * Asks it to end.
	 */
	void terminate();

	/**
	 * Returns what completes when it has ended, whoever ended it.
	 * @return the end, with the exit status
	 */
	CompletableFuture<Integer> onExit();

	/**
	 * Returns the last lines that it printed.
	 * @return the lines
	 */
	List<String> output();

}
