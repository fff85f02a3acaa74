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

import java.util.Collections;
import java.util.List;

import io.failsoft.memcached.consistency.model.Bounds.Option;

/**
 * A state of the whole system. Immutable; equal states are explored once.
 *
 * @param database the version of the row
 * @param servers the home server, its stand-ins, and the server at the second address of
 * the home server's name
 * @param instances the instances
 * @param late commands of closed connections that their servers may still execute, in any
 * order
 * @param faults what may still go wrong
 * @param generations how many generations, and numbers of items, were made
 * @param lastingGenerations those of them that carry the longer of two load windows, a
 * set of bits
 */
record State(int database, List<Server> servers, List<Instance> instances, List<Command> late, long faults,
		int generations, long lastingGenerations) {

	static State initial(Bounds bounds) {
		int standIns = bounds.standIns();
		int servers = 1 + standIns + (bounds.has(Option.SECOND_ADDRESS) ? 1 : 0);
		List<Instance> instances = bounds.operations()
			.stream()
			.map((operations) -> new Instance(operations, Collections.nCopies(bounds.threads(), Operation.NONE),
					Collections.nCopies(1 + standIns, Link.FIRST), Log.EMPTY, 0, 0, false,
					Collections.nCopies(standIns, Instance.Takeover.NONE), Kept.NOTHING))
			.toList();
		return new State(0, Collections.nCopies(servers, Server.EMPTY), instances, List.of(), bounds.faults(), 0, 0);
	}

}
