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
import java.util.List;
import java.util.Map;

/**
 * keepalived beside a load balancer. Together with the other one's it sees to it that one
 * of the two hosts has the website's address and the database's.
 */
final class FloatingAddresses extends Node {

	static final Host WWW = new Host("www");

	static final Host DB = new Host("db");

	FloatingAddresses(LoadBalancer balancer, Path directory) {
		super("keepalived of " + balancer.host().name(), balancer.host(), directory);
	}

	@Override
	void start() {
		String pid = directory().resolve("keepalived-" + host().name()).toString();
		launch(List.of(Programs.find("keepalived", "keepalived"), "--dont-fork", "--log-console", "--vrrp",
				"--use-file=" + Programs.SETUP.resolve("keepalived.conf"), "--pid=" + pid + ".pid",
				"--vrrp_pid=" + pid + "-vrrp.pid"), Map.of());
	}

	/**
	 * Wait until a new connection to each address is taken.
	 */
	static void awaitBoth() {
		Waiting.until("the floating addresses answer", () -> WWW.takesConnections(LoadBalancer.PORT));
		Waiting.until("the floating addresses answer", () -> DB.takesConnections(Database.PORT));
	}

}
