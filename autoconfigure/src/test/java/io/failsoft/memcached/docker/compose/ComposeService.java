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

package io.failsoft.memcached.docker.compose;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;

/**
 * A service as Docker Compose would tell of it.
 */
record ComposeService(String name, ImageReference image, int port,
		Map<String, String> labels) implements RunningService {

	static ComposeService of(String image, int port, Map<String, String> labels) {
		return new ComposeService("cache", ImageReference.of(image), port, labels);
	}

	@Override
	public String host() {
		return "127.0.0.1";
	}

	@Override
	public ConnectionPorts ports() {
		return new ConnectionPorts() {

			@Override
			public int get(int containerPort) {
				if (containerPort != 11211) {
					throw new IllegalStateException("No mapping of container port " + containerPort);
				}
				return ComposeService.this.port;
			}

			@Override
			public List<Integer> getAll() {
				return List.of(ComposeService.this.port);
			}

			@Override
			public List<Integer> getAll(@Nullable String protocol) {
				return getAll();
			}

		};
	}

	@Override
	public Map<String, @Nullable String> env() {
		return Map.of();
	}

}
