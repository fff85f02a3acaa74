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

import java.time.Instant;

/**
 * What a server says of itself, in the words of its {@code stats}. A figure that it does
 * not tell is -1. All count from the server's start, and for all its clients.
 *
 * @param takenAt when it was asked
 * @param items items stored now ({@code curr_items})
 * @param bytes bytes that they take up ({@code bytes})
 * @param maxBytes bytes that items may take up ({@code limit_maxbytes})
 * @param evictions items removed before their end for want of memory ({@code evictions})
 * @param hits reads that found an item ({@code get_hits})
 * @param misses reads that found none ({@code get_misses})
 * @param connections connections open now ({@code curr_connections})
 * @param maxConnections connections that may be open ({@code max_connections})
 * @param uptimeSeconds seconds since its start ({@code uptime})
 */
public record ServerStatistics(Instant takenAt, long items, long bytes, long maxBytes, long evictions, long hits,
		long misses, long connections, long maxConnections, long uptimeSeconds) {

}
