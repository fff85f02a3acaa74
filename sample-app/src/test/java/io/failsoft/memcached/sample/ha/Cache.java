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
 * One of two memcached servers.
 */
final class Cache extends Node {

	static final int PORT = 11211;

	Cache(int number, Path directory) {
		super("memcached " + number, new Host("cache-" + number), directory);
	}

	@Override
	void start() {
		launch(List.of(System.getProperty("memcached.binary", "memcached"), "-l", host().address(), "-p",
				Integer.toString(host().port(PORT)), "-u", System.getProperty("user.name")), Map.of());
		Waiting.until(name() + " answers", () -> {
			requireRunning();
			return host().takesConnections(PORT);
		});
	}

}
