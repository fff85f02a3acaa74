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
 */
record Item(Kind kind, int version, int generation, int guards, int excused) {

	static final Item NOTHING = new Item(Kind.NOTHING, 0, 0, 0, 0);

	static Item tombstone(int guards) {
		return new Item(Kind.TOMBSTONE, 0, 0, guards, 0);
	}

	static Item value(int version, int generation, int guards, int excused) {
		return new Item(Kind.VALUE, version, generation, guards, excused);
	}

	Item ended() {
		return new Item(Kind.ENDED, 0, 0, this.guards, 0);
	}

	boolean is(Kind kind) {
		return this.kind == kind;
	}

	boolean excuses(int instance) {
		return (this.excused & (0b101 << instance)) != 0;
	}

	Item noticedBy(int instance) {
		return new Item(this.kind, this.version, this.generation, this.guards, this.excused & ~(0b100 << instance));
	}

	enum Kind {

		NOTHING, TOMBSTONE, VALUE,

		/** A value whose life has ended, though the server still holds it. */
		ENDED

	}

}
