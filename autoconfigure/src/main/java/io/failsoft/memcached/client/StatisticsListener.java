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

import org.jspecify.annotations.Nullable;

/**
 * Is told of the statistics that the servers are asked for.
 */
@FunctionalInterface
public interface StatisticsListener {

	/**
	 * A server was asked, or was not as it cannot be used. Called on a thread of the
	 * client's, one server after the other.
	 * @param server the server's name, {@code host:port}
	 * @param statistics what it says of itself, or {@code null} if it cannot be used or
	 * did not tell
	 */
	void told(String server, @Nullable ServerStatistics statistics);

}
