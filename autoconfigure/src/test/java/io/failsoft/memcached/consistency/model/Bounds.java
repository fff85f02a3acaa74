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
 * How far to explore.
 *
 * @param kinds per instance, which operations it may begin: a set of the letters R (read
 * and fill), P (put), E (evict) and C (clear)
 * @param operations per instance, how many it may begin
 * @param threads how many operations of an instance may be under way at a time
 * @param faults what may go wrong and how often
 * @param servers 1, or 2 for a stand-in that takes over
 * @param singleFlight whether a read that misses joins a load under way
 * @param racingPuts whether an instance may write while another's put is under way: not
 * promised, so not among the bounds that must hold
 */
record Bounds(List<String> kinds, List<Integer> operations, int threads, long faults, int servers, boolean singleFlight,
		boolean racingPuts) {

	static Bounds of(String kindsOfA, int operationsOfA, String kindsOfB, int operationsOfB) {
		return new Bounds(List.of(kindsOfA, kindsOfB), List.of(operationsOfA, operationsOfB), 1, 0, 1, false, false);
	}

	Bounds with(Fault fault, int times) {
		return new Bounds(this.kinds, this.operations, this.threads, this.faults + fault.times(times), this.servers,
				this.singleFlight, this.racingPuts);
	}

	Bounds with(Fault fault) {
		return with(fault, 1);
	}

	Bounds withThreads(int threads) {
		return new Bounds(this.kinds, this.operations, threads, this.faults, this.servers, this.singleFlight,
				this.racingPuts);
	}

	Bounds withTakeover() {
		return new Bounds(this.kinds, this.operations, this.threads, this.faults, 2, this.singleFlight,
				this.racingPuts);
	}

	Bounds withSingleFlight() {
		return new Bounds(this.kinds, this.operations, this.threads, this.faults, this.servers, true, this.racingPuts);
	}

	Bounds withRacingPuts() {
		return new Bounds(this.kinds, this.operations, this.threads, this.faults, this.servers, this.singleFlight,
				true);
	}

	@Override
	public String toString() {
		StringBuilder words = new StringBuilder();
		for (int i = 0; i < this.kinds.size(); i++) {
			words.append(Words.name(i))
				.append(": ")
				.append(this.operations.get(i))
				.append(" of ")
				.append(this.kinds.get(i))
				.append(", ");
		}
		words.append(this.threads).append(this.threads == 1 ? " thread each" : " threads each");
		for (Fault fault : Fault.values()) {
			if (fault.left(this.faults) > 0) {
				words.append(", ").append(fault).append(" x").append(fault.left(this.faults));
			}
		}
		words.append((this.servers > 1) ? ", takeover" : "");
		words.append(this.singleFlight ? ", single flight" : "");
		return words.append(this.racingPuts ? ", racing puts" : "").toString();
	}

}
