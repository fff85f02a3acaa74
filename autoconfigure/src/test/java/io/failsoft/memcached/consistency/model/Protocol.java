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

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.failsoft.memcached.consistency.model.Bounds.Option;
import io.failsoft.memcached.consistency.model.Command.Answer;
import io.failsoft.memcached.consistency.model.Explorer.Step;
import io.failsoft.memcached.consistency.model.Operation.Kind;
import io.failsoft.memcached.consistency.model.Operation.Phase;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * All steps that can be taken from a state.
 */
final class Protocol {

	private final Bounds bounds;

	private final Set<Rule> rules;

	Protocol(Bounds bounds, Set<Rule> rules) {
		this.bounds = bounds;
		this.rules = rules;
	}

	List<Step> steps(State state) {
		Steps steps = new Steps(state);
		for (int i = 0; i < state.instances().size(); i++) {
			begin(steps, i);
			proceed(steps, i);
			heal(steps, i);
			for (int link = 0; link < state.instances().get(i).links().size(); link++) {
				serve(steps, i, link);
			}
			failures(steps, i);
		}
		executeLate(steps);
		wear(steps);
		return steps.taken;
	}

	private void begin(Steps steps, int index) {
		Instance instance = steps.state.instances().get(index);
		int slot = instance.operations().indexOf(Operation.NONE);
		if (instance.operationsLeft() == 0 || slot < 0) {
			return;
		}
		for (Kind kind : Kind.values()) {
			if (this.bounds.kinds().get(index).indexOf(kind.letter) >= 0) {
				World world = steps.world();
				Member member = world.members.get(index);
				if (Callers.mayBegin(world, member, kind)) {
					steps.take(world, Callers.begin(world, member, slot, kind));
				}
			}
		}
	}

	private void proceed(Steps steps, int index) {
		List<Operation> operations = steps.state.instances().get(index).operations();
		for (int i = 0; i < operations.size(); i++) {
			int slot = i;
			switch (operations.get(slot).phase()) {
				case LOADED -> {
					steps.take(index, (member) -> Callers.fill(member.world(), member, slot));
					nest(steps, index, slot);
					if (!this.rules.contains(Rule.KEEP_IN_ONE_STEP) && !operations.get(slot).has(Operation.DROPPED)) {
						steps.take(index, (member) -> LocalStore.findValid(member, slot));
					}
				}
				case WRITTEN -> steps.take(index, (member) -> Callers.send(member.world(), member, slot));
				case DECIDED -> steps.take(index, (member) -> Callers.enqueue(member.world(), member, slot));
				case BEGUN -> {
					if (steps.world().mayWrite(index)) {
						steps.take(index, (member) -> Callers.writeForPut(member.world(), member, slot));
					}
				}
				default -> {
				}
			}
		}
	}

	/**
	 * A load calls another cached method, whose read fails or is not sent.
	 */
	private void nest(Steps steps, int index, int slot) {
		Instance instance = steps.state.instances().get(index);
		if (instance.operations().get(slot).is(Kind.NESTED) && !instance.kept().isNothing()) {
			if (!this.rules.contains(Rule.NEAR_NOT_WITHIN_A_LOAD)) {
				steps.take(index, (member) -> LocalStore.nested(member, slot, true));
			}
			steps.suffer(Fault.TIMEOUT, index, (member) -> LocalStore.nested(member, slot, false));
		}
	}

