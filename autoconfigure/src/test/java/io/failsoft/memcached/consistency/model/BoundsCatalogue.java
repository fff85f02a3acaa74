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

import io.failsoft.memcached.consistency.model.Bounds.Option;

/**
 * The bounds within which the model is asked.
 */
final class BoundsCatalogue {

	private BoundsCatalogue() {
	}

	/**
	 * Bounds within which no property must be violated, explored in seconds.
	 */
	static List<Bounds> promised() {
		return List.of(Bounds.of("RPEC", 2, "RPEC", 1).with(Fault.CUT),
				Bounds.of("RPEC", 2, "RPEC", 1).with(Fault.TIMEOUT).with(Fault.REFUSAL),
				Bounds.of("RPEC", 1, "RPEC", 1).with(Fault.CUT).with(Fault.GENERATION_LOSS).with(Fault.RESTART),
				Bounds.of("RE", 2, "RE", 1).with(Fault.CUT, 2).with(Fault.TOMBSTONE_EXPIRY),
				Bounds.of("RE", 2, "RE", 1).with(Fault.CUT).with(Fault.TIMEOUT).with(Fault.ENTRY_EXPIRY),
				Bounds.of("PE", 2, "R", 1).with(Fault.CUT, 2).with(Fault.TIMEOUT),
				Bounds.of("E", 2, "R", 1)
					.with(Fault.CUT)
					.with(Fault.TIMEOUT)
					.with(Fault.REFUSAL)
					.with(Fault.DELAYED_ANSWER),
				Bounds.of("RPEC", 2, "C", 1).withThreads(2).with(Fault.TIMEOUT),
				Bounds.of("RPEC", 2, "E", 1).with(Option.TAKEOVER).with(Fault.CUT),
				Bounds.of("EC", 1, "R", 1).with(Option.TAKEOVER).with(Fault.CUT, 2),
				Bounds.of("PE", 2, "R", 1).with(Fault.CUT, 2).with(Fault.ENTRY_EXPIRY),
				Bounds.of("RE", 2, "", 0).with(Option.TAKEOVER).with(Fault.CUT, 2),
				Bounds.of("RPEC", 3, "", 0).withThreads(2).with(Option.SINGLE_FLIGHT),
				Bounds.of("RE", 1, "RE", 1).with(Option.SECOND_ADDRESS).with(Fault.CUT, 2),
				Bounds.of("RPC", 2, "", 0).with(Option.SECOND_ADDRESS).with(Fault.CUT, 2),
				Bounds.of("RE", 2, "RE", 1).with(Option.SECOND_ADDRESS).with(Fault.CUT).with(Fault.TOMBSTONE_EXPIRY),
				Bounds.of("RE", 1, "E", 1).with(Option.TWO_STAND_INS).with(Fault.CUT).with(Fault.STAND_IN_CUT),
				Bounds.of("RPE", 2, "RPE", 2)
					.with(Option.TWO_WINDOWS)
					.with(Fault.TOMBSTONE_EXPIRY)
					.with(Fault.ENTRY_EXPIRY),
				Bounds.of("RPE", 2, "RPE", 2)
					.with(Option.TWO_WINDOWS)
					.with(Fault.TOMBSTONE_EXPIRY)
					.with(Fault.GENERATION_LOSS),
				Bounds.of("RPE", 2, "RPE", 1)
					.withThreads(2)
					.with(Option.SINGLE_FLIGHT)
					.with(Fault.TOMBSTONE_EXPIRY)
					.with(Fault.ENTRY_EXPIRY),
				Bounds.of("R", 2, "EC", 1).withThreads(2).with(Option.SINGLE_FLIGHT).with(Fault.CUT),
				local("RE", 2, "EC", 1).with(Fault.CUT).with(Fault.TIMEOUT),
				local("RC", 2, "RC", 1).with(Fault.CUT).with(Fault.GENERATION_LOSS),
				local("RPE", 2, "C", 1).withThreads(2).with(Fault.TIMEOUT),
				local("RNPEC", 3, "", 0).withThreads(2).with(Fault.REFUSAL),
				local("RN", 2, "E", 1).with(Fault.CUT).with(Fault.TIMEOUT),
				local("RE", 3, "", 0).withThreads(2).with(Option.ASYNCHRONOUS).with(Fault.CUT).with(Fault.TIMEOUT),
				local("R", 2, "EC", 1).with(Fault.RESTART).with(Fault.TOMBSTONE_EXPIRY),
				local("RE", 2, "C", 1).with(Option.TAKEOVER).with(Fault.CUT),
				local("RE", 2, "E", 1).with(Option.SECOND_ADDRESS).with(Fault.CUT));
	}

