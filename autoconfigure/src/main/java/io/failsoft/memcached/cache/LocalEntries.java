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

package io.failsoft.memcached.cache;

import java.util.Objects;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.consistency.Lookup;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.consistency.PutMark;
import io.failsoft.memcached.consistency.Region;
import io.failsoft.memcached.consistency.Ticket;
import io.failsoft.memcached.local.LocalStore.Kept;
import io.failsoft.memcached.local.LocalStore;
import org.jspecify.annotations.Nullable;

/**
 * The values of one cache in the local store, by the rules of
 * {@code docs/consistency.md}: what confirms them, what outdates them, and when they are
 * served without memcached (near) or in its place (reserve). Thread-safe.
 */
final class LocalEntries {

	private final LocalStore<Payload> store;

	private final Region region;

	private final ConsistencySettings settings;

	private final long nearNanos;

	private final long reserveNanos;

	LocalEntries(LocalStore<Payload> store, Region region, MemcachedCacheSettings cache, Consistency consistency) {
		this.store = store;
		this.region = region;
		this.settings = consistency.settings();
		this.nearNanos = store.isEnabled() ? cache.nearTimeToLive().toNanos() : 0;
		this.reserveNanos = store.isEnabled() ? cache.reserveTimeToLive().toNanos() : 0;
	}

	/**
	 * Returns whether values are served without asking memcached.
	 */
	boolean hasNear() {
		return this.nearNanos > 0;
	}

	/**
	 * Returns how long a value is served in memcached's place, in nanoseconds.
	 */
	long reserveNanos() {
		return this.reserveNanos;
	}

	private boolean isUsed() {
		return this.nearNanos > 0 || this.reserveNanos > 0;
	}

	/**
	 * Returns what may be served without asking memcached: not to a load, as what that
	 * makes is written to memcached, for all.
	 * @param key the key
	 * @return the value, or {@code null}
	 */
	@Nullable Payload near(MemcachedKey key) {
		if (this.nearNanos == 0 || LoadScope.current() != null) {
			return null;
		}
		Kept<Payload> kept = get(key);
		return (kept != null && isYounger(kept, this.nearNanos)) ? kept.value() : null;
	}

	/**
	 * Returns what is kept of a key and neither cleared nor ended.
	 * @param key the key
	 * @return what is kept, or {@code null}
	 */
	@Nullable Kept<Payload> get(MemcachedKey key) {
		Kept<Payload> kept = isUsed() ? this.store.get(key) : null;
		return (kept == null || this.region.isCleared(kept.sequence()) || this.settings.hasEnded(kept.value())) ? null
				: kept;
	}

	/**
	 * Serves a value that memcached cannot say anything about.
	 * @param kept what is kept, or {@code null}
	 * @param scope the load that asks, or {@code null} if none does
	 * @return the value, or {@code null} if it is too old
	 */
	@Nullable Payload reserve(@Nullable Kept<Payload> kept, @Nullable LoadScope scope) {
		if (kept == null || !isYounger(kept, this.reserveNanos)) {
			return null;
		}
		LoadScope.served(scope, new PutMark(kept.sequence(), kept.time()));
		this.store.noteReserve();
		return kept.value();
	}

	private boolean isYounger(Kept<Payload> kept, long nanos) {
		return this.settings.ticker().getAsLong() - kept.time() < nanos;
	}

	/**
	 * Keeps what memcached returned as live. A server that stands in confirms nothing.
	 * @param key the key
	 * @param payload what it returned
	 * @param ticket the ticket that came with it
	 */
	void confirm(MemcachedKey key, Payload payload, Ticket ticket) {
		if (isUsed() && ticket.isOfHome()) {
			keep(key, new Kept<>(payload, ticket.takenAt(), ticket.sequence(), ticket.generation()));
		}
	}

	/**
	 * Keeps what was loaded, with or without a ticket.
	 * @param key the key
	 * @param payload what was loaded, or {@code null} if it is not to be stored
	 * @param began the beginning of the load
	 * @param ticket the ticket of the miss, or {@code null} if memcached could not be
	 * asked
	 */
	void loaded(MemcachedKey key, @Nullable Payload payload, PutMark began, @Nullable Ticket ticket) {
		if (payload == null) {
			this.store.remove(key);
		}
		else if (isUsed()) {
			keep(key, new Kept<>(payload, began.time(), began.sequence(), (ticket != null) ? ticket.generation() : 0));
		}
	}

	private void keep(MemcachedKey key, Kept<Payload> kept) {
		this.region.unlessOvertaken(key, kept.sequence(), () -> this.store.keep(key, kept));
	}

	/**
	 * Removes what memcached's answer has outdated.
	 * @param key the key
	 * @param lookup the answer, which is no hit
	 * @param kept what is kept, or {@code null}
	 * @return whether memcached cannot say; nothing is removed then
	 */
	boolean removeUnlessUnsaid(MemcachedKey key, Lookup lookup, @Nullable Kept<Payload> kept) {
		if (kept == null) {
			return lookup.ticket() == null;
		}
		Ticket ticket = lookup.ticket();
		if (ticket == null || lookup.cannotSay(kept.generation())) {
			return true;
		}
		// Unless it was confirmed after the read was sent.
		if (kept.time() - ticket.takenAt() <= 0) {
			this.store.remove(key);
		}
		return false;
	}

	/**
	 * Lets go of what an eviction, a put or a clear outdates, and of what was read or is
	 * being loaded since before.
	 * @param key the key, or {@code null} for all
	 */
	void invalidated(@Nullable MemcachedKey key) {
		this.region.settled(key, () -> this.store.remove(Objects.requireNonNull(key)));
	}

}