	private void heal(Steps steps, int index) {
		Instance instance = steps.state.instances().get(index);
		Link home = instance.links().get(0);
		for (int i = 1; i < instance.links().size(); i++) {
			int link = i;
			if (instance.links().get(link).state() == Link.State.DOWN) {
				steps.take(index, (member) -> Healing.reconnectStandIn(member, link));
			}
			else if (!home.isUp()) {
				takeOver(steps, index, link);
			}
		}
		if (instance.log().key() == Log.Entry.QUARANTINED) {
			steps.take(index, (member) -> Healing.endQuarantine(member.world(), member));
		}
		if (home.state() == Link.State.DOWN) {
			for (int i = 0; i < (this.bounds.has(Option.SECOND_ADDRESS) ? 2 : 1); i++) {
				int address = i;
				steps.take(index, (member) -> Healing.reconnect(member.world(), member, address));
			}
			return;
		}
		if (home.state() == Link.State.ADMITTING && instance.log().isReplayed()) {
			steps.take(index, (member) -> Healing.open(member.world(), member));
		}
		if (instance.log().key() == Log.Entry.DUE) {
			steps.take(index, (member) -> Healing.replayKey(member.world(), member));
		}
		if (instance.log().clear() == Log.Entry.DUE) {
			steps.take(index, (member) -> Healing.replayClear(member.world(), member));
		}
	}

	private static void takeOver(Steps steps, int index, int link) {
		switch (steps.state.instances().get(index).takeovers().get(link - 1)) {
			case NONE -> {
				if (steps.world().members.get(index).standIn() == link) {
					steps.take(index, (member) -> Healing.beginTakeover(member.world(), member, link));
				}
			}
			case SWITCHING -> steps.take(index, (member) -> Healing.takeOver(member, link));
			default -> {
			}
		}
	}

	/**
	 * The server executes the next command of a connection. Its answer arrives at once,
	 * unless it is one of those delayed or comes after one.
	 */
	private void serve(Steps steps, int index, int link) {
		List<Command> queue = steps.state.instances().get(index).links().get(link).queue();
		int next = 0;
		while (next < queue.size() && queue.get(next).answer() != null) {
			next++;
		}
		if (next > 0) {
			steps.take(index, (member) -> "the answer to " + deliver(member, link) + " arrives");
		}
		if (next == queue.size()) {
			return;
		}
		int position = next;
		if (position == 0) {
			steps.take(index, (member) -> {
				execute(member, link, position);
				return deliver(member, link) + " is executed" + where(member, link);
			});
		}
		if (position > 0 || (link == 0 && Fault.DELAYED_ANSWER.left(steps.state.faults()) > 0)) {
			steps.take(index, (member) -> {
				member.world().faults -= (position > 0) ? 0 : Fault.DELAYED_ANSWER.times(1);
				execute(member, link, position);
				return queue.get(position) + " is executed, its answer is under way";
			});
		}
	}

	private static void execute(Member member, int index, int position) {
		Command executed = Memcached.execute(member.world(), member.server(index),
				member.links.get(index).queue().get(position));
		List<Command> queue = new ArrayList<>(member.links.get(index).queue());
		queue.set(position, executed);
		member.links.set(index, member.links.get(index).with(queue));
	}

	private static String where(Member member, int link) {
		return (member.links.get(0).address() > 0 && link == 0) ? " at the second address" : Words.at(link);
	}

	private static String deliver(Member member, int index) {
		Link link = member.links.get(index);
		Command command = link.queue().get(0);
		Answer answer = Objects.requireNonNull(command.answer());
		link = link.with(link.queue().subList(1, link.queue().size()));
		int seen = (command.kind() == Command.Kind.SET_GENERATION) ? command.generation() : answer.generation();
		member.links.set(index, (seen != 0) ? link.withSeen(seen) : link);
		if (command.has(Command.REPLAY)) {
			Healing.answer(member.world(), member, command);
		}
		else if (command.slot() >= 0) {
			Callers.answer(member.world(), member, command, answer);
		}
		return command.toString();
	}

