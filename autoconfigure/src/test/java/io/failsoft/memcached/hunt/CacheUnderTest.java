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

package io.failsoft.memcached.hunt;

import java.util.List;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.MemcachedCacheException;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.InvalidationFigures;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.LoggingCacheErrorHandler;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The cache that is hunted, or the control that must be caught.
 */
public enum CacheUnderTest {

	/** Failsoft Memcached, auto-configured as in any application. */
	FAILSOFT(FailsoftConfiguration.class),

	/**
	 * The same, but the harness does not keep writers of a row away from a put of it,
	 * which is not promised to be safe.
	 */
	FAILSOFT_RACING_PUTS(FailsoftConfiguration.class),

	/**
	 * The same without the second rule of the local store: what is kept is removed when
	 * an eviction is asked for, not when its outcome is known.
	 */
	FAILSOFT_WITHOUT_L2(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(MemcachedCacheException.class, "CacheWrite")
				.callFirst("send", "outdateLocally")
				.withoutCall("report", "outdateLocally")
				.apply();
		}

	},

	/**
	 * The same without the fifth rule: what is kept in reserve is served though a clear
	 * has set the generation that memcached answers.
	 */
	FAILSOFT_WITHOUT_L5(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(InvalidationFigures.class, "Envelope").falsify("isCleared").apply();
		}

	},

	/**
	 * The same without the sixth rule: a load that was served from the reserve is filled.
	 */
	FAILSOFT_WITHOUT_L6(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(MemcachedCacheException.class, "LoadScope").empty("served").apply();
		}

	},

	/**
	 * The same, but a refresh fills without the ticket of its read.
	 */
	FAILSOFT_WITHOUT_TICKET(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(Failure.class, "ServerLink").callInstead("cas", "set", "failsoft-memcached-refresh").apply();
		}

		@Override
		Mode modeOfRule() {
			return Mode.GRACE;
		}

	},

	/**
	 * The same, but what this instance has evicted since it was read is served if its
	 * load fails.
	 */
	FAILSOFT_WITHOUT_STRIPE(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(MemcachedCacheException.class, "Grace").falsify("isOvertaken").apply();
		}

		@Override
		Mode modeOfRule() {
			return Mode.GRACE;
		}

	},

	/**
	 * The same, but invalidations that fail are not logged.
	 */
	FAILSOFT_WITHOUT_LOG(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(InvalidationFigures.class, "InvalidationLog").empty("addKey").apply();
		}

		@Override
		Mode modeOfRule() {
			return Mode.PLAIN;
		}

	},

	/**
	 * The same, but keys in the log are read and filled.
	 */
	FAILSOFT_WITHOUT_CHECK(FailsoftConfiguration.class) {

		@Override
		void takeRuleOut() {
			CodeChange.in(InvalidationFigures.class, "InvalidationLog").falsify("blocks").apply();
		}

		@Override
		Mode modeOfRule() {
			return Mode.PLAIN;
		}

	},

	/** Get, set and delete, with errors swallowed. */
	PLAIN(PlainConfiguration.class);

	private final Class<?> configuration;

	CacheUnderTest(Class<?> configuration) {
		this.configuration = configuration;
	}

	public Class<?> configuration() {
		return this.configuration;
	}

	/**
	 * Whether an instance is held to what others evict.
	 */
	boolean promisesOthersEvictions() {
		return this != PLAIN && this != FAILSOFT_RACING_PUTS;
	}

	boolean serializesPuts() {
		return this != FAILSOFT_RACING_PUTS;
	}

	/**
	 * Takes out of the code what is to be missed, before its classes are loaded.
	 */
	void takeRuleOut() {
	}

	/**
	 * The mode in which the rule is missed.
	 */
	Mode modeOfRule() {
		return Mode.LOCAL;
	}

	/**
	 * What has not settled yet, or nothing.
	 */
	public String restlessness(ApplicationContext context) {
		if (this == PLAIN) {
			return "";
		}
		Consistency consistency = context.getBean(Consistency.class);
		List<ServerSnapshot> down = consistency.pool()
			.snapshots()
			.stream()
			.filter((server) -> server.state() != ServerSnapshot.State.UP)
			.toList();
		int pending = consistency.figures().values().stream().mapToInt(InvalidationFigures::pending).sum();
		return (down.isEmpty() && pending == 0) ? "" : "not up: " + down + ", invalidations pending: " + pending;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, MemcachedCacheAutoConfiguration.class,
			CacheAutoConfiguration.class })
	static class FailsoftConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class PlainConfiguration implements CachingConfigurer {

		@Bean
		CacheManager plainCacheManager(Environment environment) {
			return new PlainCacheManager(environment.getRequiredProperty("memcached.servers", String[].class));
		}

		@Override
		public CacheErrorHandler errorHandler() {
			return new LoggingCacheErrorHandler();
		}

	}

}
