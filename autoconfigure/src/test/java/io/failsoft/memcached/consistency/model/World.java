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
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.consistency.model.Bounds.Option;
import io.failsoft.memcached.consistency.model.Instance.Takeover;
import io.failsoft.memcached.consistency.model.Log.Entry;
import io.failsoft.memcached.consistency.model.Operation.Kind;
import io.failsoft.memcached.consistency.model.Operation.Phase;
import org.jspecify.annotations.Nullable;

/**
 * A state that is being changed by one step.
 */
final class World {

	private static final Comparator<Command> ORDER = Comparator.comparing(Command::kind)
		.thenComparing(Command::instance)
		.thenComparing(Command::version)
		.thenComparing(Command::generation)
		.thenComparing(Command::server)
		.thenComparing(Command::flags);

	final Bounds bounds;

	final List<Server> servers;

	final List<Member> members = new ArrayList<>();

	final List<Command> late;

	int database;

	int generations;

	long lastingGenerations;

	long faults;

	@Nullable String violation;

	private final Set<Rule> rules;

	World(State state, Bounds bounds, Set<Rule> rules) {
		this.bounds = bounds;
		this.rules = rules;
		this.servers = new ArrayList<>(state.servers());
		this.late = new ArrayList<>(state.late());
		this.database = state.database();
		this.generations = state.generations();
		this.lastingGenerations = state.lastingGenerations();
		this.faults = state.faults();
		for (Instance instance : state.instances()) {
			this.members.add(new Member(this.members.size(), instance));
		}
	}

	State freeze() {
		this.late.sort(ORDER);
		return new State(this.database, List.copyOf(this.servers), this.members.stream().map(Member::freeze).toList(),
				List.copyOf(this.late), this.faults, this.generations, this.lastingGenerations);
	}

	boolean rule(Rule rule) {
		return this.rules.contains(rule);
	}

	boolean has(Option option) {
		return this.bounds.has(option);
	}

	/**
	 * Make a generation that carries the load window of an instance.
	 */
	int freshGeneration(int instance) {
		this.generations++;
		if (hasLongWindow(instance)) {
			this.lastingGenerations |= 1L << this.generations;
		}
		return this.generations;
	}

	boolean hasLongWindow(int instance) {
		return has(Option.TWO_WINDOWS) && instance == 0;
	}

	boolean isLasting(int generation) {
		return (this.lastingGenerations & (1L << generation)) != 0;
	}

	/**
	 * Whether a ticket that saw nothing lasts for the longer of two load windows.
	 */
	boolean hasLongTicket(int instance, int generation) {
		return hasLongWindow(instance) && (isLasting(generation) || !rule(Rule.TICKETS_LAST_FOR_THE_SHORTER_WINDOW));
	}

	/**
	 * Have what an instance is about to store stay for long enough.
	 * @param seen the generation that it knows, 0 for none
	 */
	Command lasting(Command command, int seen) {
		boolean obeys = rule(Rule.TOMBSTONES_LAST_FOR_THE_LONGER_WINDOW);
		if (!has(Option.TWO_WINDOWS)) {
			return command;
		}
		if (hasLongWindow(command.instance()) || (seen == 0 && rule(Rule.LONG_TOMBSTONE_IF_GENERATION_UNKNOWN))
				|| (seen != 0 && obeys && isLasting(seen))) {
			return command.with(Command.LASTING);
		}
		return (seen != 0 && obeys && !has(Option.OUTDATED_WINDOWS)) ? command.with(Command.LASTING_AS_GENERATION)
				: command;
	}

	void violate(String violation) {
		if (this.violation == null) {
			this.violation = violation;
		}
	}

	/**
	 * Whether a write of the database may happen: the writers of a key are kept apart
	 * from another instance's put, whose race is not promised.
	 */
	boolean mayWrite(int instance) {
		return has(Option.RACING_PUTS) || this.members.stream()
			.noneMatch((other) -> other.index != instance
					&& other.operations.stream().anyMatch((op) -> op.is(Kind.PUT) && op.isWriting()));
	}

	/**
	 * Change all commands under way to a server, those of closed connections included.
	 */
	void mapCommands(int server, UnaryOperator<Command> change) {
		for (Member member : this.members) {
			for (int i = 0; i < member.links.size(); i++) {
				Link link = member.links.get(i);
				if (!link.queue().isEmpty() && member.server(i) == server) {
					member.links.set(i, link.with(link.queue().stream().map(change).toList()));
				}
			}
		}
		this.late.replaceAll((command) -> (command.server() == server) ? change.apply(command) : command);
	}

	/**
	 * An instance that is being changed.
	 */
	final class Member {

		final int index;

		final List<Operation> operations;

		final List<Link> links;

		int operationsLeft;

		Log log;

		int floor;

		int outlived;

		boolean noticed;

		final List<Takeover> takeovers;

		Kept kept;

