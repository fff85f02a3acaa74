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

package io.failsoft.memcached.sample.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;

/**
 * The memcached processes that this application started for itself. Thread-safe: one
 * action ends before the next one begins.
 */
final class OwnServers implements AutoCloseable {

	private final Map<String, MemcachedServer> servers = new LinkedHashMap<>();

	/**
	 * Starts servers on free ports of 127.0.0.1.
	 * @param count how many
	 * @return the running servers
	 */
	static OwnServers start(int count) {
		OwnServers own = new OwnServers();
		for (int i = 0; i < count; i++) {
			MemcachedServer server = MemcachedServer.start();
			own.servers.put(server.host() + ":" + server.port(), server);
		}
		return own;
	}

	List<MemcachedServer> all() {
		return List.copyOf(this.servers.values());
	}

	List<String> names() {
		return List.copyOf(this.servers.keySet());
	}

	List<Long> pids() {
		return this.servers.values().stream().map(MemcachedServer::pid).toList();
	}

	/**
	 * Looks at the process of a server, whatever the application thinks of it.
	 * @param name the server's {@code host:port}
	 * @return its condition; {@link Condition#FOREIGN} if it is none of these
	 */
	Condition condition(String name) {
		MemcachedServer server = this.servers.get(name);
		return (server != null) ? condition(server) : Condition.FOREIGN;
	}

	/**
	 * Does something to one server or to all.
	 * @param name the server's {@code host:port}, or {@code null} for all
	 * @param action what to do
	 * @return {@code false} if there is no such server
	 */
	synchronized boolean act(@Nullable String name, Action action) {
		List<MemcachedServer> chosen = (name == null) ? all() : Stream.ofNullable(this.servers.get(name)).toList();
		chosen.forEach((server) -> act(server, action));
		return !chosen.isEmpty();
	}

	private static void act(MemcachedServer server, Action action) {
		Condition condition = condition(server);
		if (action == Action.KILL) {
			server.kill();
		}
		else if (action == Action.HANG && condition == Condition.RUNNING) {
			server.pause();
		}
		else if (action == Action.REVIVE && condition == Condition.HANGING) {
			server.resume();
		}
		else if (action == Action.REVIVE && condition == Condition.DEAD) {
			server.restart();
		}
	}

	private static Condition condition(MemcachedServer server) {
		if (!server.isRunning()) {
			return Condition.DEAD;
		}
		return server.isPaused() ? Condition.HANGING : Condition.RUNNING;
	}

	@Override
	public synchronized void close() {
		this.servers.values().forEach(MemcachedServer::close);
	}

	/**
	 * The condition of a process.
	 */
	enum Condition {

		/** It answers. */
		RUNNING,

		/** It takes connections and bytes and answers nothing. */
		HANGING,

		/** There is none. */
		DEAD,

		/** It is none of this application's. */
		FOREIGN

	}

	/**
	 * An action on a process. It leads to one condition, and does nothing where that
	 * holds already.
	 */
	enum Action {

		/** SIGKILL. */
		KILL,

		/** SIGSTOP; a dead process stays dead. */
		HANG,

		/** SIGCONT if it hangs, with what it holds; started anew, and empty, if dead. */
		REVIVE

	}

}
