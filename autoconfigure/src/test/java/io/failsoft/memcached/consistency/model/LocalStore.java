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

import io.failsoft.memcached.consistency.model.Bounds.Option;
import io.failsoft.memcached.consistency.model.Command.Answer;
import io.failsoft.memcached.consistency.model.Operation.Kind;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * What an instance does with its local store.
 */
final class LocalStore {

	private LocalStore() {
	}

	/**
	 * What the server that the home connection leads to had carried out when a
	 * confirmation that begins now began.
	 */
	static int moment(World world, Member member) {
		return world.has(Option.LOCAL_STORE) ? world.servers.get(member.server(0)).evicted() : 0;
	}

	/**
	 * A server has returned a live value.
	 */
	static void confirm(World world, Member member, Operation read, Answer answer) {
		if (!world.has(Option.LOCAL_STORE) || read.is(Kind.NESTED)
				|| (read.server() > 0 && world.rule(Rule.ONLY_HOME_CONFIRMS))) {
			return;
		}
		Item item = answer.item();
		boolean staleItself = item.version() < answer.evicted();
		int confirmed = staleItself ? item.version() : moment(world, member, read);
		boolean same = item.cas() != 0 && item.cas() == member.kept.cas()
				&& !world.rule(Rule.NEW_BYTES_REPLACE_OLD_ONES);
		keep(member, read, new Kept(same ? member.kept.version() : item.version(), confirmed, answer.generation(),
				item.excuses(member.index), item.cas()));
	}

	/**
	 * A load has ended: keep what it returned where its fill would be sent.
	 */
	static void loaded(World world, Member member, Operation load) {
		if (world.has(Option.LOCAL_STORE)) {
			boolean old = load.has(Operation.FROM_STORE) && world.rule(Rule.RESERVE_STAYS_AS_OLD);
			keep(member, load, new Kept(load.version(), old ? load.confirmed() : moment(world, member, load),
					load.generation(), load.has(Operation.EXCUSED), 0));
		}
	}

	private static int moment(World world, Member member, Operation operation) {
		return world.rule(Rule.CONFIRMED_AS_OF_THE_BEGINNING) ? operation.moment() : moment(world, member);
	}

	private static void keep(Member member, Operation operation, Kept kept) {
		if (!operation.has(Operation.DROPPED) || operation.has(Operation.FOUND_VALID)) {
			member.kept = kept;
		}
	}

	/**
	 * A load is found not to be overtaken yet (only without
	 * {@link Rule#KEEP_IN_ONE_STEP}).
	 */
	static String findValid(Member member, int slot) {
		member.operations.set(slot, member.operations.get(slot).with(Operation.FOUND_VALID));
		return member.name() + " finds that its load may be kept";
	}

	/**
	 * An own invalidation is asked for.
	 */
	static void asked(World world, Member member, int slot) {
		if (!world.rule(Rule.STORE_IS_TOLD_THE_OUTCOME) || world.has(Option.ASYNCHRONOUS)) {
			remove(world, member, slot);
		}
	}

	/**
	 * An own invalidation was sent, and returns now if nobody waits for its outcome.
	 */
	static void sent(World world, Member member, int slot) {
		if (world.has(Option.ASYNCHRONOUS)) {
			if (world.rule(Rule.STORE_IS_TOLD_WHEN_SENT)) {
				remove(world, member, slot);
			}
			member.floor = Math.max(member.floor, member.operations.get(slot).version());
		}
	}

	/**
	 * The outcome of an own invalidation is known, which returns only now.
	 */
	static void invalidated(World world, Member member, int slot) {
		if (world.rule(Rule.STORE_IS_TOLD_THE_OUTCOME)) {
			remove(world, member, slot);
		}
	}

	private static void remove(World world, Member member, int slot) {
		if (!world.has(Option.LOCAL_STORE) || !world.rule(Rule.OWN_INVALIDATIONS_REMOVE)) {
			return;
		}
		member.kept = Kept.NOTHING;
		for (int i = 0; i < member.operations.size(); i++) {
			Operation other = member.operations.get(i);
			if (i != slot && other.reads() && world.rule(Rule.EARLIER_CONFIRMATIONS_ARE_DROPPED)) {
				member.operations.set(i, other.with(Operation.DROPPED));
			}
		}
	}

	/**
	 * A server answers that there is nothing live: what is kept is served if that cannot
	 * be relied on, else removed. As the window may have ended, the read goes on in
	 * either case.
	 */
	static void missed(World world, Member member, Operation read, Answer answer) {
		Kept kept = member.kept;
		if (kept.isNothing() || read.is(Kind.NESTED)) {
			return;
		}
		boolean tombstone = answer.item().is(Item.Kind.TOMBSTONE);
		boolean sameGeneration = answer.generation() == kept.generation();
		if ((tombstone && world.rule(Rule.TOMBSTONES_END_WHAT_IS_KEPT))
				|| (sameGeneration && !tombstone && world.rule(Rule.ABSENCE_ENDS_WHAT_IS_KEPT))
				|| (answer.cleared() > 0 && world.rule(Rule.CLEARS_GENERATION_IS_MARKED))) {
			member.kept = Kept.NOTHING;
			return;
		}
		if (kept.version() < answer.cleared()) {
			world.violate("CLEAR: " + member.name() + " is served v" + kept.version() + " from the reserve though "
					+ "memcached answers under the generation of the clear for v" + answer.cleared());
		}
		if ((tombstone || sameGeneration) && kept.version() < answer.evicted()) {
			world.violate("ANSWERED: " + member.name() + " is served v" + kept.version() + " from the reserve though "
					+ "memcached answers and has carried out the eviction of v" + answer.evicted());
		}
	}

	/**
	 * A cached method that a load calls is served from the near window, or from the
	 * reserve.
	 */
	static String nested(Member member, int slot, boolean near) {
		Kept kept = member.kept;
		Operation load = member.operations.get(slot)
			.withVersion(kept.version())
			.withConfirmed(kept.confirmed())
			.with(Operation.FROM_STORE | (near ? 0 : Operation.FROM_RESERVE)
					| (kept.excused() ? Operation.EXCUSED : 0));
		member.operations.set(slot, load);
		return member.name() + "'s load builds on v" + kept.version() + " from " + (near ? "near" : "the reserve");
	}

	/**
	 * What must hold in every state, as what is kept may be served at any time.
	 */
	static void check(World world) {
		for (Member member : world.members) {
			Kept kept = member.kept;
			if (!kept.isNothing() && kept.version() < member.floor && !kept.excused()) {
				world.violate("OWN: " + member.name() + " keeps v" + kept.version() + " though it has invalidated for v"
						+ member.floor);
			}
			if (kept.version() < kept.confirmed() && !kept.isNothing()) {
				world.violate("OTHERS: " + member.name() + " keeps v" + kept.version() + " as confirmed when the "
						+ "eviction of v" + kept.confirmed() + " had been carried out");
			}
		}
	}

}
