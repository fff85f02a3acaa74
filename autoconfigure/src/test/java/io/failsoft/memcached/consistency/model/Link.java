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

import java.util.List;

/**
 * An instance's connection to a server.
 *
 * @param state its state
 * @param queue commands under way, in the order they were sent; those executed come first
 * @param seen the generation seen last over it, 0 for none
 * @param address which address of the server's name it leads to, or led to last: 0 or 1
 */
record Link(State state, List<Command> queue, int seen, int address) {

	static final Link FIRST = new Link(State.UP, List.of(), 0, 0);

	boolean isUp() {
		return this.state == State.UP;
	}

	Link lost() {
		return new Link(State.DOWN, List.of(), 0, this.address);
	}

	/**
	 * A new connection.
	 */
	static Link to(int address, State state) {
		return new Link(state, List.of(), 0, address);
	}

	Link with(State state) {
		return new Link(state, this.queue, this.seen, this.address);
	}

	Link with(List<Command> queue) {
		return new Link(this.state, List.copyOf(queue), this.seen, this.address);
	}

	Link withSeen(int seen) {
		return new Link(this.state, this.queue, seen, this.address);
	}

	enum State {

		DOWN, ADMITTING, UP

	}

}
