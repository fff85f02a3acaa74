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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HAProxy in front of the two instances and, with a host of its own, of the databases.
 */
final class LoadBalancer extends Node {

	static final int PORT = 80;

	private static final int STATE_PORT = 8404;

	private final Map<String, String> environment = new HashMap<>();

	LoadBalancer(int number, Path directory, List<Instance> instances, List<Database> databases) {
		super("load balancer " + number, new Host("lb-" + number), directory);
		this.environment.put("WEB_BIND", host().bind(PORT));
		this.environment.put("STATE_BIND", host().bind(STATE_PORT));
		this.environment.put("DB_BIND", host().bind(Database.PORT));
		this.environment.put("CHECK_DATABASE", Programs.SETUP.resolve("check-database").toString());
		for (int i = 0; i < 2; i++) {
			this.environment.put("WEB_" + (i + 1), instances.get(i).host().endpoint(Instance.PORT));
			this.environment.put("DB_" + (i + 1), databases.get(i).host().endpoint(Database.PORT));
		}
	}

	@Override
	void start() {
		List<String> command = new ArrayList<>(List.of(Programs.find("haproxy", "haproxy"), "-db", "-L", host().name(),
				"-f", Programs.SETUP.resolve("haproxy.cfg").toString()));
		if (Host.areSeparate()) {
			command.addAll(List.of("-f", Programs.SETUP.resolve("haproxy-databases.cfg").toString()));
		}
		launch(command, this.environment);
		Waiting.until(name() + " answers", () -> {
			requireRunning();
			return !state().isEmpty();
		});
	}

	/**
	 * Tells whether this balancer gives requests to a server.
	 * @param server the server
	 * @return true if its checks have found it up
	 */
	boolean sees(Host server) {
		return state().lines()
			.map((line) -> line.split(","))
			.anyMatch((line) -> line.length > 17 && line[1].equals(server.name()) && line[17].equals("UP"));
	}

	private String state() {
		return host().get(STATE_PORT, "/;csv").body();
	}

}
