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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.RecoveryGate;
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

	private final List<Routes> regions = new ArrayList<>();

	private final WriteStripes stripes = new WriteStripes();

	/** Changes with each link that is published or lost; odd while keys move. */
	private final AtomicInteger changes = new AtomicInteger();

	private final Map<Server, InvalidationLog> logs = Collections.synchronizedMap(new LinkedHashMap<>());

	private volatile boolean closed;

	private Consistency(ServerPool pool, ConsistencySettings settings) {
		this.pool = pool;
		this.settings = settings;
	}

	/**
	 * Starts a pool. Returns at once, whatever the servers do.
	 * @param pool the pool, not started yet
	 * @param settings the settings
	 * @return what its caches are kept consistent by
	 */
	public static Consistency start(ServerPool pool, ConsistencySettings settings) {
		Consistency consistency = new Consistency(pool, settings);
		pool.start(consistency.new Gates());
		return consistency;
	}

	private InvalidationLog log(Server server) {
		return Objects.requireNonNull(this.logs.get(server), () -> "No invalidation log of " + server.name());
	}

	/**
	 * Makes the region of a cache. Does no I/O.
	 * @param ownKeys makes the key, which no entry has, of an item that the region keeps
	 * for itself: {@code g2} holds its generation, {@code t2:} and a server's name the
	 * one of what was taken over from that server
	 * @param loadWindow how long a tombstone guards against late fills
	 * @return the region
	 */
	public synchronized Region region(Function<String, MemcachedKey> ownKeys, Duration loadWindow) {
		Routes routes = new Routes(this.pool, ownKeys, loadWindow, this.changes::get, this.settings);
		this.logs.forEach(routes::join);
		this.regions.add(routes);
		return new Region(this.settings, this.stripes, routes);
	}

	/**
	 * Returns the servers.
	 * @return the pool
	 */
	public ServerPool pool() {
		return this.pool;
	}

	/**
	 * Returns the settings.
	 * @return the settings
	 */
	public ConsistencySettings settings() {
		return this.settings;
	}

	/**
	 * Returns the figures of each server's invalidation log.
	 * @return the figures by the server's name
	 */
	public Map<String, InvalidationFigures> figures() {
		Map<String, InvalidationFigures> figures = new LinkedHashMap<>();
		this.logs.forEach((server, log) -> {
			InvalidationFigures now = log.figures();
			figures.put(server.name(), this.closed ? now.afterTheEnd() : now);
		});
		return figures;
	}

	/**
	 * Closes the pool. Invalidations that were not delivered are lost with this instance,
	 * and said so in the log.
	 */
	@Override
	public void close() {
		// What is under way fails, and is in the logs then.
		this.pool.close();
		for (Entry<String, InvalidationFigures> entry : figures().entrySet()) {
			int pending = entry.getValue().pending();
			if (pending > 0) {
				logger.warn(pending + " invalidations were not delivered to memcached " + entry.getKey()
						+ "; other instances may read stale entries there until their time to live ends");
			}
		}
		this.closed = true;
	}

	/**
	 * Keeps the logs and the routes to those servers that there are.
	 */
	private final class Gates implements RecoveryGate.Factory {

		@Override
		public RecoveryGate create(Server server) {
			synchronized (Consistency.this) {
				InvalidationLog log = new InvalidationLog(Consistency.this.settings, Consistency.this.changes);
				Consistency.this.logs.put(server, log);
				Consistency.this.regions.forEach((routes) -> routes.join(server, log));
				return log;
			}
		}

		@Override
		public void move(Collection<? extends Server> gaining, Collection<? extends Server> leaving, Runnable move) {
			synchronized (Consistency.this) {
				Consistency.this.changes.incrementAndGet();
				try {
					// All leave first. Whoever logs something later finds out for itself.
					leaving.forEach((server) -> log(server).leave());
					leaving.forEach(
							(server) -> Consistency.this.regions.forEach((routes) -> routes.renewIfMissedBy(server)));
					move(gaining.iterator(), move);
				}
				finally {
					Consistency.this.changes.incrementAndGet();
				}
			}
		}

		/**
		 * Moves the keys while no log can be replayed, so that each new generation is put
		 * in place after the move, and until then the keys read as misses.
		 */
		private void move(Iterator<? extends Server> gaining, Runnable move) {
			if (gaining.hasNext()) {
				log(gaining.next()).renewAll(() -> move(gaining, move));
			}
			else {
				move.run();
			}
		}

		@Override
		public void left(Server server) {
			synchronized (Consistency.this) {
				InvalidationLog log = log(server);
				int pending = log.figures().pending();
				Consistency.this.logs.remove(server);
				Consistency.this.regions.forEach((routes) -> routes.leave(server));
				if (pending > 0 && !log.hasLeftUnused()) {
					logger.warn(pending + " invalidations were not delivered to memcached " + server.name()
							+ ", which is no longer a server; should it come back, its caches begin anew");
				}
			}
		}

	}

}
