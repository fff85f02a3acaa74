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

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.failsoft.memcached.sample.CitiesApplication;

/**
 * One of two instances of the sample.
 */
final class Instance extends Node {

	static final int PORT = 8080;

	private final Map<String, String> environment;

	Instance(int number, Path directory, List<Host> databases, List<Cache> caches) {
		super("target " + number, new Host("web-" + number), directory);
		this.environment = Map.of("HA_DATABASES", join(databases, Database.PORT), "HA_MEMCACHED",
				join(caches.stream().map(Node::host).toList(), Cache.PORT));
	}

	private static String join(List<Host> hosts, int port) {
		return hosts.stream().map((host) -> host.endpoint(port)).collect(Collectors.joining(","));
	}

	@Override
	void start() {
		start(Map.of());
	}

	/**
	 * Start with a clock that is ahead of the others'.
	 * @param seconds by how much
	 */
	void startAhead(int seconds) {
		// Without the last one libfaketime 0.9.10 has every timed wait of the JVM end at
		// once, as glibc no longer has the defect that it works around.
		start(Map.of("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1", "FAKETIME", "+" + seconds + "s",
				"FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
	}

	private void start(Map<String, String> clock) {
		Map<String, String> all = new HashMap<>(this.environment);
		all.putAll(clock);
		// The firewall says who may ask where there is one; a change is taken from this
		// host alone.
		String listen = Host.areSeparate() ? "0.0.0.0" : host().address();
		launch(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-Dcom.zaxxer.hikari.aliveBypassWindowMs=0", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				CitiesApplication.class.getName(), "--spring.profiles.active=ha", "--server.address=" + listen,
				"--server.port=" + host().port(PORT)), all);
		Waiting.until(name() + " is ready", () -> {
			requireRunning();
			return host().get(PORT, "/actuator/health/readiness").statusCode() == 200;
		});
	}

}
