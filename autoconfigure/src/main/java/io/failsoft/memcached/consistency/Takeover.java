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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

import io.failsoft.memcached.client.Link;
import org.jspecify.annotations.Nullable;

/**
 * One server standing in for another. What it took over in an earlier outage may be stale
 * by now, so each takeover begins with a fresh generation, and until that is in place the
 * keys fall through. It begins again whenever any server is lost or comes back, or keys
 * move, as another server may have stood in for some of them meanwhile. Thread-safe.
 */
final class Takeover {

	private final Route home;

	private final Route route;

	private final IntSupplier changes;

	private final AtomicBoolean switching = new AtomicBoolean();

	private volatile @Nullable Ready ready;

	Takeover(Route home, Route route, IntSupplier changes) {
		this.home = home;
		this.route = route;
		this.changes = changes;
	}

	Route route() {
		return this.route;
	}

	/**
	 * Returns whether the takeover's generation is in place for this outage and over the
	 * connection in use; if not, it is sent, without waiting for it.
	 */
	boolean isReady(ConsistencySettings settings) {
		Link link = this.route.server().link();
		if (link == null) {
			return false;
		}
		int change = this.changes.getAsInt();
		if ((change & 1) != 0) {
			return false;
		}
		Ready current = this.ready;
		if (current != null && current.link == link && current.change == change) {
			return true;
		}
		if (this.switching.compareAndSet(false, true)) {
			long generation = Generation.fresh();
			long sentAt = settings.ticker().getAsLong();
			link.set(this.route.generationKey(), 0, Envelope.generation(generation, this.route.window(), false),
					Envelope.NO_BODY)
				.toFuture(settings.operationTimeout().toNanos(), Runnable::run)
				.thenAccept((reply) -> {
					if (reply.stored()) {
						this.route.lastSeen().confirm(link, generation, this.route.window(), false, sentAt);
						this.ready = new Ready(link, change);
					}
					this.switching.set(false);
				});
		}
		return false;
	}

	/**
	 * Returns whether the takeover's generation may be in place without this instance
	 * knowing.
	 */
	boolean isSwitching() {
		return this.switching.get() && this.home.server().link() == null;
	}

	/**
	 * Returns whether keys may be read from the stand-in now.
	 */
	boolean isUnderWay() {
		Ready current = this.ready;
		return current != null && current.change == this.changes.getAsInt() && current.link.isOpen()
				&& this.home.server().link() == null;
	}

	private record Ready(Link link, int change) {

	}

}
