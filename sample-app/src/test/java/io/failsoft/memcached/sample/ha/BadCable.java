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
 * A cable between a host and the switch that loses 5 % of the frames and delays the
 * others by 20 ms, each way. The host's own one is back when this is closed.
 */
final class BadCable extends Node {

	private final String end;

	BadCable(Host host, Path directory) {
		super("bad cable", new Host("net"), directory);
		this.end = host.name();
	}

	@Override
	void start() {
		launch(List.of(Programs.SETUP.resolve("slow-wire").toString(), "near", "far"), Map.of());
		Host.onSwitch("link", "add", "name", "bad", "type", "bridge");
		Host.onSwitch("link", "set", "bad", "up");
		Waiting.until("both ends are there", () -> {
			requireRunning();
			Host.onSwitch("link", "set", "near", "master", "switch", "up");
			Host.onSwitch("link", "set", "far", "master", "bad", "up");
			return true;
		});
		Host.onSwitch("link", "set", this.end, "master", "bad");
	}

	@Override
	public void close() {
		stop();
		Host.onSwitch("link", "set", this.end, "master", "switch");
		Host.onSwitch("link", "del", "bad");
	}

}
