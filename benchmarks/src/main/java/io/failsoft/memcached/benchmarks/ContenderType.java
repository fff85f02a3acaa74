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

package io.failsoft.memcached.benchmarks;

import java.io.File;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Caffeine;

import org.springframework.cache.caffeine.CaffeineCache;

/**
 * Who takes part in the comparison.
 */
enum ContenderType {

	/** The raw client, text protocol: the unit. */
	XMEMCACHED("xmemcached, raw"),

	/** A blocking socket per thread: the floor. */
	SOCKET("blocking socket"),

	/** This project with its defaults. */
	FAILSOFT("Failsoft"),

	/** This project with a codec written by hand. */
	FAILSOFT_BINARY("Failsoft, own codec"),

	/** This project with JSON. */
	FAILSOFT_JSON("Failsoft, JSON"),

	/** This project with the binary form of JSON. */
	FAILSOFT_SMILE("Failsoft, Smile"),

	/** The other starter. */
	SIXHOURS("Six Hours"),

	/** Simple Spring Memcached. */
	SSM("Simple Spring Memcached"),

	/** Spring Data Redis. */
	REDIS("Spring Data Redis"),

	/** No server at all: what a call through Spring's interface costs. */
	CAFFEINE("Caffeine, in this JVM");

	private final String title;

	ContenderType(String title) {
		this.title = title;
	}

	static ContenderType of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	String title() {
		return this.title;
	}

	String parameter() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	Server startServer() {
		return switch (this) {
			case REDIS -> Server.redis();
			case CAFFEINE -> Server.none();
			default -> Server.memcached();
		};
	}

	Contender create(InetSocketAddress server) {
		return switch (this) {
			case XMEMCACHED -> new XmemcachedContender(List.of(server));
			case SOCKET -> new SocketContender(server);
			case FAILSOFT -> new Failsoft(List.of(server), Failsoft.jdk()).contender();
			case FAILSOFT_BINARY -> new Failsoft(List.of(server), new CityCodec()).contender();
			case FAILSOFT_JSON -> new Failsoft(List.of(server), Failsoft.json()).contender();
			case FAILSOFT_SMILE -> new Failsoft(List.of(server), Failsoft.smile()).contender();
			case SIXHOURS -> SixhoursContenders.create(server);
			case SSM -> SsmContenders.create(server);
			case REDIS -> RedisContenders.create(server);
			case CAFFEINE -> new SpringContender(new CaffeineCache("cities", Caffeine.newBuilder().build()), () -> {
			});
		};
	}

	/**
	 * Whether what it needs is installed.
	 * @return {@code false} if its server is missing
	 */
	boolean isAvailable() {
		return this != REDIS || Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.anyMatch((folder) -> new File(folder, "redis-server").canExecute());
	}

	/**
	 * Whether it talks memcached's text protocol.
	 * @return {@code false} for the one over Redis and the one without a server
	 */
	boolean isMemcached() {
		return this != REDIS && this != CAFFEINE;
	}

}
