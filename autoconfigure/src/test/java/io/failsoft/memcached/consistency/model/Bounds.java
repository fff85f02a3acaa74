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

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How far to explore.
 *
 * @param kinds per instance, which operations it may begin: a set of the letters R (read
 * and fill), P (put), E (evict), C (clear) and N (read and fill by a load that builds on
 * what is kept)
 * @param operations per instance, how many it may begin
 * @param threads how many operations of an instance may be under way at a time
 * @param faults what may go wrong and how often
 * @param options what else there is
 */
record Bounds(List<String> kinds, List<Integer> operations, int threads, long faults, Set<Option> options) {

	static Bounds of(String kindsOfA, int operationsOfA, String kindsOfB, int operationsOfB) {
		return new Bounds(List.of(kindsOfA, kindsOfB), List.of(operationsOfA, operationsOfB), 1, 0, Set.of());
	}

	Bounds with(Fault fault, int times) {
		return new Bounds(this.kinds, this.operations, this.threads, this.faults + fault.times(times), this.options);
	}

	Bounds with(Fault fault) {
		return with(fault, 1);
	}

	Bounds with(Option option) {
		EnumSet<Option> with = EnumSet.of(option);
		with.addAll(this.options);
		return new Bounds(this.kinds, this.operations, this.threads, this.faults, with);
	}

	Bounds withThreads(int number) {
		return new Bounds(this.kinds, this.operations, number, this.faults, this.options);
	}

	boolean has(Option option) {
		return this.options.contains(option);
	}

	int standIns() {
		return has(Option.TWO_STAND_INS) ? 2 : has(Option.TAKEOVER) ? 1 : 0;
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
		for (Option option : this.options) {
			words.append(", ").append(option.name().toLowerCase(Locale.ROOT).replace('_', ' '));
		}
		return words.toString();
	}

	/**
	 * Something that there is beside two instances and one server.
	 */
	enum Option {

		/** A server that stands in for the home server while that is down. */
		TAKEOVER,

		/** Two such servers: the second one while the first one is down, too. */
		TWO_STAND_INS,

		/** A second server at the home server's name, which answers in its place. */
		SECOND_ADDRESS,

		/** The load window of A is longer than that of B. */
		TWO_WINDOWS,

		/** A read that misses joins a load under way. */
		SINGLE_FLIGHT,

		/** Each instance keeps what memcached or a load returned. */
		LOCAL_STORE,

		/** An invalidation returns when it is sent, as in an asynchronous method. */
		ASYNCHRONOUS,

		/**
		 * An instance writes while another's put is under way: not promised, so not among
		 * the bounds that must hold.
		 */
		RACING_PUTS,

		/**
		 * An instance leaves a tombstone that suits the generation it saw last, though
		 * another one is in force: not promised with two windows, so not among the bounds
		 * that must hold.
		 */
		OUTDATED_WINDOWS

	}

}
