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
 * A caller's operation under way.
 *
 * @param kind the operation
 * @param phase how far it is
 * @param server the connection that its ticket or command is of: 0 for the home server's,
 * 1 and 2 for those of stand-ins
 * @param version the version loaded or written
 * @param generation the generation of its ticket, or the one a put captured, 0 if unknown
 * @param floor for a read, the version it must not fall below
 * @param cas the number of the item its ticket saw, 0 for none
 * @param moment the newest version whose eviction the home server had carried out when a
 * read began, where there is a local store
 * @param confirmed the same as of the moment that the kept value a load builds on was
 * confirmed at
 * @param flags a set of the constants below
 */
record Operation(Kind kind, Phase phase, int server, int version, int generation, int floor, int cas, int moment,
		int confirmed, int flags) {

	/** The ticket saw nothing. */
	static final int ABSENT = 1;

	/** The ticket saw an item, which is still there. */
	static final int CAS_VALID = 2;

	/** The load window has passed since the ticket was taken. */
	static final int OLDER_THAN_WINDOW = 4;

	/** The connection of the ticket was closed. */
	static final int CUT_OFF = 16;

	/** Another write of this JVM was sent since the beginning. */
	static final int OVERTAKEN = 32;

	/** No later read joins this load. */
	static final int DETACHED = 64;

	/** An own invalidation has ended since the beginning: nothing is kept of it. */
	static final int DROPPED = 128;

	/** The load builds on a value from the store. */
	static final int FROM_STORE = 256;

	/** That value is from the reserve. */
	static final int FROM_RESERVE = 512;

	/** That value is one that the instance is not promised to be spared. */
	static final int EXCUSED = 1024;

	/** The load was found not to be overtaken by an own invalidation. */
	static final int FOUND_VALID = 2048;

	static final Operation NONE = new Operation(Kind.NONE, Phase.IDLE, 0, 0, 0, 0, 0, 0, 0, 0);

	static Operation begin(Kind kind, Phase phase, int version) {
		return new Operation(kind, phase, 0, version, 0, 0, 0, 0, 0, 0);
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	boolean is(Kind kind) {
		return this.kind == kind;
	}

	boolean is(Phase phase) {
		return this.phase == phase;
	}

	Operation with(int flag) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags | flag);
	}

	Operation without(int flag) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags & ~flag);
	}

	Operation with(Phase phase) {
		return new Operation(this.kind, phase, this.server, this.version, this.generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withVersion(int version) {
		return new Operation(this.kind, this.phase, this.server, version, this.generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withGeneration(int generation) {
		return new Operation(this.kind, this.phase, this.server, this.version, generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withServer(int server) {
		return new Operation(this.kind, this.phase, server, this.version, this.generation, this.floor, this.cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withFloor(int floor) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, floor, this.cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withCas(int cas) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, this.floor, cas,
				this.moment, this.confirmed, this.flags);
	}

	Operation withMoment(int moment) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, this.floor, this.cas,
				moment, this.confirmed, this.flags);
	}

	Operation withConfirmed(int confirmed) {
		return new Operation(this.kind, this.phase, this.server, this.version, this.generation, this.floor, this.cas,
				this.moment, confirmed, this.flags);
	}

	/**
	 * Whether it asks a server and fills, if it must.
	 */
	boolean reads() {
		return this.kind == Kind.READ || this.kind == Kind.NESTED;
	}

	/**
	 * Whether it is a load that a later read may join.
	 */
	boolean isFlight() {
		return this.kind == Kind.READ && this.phase.compareTo(Phase.LOADED) >= 0 && !has(DETACHED);
	}

	/**
	 * Whether it has changed the database and its caller still waits.
	 */
	boolean isWriting() {
		return !reads() && this.phase.compareTo(Phase.WRITTEN) >= 0;
	}

	enum Kind {

		NONE(' '), READ('R'), PUT('P'), EVICT('E'), CLEAR('C'),

		/** A read whose load builds on another cached value of the same row. */
		NESTED('N');

		final char letter;

		Kind(char letter) {
			this.letter = letter;
		}

	}

	/**
	 * How far an operation is, in order.
	 */
	enum Phase {

		IDLE,

		/** Waits for the answer to its {@code gets}. */
		ASKED,

		/** A read that missed and loaded, and may now fill. */
		LOADED,

		/** A put that has begun. */
		BEGUN,

		/** The database is written. */
		WRITTEN,

		/**
		 * It is decided what to send (only without {@link Rule#DECIDE_AND_SEND_AS_ONE}).
		 */
		DECIDED,

		/** Waits for the answer to its write. */
		SENT

	}

}
