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

package io.failsoft.memcached.actuator;

import java.net.http.HttpResponse;
import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Boot's endpoint {@code caches} and our endpoint {@code memcached} over HTTP.
 */
class EndpointsIT {

	@Test
	void theEndpointTellsOfServersAndCaches() {
		try (MemcachedServer one = MemcachedServer.start();
				MemcachedServer two = MemcachedServer.start();
				WebApplication application = WebApplication
					.start(List.of(one, two), "memcached.cache.caches.books.time-to-live=5m", "memcached.username=",
							"spring.cache.cache-names=authors")
					.await(State.UP)) {
			application.books().find("Emma");
			application.books().find("Emma");
			JsonNode all = application.json("/actuator/memcached");
			assertThat(all.get("servers").size()).isEqualTo(2);
			double share = 0;
			for (JsonNode server : all.get("servers")) {
				assertThat(server.get("state").asString()).isEqualTo("UP");
				share += server.get("share").asDouble();
			}
			assertThat(share).isBetween(0.999, 1.001);
			JsonNode caches = all.at("/cacheManagers/cacheManager");
			assertThat(caches.propertyNames()).containsExactly("authors", "books");
			JsonNode books = application.json("/actuator/memcached/books").get("cacheManager");
			assertThat(books).isEqualTo(caches.get("books"));
			assertThat(books.at("/settings/timeToLive").asString()).isEqualTo("PT5M");
			assertThat(books.at("/figures/hits").asLong()).isEqualTo(1);
			assertThat(books.at("/figures/misses").asLong()).isEqualTo(1);
			assertThat(books.at("/figures/puts").asLong()).isEqualTo(1);
			assertThat(application.get("/actuator/memcached/unknown").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void aCacheIsClearedByDeleteAndAnotherIsNot() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(server)).await(State.UP)) {
			application.books().put("Emma", "first");
			application.pages().put("1", "first");
			assertThat(application.get("/actuator/caches/books").body()).contains("io.failsoft.memcached");
			assertThat(application.delete("/actuator/caches/books?cacheManager=cacheManager").statusCode())
				.isEqualTo(204);
			assertThat(application.books().find("Emma")).isEqualTo("the text of Emma");
			assertThat(application.pages().find("1")).isEqualTo("first");
			application.books().put("Emma", "second");
			assertThat(application.delete("/actuator/caches").statusCode()).isEqualTo(204);
			assertThat(application.books().find("Emma")).isEqualTo("the text of Emma");
			assertThat(application.pages().find("1")).isEqualTo("the text of page 1");
			assertThat(application.delete("/actuator/caches/unknown").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void whenTheServerHangsThenDeleteIsNoErrorAndTheCacheIsClearedOnceItGoesOn() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(server), "memcached.operation-timeout=1s")
					.await(State.UP)) {
			application.books().put("Emma", "old");
			int before = application.json("/actuator/memcached").at("/servers/0/invalidations/logged").asInt();
			server.pause();
			// At first nothing is known of it, then the breaker is open.
			HttpResponse<String> unnoticed = application.delete("/actuator/caches/books");
			assertThat(unnoticed.statusCode()).isEqualTo(204);
			application.await(State.DOWN);
			assertThat(application.delete("/actuator/caches/books").statusCode()).isEqualTo(204);
			JsonNode invalidations = application.json("/actuator/memcached").at("/servers/0/invalidations");
			assertThat(invalidations.get("pending").asInt()).isEqualTo(1);
			assertThat(invalidations.get("logged").asInt() - before).isEqualTo(2);
			server.resume();
			application.await(State.UP);
			JsonNode after = application.json("/actuator/memcached").at("/servers/0/invalidations");
			assertThat(application.books().find("Emma")).isEqualTo("the text of Emma");
			assertThat(after.get("pending").asInt()).isZero();
			assertThat(after.get("replayed").asInt()).isPositive();
		}
	}

	@Test
	void whenTheServerIsDeadThenDeleteIsNoErrorAndIsLoggedForReplay() {
		try (MemcachedServer server = MemcachedServer.start();
				WebApplication application = WebApplication.start(List.of(server), "spring.cache.cache-names=books")
					.await(State.UP)) {
			server.kill();
			application.await(State.DOWN);
			assertThat(application.delete("/actuator/caches").statusCode()).isEqualTo(204);
			assertThat(application.json("/actuator/memcached").at("/servers/0/invalidations/pending").asInt())
				.isEqualTo(1);
			server.restart();
			application.await(State.UP);
			assertThat(application.json("/actuator/memcached").at("/servers/0/invalidations/pending").asInt()).isZero();
		}
	}

}
