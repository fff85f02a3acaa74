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

package io.failsoft.memcached.consistency;

/**
 * Figures of a server's invalidation log.
 *
 * @param pending invalidations waiting to be delivered, those in quarantine included
 * @param logged invalidations that could not be delivered at once, since the start
 * @param replayed invalidations delivered later, since the start; several of one key or
 * cache that are delivered together count as one
 * @param overflowed invalidations that no longer fitted, each of which became a new
 * generation, since the start
 * @param lost invalidations that were pending when this instance stopped
 */
public record InvalidationFigures(int pending, long logged, long replayed, long overflowed, long lost) {

	InvalidationFigures afterTheEnd() {
		return new InvalidationFigures(0, this.logged, this.replayed, this.overflowed, this.lost + this.pending);
	}

}
