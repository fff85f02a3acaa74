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

package io.failsoft.memcached.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of the client. See the {@code memcached.*} properties of the same names
 * for meanings and defaults.
 *
 * @param connectTimeout bound on a connection attempt
 * @param operationTimeout bound on one operation as the caller sees it
 * @param maxInFlight operations under way per server
 * @param maxQueuedBytes bytes under way per server
 * @param failureThreshold operation timeouts in a row that open the breaker
 * @param probeInterval upper bound of the time between probes of a lost server
 * @param failover whether another server takes the keys of one that is lost
 * @param username user name of the text authentication, or {@code null}
 * @param password password of the text authentication, or {@code null}
 * @param tls how connections are encrypted, or {@code null} if they are not
 */
public record ClientSettings(Duration connectTimeout, Duration operationTimeout, int maxInFlight, long maxQueuedBytes,
		int failureThreshold, Duration probeInterval, boolean failover, @Nullable String username,
		@Nullable String password, @Nullable TlsSettings tls) {

	/**
	 * Returns the defaults of the properties.
	 * @return the settings
	 */
	public static ClientSettings defaults() {
		return new ClientSettings(Duration.ofMillis(250), Duration.ofMillis(250), 4096, 16L << 20, 3,
				Duration.ofMillis(500), false, null, null, null);
	}

	@Override
	public String toString() {
		return "ClientSettings[connectTimeout=" + this.connectTimeout + ", operationTimeout=" + this.operationTimeout
				+ "]";
	}

}
