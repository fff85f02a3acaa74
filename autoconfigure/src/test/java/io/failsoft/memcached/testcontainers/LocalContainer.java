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

package io.failsoft.memcached.testcontainers;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * A container that is a server on this machine, as there need be no Docker.
 */
final class LocalContainer extends GenericContainer<LocalContainer> {

	private final String imageName;

	private @Nullable MemcachedServer server;

	LocalContainer(String imageName) {
		super(imageName);
		this.imageName = imageName;
	}

	@Override
	public String getDockerImageName() {
		return this.imageName;
	}

	@Override
	public synchronized void start() {
		if (this.server == null) {
			this.server = MemcachedServer.start();
		}
	}

	@Override
	public synchronized void stop() {
		if (this.server != null) {
			this.server.close();
			this.server = null;
		}
	}

	synchronized MemcachedServer server() {
		if (this.server == null) {
			throw new IllegalStateException("not started");
		}
		return this.server;
	}

	@Override
	public String getHost() {
		return server().host();
	}

	@Override
	public Integer getMappedPort(int originalPort) {
		if (originalPort != 11211) {
			throw new IllegalArgumentException("Requested port (" + originalPort + ") is not mapped");
		}
		return server().port();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
