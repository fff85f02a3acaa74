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

package io.failsoft.memcached.autoconfigure;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.OnServerFailure;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerPools;

/**
 * Makes the {@link ServerPool} that the properties describe.
 */
final class ServerPoolFactory {

	private ServerPoolFactory() {
	}

	static ServerPool create(MemcachedProperties properties, MemcachedConnectionDetails connectionDetails) {
		MemcachedPropertiesCheck.check(connectionDetails);
		return ServerPools.create(connectionDetails.getServers(), settings(properties, connectionDetails));
	}

	static ClientSettings settings(MemcachedProperties properties, MemcachedConnectionDetails connectionDetails) {
		return new ClientSettings(properties.getConnectTimeout(), properties.getOperationTimeout(),
				properties.getMaxInFlight(), properties.getMaxQueued().toBytes(),
				properties.getBreaker().getFailureThreshold(), properties.getBreaker().getProbeInterval(),
				properties.getOnServerFailure() == OnServerFailure.FAILOVER, connectionDetails.getUsername(),
				connectionDetails.getPassword());
	}

}
