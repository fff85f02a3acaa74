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

package io.failsoft.memcached.sample;

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.testkit.MemcachedServer;

/**
 * The memcached processes that this application started for itself, and what can be done
 * to them. Thread-safe: what is done to them is done one after the other.
 */
final class OwnServers implements AutoCloseable {

	private final List<MemcachedServer> servers;

	private OwnServers(List<MemcachedServer> servers) {
		this.servers = List.copyOf(servers);
	}

	/**
	 * Start servers on free ports of 127.0.0.1.
	 * @param count how many
	 * @return the running servers
	 */
	static OwnServers start(int count) {
		List<MemcachedServer> started = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				started.add(MemcachedServer.start());
			}
			return new OwnServers(started);
		}
		catch (RuntimeException ex) {
			started.forEach(MemcachedServer::close);
			throw ex;
		}
	}

	List<MemcachedServer> all() {
		return this.servers;
	}

	List<String> names() {
		return this.servers.stream().map(OwnServers::name).toList();
	}

	List<Long> pids() {
		return this.servers.stream().map(MemcachedServer::pid).toList();
	}

	/**
	 * What the process of a server does, whatever the application thinks of it.
	 * @param name the server's {@code host:port}
	 * @return how it is; {@link Condition#FOREIGN} if it is none of these
	 */
	Condition condition(String name) {
		for (MemcachedServer server : this.servers) {
			if (name(server).equals(name)) {
				return condition(server);
			}
		}
		return Condition.FOREIGN;
	}

	/**
	 * Do something to one server.
	 * @param name the server's {@code host:port}
	 * @param action what to do
	 * @return whether there is such a server
	 */
	synchronized boolean act(String name, Action action) {
		List<MemcachedServer> named = this.servers.stream().filter((server) -> name(server).equals(name)).toList();
		named.forEach((server) -> act(server, action));
		return !named.isEmpty();
	}

	/**
	 * Do something to all servers.
	 * @param action what to do
	 */
	synchronized void actOnAll(Action action) {
		this.servers.forEach((server) -> act(server, action));
	}

	@Override
	public synchronized void close() {
		this.servers.forEach(MemcachedServer::close);
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

	private static String name(MemcachedServer server) {
		return server.host() + ":" + server.port();
	}

	private static Condition condition(MemcachedServer server) {
		if (!server.isRunning()) {
			return Condition.DEAD;
		}
		return server.isPaused() ? Condition.HANGING : Condition.RUNNING;
	}

	/**
	 * How a process is.
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
	 * What can be done to a process. Each leads to one condition and does nothing where
	 * that holds already.
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
