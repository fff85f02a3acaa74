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
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.consistency.WriteStripes.Stripe;

/**
 * Stores what was loaded after a miss, only over what the miss saw.
 */
final class Fills {

	private final ConsistencySettings settings;

	private final WriteStripes stripes;

	Fills(ConsistencySettings settings, WriteStripes stripes) {
		this.settings = settings;
		this.stripes = stripes;
	}

	PendingWrite fill(Ticket ticket, MemcachedKey key, Payload payload, int timeToLive) {
		Route route = ticket.route;
		long limit = ticket.limit();
		int least = route.leastSeconds(ticket.window);
		int life = route.life(timeToLive);
		int end = route.endOfLife(life, least, payload, this.settings);
		byte[] header = Envelope.entryHeader(ticket.generation, payload, end, key.bytes());
		int expiry = route.expiry(life, least, this.settings);
		Stripe stripe = this.stripes.of(key);
		synchronized (stripe) {
			if (route.log().blocks(route, key) || (ticket.absent && now() - ticket.takenAt > limit)) {
				return PendingWrite.done(WriteResult.REFUSED, this.settings.ticker());
			}
			if (!ticket.absent) {
				return PendingWrite.sent(ticket.link.cas(key, expiry, header, payload.bytes(), ticket.cas),
						(reply) -> filled(reply, route), this.settings.ticker());
			}
			return PendingWrite.sent(ticket.link.add(key, expiry, header, payload.bytes()),
					(reply) -> added(reply, route, key, ticket, limit), this.settings.ticker());
		}
	}

	private WriteResult added(Reply reply, Route route, MemcachedKey key, Ticket ticket, long limit) {
		Failure failure = reply.failure();
		if (failure != null && Writes.isUnknown(failure)) {
			route.log().addKey(route, key, null);
		}
		else if (reply.stored() && now() - ticket.takenAt > limit) {
			// The tombstone that would have refused this may have expired on the way.
			route.log().addKey(route, key, null);
			return WriteResult.REFUSED;
		}
		return filled(reply, route);
	}

	private WriteResult filled(Reply reply, Route route) {
		Failure failure = reply.failure();
		if (failure != null) {
			return WriteResult.failed(route, failure, reply.detail());
		}
		if (!reply.stored()) {
			return WriteResult.REFUSED;
		}
		return WriteResult.DONE;
	}

	void touch(Ticket ticket, MemcachedKey key, int seconds) {
		int expiry = ticket.route.expiryOnTouch(seconds, ticket.window, this.settings);
		if (expiry != 0) {
			ticket.link.touch(key, expiry);
		}
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

}
