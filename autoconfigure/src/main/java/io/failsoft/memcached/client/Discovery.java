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
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A way to find the servers behind the configured names. Used by one thread, except
 * {@link #close()}.
 */
interface Discovery {

	/**
	 * Looks the servers up. May block for as long as the name service or the endpoint
	 * lets it.
	 * @return the servers now, the last known where a look-up failed
	 */
	Found look();

	/**
	 * Returns the name that the certificate of a server must be for.
	 * @param server a server that was found
	 * @return the name that led to it, or its host
	 */
	default String certificateName(ServerAddress server) {
		return server.host();
	}

	/**
	 * Breaks off a look-up under way, as far as that can be done. A name that is being
	 * resolved cannot be interrupted.
	 */
	default void close() {
	}

	/**
	 * The servers as they are known now.
	 *
	 * @param servers the servers; empty until some were found
	 * @param failures the reasons why look-ups failed, by what is configured
	 */
	record Found(List<ServerAddress> servers, Map<ServerAddress, String> failures) {

		@Nullable String failure() {
			return this.failures.isEmpty() ? null
					: this.failures.entrySet()
						.stream()
						.map((entry) -> entry.getKey().name() + ": " + entry.getValue())
						.collect(Collectors.joining("; "));
		}

	}

}
