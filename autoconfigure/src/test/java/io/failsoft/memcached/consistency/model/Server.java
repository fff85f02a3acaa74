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
 * A memcached server.
 *
 * @param item what it holds under the key
 * @param generation the generation it holds, 0 for none
 * @param evicted the newest version whose eviction it carried out
 * @param cleared the version of the {@code clear()} that set the generation, 0 if
 * nobody's did
 * @param numbers how many items it has numbered since it started, where that matters
 */
record Server(Item item, int generation, int evicted, int cleared, int numbers) {

	static final Server EMPTY = new Server(Item.NOTHING, 0, 0, 0, 0);

	Server with(Item item) {
		return new Server(item, this.generation, this.evicted, this.cleared, this.numbers);
	}

	Server withNumbered(Item item) {
		int number = this.numbers + 1;
		return new Server(item.numbered(number), this.generation, this.evicted, this.cleared, number);
	}

	Server withGeneration(int generation) {
		return withGeneration(generation, 0);
	}

	Server withGeneration(int generation, int cleared) {
		return new Server(this.item, generation, this.evicted, cleared, this.numbers);
	}

	Server withEvicted(int version) {
		return new Server(this.item, this.generation, Math.max(this.evicted, version), this.cleared, this.numbers);
	}

	boolean isVisible() {
		return this.item.is(Item.Kind.VALUE) && this.item.generation() == this.generation;
	}

}
