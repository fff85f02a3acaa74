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

package io.failsoft.memcached.testcontainers;

import java.time.Duration;
import java.util.Objects;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code @ServiceConnection} on a container whose Docker is made up and whose server is
 * real.
 */
class ServiceConnectionIT {

	/** A hit is expected however busy the machine is. */
	private static final String PATIENT = "memcached.operation-timeout=10s";

	private static final String PATIENT_TO_CONNECT = "memcached.connect-timeout=10s";

	private static void assertWorks(CacheManager manager, MemcachedServers servers, LocalContainer container) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(servers::isAlive);
		Cache cache = Objects.requireNonNull(manager.getCache("books"));
		cache.put(1, "one");
		long hits = hits(container.server());
		assertThat(cache.get(1, String.class)).isEqualTo("one");
		assertThat(hits(container.server()) - hits).as("of the entry and its generation").isGreaterThanOrEqualTo(2);
	}

	private static long hits(MemcachedServer server) {
		return Long.parseLong(server.stats().getOrDefault("get_hits", "0"));
	}

	@Nested
	@DirtiesContext
	@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = {
			"memcached.servers=127.0.0.1:1", "spring.application.name=containers", PATIENT, PATIENT_TO_CONNECT })
	class OfAField {

		@ServiceConnection
		static final LocalContainer memcached = started("memcached:1.6-alpine");

		@AfterAll
		static void stop() {
			memcached.stop();
		}

		@Test
		void theContainerIsTheServer(@Autowired CacheManager manager, @Autowired MemcachedServers servers,
				@Autowired MemcachedConnectionDetails details) {
			assertThat(details.getSslBundle()).isNull();
			assertThat(details.getServers()).singleElement()
				.satisfies((server) -> assertThat(server.port()).isEqualTo(memcached.server().port()));
			assertWorks(manager, servers, memcached);
		}

	}

	@Nested
	@DirtiesContext
	@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = "spring.application.name=containers")
	class OfAFieldWithTls {

		@PemTrustStore(certificate = "classpath:tls/authority.pem")
		@ServiceConnection
		static final LocalContainer memcached = started("memcached:1.6-alpine");

		@AfterAll
		static void stop() {
			memcached.stop();
		}

		@Test
		void theAnnotationsOfSpringBootGiveTheBundle(@Autowired MemcachedConnectionDetails details) {
			assertThat(details.getSslBundle()).isNotNull();
		}

	}

	@Nested
	@DirtiesContext
	@SpringBootTest(classes = { Application.class, OfANamedBean.Containers.class },
			webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = { "memcached.servers=127.0.0.1:1",
					"spring.application.name=containers", PATIENT, PATIENT_TO_CONNECT })
	class OfANamedBean {

		@Test
		void theContainerIsStartedAndIsTheServer(@Autowired CacheManager manager, @Autowired MemcachedServers servers,
				@Autowired LocalContainer container) {
			assertWorks(manager, servers, container);
		}

		@TestConfiguration(proxyBeanMethods = false)
		static class Containers {

			@Bean
			@ServiceConnection("memcached")
			LocalContainer cache() {
				return new LocalContainer("registry.example.com/platform/cache:7");
			}

		}

	}

	private static LocalContainer started(String image) {
		LocalContainer container = new LocalContainer(image);
		container.start();
		return container;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class,
			ServiceConnectionAutoConfiguration.class })
	static class Application {

	}

}
