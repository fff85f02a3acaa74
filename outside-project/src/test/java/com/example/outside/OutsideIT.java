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

package com.example.outside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter as the only dependency, {@code memcached.servers} in
 * {@code application.yml}, {@code @EnableCaching}: that is all it takes.
 */
class OutsideIT {

	@TempDir
	Path folder;

	@Test
	void cachesInMemcached() throws Exception {
		try (MemcachedServer server = MemcachedServer.start(); ConfigurableApplicationContext context = run(server)) {
			assertThat(context.getBean(CacheManager.class).getClass().getName()).startsWith("io.failsoft.memcached.");
			Greetings greetings = context.getBean(Greetings.class);
			long hitsBefore = hits(server);
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 1");
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 1");
			assertThat(hits(server)).isGreaterThan(hitsBefore);
			greetings.forget("Ada");
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 2");
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 2");
		}
	}

	@Test
	void twoInstancesShareWhatTheyCached() throws Exception {
		try (MemcachedServer server = MemcachedServer.start();
				ConfigurableApplicationContext one = run(server);
				ConfigurableApplicationContext other = run(server)) {
			assertThat(one.getBean(Greetings.class).greet("Bob")).isEqualTo("Hello Bob, call 1");
			assertThat(one.getBean(Greetings.class).greet("Bob")).isEqualTo("Hello Bob, call 1");
			one.getBean(Greetings.class).greet("Carl");
			assertThat(other.getBean(Greetings.class).greet("Carl")).isEqualTo("Hello Carl, call 2");
		}
	}

	@Test
	void worksWhenTheServerDies() throws Exception {
		try (MemcachedServer server = MemcachedServer.start(); ConfigurableApplicationContext context = run(server)) {
			Greetings greetings = context.getBean(Greetings.class);
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 1");
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 1");
			server.kill();
			// From the reserve, until it is evicted.
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 1");
			greetings.forget("Ada");
			assertThat(greetings.greet("Ada")).isEqualTo("Hello Ada, call 2");
		}
	}

	private ConfigurableApplicationContext run(MemcachedServer server) throws Exception {
		// The application's own application.yml, with the address of a server that only
		// this test uses.
		String yaml = new String(OutsideIT.class.getResourceAsStream("/application.yml").readAllBytes(), "UTF-8");
		assertThat(yaml).contains("servers: localhost:11211");
		Path file = Files.writeString(this.folder.resolve("application.yml"),
				yaml.replace("localhost:11211", server.host() + ":" + server.port()));
		// A hit is expected however busy the machine is.
		ConfigurableApplicationContext context = SpringApplication.run(OutsideApplication.class,
				"--spring.config.location=" + file.toUri(), "--memcached.operation-timeout=10s");
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!context.getBean(MemcachedServers.class).isAlive()) {
			assertThat(System.nanoTime() - deadline).as("The server is not used").isNegative();
			TimeUnit.MILLISECONDS.sleep(5);
		}
		return context;
	}

	private static long hits(MemcachedServer server) {
		return Long.parseLong(server.stats().get("get_hits"));
	}

}
