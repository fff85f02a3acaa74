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

package io.failsoft.memcached.cache;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.testkit.MemcachedServer;

import org.springframework.cache.interceptor.CacheErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One instance of an application, without the reserve unless its settings say otherwise:
 * what cannot be read is then a miss.
 */
final class Application implements AutoCloseable {

	private static final ValueCodec CODEC = Codecs.jdk(Application.class.getClassLoader(),
			AllowedClasses.of(List.of("io.failsoft.**")));

	/** A hit is expected however busy the machine is, and it may pause. */
	private static final ClientSettings CLIENT = new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 4096,
			16L << 20, 3, Duration.ofMillis(500), false, null, null, null);

	static final Duration FAILOVER_TIME_TO_LIVE = Duration.ofSeconds(3);

	/** How far the wall clock is ahead. */
	final AtomicLong secondsAhead = new AtomicLong();

	/** How far the clock in nanoseconds is ahead. */
	final AtomicLong nanosAhead = new AtomicLong();

	private final Consistency consistency;

	private final CacheErrorHandler handler;

	private final MemcachedCacheManager manager;

	private final MemcachedCacheManager transactional;

	Application(MemcachedServer server, String prefix) {
		this(server, prefix, UnaryOperator.identity());
	}

	Application(MemcachedServer server, String prefix, UnaryOperator<MemcachedCacheSettings> settings) {
		this(server.host(), server.port(), prefix, settings, CLIENT, defaultHandler());
	}

	/**
	 * An application that is patient with its server.
	 */
	Application(String host, int port, Duration operationTimeout) {
		this(host, port, "shop", UnaryOperator.identity(), patient(operationTimeout), defaultHandler());
	}

	Application(String host, int port, String prefix, UnaryOperator<MemcachedCacheSettings> settings,
			ClientSettings client, CacheErrorHandler handler) {
		this(ServerPool.create(List.of(new ServerAddress(host, port, 1)), client), prefix, settings,
				client.operationTimeout(), handler);
	}

	/**
	 * An application with a pool of its own.
	 */
	Application(ServerPool pool, String prefix, UnaryOperator<MemcachedCacheSettings> settings) {
		this(pool, prefix, settings, CLIENT.operationTimeout(), defaultHandler());
	}

	Application(ServerPool pool, String prefix, UnaryOperator<MemcachedCacheSettings> settings,
			Duration operationTimeout, CacheErrorHandler handler) {
		this.handler = handler;
		this.consistency = Consistency.start(pool,
				new ConsistencySettings(operationTimeout, 10_000, FAILOVER_TIME_TO_LIVE, Duration.ofSeconds(5),
						() -> System.nanoTime() + this.nanosAhead.get(),
						() -> System.currentTimeMillis() / 1000 + this.secondsAhead.get()));
		MemcachedCacheManager.Builder builder = MemcachedCacheManager.builder(this.consistency,
				settings.apply(MemcachedCacheSettings.defaults(CODEC)
					.toBuilder()
					.reserveTimeToLive(Duration.ZERO)
					.timeToLiveJitter(0)
					.build()))
			.keyPrefix(prefix)
			.errorHandler(() -> handler);
		this.manager = builder.build();
		this.transactional = builder.transactionAware(true).build();
	}

	private static CacheErrorHandler defaultHandler() {
		return new MemcachedCacheErrorHandler();
	}

	/**
	 * Settings by which no number of timeouts opens the breaker.
	 */
	static ClientSettings patient(Duration operationTimeout) {
		return new ClientSettings(Duration.ofSeconds(5), operationTimeout, 4096, 16L << 20, 1_000_000,
				Duration.ofMillis(100), false, null, null, null);
	}

	MemcachedCache cache(String name) {
		return (MemcachedCache) Objects.requireNonNull(this.manager.getCache(name));
	}

	/**
	 * The cache as an application that uses transactions is given it.
	 */
	MemcachedCache transactional(String name) {
		return (MemcachedCache) Objects.requireNonNull(this.transactional.getCache(name));
	}

	MemcachedCacheManager manager() {
		return this.transactional;
	}

	ServerPool pool() {
		return this.consistency.pool();
	}

	void awaitUp() {
		await(() -> this.consistency.pool().isAlive());
	}

	void awaitNothingPending() {
		await(() -> this.consistency.figures().values().stream().allMatch((figures) -> figures.pending() == 0));
	}

	static void await(Callable<Boolean> condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		try {
			while (!condition.call()) {
				assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
				TimeUnit.MILLISECONDS.sleep(5);
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.consistency.close();
		if (this.handler instanceof MemcachedCacheErrorHandler ours) {
			// Or it would tell what was left in the output of a later test.
			ours.close();
		}
	}

}
