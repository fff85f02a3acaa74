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

package io.failsoft.memcached.consistency.model;

/**
 * An instance's invalidation log for the home server.
 *
 * @param key the entry of the key
 * @param latePut whether a put of the key may still be executed over a closed connection
 * @param clear the entry of the cache
 * @param clearGeneration the generation of the attempt that failed
 * @param evicted the version that the entry of the key invalidates for, where there is a
 * local store
 * @param cleared the version that the entry of the cache clears for, 0 if it is no
 * {@code clear()}'s
 */
record Log(Entry key, boolean latePut, Entry clear, int clearGeneration, int evicted, int cleared) {

	static final Log EMPTY = new Log(Entry.NONE, false, Entry.NONE, 0, 0, 0);

	boolean blocks() {
		return this.key != Entry.NONE || this.clear != Entry.NONE;
	}

	boolean isEmpty() {
		return !blocks();
	}

	boolean isReplayed() {
		return (this.key == Entry.NONE || this.key == Entry.QUARANTINED) && this.clear == Entry.NONE;
	}

	Log withKey(Entry key, boolean latePut) {
		return new Log(key, latePut, this.clear, this.clearGeneration, (key != Entry.NONE) ? this.evicted : 0,
				this.cleared);
	}

	Log withClear(Entry clear, int generation) {
		return new Log(this.key, this.latePut, clear, generation, this.evicted,
				(clear != Entry.NONE) ? this.cleared : 0);
	}

	Log withVersions(int evicted, int cleared) {
		return new Log(this.key, this.latePut, this.clear, this.clearGeneration, Math.max(this.evicted, evicted),
				Math.max(this.cleared, cleared));
	}

	/**
	 * An entry's state. That an answer belongs to the present entry is told by it being
	 * {@link #SENT}: a sequence number would tell the same.
	 */
	enum Entry {

		NONE,

		/** To be sent. */
		DUE,

		/** On its way. */
		SENT,

		/** Carried out, but a late put may still come. */
		QUARANTINED

	}

}
