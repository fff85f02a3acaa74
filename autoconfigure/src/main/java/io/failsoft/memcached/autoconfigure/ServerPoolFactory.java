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

import java.util.List;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Discovery;
import io.failsoft.memcached.autoconfigure.MemcachedProperties.OnServerFailure;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.ServerPools;

/**
 * Makes the {@link ServerPool} that the properties describe.
 */
final class ServerPoolFactory {

	private ServerPoolFactory() {
	}

	/**
	 * Make a pool. What a bean of the application's own gives are the servers; what the
	 * properties give is what the servers are discovered by.
	 */
	static ServerPool create(MemcachedProperties properties, MemcachedConnectionDetails connectionDetails) {
		MemcachedPropertiesCheck.check(connectionDetails);
		List<ServerAddress> servers = connectionDetails.getServers();
		ClientSettings settings = settings(properties, connectionDetails);
		Discovery discovery = (connectionDetails instanceof PropertiesMemcachedConnectionDetails)
				? properties.getDiscovery() : Discovery.NONE;
		return switch (discovery) {
			case NONE -> ServerPools.create(servers, settings);
			case DNS -> ServerPools.discoverByDns(servers, properties.getDiscoveryInterval(), settings);
			case ELASTICACHE -> ServerPools.discoverByElastiCache(servers, properties.getDiscoveryInterval(), settings);
		};
	}

	static ClientSettings settings(MemcachedProperties properties, MemcachedConnectionDetails connectionDetails) {
		return new ClientSettings(properties.getConnectTimeout(), properties.getOperationTimeout(),
				properties.getMaxInFlight(), properties.getMaxQueued().toBytes(),
				properties.getBreaker().getFailureThreshold(), properties.getBreaker().getProbeInterval(),
				properties.getOnServerFailure() == OnServerFailure.FAILOVER, connectionDetails.getUsername(),
				connectionDetails.getPassword());
	}

}
