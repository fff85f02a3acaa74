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

import io.failsoft.memcached.client.Link;

/**
 * The state that a miss saw, which is what a fill of it may replace. Holds the very
 * connection it was read over, so that it can fill over no other. Immutable; compared by
 * {@link #sawTheSame}.
 *
 * @param route where it was read
 * @param link the connection it was read over
 * @param generation the generation in force when it was taken
 * @param window the load window that came with the generation, in seconds; 0 where an
 * entry was read
 * @param absent whether there was no item
 * @param cas the number of the item that was there
 * @param takenAt when the read was sent that it came with, by the ticker
 * @param sequence the number of the last write of this JVM before that read
 */
public record Ticket(Route route, Link link, long generation, int window, boolean absent, long cas, long takenAt,
		long sequence) {

	/**
	 * Returns whether another miss saw the same: the same generation, and the same item
	 * or the same absence. Nothing was invalidated between the two. An absence that lies
	 * further apart than a tombstone lives is another one.
	 * @param other the ticket of the other miss
	 * @return whether it saw the same
	 */
	public boolean sawTheSame(Ticket other) {
		return this.route == other.route && this.generation == other.generation && this.absent == other.absent
				&& this.cas == other.cas && (!this.absent || Math.abs(this.takenAt - other.takenAt) < limit());
	}

	/**
	 * Returns the moment of that read.
	 * @return the moment
	 */
	public PutMark mark() {
		return new PutMark(this.sequence, this.takenAt);
	}

	/**
	 * Returns whether the key's own server gave it, rather than one that stands in.
	 * @return whether it did
	 */
	public boolean isOfHome() {
		return this.route.home() == null;
	}

	/**
	 * Returns how old a ticket that saw nothing may be, in nanoseconds: whatever was
	 * written since it was taken must still be there.
	 */
	long limit() {
		return this.route.ticketLimit(this.window);
	}

	@Override
	public String toString() {
		return "Ticket[" + this.route.server().name() + ", " + (this.absent ? "absent" : "cas " + this.cas) + "]";
	}

}
