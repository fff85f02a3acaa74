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
 * What an instance's local store keeps for the key. Its windows may have ended at any
 * time, so it is held to what a read that is served from it at any time is promised.
 *
 * @param version the version of the value, or -1 if there is none
 * @param confirmed the newest version whose eviction the home server had carried out as
 * of the moment that the value counts as confirmed at
 * @param generation the generation it was confirmed under, 0 if that is not known
 * @param excused whether memcached itself served it though the instance was to be spared
 * it by no promise
 * @param cas the number of the item, 0 where nobody compares it
 */
record Kept(int version, int confirmed, int generation, boolean excused, int cas) {

	static final Kept NOTHING = new Kept(-1, 0, 0, false, 0);

	boolean isNothing() {
		return this.version < 0;
	}

}
