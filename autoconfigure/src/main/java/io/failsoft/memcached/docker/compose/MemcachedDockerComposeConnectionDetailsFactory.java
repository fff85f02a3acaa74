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

import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Makes {@link MemcachedConnectionDetails} of a service of Docker Compose whose image is
 * {@code memcached}, or whose label {@code org.springframework.boot.service-connection}
 * says so. As the image knows no variables for credentials, they are taken from the
 * labels {@code io.failsoft.memcached.username} and
 * {@code io.failsoft.memcached.password}.
 */
class MemcachedDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<MemcachedConnectionDetails> {

	private static final String USERNAME_LABEL = "io.failsoft.memcached.username";

	private static final String PASSWORD_LABEL = "io.failsoft.memcached.password";

	MemcachedDockerComposeConnectionDetailsFactory() {
		super("memcached");
	}

	@Override
	protected MemcachedConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new MemcachedDockerComposeConnectionDetails(source.getRunningService());
	}

	private static final class MemcachedDockerComposeConnectionDetails extends DockerComposeConnectionDetails
			implements MemcachedConnectionDetails {

		private final RunningService service;

		private final @Nullable SslBundle sslBundle;

		MemcachedDockerComposeConnectionDetails(RunningService service) {
			super(service);
			this.service = service;
			this.sslBundle = getSslBundle(service);
		}

		@Override
		public List<ServerAddress> getServers() {
			int port = this.service.ports().get(ServerAddress.DEFAULT_PORT);
			return List.of(new ServerAddress(this.service.host(), port, 1));
		}

		@Override
		public @Nullable String getUsername() {
			return this.service.labels().get(USERNAME_LABEL);
		}

		@Override
		public @Nullable String getPassword() {
			return this.service.labels().get(PASSWORD_LABEL);
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.sslBundle;
		}

	}

}
