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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What the dashboard shows while it is open. Thread-safe.
 */
@Component
class Live {

	private final ObjectProvider<MemcachedServers> servers;

	private final ObjectProvider<OwnServers> ownServers;

	private final CityLoader loader;

	private final Traffic traffic;

	private final Load load;

	private final StarterLog log;

	Live(ObjectProvider<MemcachedServers> servers, ObjectProvider<OwnServers> ownServers, CityLoader loader,
			Traffic traffic, Load load, StarterLog log) {
		this.servers = servers;
		this.ownServers = ownServers;
		this.loader = loader;
		this.traffic = traffic;
		this.load = load;
		this.log = log;
	}

	/**
	 * What has changed.
	 * @param second the last second that the page knows
	 * @param line the last line of the log that it knows
	 * @return what it does not know
	 */
	State after(long second, long line) {
		this.load.watched();
		return new State(this.loader.isDone(), this.loader.loaded(), servers(), this.load.progress(),
				this.traffic.after(second), this.log.after(line));
	}

	/**
	 * How each server is.
	 * @return the servers in the order of the configuration; none if memcached is off
	 */
	List<ServerState> servers() {
		MemcachedServers known = this.servers.getIfAvailable();
		return (known != null) ? known.snapshots().stream().map(this::server).toList() : List.of();
	}

	private ServerState server(ServerSnapshot snapshot) {
		OwnServers own = this.ownServers.getIfAvailable();
		OwnServers.Condition process = (own != null) ? own.condition(snapshot.name()) : OwnServers.Condition.FOREIGN;
		Duration latency = snapshot.latency();
		return new ServerState(snapshot.name(), lower(snapshot.state()), snapshot.since(), snapshot.lastFailure(),
				snapshot.version(), (latency != null) ? latency.toNanos() / 1e6 : null, lower(process));
	}

	private static String lower(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * How things are.
	 *
	 * @param ready whether the cities are loaded
	 * @param loaded how many were loaded so far
	 * @param servers how each server is
	 * @param load how the load goes
	 * @param seconds what happened in the seconds since
	 * @param log the lines logged since
	 */
	record State(boolean ready, int loaded, List<ServerState> servers, Load.Progress load, List<Traffic.Second> seconds,
			List<StarterLog.Line> log) {

	}

	/**
	 * How a server is.
	 *
	 * @param name {@code host:port}
	 * @param state what the starter makes of it: {@code connecting}, {@code up},
	 * {@code down} or {@code closed}
	 * @param since since when
	 * @param lastFailure why it was last lost, or {@code null} if it never was
	 * @param version its version, or {@code null} if it was never reached
	 * @param latencyMillis moving average of its answer time, or {@code null}
	 * @param process what the process really does: {@code running}, {@code hanging},
	 * {@code dead}, or {@code foreign} if it is none of this application's
	 */
	record ServerState(String name, String state, Instant since, @Nullable String lastFailure, @Nullable String version,
			@Nullable Double latencyMillis, String process) {

	}

}
