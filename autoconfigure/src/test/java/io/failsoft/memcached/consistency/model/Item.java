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
 * What a server holds under the key.
 *
 * @param kind what it is
 * @param version the database's version that a value was loaded from
 * @param generation what a value is stamped with
 * @param guards instances whose invalidation it stands for, itself or by what it
 * replaced: bits 0 and 1 for a tombstone, 2 and 3 for a put
 * @param excused instances that are not promised to be spared this value: bits 0 and 1
 * for another instance's late put, 2 and 3 for an add that outlived its tombstone
 * @param lasting whether it stays for the longer of two load windows
 * @param cas its number, 0 where nobody compares it
 */
record Item(Kind kind, int version, int generation, int guards, int excused, boolean lasting, int cas) {

	static final Item NOTHING = new Item(Kind.NOTHING, 0, 0, 0, 0, false, 0);

	static Item tombstone(int guards, boolean lasting) {
		return new Item(Kind.TOMBSTONE, 0, 0, guards, 0, lasting, 0);
	}

	static Item value(Command command, int guards, int excused, boolean lasting) {
		return new Item(Kind.VALUE, command.version(), command.generation(), guards, excused, lasting, 0);
	}

	Item ended() {
		return new Item(Kind.ENDED, 0, 0, this.guards, 0, this.lasting, this.cas);
	}

	Item numbered(int number) {
		return new Item(this.kind, this.version, this.generation, this.guards, this.excused, this.lasting, number);
	}

	boolean is(Kind kind) {
		return this.kind == kind;
	}

	boolean excuses(int instance) {
		return (this.excused & (0b101 << instance)) != 0;
	}

	Item noticedBy(int instance) {
		return new Item(this.kind, this.version, this.generation, this.guards, this.excused & ~(0b100 << instance),
				this.lasting, this.cas);
	}

	enum Kind {

		NOTHING, TOMBSTONE, VALUE,

		/** A value whose life has ended, though the server still holds it. */
		ENDED

	}

}
