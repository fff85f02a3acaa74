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
		.thenComparing(Command::flags);

	final Bounds bounds;

	final List<Server> servers;

	final List<Member> members = new ArrayList<>();

	final List<Command> late;

	int database;

	int generations;

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
		this.faults = state.faults();
		for (Instance instance : state.instances()) {
			this.members.add(new Member(this.members.size(), instance));
		}
	}

	State freeze() {
		this.late.sort(ORDER);
		return new State(this.database, List.copyOf(this.servers), this.members.stream().map(Member::freeze).toList(),
				List.copyOf(this.late), this.faults, this.generations);
	}

	boolean rule(Rule rule) {
		return this.rules.contains(rule);
	}

	int freshGeneration() {
		return ++this.generations;
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
		return this.bounds.racingPuts() || this.members.stream()
			.noneMatch((other) -> other.index != instance
					&& other.operations.stream().anyMatch((op) -> op.is(Kind.PUT) && op.isWriting()));
	}

	/**
	 * Change all commands under way to a server, those of closed connections included.
	 */
	void mapCommands(int server, UnaryOperator<Command> change) {
		for (Member member : this.members) {
			Link link = member.links.get(server);
			if (!link.queue().isEmpty()) {
				member.links.set(server, link.with(link.queue().stream().map(change).toList()));
			}
		}
		if (server == 0) {
			this.late.replaceAll(change);
		}
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

		Instance.Takeover takeover;

		Member(int index, Instance instance) {
			this.index = index;
			this.operationsLeft = instance.operationsLeft();
			this.operations = new ArrayList<>(instance.operations());
			this.links = new ArrayList<>(instance.links());
			this.log = instance.log();
			this.floor = instance.floor();
			this.outlived = instance.outlived();
			this.noticed = instance.noticed();
			this.takeover = instance.takeover();
		}

		Instance freeze() {
			return new Instance(this.operationsLeft, List.copyOf(this.operations), List.copyOf(this.links), this.log,
					this.floor, this.outlived, this.noticed, this.takeover);
		}

		World world() {
			return World.this;
		}

		String name() {
			return Words.name(this.index);
		}

		/**
		 * The server to use now, or -1 if there is none.
		 */
		int route() {
			return this.links.get(0).isUp() ? 0 : (this.takeover == Instance.Takeover.READY) ? 1 : -1;
		}

		/**
		 * The server that writes go to now, or -1 if there is none.
		 */
		int writeRoute() {
			boolean early = this.takeover == Instance.Takeover.SWITCHING && rule(Rule.STAND_IN_IS_TOLD_EARLY);
			return (early && !this.links.get(0).isUp()) ? 1 : route();
		}

		boolean isBlocked(int server, Rule rule) {
			return server == 0 && this.log.blocks() && rule(rule);
		}

		void send(int server, Command command) {
			Link link = this.links.get(server);
			List<Command> queue = new ArrayList<>(link.queue());
			queue.add(command);
			this.links.set(server, link.with(queue));
		}

		/**
		 * An operation returns. Reads that begin from now on must not fall below what it
		 * wrote.
		 */
		void finish(int slot) {
			Operation operation = this.operations.get(slot);
			if (!operation.is(Kind.READ)) {
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

		void logKey(boolean latePut) {
			if (!rule(Rule.FAILED_INVALIDATION_IS_LOGGED)) {
				return;
			}
			boolean late = (latePut && rule(Rule.QUARANTINE)) || this.log.latePut()
					|| (this.log.key() == Entry.QUARANTINED && rule(Rule.QUARANTINE_OUTLASTS_NEW_ENTRIES));
			this.log = this.log.withKey(renewed(this.log.key(), Command.Kind.TOMBSTONE), late);
		}

		void logClear(int failedGeneration) {
			if (!rule(Rule.FAILED_INVALIDATION_IS_LOGGED)) {
				return;
			}
			// A new generation outdates what was logged for the key, late puts included.
			this.log = this.log.withKey(Entry.NONE, false)
				.withClear(renewed(this.log.clear(), Command.Kind.SET_GENERATION), failedGeneration);
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
