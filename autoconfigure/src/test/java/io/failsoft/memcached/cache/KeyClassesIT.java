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

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cached methods whose arguments are of classes that are not listed, on a real memcached:
 * they run uncached, until the application vouches for the class.
 */
@WithMemcached
@ExtendWith(OutputCaptureExtension.class)
class KeyClassesIT {

	private final ApplicationContextRunner runner;

	KeyClassesIT(MemcachedServer server) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class))
			.withUserConfiguration(Caching.class)
			.withPropertyValues("memcached.servers=" + server.host() + ":" + server.port(),
					"memcached.operation-timeout=10s", "memcached.connect-timeout=10s",
					"spring.application.name=" + System.nanoTime());
	}

	private static HttpRequest request(String user) {
		return HttpRequest.newBuilder(URI.create("http://api/me")).header("Authorization", user).build();
	}

	private static void awaitAlive(MemcachedServers servers) {
		long deadline = System.nanoTime() + 30_000_000_000L;
		while (!servers.isAlive()) {
			assertThat(System.nanoTime() - deadline).as("The server is not used").isNegative();
			LockSupport.parkNanos(1_000_000);
		}
	}

	@Test
	void whoAsksByRequestIsNeverGivenAnothersAnswer(CapturedOutput output) {
		this.runner.run((context) -> {
			awaitAlive(context.getBean(MemcachedServers.class));
			Remote remote = context.getBean(Remote.class);
			for (String user : List.of("ann", "bob", "ann", "bob")) {
				assertThat(remote.fetch(request(user))).isEqualTo(user + "'s account");
				assertThat(remote.fetchPage(request(user), 1)).isEqualTo(user + "'s page 1");
			}
			assertThat(remote.calls()).as("runs uncached").isEqualTo(8);
			assertThat(output).containsOnlyOnce("Cache 'answers'").containsOnlyOnce("memcached.cache.key-classes: ");
		});
	}

	@Test
	void whenTheApplicationVouchesForAClassThenItCountsByItsText(CapturedOutput output) {
		this.runner
			.withPropertyValues("memcached.cache.key-classes=io.failsoft.memcached.cache.*",
					"memcached.cache.caches.strict.key-classes=com.acme.**")
			.run((context) -> {
				awaitAlive(context.getBean(MemcachedServers.class));
				Remote remote = context.getBean(Remote.class);
				for (int i = 0; i < 3; i++) {
					assertThat(remote.byIsbn(new Isbn("1"))).isEqualTo("Emma 1");
					assertThat(remote.byIsbn(new Isbn("2"))).isEqualTo("Emma 2");
				}
				assertThat(remote.calls()).isEqualTo(2);
				assertThat(output).doesNotContain("key-classes");
				for (int i = 0; i < 3; i++) {
					assertThat(remote.byIsbnStrictly(new Isbn("1"))).isEqualTo("Emma 1");
				}
				assertThat(remote.calls()).as("a cache of its own mind").isEqualTo(5);
				assertThat(output).containsOnlyOnce("memcached.cache.key-classes: " + Isbn.class.getName());
			});
	}

	@Test
	void whenAPatternIsNoneThenTheStartStopsWithPropertyValueAndRemedy() {
		for (String bad : List.of("com/acme", "**", "*", "com.acme.***", "com.*.Foo", "com.acme.Foo*", ".com", "com.",
				"com..acme", "com acme")) {
			for (String property : List.of("memcached.cache.key-classes", "memcached.cache.caches.books.key-classes")) {
				this.runner.withPropertyValues(property + "=com.acme.**," + bad)
					.run((context) -> assertThat(context).getFailure()
						.rootCause()
						.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
							assertThat(ex.getName()).isEqualTo(property);
							assertThat(ex.getValue()).isEqualTo(bad);
							assertThat(ex.getReason()).contains("com.acme.**");
						}));
			}
		}
	}

	@Test
	void aPatternMayNameAClassWithinAnotherAndAnyPackage() {
		for (String good : List.of("com.acme.Order$Id", "java.**", "Foo", "com.acme_2.*", "org.springframework.**")) {
			this.runner.withPropertyValues("memcached.cache.key-classes=" + good)
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	static final class Isbn {

		private final String number;

		Isbn(String number) {
			this.number = number;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Isbn isbn && isbn.number.equals(this.number);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.number);
		}

		@Override
		public String toString() {
			return this.number;
		}

	}

	static class Remote {

		private int calls;

		int calls() {
			return this.calls;
		}

		@Cacheable("answers")
		public String fetch(HttpRequest request) {
			this.calls++;
			return request.headers().firstValue("Authorization").orElse("nobody") + "'s account";
		}

		@Cacheable("answers")
		public String fetchPage(HttpRequest request, int page) {
			this.calls++;
			return request.headers().firstValue("Authorization").orElse("nobody") + "'s page " + page;
		}

		@Cacheable("books")
		public String byIsbn(Isbn isbn) {
			this.calls++;
			return "Emma " + isbn;
		}

		@Cacheable("strict")
		public String byIsbnStrictly(Isbn isbn) {
			this.calls++;
			return "Emma " + isbn;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

		@Bean
		Remote remote() {
			return new Remote();
		}

	}

}