		Member(int index, Instance instance) {
			this.index = index;
			this.operationsLeft = instance.operationsLeft();
			this.operations = new ArrayList<>(instance.operations());
			this.links = new ArrayList<>(instance.links());
			this.log = instance.log();
			this.floor = instance.floor();
			this.outlived = instance.outlived();
			this.noticed = instance.noticed();
			this.takeovers = new ArrayList<>(instance.takeovers());
			this.kept = instance.kept();
		}

		Instance freeze() {
			return new Instance(this.operationsLeft, List.copyOf(this.operations), List.copyOf(this.links), this.log,
					this.floor, this.outlived, this.noticed, List.copyOf(this.takeovers), this.kept);
		}

		World world() {
			return World.this;
		}

		String name() {
			return Words.name(this.index);
		}

		/**
		 * The server that a connection leads to, or led to last.
		 */
		int server(int link) {
			return (link > 0 || this.links.get(0).address() == 0) ? link : World.this.servers.size() - 1;
		}

		/**
		 * The connection to use now, or -1 if there is none.
		 */
		int route() {
			int standIn = standIn();
			return this.links.get(0).isUp() ? 0 : (standIn > 0 && takeover(standIn) == Takeover.READY) ? standIn : -1;
		}

		/**
		 * The connection that writes go over now, or -1 if there is none.
		 */
		int writeRoute() {
			int standIn = standIn();
			boolean early = standIn > 0 && takeover(standIn) == Takeover.SWITCHING && rule(Rule.STAND_IN_IS_TOLD_EARLY);
			return (early && !this.links.get(0).isUp()) ? standIn : route();
		}

		/**
		 * The connection to the first stand-in that there is one to, or -1 if there is
		 * none.
		 */
		int standIn() {
			for (int i = 1; i < this.links.size(); i++) {
				if (this.links.get(i).isUp()) {
					return i;
				}
			}
			return -1;
		}

		Takeover takeover(int standIn) {
			return this.takeovers.get(standIn - 1);
		}

		/**
		 * A connection came or went.
		 */
		void linkChanged(int link) {
			if (link == 0 || rule(Rule.TAKEOVERS_BEGIN_ANEW)) {
				this.takeovers.replaceAll((takeover) -> Takeover.NONE);
			}
			else {
				this.takeovers.set(link - 1, Takeover.NONE);
			}
		}

		boolean isBlocked(int link, Rule rule) {
			return link == 0 && this.log.blocks() && rule(rule);
		}

		void send(int index, Command command) {
			Link link = this.links.get(index);
			List<Command> queue = new ArrayList<>(link.queue());
			queue.add(command);
			this.links.set(index, link.with(queue));
		}

		/**
		 * An operation returns. Reads that begin from now on must not fall below what it
		 * wrote.
		 */
		void finish(int slot) {
			Operation operation = this.operations.get(slot);
			if (!operation.reads()) {
				LocalStore.invalidated(World.this, this, slot);
				this.floor = Math.max(this.floor, operation.version());
			}
			this.operations.set(slot, Operation.NONE);
		}

		/**
		 * A write is sent: puts that began before it must not overwrite it, and later
		 * reads must not join older loads.
		 */
		void overtake(int slot) {
			for (int i = 0; i < this.operations.size(); i++) {
				Operation other = this.operations.get(i);
				if (i != slot && other.is(Kind.PUT)) {
					this.operations.set(i, other.with(Operation.OVERTAKEN));
				}
				if (i != slot && other.is(Kind.READ) && other.phase().compareTo(Phase.LOADED) >= 0
						&& rule(Rule.LOADS_ARE_DETACHED)) {
					this.operations.set(i, other.with(Operation.DETACHED));
				}
			}
		}

		void logKey(boolean latePut, int version) {
			if (!rule(Rule.FAILED_INVALIDATION_IS_LOGGED)) {
				return;
			}
			boolean late = (latePut && rule(Rule.QUARANTINE)) || this.log.latePut()
					|| (this.log.key() == Entry.QUARANTINED && rule(Rule.QUARANTINE_OUTLASTS_NEW_ENTRIES));
			this.log = this.log.withKey(renewed(this.log.key(), Command.Kind.TOMBSTONE), late)
				.withVersions(has(Option.LOCAL_STORE) ? version : 0, 0);
		}

		void logClear(int failedGeneration, int version) {
			if (!rule(Rule.FAILED_INVALIDATION_IS_LOGGED)) {
				return;
			}
			// A new generation outdates what was logged for the key, late puts included.
			this.log = this.log.withKey(Entry.NONE, false)
				.withClear(renewed(this.log.clear(), Command.Kind.SET_GENERATION), failedGeneration)
				.withVersions(0, has(Option.LOCAL_STORE) ? version : 0);
		}

		private Entry renewed(Entry present, Command.Kind replay) {
			if (present == Entry.SENT) {
				if (!rule(Rule.SEQUENCE_NUMBERS)) {
					return Entry.SENT;
				}
				Link link = this.links.get(0);
				this.links.set(0,
						link.with(link.queue()
							.stream()
							.map((command) -> (command.has(Command.REPLAY) && command.kind() == replay)
									? command.with(Command.OUTDATED) : command)
							.toList()));
			}
			return Entry.DUE;
		}

	}

}