	private static Bounds local(String kindsOfA, int operationsOfA, String kindsOfB, int operationsOfB) {
		return Bounds.of(kindsOfA, operationsOfA, kindsOfB, operationsOfB).with(Option.LOCAL_STORE);
	}

	/**
	 * Further bounds, for a run of many minutes and a heap of several gigabytes.
	 */
	static List<Bounds> wide() {
		return List.of(Bounds.of("RPEC", 2, "RPEC", 2).with(Fault.CUT),
				Bounds.of("RPEC", 2, "RPEC", 1).with(Fault.CUT).with(Fault.TIMEOUT).with(Fault.DELAYED_ANSWER),
				Bounds.of("RPEC", 2, "RPEC", 1).withThreads(2).with(Fault.CUT),
				Bounds.of("RE", 2, "RE", 2).with(Fault.CUT, 2).with(Fault.TOMBSTONE_EXPIRY),
				Bounds.of("RPE", 2, "RE", 1).with(Fault.CUT, 2).with(Fault.TOMBSTONE_EXPIRY).with(Fault.TIMEOUT),
				Bounds.of("RPEC", 2, "RE", 1).with(Fault.CUT).with(Fault.GENERATION_LOSS).with(Fault.RESTART),
				Bounds.of("RPEC", 3, "R", 1).with(Fault.CUT),
				Bounds.of("RPE", 2, "E", 1).with(Option.TAKEOVER).with(Fault.CUT, 2),
				Bounds.of("RPEC", 2, "E", 1).with(Option.SECOND_ADDRESS).with(Fault.CUT, 2),
				Bounds.of("RPEC", 2, "", 0).with(Option.SECOND_ADDRESS).with(Fault.CUT, 3),
				Bounds.of("RP", 2, "", 0).with(Option.TWO_STAND_INS).with(Fault.CUT).with(Fault.STAND_IN_CUT, 2),
				Bounds.of("R", 1, "E", 1).with(Option.TWO_STAND_INS).with(Fault.CUT).with(Fault.STAND_IN_CUT, 2),
				Bounds.of("RC", 2, "RE", 2).with(Option.TWO_WINDOWS).with(Fault.TOMBSTONE_EXPIRY).with(Fault.CUT),
				Bounds.of("R", 1, "RE", 2).with(Option.TWO_WINDOWS).with(Fault.TOMBSTONE_EXPIRY).with(Fault.CUT, 2),
				Bounds.of("RPEC", 2, "EC", 1).withThreads(2).with(Option.SINGLE_FLIGHT).with(Fault.CUT),
				local("RPEC", 2, "RPEC", 1).with(Fault.CUT),
				local("RPEC", 3, "", 0).withThreads(2).with(Option.ASYNCHRONOUS).with(Fault.CUT),
				local("RNPEC", 2, "EC", 1).withThreads(2).with(Fault.CUT),
				local("RC", 2, "RC", 1).with(Fault.CUT).with(Fault.GENERATION_LOSS).with(Fault.RESTART),
				local("RE", 2, "E", 1).with(Fault.CUT).with(Fault.REFUSAL).with(Fault.DELAYED_ANSWER),
				local("RE", 2, "E", 1).withThreads(2).with(Option.SINGLE_FLIGHT).with(Fault.CUT).with(Fault.TIMEOUT),
				local("R", 2, "E", 1).with(Option.TWO_STAND_INS).with(Fault.CUT).with(Fault.STAND_IN_CUT),
				local("RE", 2, "E", 1).with(Option.TAKEOVER).with(Fault.CUT, 2),
				local("RE", 2, "RE", 1).with(Fault.CUT, 2).with(Fault.TOMBSTONE_EXPIRY),
				local("RE", 2, "E", 1).with(Option.SECOND_ADDRESS).with(Fault.CUT, 2),
				local("RN", 3, "E", 2).with(Fault.CUT).with(Fault.TIMEOUT).with(Fault.TOMBSTONE_EXPIRY));
	}

