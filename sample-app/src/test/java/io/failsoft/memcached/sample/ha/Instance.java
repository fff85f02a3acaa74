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

package io.failsoft.memcached.sample.ha;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.failsoft.memcached.sample.CitiesApplication;
import io.failsoft.memcached.testkit.MemcachedServer;

/**
 * One of two instances of the sample.
 */
final class Instance extends Node {

	private final int port = Programs.freePort();

	private final Map<String, String> environment;

	Instance(int number, Path directory, List<Database> databases, List<MemcachedServer> caches) {
		super("instance " + number, directory);
		this.environment = Map.of("HA_DATABASES",
				join(databases.stream().map((database) -> "127.0.0.1:" + database.port())), "HA_MEMCACHED",
				join(caches.stream().map((cache) -> cache.host() + ":" + cache.port())));
	}

	private static String join(Stream<String> addresses) {
		return addresses.collect(Collectors.joining(","));
	}

	int port() {
		return this.port;
	}

	@Override
	void start() {
		launch(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-Dcom.zaxxer.hikari.aliveBypassWindowMs=0", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				CitiesApplication.class.getName(), "--spring.profiles.active=ha", "--server.port=" + this.port),
				this.environment);
		HttpClient http = HttpClient.newHttpClient();
		URI readiness = URI.create("http://127.0.0.1:" + this.port + "/actuator/health/readiness");
		Waiting.until(name() + " is ready", () -> {
			requireRunning();
			HttpRequest request = HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(10)).build();
			return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		});
	}

}
