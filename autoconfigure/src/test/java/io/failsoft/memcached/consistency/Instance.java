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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.ScriptedLink;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import org.jspecify.annotations.Nullable;

/**
 * One application instance with one cache and one key, connected to scripted servers.
 */
final class Instance {

	static final MemcachedKey KEY = MemcachedKey.of("key");

	static final MemcachedKey GENERATION_KEY = MemcachedKey.of("generation");

	private static final Duration TIMEOUT = Duration.ofMillis(250);

	final ScriptedServer server;

	final @Nullable ScriptedServer second;

	final ScriptedPool pool;

	final Consistency consistency;

	final Region region;

	int timeToLive = 3600;

	/** By how much its wall clock is wrong. */
	long clockAheadSeconds;

	Instance(String name, Clock clock, Store store) {
		this(name, clock, store, null, 100);
	}

	Instance(String name, Clock clock, Store store, @Nullable Store secondStore, int logCapacity) {
		this(name, clock, store, secondStore, logCapacity, true);
	}

	/**
	 * An instance.
	 * @param known whether its servers are known and connected
	 */
	Instance(String name, Clock clock, Store store, @Nullable Store secondStore, int logCapacity, boolean known) {
		this.server = new ScriptedServer("home", clock, store);
		this.second = (secondStore != null) ? new ScriptedServer("second", clock, secondStore) : null;
		this.pool = (this.second != null) ? new ScriptedPool(this.server, this.second) : new ScriptedPool(this.server);
		this.consistency = Consistency.start(this.pool,
				new ConsistencySettings(TIMEOUT, logCapacity, Duration.ofSeconds(10), Duration.ofSeconds(5),
						() -> clock.nanos, () -> clock.secondsSinceEpoch() + this.clockAheadSeconds));
		this.region = this.consistency.region(Instance::own, Duration.ofSeconds(30));
		if (known) {
			connect();
			if (this.second != null) {
				this.second.connect();
			}
		}
	}

	private static MemcachedKey own(String name) {
		return name.equals("g2") ? GENERATION_KEY : MemcachedKey.of(name);
	}

	/**
	 * A route of a region of its own to a server.
	 */
	static Route route(ScriptedServer server, ConsistencySettings settings) {
		Duration window = Duration.ofSeconds(30);
		Routes region = new Routes(new ScriptedPool(server), Instance::own, window, () -> 0, settings);
		return new Route(region, server, new InvalidationLog(settings, new AtomicInteger()), GENERATION_KEY, window,
				null, settings);
	}

	ScriptedLink connect() {
		ScriptedLink link = this.server.connect();
		if (link == null) {
			throw new IllegalStateException("The gate did not let the server in");
		}
		return link;
	}

	ScriptedLink link() {
		ScriptedLink link = (ScriptedLink) this.server.link();
		if (link == null) {
			throw new IllegalStateException("Not connected");
		}
		return link;
	}

	ScriptedLink secondLink() {
		ScriptedLink link = (this.second != null) ? (ScriptedLink) this.second.link() : null;
		if (link == null) {
			throw new IllegalStateException("Not connected");
		}
		return link;
	}

	Budget budget() {
		return new Budget(TIMEOUT.toNanos());
	}

	Lookup read() {
		return read(KEY);
	}

	Lookup read(MemcachedKey key) {
		return this.region.read(key, budget());
	}

	/**
	 * The value that a read hits, or {@code null}.
	 */
	@Nullable String value() {
		Payload payload = read().payload();
		return (payload != null)
				? new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.US_ASCII) : null;
	}

	Ticket miss() {
		Ticket ticket = read().ticket();
		if (ticket == null) {
			throw new IllegalStateException("No ticket");
		}
		return ticket;
	}

	PendingWrite sendFill(Ticket ticket, String value) {
		return this.region.fill(ticket, KEY, payload(value), this.timeToLive);
	}

	WriteResult fill(Ticket ticket, String value) {
		return sendFill(ticket, value).await(budget());
	}

	PutMark beginPut() {
		return this.region.beginPut(KEY, budget());
	}

	PendingWrite sendPut(PutMark mark, String value) {
		return this.region.put(mark, KEY, payload(value), this.timeToLive);
	}

	WriteResult put(String value) {
		return put(beginPut(), value);
	}

	WriteResult put(PutMark mark, String value) {
		return sendPut(mark, value).await(budget());
	}

	WriteResult evict() {
		return this.region.evict(KEY).await(budget());
	}

	void clear() {
		this.region.clear().forEach((write) -> write.await(budget()));
	}

	WriteResult evictIfPresent() {
		return this.region.evictIfPresent(KEY).await(budget());
	}

	InvalidationFigures figures() {
		InvalidationFigures figures = this.consistency.figures().get("home");
		if (figures == null) {
			throw new IllegalStateException("No figures");
		}
		return figures;
	}

	int pending() {
		return figures().pending();
	}

	private static Payload payload(String value) {
		return new Payload(false, false, 1, value.getBytes(StandardCharsets.US_ASCII));
	}

}
