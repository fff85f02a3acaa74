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
 * An application's instance.
 *
 * @param operationsLeft how many operations it may still begin
 * @param operations its operations under way, one per thread
 * @param links its connections: to the home server, and to stand-ins in their order
 * @param log its invalidation log for the home server
 * @param floor the version that reads beginning now must not fall below
 * @param outlived what the outage under way has outlived of its own: 1 for a tombstone, 4
 * for a put, or their sum
 * @param noticed whether an outage that outlived a tombstone has ended since the last
 * expiry
 * @param takeovers how far each stand-in is while the home server is down
 * @param kept what its local store keeps
 */
record Instance(int operationsLeft, List<Operation> operations, List<Link> links, Log log, int floor, int outlived,
		boolean noticed, List<Takeover> takeovers, Kept kept) {

	/**
	 * How far a stand-in is.
	 */
	enum Takeover {

		NONE,

		/** Its generation is in place, which the instance does not know yet. */
		SWITCHING, READY

	}

}
