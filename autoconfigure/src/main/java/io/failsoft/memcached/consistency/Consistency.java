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

package io.failsoft.memcached.consistency;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

import io.failsoft.memcached.client.ReturnGate;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerPool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps all caches of an application consistent over one pool of servers: holds the
 * invalidation log of each server and starts and closes the pool. Several cache managers
 * may share one. Thread-safe.
 */
public final class Consistency implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Consistency.class);

	private final ServerPool pool;

	private final ConsistencySettings settings;

	private final Map<Server, InvalidationLog> logs = new LinkedHashMap<>();

	private final WriteStripes stripes = new WriteStripes();

	private Consistency(ServerPool pool, ConsistencySettings settings) {
		this.pool = pool;
		this.settings = settings;
		for (Server server : pool.servers()) {
			this.logs.put(server, new InvalidationLog(settings));
		}
	}

	/**
	 * Start a pool. Returns at once, whatever the servers do.
	 * @param pool the pool, not started yet
	 * @param settings the settings
	 * @return what its caches are kept consistent by
	 */
	public static Consistency start(ServerPool pool, ConsistencySettings settings) {
		Consistency consistency = new Consistency(pool, settings);
		pool.start(consistency::gate);
		return consistency;
	}

	private ReturnGate gate(Server server) {
		return log(server);
	}

	private InvalidationLog log(Server server) {
		InvalidationLog log = this.logs.get(server);
		if (log == null) {
			throw new IllegalStateException("No invalidation log of " + server.name());
		}
		return log;
	}

	/**
	 * Make the region of a cache. Does no I/O.
	 * @param keys where its generations are kept
	 * @param loadWindow how long a tombstone guards against late fills
	 * @return the region
	 */
	public Region region(RegionKeys keys, Duration loadWindow) {
		Routes routes = new Routes(this.pool, keys, loadWindow, this::log, this.settings, this.stripes);
		return new Region(this.settings, this.stripes, routes, loadWindow.toNanos());
	}

	/**
	 * The servers.
	 * @return the pool
	 */
	public ServerPool pool() {
		return this.pool;
	}

	/**
	 * The settings.
	 * @return the settings
	 */
	public ConsistencySettings settings() {
		return this.settings;
	}

	/**
	 * A budget of one operation timeout, as each invocation is granted.
	 * @return a new budget
	 */
	public Budget newBudget() {
		return new Budget(this.settings.operationTimeoutNanos());
	}

	/**
	 * Figures of each server's invalidation log.
	 * @return the figures by the server's name
	 */
	public Map<String, InvalidationFigures> figures() {
		Map<String, InvalidationFigures> figures = new LinkedHashMap<>();
		this.logs.forEach((server, log) -> figures.put(server.name(), log.figures()));
		return figures;
	}

	/**
	 * Close the pool. Invalidations that were not delivered are lost with this instance,
	 * and said so in the log.
	 */
	@Override
	public void close() {
		for (Entry<String, InvalidationFigures> entry : figures().entrySet()) {
			int pending = entry.getValue().pending();
			if (pending > 0) {
				logger.warn(pending + " invalidations were not delivered to memcached " + entry.getKey()
						+ "; other instances may read stale entries there until their time to live ends");
			}
		}
		this.pool.close();
	}

}
