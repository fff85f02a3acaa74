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

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.Reply.Item;
import org.jspecify.annotations.Nullable;

/**
 * The generation that a server was last seen to hold, over which connection, since when,
 * and when it was last confirmed. It is forgotten with the connection. Thread-safe.
 */
final class Generation {

	/** No generation. */
	static final long NONE = 0;

	private static final SecureRandom RANDOM = new SecureRandom();

	/** Confirmations closer than this are not written down, which spares the hot path. */
	private static final long GRAIN_NANOS = 100_000_000L;

	private volatile @Nullable Seen seen;

	/**
	 * Returns a generation that there never was: random, so that none that was lost or
	 * replaced ever comes back.
	 */
	static long fresh() {
		long generation;
		do {
			generation = RANDOM.nextLong();
		}
		while (generation == NONE);
		return generation;
	}

	/**
	 * Notes a generation that the server held when it answered a command.
	 * @param link the connection
	 * @param generation the generation
	 * @param window its load window in seconds
	 * @param cleared whether a clear has set it
	 * @param sentAt when the command was sent
	 */
	void confirm(Link link, long generation, int window, boolean cleared, long sentAt) {
		Seen current = this.seen;
		if (current == null || current.link != link || current.generation != generation) {
			this.seen = new Seen(link, generation, window, cleared, WriteStripes.next(), new AtomicLong(sentAt));
		}
		else if (sentAt - current.confirmedAt.get() > GRAIN_NANOS) {
			current.confirmedAt.set(sentAt);
		}
	}

	/**
	 * Reads the item that holds the generation, and notes it.
	 * @param link the connection it was read over
	 * @param item the item, or {@code null} if there was none
	 * @param sentAt when it was asked for
	 * @return the generation, or {@link #NONE}
	 */
	long see(Link link, @Nullable Item item, long sentAt) {
		long generation = (item != null) ? Envelope.openGeneration(item.value()) : NONE;
		if (item != null && generation != NONE) {
			confirm(link, generation, Envelope.window(item.value()), Envelope.isCleared(item.value()), sentAt);
		}
		return generation;
	}

	/**
	 * Returns the generation that was in force when an invocation began, as far as is
	 * known.
	 * @param link the connection now in use
	 * @param mark the beginning of the invocation
	 * @param maxAgeNanos how long before that it must have been confirmed at least
	 * @return the generation, or {@link #NONE} if it is not known
	 */
	long at(Link link, PutMark mark, long maxAgeNanos) {
		Seen current = this.seen;
		if (current == null || current.link != link || current.sequence > mark.sequence()
				|| mark.time() - current.confirmedAt.get() > maxAgeNanos) {
			return NONE;
		}
		return current.generation;
	}

	/**
	 * Returns the load window of the generation that is in force, as far as is known.
	 * @param link the connection now in use
	 * @param now the time
	 * @param maxAgeNanos how long ago it must have been confirmed at least
	 * @return seconds, 0 if it is not known
	 */
	int window(Link link, long now, long maxAgeNanos) {
		Seen current = this.seen;
		return (current != null && current.link == link && now - current.confirmedAt.get() <= maxAgeNanos)
				? current.window : 0;
	}

	/**
	 * Returns whether a clear has set a generation.
	 * @param link the connection it was seen over
	 * @param generation the generation
	 * @return {@code true} also if a later one has been seen meanwhile
	 */
	boolean isCleared(Link link, long generation) {
		Seen current = this.seen;
		return current == null || current.link != link || current.generation != generation || current.cleared;
	}

	/**
	 * A generation that was seen.
	 *
	 * @param link the connection it was seen over
	 * @param generation the generation
	 * @param window its load window in seconds
	 * @param cleared whether a clear has set it
	 * @param sequence when it was first seen, in the sequence of this JVM's writes:
	 * clocks can tie
	 * @param confirmedAt when what confirmed it last was sent
	 */
	private record Seen(Link link, long generation, int window, boolean cleared, long sequence,
			AtomicLong confirmedAt) {

	}

}
