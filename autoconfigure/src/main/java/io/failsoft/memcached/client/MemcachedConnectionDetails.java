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

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * The details that are needed to reach memcached. A bean of this type takes precedence
 * over the {@code memcached.*} properties of the same meaning.
 */
public interface MemcachedConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the servers.
	 * @return at least one
	 */
	List<ServerAddress> getServers();

	/**
	 * Returns the user name to authenticate with.
	 * @return the user name, or {@code null} for no authentication
	 */
	default @Nullable String getUsername() {
		return null;
	}

	/**
	 * Returns the password to authenticate with.
	 * @return the password, or {@code null} for no authentication
	 */
	default @Nullable String getPassword() {
		return null;
	}

	/**
	 * Returns the bundle of keys and trusted authorities that TLS uses. Asked for at each
	 * connection, so that it may change.
	 * @return the bundle, or {@code null} for no TLS
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

}
