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
import java.util.List;
import java.util.Map;

/**
 * HAProxy in front of the two instances.
 */
final class LoadBalancer extends Node {

	private final int port = Programs.freePort();

	private final Instance first;

	private final Instance second;

	LoadBalancer(Path directory, Instance first, Instance second) {
		super("load balancer", directory);
		this.first = first;
		this.second = second;
	}

	URI address() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	@Override
	void start() {
		launch(List.of(Programs.find("haproxy", "haproxy"), "-db", "-f",
				Programs.SETUP.resolve("haproxy.cfg").toString()),
				Map.of("LISTEN_PORT", Integer.toString(this.port), "INSTANCE_1_PORT",
						Integer.toString(this.first.port()), "INSTANCE_2_PORT", Integer.toString(this.second.port())));
		HttpClient http = HttpClient.newHttpClient();
		Waiting.until(name() + " answers", () -> {
			requireRunning();
			return http
				.send(HttpRequest.newBuilder(address().resolve("/actuator/health/readiness")).build(),
						HttpResponse.BodyHandlers.discarding())
				.statusCode() == 200;
		});
	}

}
