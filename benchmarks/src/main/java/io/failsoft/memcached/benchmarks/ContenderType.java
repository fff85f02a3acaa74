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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import com.google.code.ssm.CacheFactory;
import com.google.code.ssm.config.DefaultAddressProvider;
import com.google.code.ssm.providers.CacheConfiguration;
import com.google.code.ssm.providers.xmemcached.MemcacheClientFactoryImpl;
import com.google.code.ssm.spring.SSMCache;
import io.sixhours.memcached.cache.MemcachedCacheManager;
import io.sixhours.memcached.cache.XMemcachedClient;

import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The participants of the comparison.
 */
enum ContenderType {

	/** The raw client, text protocol: the unit. */
	XMEMCACHED("xmemcached, raw"),

	/** A blocking socket per thread: the floor. */
	SOCKET("blocking socket"),

	/** This project with its defaults. */
	FAILSOFT("Failsoft"),

	/** This project over TLS. */
	FAILSOFT_TLS("Failsoft, TLS"),

	/** This project over TLS by a tunnel beside the application. */
	FAILSOFT_STUNNEL("Failsoft, stunnel"),

	/** This project with a codec written by hand. */
	FAILSOFT_BINARY("Failsoft, own codec"),

	/** This project with JSON. */
	FAILSOFT_JSON("Failsoft, JSON"),

	/** This project with the binary form of JSON. */
	FAILSOFT_SMILE("Failsoft, Smile"),

	/** The other starter, memcached-spring-boot by Six Hours, over xmemcached. */
	SIXHOURS("Six Hours"),

	/** Simple Spring Memcached, over xmemcached and with its Java serialization. */
	SSM("Simple Spring Memcached"),

	/**
	 * Spring Data Redis over Lettuce. It is told to wait for its writes, as all the
	 * others do; by default it does not.
	 */
	REDIS("Spring Data Redis");

	private static final int EXPIRATION_SECONDS = 3600;

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
			case FAILSOFT_TLS -> Server.memcachedWithTls();
			case FAILSOFT_STUNNEL -> Server.stunnel();
			default -> Server.memcached();
		};
	}

	Contender create(InetSocketAddress server) {
		return switch (this) {
			case XMEMCACHED -> new XmemcachedContender(List.of(server));
			case SOCKET -> new SocketContender(server);
			case FAILSOFT, FAILSOFT_STUNNEL -> new Failsoft(List.of(server), "jdk");
			case FAILSOFT_TLS -> new Failsoft(List.of(server), "jdk", "memcached.ssl.bundle=cache",
					"spring.ssl.bundle.pem.cache.truststore.certificate=" + Server.trusted());
			case FAILSOFT_BINARY -> new Failsoft(List.of(server), "city");
			case FAILSOFT_JSON -> new Failsoft(List.of(server), "json");
			case FAILSOFT_SMILE -> new Failsoft(List.of(server), "smile");
			case SIXHOURS -> sixhours(server);
			case SSM -> ssm(server);
			case REDIS -> redis(server);
		};
	}

	private static Contender sixhours(InetSocketAddress server) {
		XmemcachedContender raw = new XmemcachedContender(List.of(server));
		MemcachedCacheManager manager = new MemcachedCacheManager(new XMemcachedClient(raw.client()));
		manager.setExpiration(EXPIRATION_SECONDS);
		manager.setPrefix("benchmark");
		manager.setNamespace("namespace");
		manager.afterPropertiesSet();
		return new Contender.SpringCache(manager.getCache("cities"), raw::close);
	}

	private static Contender ssm(InetSocketAddress server) {
		CacheFactory factory = new CacheFactory();
		factory.setCacheName("cities");
		factory.setCacheClientFactory(new MemcacheClientFactoryImpl());
		factory.setAddressProvider(new DefaultAddressProvider(server.getHostString() + ":" + server.getPort()));
		CacheConfiguration configuration = new CacheConfiguration();
		configuration.setConsistentHashing(true);
		factory.setConfiguration(configuration);
		SSMCache cache = Server.unchecked(() -> new SSMCache(factory.getObject(), EXPIRATION_SECONDS, false));
		return new Contender.SpringCache(cache, () -> Server.closeUnchecked(factory::destroy));
	}

	private static Contender redis(InetSocketAddress server) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(server.getHostString(), server.getPort());
		connections.afterPropertiesSet();
		connections.start();
		RedisCacheManager manager = RedisCacheManager
			.builder(RedisCacheWriter.create(connections, (configuration) -> configuration.immediateWrites()))
			.cacheDefaults(RedisCacheConfiguration.defaultCacheConfig(ContenderType.class.getClassLoader())
				.entryTtl(Duration.ofSeconds(EXPIRATION_SECONDS)))
			.build();
		manager.afterPropertiesSet();
		return new Contender.SpringCache(Objects.requireNonNull(manager.getCache("cities")), connections::destroy);
	}

	/**
	 * Says if its server is installed.
	 * @return {@code false} if its server is missing
	 */
	boolean isAvailable() {
		String program = (this == REDIS) ? "redis-server" : (this == FAILSOFT_STUNNEL) ? "stunnel" : null;
		return program == null || Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.anyMatch((folder) -> new File(folder, program).canExecute());
	}

}