	static List<Counterexample> counterexamples() {
		Bounds readAndEvict = Bounds.of("R", 1, "E", 1);
		Bounds oneWriter = Bounds.of("PE", 2, "", 0).with(Fault.CUT);
		Bounds twoThreads = Bounds.of("PE", 2, "", 0).withThreads(2);
		Bounds windows = Bounds.of("R", 1, "RE", 2).with(Option.TWO_WINDOWS).with(Fault.TOMBSTONE_EXPIRY);
		Bounds joined = Bounds.of("R", 2, "E", 1).withThreads(2).with(Option.SINGLE_FLIGHT);
		Bounds takeover = Bounds.of("RE", 2, "", 0).with(Option.TAKEOVER);
		Bounds kept = local("RE", 3, "", 0).withThreads(2);
		Bounds evictedElsewhere = local("RN", 2, "E", 1);
		return List.of(
				new Counterexample("1", Rule.TICKET_YOUNGER_THAN_WINDOW, readAndEvict.with(Fault.TOMBSTONE_EXPIRY)),
				new Counterexample("1, seen late", Rule.LATE_SUCCESS_IS_EVICTED,
						readAndEvict.with(Fault.TOMBSTONE_EXPIRY)),
				new Counterexample("2", Rule.UNKNOWN_ADD_IS_LOGGED,
						readAndEvict.with(Fault.TOMBSTONE_EXPIRY).with(Fault.CUT)),
				new Counterexample("2, after an outage", Rule.NEW_GENERATION_AFTER_LONG_OUTAGE,
						readAndEvict.with(Fault.TOMBSTONE_EXPIRY).with(Fault.CUT, 2)),
				new Counterexample("2, after a put", Rule.PUTS_ARE_REMEMBERED,
						Bounds.of("P", 1, "R", 1).with(Fault.ENTRY_EXPIRY).with(Fault.CUT, 2)),
				new Counterexample("3", Rule.ENDED_ENTRIES_STAY, Bounds.of("R", 1, "RE", 2).with(Fault.ENTRY_EXPIRY)),
				new Counterexample("4", Rule.QUARANTINE, oneWriter),
				new Counterexample("4, not repeated", Rule.TOMBSTONE_REPEATED_AFTER_QUARANTINE, oneWriter),
				new Counterexample("4, evicted again", Rule.QUARANTINE_OUTLASTS_NEW_ENTRIES, oneWriter),
				new Counterexample("5", Rule.SEQUENCE_NUMBERS,
						Bounds.of("E", 2, "R", 1).with(Fault.REFUSAL, 2).with(Fault.DELAYED_ANSWER)),
				new Counterexample("6", Rule.FRESH_GENERATION_PER_ATTEMPT, Bounds.of("C", 2, "R", 1).with(Fault.CUT)),
				new Counterexample("7", Rule.LOCAL_EPOCH, twoThreads),
				new Counterexample("7, in two steps", Rule.DECIDE_AND_SEND_AS_ONE, twoThreads),
				new Counterexample("8", Rule.GENERATION_CAPTURED_AT_START, Bounds.of("PR", 2, "C", 1).withThreads(2)),
				new Counterexample("11", Rule.TAKEOVER_IS_LOGGED_AT_HOME, takeover.with(Fault.CUT)),
				new Counterexample("12", Rule.FRESH_GENERATION_PER_TAKEOVER, takeover.with(Fault.CUT, 2)),
				new Counterexample("14", Rule.STAND_IN_IS_TOLD_EARLY,
						Bounds.of("E", 1, "R", 1).with(Option.TAKEOVER).with(Fault.CUT, 2)),
				new Counterexample("13", Rule.LOADS_ARE_DETACHED,
						Bounds.of("RE", 3, "", 0).withThreads(2).with(Option.SINGLE_FLIGHT).with(Fault.CUT)),
				new Counterexample("15", Rule.NEW_GENERATION_AT_ANOTHER_ADDRESS,
						Bounds.of("RE", 2, "", 0).with(Option.SECOND_ADDRESS).with(Fault.CUT, 2)),
				new Counterexample("16", Rule.TAKEOVERS_BEGIN_ANEW,
						Bounds.of("RE", 2, "", 0)
							.with(Option.TWO_STAND_INS)
							.with(Fault.CUT)
							.with(Fault.STAND_IN_CUT, 2)),
				new Counterexample("17, short tombstone", Rule.TOMBSTONES_LAST_FOR_THE_LONGER_WINDOW, windows),
				new Counterexample("17, long ticket", Rule.TICKETS_LAST_FOR_THE_SHORTER_WINDOW, windows),
				new Counterexample("17, generation unknown", Rule.LONG_TOMBSTONE_IF_GENERATION_UNKNOWN,
						readAndEvict.with(Option.TWO_WINDOWS).with(Fault.TOMBSTONE_EXPIRY)),
				new Counterexample("18", Rule.JOINED_LOADS_SAW_THE_SAME, joined),
				new Counterexample("18, expired", Rule.JOINED_LOADS_ARE_YOUNGER_THAN_WINDOW,
						joined.with(Fault.TOMBSTONE_EXPIRY)),
				new Counterexample("plain set", Rule.CONDITIONAL_FILLS, readAndEvict),
				new Counterexample("plain delete", Rule.TOMBSTONES, readAndEvict),
				new Counterexample("plain stamp", Rule.FILL_STAMPS_TICKETS_GENERATION,
						Bounds.of("RC", 2, "", 0).withThreads(2)),
				new Counterexample("swallowed", Rule.FAILED_INVALIDATION_IS_LOGGED,
						Bounds.of("RE", 2, "", 0).with(Fault.CUT)),
				new Counterexample("read while logged", Rule.LOGGED_KEYS_ARE_MISSES,
						Bounds.of("RE", 2, "", 0).with(Fault.REFUSAL)),
				new Counterexample("20", Rule.ONLY_HOME_CONFIRMS,
						evictedElsewhere.with(Option.TAKEOVER).with(Fault.CUT)),
				new Counterexample("21", Rule.CONFIRMED_AS_OF_THE_BEGINNING, evictedElsewhere),
				new Counterexample("22", Rule.NEW_BYTES_REPLACE_OLD_ONES, local("R", 3, "RE", 2).with(Fault.RESTART)),
				new Counterexample("23", Rule.OWN_INVALIDATIONS_REMOVE, kept),
				new Counterexample("24", Rule.STORE_IS_TOLD_THE_OUTCOME, kept),
				new Counterexample("24, asynchronous", Rule.STORE_IS_TOLD_WHEN_SENT, kept.with(Option.ASYNCHRONOUS)),
				new Counterexample("25", Rule.EARLIER_CONFIRMATIONS_ARE_DROPPED, kept),
				new Counterexample("26", Rule.KEEP_IN_ONE_STEP, kept),
				new Counterexample("27", Rule.NEAR_NOT_WITHIN_A_LOAD, evictedElsewhere),
				new Counterexample("28", Rule.TOMBSTONES_END_WHAT_IS_KEPT, evictedElsewhere),
				new Counterexample("28, expired", Rule.ABSENCE_ENDS_WHAT_IS_KEPT,
						evictedElsewhere.with(Fault.TOMBSTONE_EXPIRY)),
				new Counterexample("29", Rule.CLEARS_GENERATION_IS_MARKED, local("R", 2, "C", 1)),
				new Counterexample("30", Rule.STORE_FEEDS_NOTHING, evictedElsewhere.with(Fault.TIMEOUT)),
				new Counterexample("30, kept", Rule.RESERVE_STAYS_AS_OLD, evictedElsewhere.with(Fault.TIMEOUT)));
	}

}
