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
 * A state of the whole system. Immutable; equal states are explored once.
 *
 * @param database the version of the row
 * @param servers the home server and, with a takeover, its stand-in
 * @param instances the instances
 * @param late commands of closed connections that the home server may still execute, in
 * any order
 * @param faults what may still go wrong
 * @param generations how many generations were made
 */
record State(int database, List<Server> servers, List<Instance> instances, List<Command> late, long faults,
		int generations) {

	static State initial(Bounds bounds) {
		List<Server> servers = java.util.Collections.nCopies(bounds.servers(), Server.EMPTY);
		List<Instance> instances = bounds.operations()
			.stream()
			.map((operations) -> new Instance(operations,
					java.util.Collections.nCopies(bounds.threads(), Operation.NONE),
					java.util.Collections.nCopies(bounds.servers(), Link.UP), Log.EMPTY, 0, 0, false,
					Instance.Takeover.NONE))
			.toList();
		return new State(0, servers, instances, List.of(), bounds.faults(), 0);
	}

}
