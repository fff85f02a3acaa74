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

package io.failsoft.memcached.docker.compose;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All of Boot's way from a running service of Docker Compose to a cache that works, but
 * for Docker itself: the services are made up, and are real servers on this machine.
 */
class DockerComposeIT {

	@Test
	void whenAServiceHasTheImageThenItIsTheServer() {
		try (MemcachedServer server = MemcachedServer.start();
				ConfigurableApplicationContext context = run(
						ComposeService.of("memcached:1.6-alpine", server.port(), Map.of()))) {
			assertWorks(context, server);
			MemcachedConnectionDetails details = context.getBean(MemcachedConnectionDetails.class);
			assertThat(details.getUsername()).isNull();
			assertThat(details.getPassword()).isNull();
			assertThat(details).isInstanceOf(OriginProvider.class);
		}
	}

	@Test
	void whenAnotherImageIsLabelledThenItIsTheServer() {
		try (MemcachedServer server = MemcachedServer.start();
				ConfigurableApplicationContext context = run(ComposeService.of("registry.example.com/platform/cache:7",
						server.port(), Map.of("org.springframework.boot.service-connection", "memcached")))) {
			assertWorks(context, server);
		}
	}

	@Test
	void whenTheServerDemandsCredentialsThenTheLabelsGiveThem() {
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withAuthentication("shop", "s3cret"));
				ConfigurableApplicationContext context = run(ComposeService.of("memcached", server.port(), Map
					.of("io.failsoft.memcached.username", "shop", "io.failsoft.memcached.password", "s3cret")))) {
			awaitAlive(context);
			Cache cache = Objects.requireNonNull(context.getBean(CacheManager.class).getCache("books"));
			cache.put(1, "one");
			assertThat(cache.get(1, String.class)).isEqualTo("one");
		}
	}

	@Test
	void whenTheServerSpeaksTlsThenTheLabelsOfSpringBootGiveTheBundle() {
		String trusted = TestTls.authority().certificate();
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withTls(TestTls.localhost()));
				ConfigurableApplicationContext context = run(ComposeService.of("memcached", server.port(),
						Map.of("org.springframework.boot.sslbundle.pem.truststore.certificate", trusted)))) {
			assertWorks(context, server);
		}
	}

	@Test
	void whenAServiceIsSomethingElseThenThePropertiesHold() {
		try (ConfigurableApplicationContext context = run(ComposeService.of("redis:8", 6379, Map.of()))) {
			assertThat(context.getBean(MemcachedConnectionDetails.class).getServers())
				.containsExactly(new ServerAddress("127.0.0.1", 1, 1));
		}
	}

	private static void assertWorks(ApplicationContext context, MemcachedServer server) {
		awaitAlive(context);
		assertThat(context.getBean(MemcachedServers.class).snapshots()).singleElement()
			.satisfies((snapshot) -> assertThat(snapshot.name()).isEqualTo("127.0.0.1:" + server.port()));
		Cache cache = Objects.requireNonNull(context.getBean(CacheManager.class).getCache("books"));
		cache.put(1, "one");
		long hits = hits(server);
		assertThat(cache.get(1, String.class)).isEqualTo("one");
		assertThat(hits(server) - hits).as("of the entry and its generation").isGreaterThanOrEqualTo(2);
	}

	private static long hits(MemcachedServer server) {
		return Long.parseLong(server.stats().getOrDefault("get_hits", "0"));
	}

	private static void awaitAlive(ApplicationContext context) {
		MemcachedServers servers = context.getBean(MemcachedServers.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(servers::isAlive);
	}

	private static ConfigurableApplicationContext run(RunningService service) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addListeners(new ServicesReady(application, service));
		// A hit is expected however busy the machine is.
		return application.run("--memcached.servers=127.0.0.1:1", "--spring.application.name=compose",
				"--spring.main.banner-mode=off", "--memcached.operation-timeout=10s",
				"--memcached.connect-timeout=10s");
	}

	/**
	 * Tells Boot's own listener of the service when Boot's own lifecycle would.
	 */
	private record ServicesReady(SpringApplication application,
			RunningService service) implements ApplicationListener<ApplicationPreparedEvent> {

		@Override
		public void onApplicationEvent(ApplicationPreparedEvent event) {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			this.application.getListeners().forEach(multicaster::addApplicationListener);
			multicaster.multicastEvent(ready(event.getApplicationContext()));
		}

		/** Boot makes its event by a constructor of its own. */
		private DockerComposeServicesReadyEvent ready(ApplicationContext context) {
			try {
				var constructor = DockerComposeServicesReadyEvent.class.getDeclaredConstructor(ApplicationContext.class,
						List.class);
				constructor.setAccessible(true);
				return constructor.newInstance(context, List.of(this.service));
			}
			catch (ReflectiveOperationException ex) {
				throw new LinkageError(ex.getMessage(), ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Application {

	}

}