	private void failures(Steps steps, int index) {
		Link home = steps.state.instances().get(index).links().get(0);
		if (home.state() != Link.State.DOWN) {
			steps.suffer(Fault.CUT, index, (member) -> {
				Failures.cut(member.world(), member, true);
				return member.name() + "'s connection is closed";
			});
		}
		for (int i = 1; i < steps.state.instances().get(index).links().size(); i++) {
			int link = i;
			if (steps.state.instances().get(index).links().get(link).isUp()) {
				steps.suffer(Fault.STAND_IN_CUT, index, (member) -> {
					Failures.cutStandIn(member.world(), member, link);
					return member.name() + "'s connection" + Words.at(link).replace(" at", " to") + " is closed";
				});
			}
		}
		for (int i = 0; i < home.queue().size(); i++) {
			int position = i;
			if (home.queue().get(i).slot() >= 0) {
				steps.suffer(Fault.TIMEOUT, index, (member) -> {
					Failures.timeout(member.world(), member, position);
					return home.queue().get(position) + " times out";
				});
			}
		}
		List<Operation> operations = steps.state.instances().get(index).operations();
		for (int i = 0; i < operations.size(); i++) {
			int slot = i;
			if (operations.get(slot).is(Phase.WRITTEN) && home.isUp()) {
				steps.suffer(Fault.REFUSAL, index, (member) -> {
					Failures.refuse(member, slot);
					return member.name() + "'s invalidation for v" + operations.get(slot).version()
							+ " is refused before it is sent";
				});
			}
		}
	}

	private void executeLate(Steps steps) {
		for (Command command : new LinkedHashSet<>(steps.state.late())) {
			World world = steps.world();
			world.late.remove(command);
			Memcached.execute(world, command.server(), command);
			steps.take(world, command + " of a closed connection is executed late");
		}
	}

	/**
	 * What time and the server do to the items.
	 */
	private void wear(Steps steps) {
		wear(steps, 0);
		if (this.bounds.has(Option.SECOND_ADDRESS)) {
			wear(steps, steps.state.servers().size() - 1);
		}
	}

	private static void wear(Steps steps, int server) {
		Server home = steps.state.servers().get(server);
		if (home.item().is(Item.Kind.TOMBSTONE)) {
			steps.suffer(Fault.TOMBSTONE_EXPIRY, 0, (member) -> {
				Memcached.expire(member.world(), server);
				return "the tombstone expires";
			});
			steps.suffer(Fault.TOMBSTONE_LOSS, 0, (member) -> {
				Memcached.replace(member.world(), server, Item.NOTHING);
				return "the tombstone is lost to LRU";
			});
		}
		if (home.item().is(Item.Kind.VALUE)) {
			steps.suffer(Fault.ENTRY_EXPIRY, 0, (member) -> {
				Memcached.end(member.world(), server);
				return "the entry's life ends";
			});
		}
		if (home.item().is(Item.Kind.ENDED)) {
			steps.take(0, (member) -> {
				Memcached.expire(member.world(), server);
				return "the entry that has ended expires";
			});
		}
		if (home.generation() != 0) {
			steps.suffer(Fault.GENERATION_LOSS, 0, (member) -> {
				member.world().servers.set(server, home.withGeneration(0));
				return "the generation is lost to LRU";
			});
			steps.suffer(Fault.RESTART, 0, (member) -> {
				Failures.restart(member.world(), server);
				return "the server restarts, empty";
			});
		}
	}

	private final class Steps {

		private final State state;

		private final List<Step> taken = new ArrayList<>();

		Steps(State state) {
			this.state = state;
		}

		World world() {
			return new World(this.state, Protocol.this.bounds, Protocol.this.rules);
		}

		void take(World world, String words) {
			Properties.check(world);
			this.taken.add(new Step(words, world.freeze(), world.violation));
		}

		void take(int index, Function<Member, String> step) {
			World world = world();
			take(world, step.apply(world.members.get(index)));
		}

		void suffer(Fault fault, int index, Function<Member, String> step) {
			if (fault.left(this.state.faults()) > 0) {
				take(index, (member) -> {
					member.world().faults -= fault.times(1);
					return step.apply(member);
				});
			}
		}

	}

}
