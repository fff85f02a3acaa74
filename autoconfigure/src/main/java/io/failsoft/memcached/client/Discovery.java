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
 * Finds the servers that stand behind what is configured. Used by one thread, except
 * {@link #close()}.
 */
interface Discovery {

	/**
	 * Look the servers up. May block for as long as the name service or the endpoint lets
	 * it.
	 * @return what is known now, the last known where nothing could be found out
	 */
	Found look();

	/**
	 * Breaks off a look-up under way, as far as that can be done. A name that is being
	 * resolved cannot be interrupted.
	 */
	default void close() {
	}

	/**
	 * What is known now.
	 *
	 * @param servers the servers; empty as long as nothing was found
	 * @param failures why nothing could be found out now about something configured
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
