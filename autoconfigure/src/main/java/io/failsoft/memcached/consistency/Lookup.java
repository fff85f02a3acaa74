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

package io.failsoft.memcached.consistency;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Server;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a read: a hit (it has a payload), a failure (it has a failure), else a
 * miss.
 *
 * @param payload what was hit, or {@code null}
 * @param aged what is a miss only as it has ended, or {@code null}
 * @param ticket what a fill needs, or {@code null} if no fill is allowed
 * @param invalidated whether it is a miss as the key was evicted, or the cache cleared
 * @param failure why there was no answer, or {@code null} if there was one
 * @param detail the failure in more words, or {@code null}
 * @param server the name of the server concerned
 */
public record Lookup(@Nullable Payload payload, @Nullable Payload aged, @Nullable Ticket ticket, boolean invalidated,
		@Nullable Failure failure, @Nullable String detail, String server) {

	static Lookup hit(Payload payload, Ticket ticket) {
		return new Lookup(payload, null, ticket, false, null, null, ticket.route().server().name());
	}

	/**
	 * Creates a miss of what has ended. A server that stands in knows of no grace.
	 */
	static Lookup ended(Payload payload, Ticket ticket) {
		return new Lookup(null, ticket.isOfHome() ? payload : null, ticket, false, null, null,
				ticket.route().server().name());
	}

	static Lookup miss(Ticket ticket, boolean invalidated) {
		return new Lookup(null, null, ticket, invalidated, null, null, ticket.route().server().name());
	}

	static Lookup missWithoutTicket(Server server) {
		return new Lookup(null, null, null, false, null, null, server.name());
	}

	static Lookup failed(Server server, Failure failure, @Nullable String detail) {
		return new Lookup(null, null, null, false, failure, detail, server.name());
	}

	/**
	 * Returns whether memcached cannot say if a value is outdated: it could not be asked,
	 * the key's invalidation is in this instance's log, or what it held was lost.
	 * @param generation the generation that the value was confirmed under, or 0
	 * @return {@code true} unless what it answered outdates the value
	 */
	public boolean cannotSay(long generation) {
		return this.ticket == null
				|| (this.payload == null && !this.invalidated && this.ticket.generation() != generation);
	}

}
