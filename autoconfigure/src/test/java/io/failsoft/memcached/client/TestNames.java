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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Stands in for DNS in tests of other packages: a host that is unknown until it is known.
 */
public final class TestNames {

	private volatile List<String> addresses = List.of();

	private volatile String unknown = "";

	/**
	 * From now on every name is this machine's.
	 */
	public void know() {
		leadTo(InetAddress.getLoopbackAddress().getHostAddress());
	}

	/**
	 * Sets the addresses of every name.
	 * @param changed the addresses
	 */
	public void leadTo(String... changed) {
		this.addresses = List.of(changed);
	}

	/**
	 * Has one name be unknown from now on.
	 * @param host the name
	 */
	public void forget(String host) {
		this.unknown = host;
	}

	/**
	 * Make a pool that resolves its servers' names here.
	 * @param details the servers
	 * @param settings the settings
	 * @return the pool
	 */
	public ServerPool pool(List<ServerAddress> details, ClientSettings settings) {
		return new DefaultServerPool(details, null, Duration.ZERO, settings, this::resolve);
	}

	private InetAddress[] resolve(String host) throws UnknownHostException {
		List<String> known = this.addresses;
		if (known.isEmpty() || host.equals(this.unknown)) {
			throw new UnknownHostException(host);
		}
		InetAddress[] resolved = new InetAddress[known.size()];
		for (int i = 0; i < resolved.length; i++) {
			resolved[i] = InetAddress.getByName(known.get(i));
		}
		return resolved;
	}

}
