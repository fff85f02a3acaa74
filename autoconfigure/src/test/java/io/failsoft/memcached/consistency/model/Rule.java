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
 * A rule of the protocol that can be taken out, so that the explorer shows what it is
 * there for. The numbers are those of {@code docs/consistency-model.md}.
 */
enum Rule {

	/** 1: deciding what a put writes and sending it is one step. */
	DECIDE_AND_SEND_AS_ONE(1),

	/** 2: a fill is an {@code add} or a {@code cas}, never a {@code set}. */
	CONDITIONAL_FILLS(2),

	/** 2: a fill is stamped with its ticket's generation, not with the one seen last. */
	FILL_STAMPS_TICKETS_GENERATION(2),

	/** 2: a ticket fills only over the connection it was read over. */
	TICKET_BELONGS_TO_CONNECTION(2),

	/** 2: a key in the log is not filled. */
	LOGGED_KEYS_ARE_NOT_FILLED(2),

	/** 3: a ticket that saw nothing is given up before a tombstone can expire. */
	TICKET_YOUNGER_THAN_WINDOW(3),

	/** 3: an entry whose life ends sooner stays, unseen, for as long as a tombstone. */
	ENDED_ENTRIES_STAY(3),

	/** 3: an {@code add} whose success is seen after the ticket's limit is evicted. */
	LATE_SUCCESS_IS_EVICTED(3),

	/** 4: an {@code add} of unknown outcome is logged. */
	UNKNOWN_ADD_IS_LOGGED(4),

	/** 5: a put stamps the generation known when its invocation began. */
	GENERATION_CAPTURED_AT_START(5),

	/** 5: a put that another write of its JVM overtook writes a tombstone. */
	LOCAL_EPOCH(5),

	/** 6: each attempt at a clear has a generation of its own. */
	FRESH_GENERATION_PER_ATTEMPT(6),

	/** 7: a key whose put was under way when the connection closed is quarantined. */
	QUARANTINE(7),

	/** 7: at the end of the quarantine the tombstone is repeated. */
	TOMBSTONE_REPEATED_AFTER_QUARANTINE(7),

	/** 7: an eviction logged during a quarantine does not end it. */
	QUARANTINE_OUTLASTS_NEW_ENTRIES(7),

	/** 8: an answer removes only the log entry it was sent for. */
	SEQUENCE_NUMBERS(8),

	/** 8: an invalidation that failed is logged. */
	FAILED_INVALIDATION_IS_LOGGED(8),

	/** 8: a key in the log reads as a miss. */
	LOGGED_KEYS_ARE_MISSES(8),

	/** 9: a returning server is used only after the log was replayed to it. */
	REPLAY_BEFORE_USE(9),

	/** 11: an outage that outlived a tombstone ends with a new generation. */
	NEW_GENERATION_AFTER_LONG_OUTAGE(11),

	/** 11: a put that replaced something counts like a tombstone. */
	PUTS_ARE_REMEMBERED(11),

	/** 12: a server that is about to stand in is told of invalidations already. */
	STAND_IN_IS_TOLD_EARLY(12),

	/** 12: what a stand-in is told is logged for the server it stands in for. */
	TAKEOVER_IS_LOGGED_AT_HOME(12),

	/** 12: each takeover begins with a fresh generation. */
	FRESH_GENERATION_PER_TAKEOVER(12),

	/**
	 * 12: a takeover begins anew when the connection to any server came or went since.
	 */
	TAKEOVERS_BEGIN_ANEW(12),

	/** 13: writes detach the loads under way in their JVM. */
	LOADS_ARE_DETACHED(13),

	/**
	 * 13: a read joins only a load that began from the same generation and the same
	 * absence or cas as its own miss saw.
	 */
	JOINED_LOADS_SAW_THE_SAME(13),

	/** 13: a load that began from an absence is joined only within the load window. */
	JOINED_LOADS_ARE_YOUNGER_THAN_WINDOW(13),

	/** 15: an eviction leaves a tombstone instead of nothing. */
	TOMBSTONES(15),

	/**
	 * 16: a connection to another address of the server's name than the last one begins
	 * with a new generation.
	 */
	NEW_GENERATION_AT_ANOTHER_ADDRESS(16),

	/**
	 * 17: a tombstone, and what is stored in its place, stays for the longer of its
	 * instance's load window and the generation's.
	 */
	TOMBSTONES_LAST_FOR_THE_LONGER_WINDOW(17),

	/**
	 * 17: a ticket that saw nothing lasts for the shorter of its instance's load window
	 * and the generation's.
	 */
	TICKETS_LAST_FOR_THE_SHORTER_WINDOW(17),

	/** 17: a tombstone is a long one if the generation is not known. */
	LONG_TOMBSTONE_IF_GENERATION_UNKNOWN(17),

	/** L1: what a stand-in answers confirms nothing. */
	ONLY_HOME_CONFIRMS("L1"),

	/** L1: a value is confirmed as of the beginning of its read or load. */
	CONFIRMED_AS_OF_THE_BEGINNING("L1"),

	/** L1: what was read replaces what is kept, even if its cas number is the same. */
	NEW_BYTES_REPLACE_OLD_ONES("L1"),

	/** L2: an own invalidation removes what is kept. */
	OWN_INVALIDATIONS_REMOVE("L2"),

	/** L2: it does so when its outcome is known, not when it is asked for. */
	STORE_IS_TOLD_THE_OUTCOME("L2"),

	/** L2: where nobody waits for the outcome, also when it was sent. */
	STORE_IS_TOLD_WHEN_SENT("L2"),

	/** L2: a read or load that began before keeps nothing. */
	EARLIER_CONFIRMATIONS_ARE_DROPPED("L2"),

	/** L2: to find that a value may be kept, and to keep it, is one step. */
	KEEP_IN_ONE_STEP("L2"),

	/** L3: near serves nobody within a load. */
	NEAR_NOT_WITHIN_A_LOAD("L3"),

	/** L4: a tombstone ends what is kept. */
	TOMBSTONES_END_WHAT_IS_KEPT("L4"),

	/** L4: so does no item under the generation of what is kept. */
	ABSENCE_ENDS_WHAT_IS_KEPT("L4"),

	/** L5: a generation says whether a clear set it, and such a one ends what is kept. */
	CLEARS_GENERATION_IS_MARKED("L5"),

	/** L6: what a load built on the reserve is not filled. */
	STORE_FEEDS_NOTHING("L6"),

	/** L6: it is kept as confirmed no later than what it was built on. */
	RESERVE_STAYS_AS_OLD("L6");

	private final String number;

	Rule(int number) {
		this(String.valueOf(number));
	}

	Rule(String number) {
		this.number = number;
	}

	@Override
	public String toString() {
		return "rule " + this.number + ", " + name();
	}

}
