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

import org.jspecify.annotations.Nullable;

/**
 * A command under way.
 *
 * @param kind the command
 * @param instance who sent it
 * @param slot the operation that waits for it, or -1 if none does
 * @param version the version of its value, or of the write that it invalidates for
 * @param generation what its value is stamped with, or the generation it sets
 * @param flags a set of the constants below
 * @param server which server executes it; of importance once its connection is closed
 * @param answer its answer once it was executed, else {@code null}
 */
record Command(Kind kind, int instance, int slot, int version, int generation, int flags, int server,
		@Nullable Answer answer) {

	/** Sent from the log. */
	static final int REPLAY = 1;

	/** The CAS id it holds is still that of the item. */
	static final int CAS_VALID = 2;

	/** An {@code add} that is older than the tombstone that would have refused it. */
	static final int OVERDUE = 4;

	/** An {@code add} after which its instance had a tombstone carried out. */
	static final int COVERED = 8;

	/** A replay of a log entry that was made anew since. */
	static final int OUTDATED = 16;

	/** What it stores stays for the longer of two load windows. */
	static final int LASTING = 32;

	/** What it stores stays for at least the load window of the generation in force. */
	static final int LASTING_AS_GENERATION = 64;

	static Command of(Kind kind, int instance, int slot, int version, int generation) {
		return new Command(kind, instance, slot, version, generation, 0, 0, null);
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	Command with(int flag) {
		return new Command(this.kind, this.instance, this.slot, this.version, this.generation, this.flags | flag,
				this.server, this.answer);
	}

	Command without(int flag) {
		return new Command(this.kind, this.instance, this.slot, this.version, this.generation, this.flags & ~flag,
				this.server, this.answer);
	}

	Command answered(Answer answer) {
		return new Command(this.kind, this.instance, this.slot, this.version, this.generation, this.flags, this.server,
				answer);
	}

	Command abandoned() {
		return new Command(this.kind, this.instance, -1, this.version, this.generation, this.flags, this.server,
				this.answer);
	}

	Command at(int executor) {
		return new Command(this.kind, this.instance, this.slot, this.version, this.generation, this.flags, executor,
				this.answer);
	}

	@Override
	public String toString() {
		String what = switch (this.kind) {
			case GETS -> "gets";
			case ADD -> "add(v" + this.version + ", g" + this.generation + ")";
			case CAS -> "cas(v" + this.version + ", g" + this.generation + ")";
			case SET -> "set(v" + this.version + ", g" + this.generation + ")";
			case TOMBSTONE -> "tombstone";
			case DELETE -> "delete";
			case SET_GENERATION -> "set generation g" + this.generation;
		};
		return Words.name(this.instance) + "'s " + (has(REPLAY) ? "replayed " : "") + what;
	}

	enum Kind {

		GETS, ADD, CAS, SET, TOMBSTONE, DELETE, SET_GENERATION

	}

	/**
	 * What a server answers.
	 *
	 * @param stored whether a storage command took effect
	 * @param item the item a {@code gets} saw
	 * @param generation the generation it saw
	 * @param evicted the newest version whose eviction the server had carried out, where
	 * loads are joined or kept, else 0
	 * @param cleared the version of the {@code clear()} that set the generation, 0 if
	 * nobody's did
	 */
	record Answer(boolean stored, Item item, int generation, int evicted, int cleared) {

		static final Answer STORED = new Answer(true, Item.NOTHING, 0, 0, 0);

		static final Answer NOT_STORED = new Answer(false, Item.NOTHING, 0, 0, 0);

	}

}
