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
import io.failsoft.memcached.consistency.model.Operation.Phase;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * What an instance does for its callers. Whoever misses loads at once, as a later load
 * could only be newer.
 */
final class Callers {

	private Callers() {
	}

	/**
	 * Whether beginning an operation would lead anywhere.
	 */
	static boolean mayBegin(World world, Member member, Kind kind) {
		return switch (kind) {
			case READ -> world.has(Option.SINGLE_FLIGHT) || world.has(Option.LOCAL_STORE) || looks(member);
			case NESTED -> looks(member) && !member.kept.isNothing();
			case EVICT -> world.mayWrite(member.index);
			default -> true;
		};
	}

	/**
	 * Whether a read asks a server now.
	 */
	private static boolean looks(Member member) {
		int route = member.route();
		return route >= 0 && !member.isBlocked(route, Rule.LOGGED_KEYS_ARE_MISSES);
	}

	static String begin(World world, Member member, int slot, Kind kind) {
		member.operationsLeft--;
		if (kind == Kind.EVICT || kind == Kind.CLEAR) {
			member.operations.set(slot, Operation.begin(kind, Phase.WRITTEN, ++world.database));
			LocalStore.asked(world, member, slot);
			return member.name() + " writes v" + world.database + " to the database and will "
					+ ((kind == Kind.EVICT) ? "evict" : "clear");
		}
		if (kind == Kind.READ && !looks(member)) {
			Operation blind = Operation.begin(kind, Phase.ASKED, 0)
				.withFloor(member.floor)
				.withMoment(LocalStore.moment(world, member));
			member.operations.set(slot, blind);
			loadBlindly(world, member, slot);
			return member.name() + " reads without asking the server";
		}
		int server = member.route();
		Operation operation = Operation.begin(kind, Phase.BEGUN, 0).withServer(Math.max(server, 0));
		if (server >= 0) {
			int seen = member.links.get(server).seen();
			if (operation.reads() || seen == 0) {
				member.send(server, Command.of(Command.Kind.GETS, member.index, slot, 0, 0));
				operation = operation.with(Phase.ASKED)
					.withFloor(member.floor)
					.withMoment(operation.reads() ? LocalStore.moment(world, member) : 0);
			}
			else {
				operation = operation.withGeneration(seen);
			}
		}
		member.operations.set(slot, operation);
		return member.name() + ((kind == Kind.PUT) ? " begins a put" : " reads");
	}

	static String writeForPut(World world, Member member, int slot) {
		member.operations.set(slot, member.operations.get(slot).with(Phase.WRITTEN).withVersion(++world.database));
		LocalStore.asked(world, member, slot);
		return member.name() + " writes v" + world.database + " to the database and will put it";
	}

	/**
	 * Load without knowing what memcached holds, which fills nothing.
	 */
	static void loadBlindly(World world, Member member, int slot) {
		member.operations.set(slot, member.operations.get(slot).with(Operation.CUT_OFF));
		missed(world, member, slot, new Answer(false, Item.NOTHING, 0, 0, 0));
	}

	static String send(World world, Member member, int slot) {
		Operation operation = member.operations.get(slot);
		return switch (operation.kind()) {
			case EVICT -> {
				member.overtake(slot);
				yield evict(world, member, slot, " evicts v");
			}
			case CLEAR -> {
				member.overtake(slot);
				yield clear(world, member, slot);
			}
			default -> {
				decide(world, member, slot);
				if (world.rule(Rule.DECIDE_AND_SEND_AS_ONE)) {
					yield enqueue(world, member, slot);
				}
				member.operations.set(slot, member.operations.get(slot).with(Phase.DECIDED));
				yield member.name() + " decides what its put of v" + operation.version() + " sends";
			}
		};
	}

	private static String evict(World world, Member member, int slot, String words) {
		Operation operation = member.operations.get(slot);
		int server = member.writeRoute();
		logAtHome(world, member, server, operation.version());
		if (server < 0) {
			member.logKey(false, operation.version());
			member.finish(slot);
		}
		else {
			Command.Kind kind = world.rule(Rule.TOMBSTONES) ? Command.Kind.TOMBSTONE : Command.Kind.DELETE;
			Command command = Command.of(kind, member.index, slot, operation.version(), 0);
			member.send(server, world.lasting(command, member.links.get(server).seen()));
			member.operations.set(slot, operation.with(Phase.SENT).withServer(server));
			LocalStore.sent(world, member, slot);
		}
		return member.name() + words + operation.version() + where(server);
	}

	private static String clear(World world, Member member, int slot) {
		Operation operation = member.operations.get(slot);
		int server = member.writeRoute();
		if (server < 0 || (server > 0 && world.rule(Rule.TAKEOVER_IS_LOGGED_AT_HOME))) {
			member.logClear(world.freshGeneration(member.index), operation.version());
		}
		if (server < 0) {
			member.finish(slot);
		}
		else {
			member.send(server, Command.of(Command.Kind.SET_GENERATION, member.index, slot, operation.version(),
					world.freshGeneration(member.index)));
			member.operations.set(slot, operation.with(Phase.SENT).withServer(server));
			LocalStore.sent(world, member, slot);
		}
		return member.name() + " clears for v" + operation.version() + where(server);
	}

	/**
	 * Decide what a put writes: its generation is 0 from then on if that is a tombstone.
	 */
	private static void decide(World world, Member member, int slot) {
		Operation operation = member.operations.get(slot);
		int server = member.writeRoute();
		int generation = (server < 0) ? 0 : world.rule(Rule.GENERATION_CAPTURED_AT_START) ? operation.generation()
				: member.links.get(server).seen();
		boolean overtaken = operation.has(Operation.OVERTAKEN) && world.rule(Rule.LOCAL_EPOCH);
		if (overtaken || operation.has(Operation.CUT_OFF) || operation.server() != server
				|| member.isBlocked(server, Rule.LOGGED_KEYS_ARE_NOT_FILLED)) {
			generation = 0;
		}
		member.overtake(slot);
		member.operations.set(slot, operation.withGeneration(generation));
	}

	static String enqueue(World world, Member member, int slot) {
		Operation operation = member.operations.get(slot);
		int server = member.writeRoute();
		if (operation.generation() == 0 || server != operation.server() || operation.has(Operation.CUT_OFF)) {
			return evict(world, member, slot, " puts a tombstone for its v");
		}
		logAtHome(world, member, server, operation.version());
		Command command = Command.of(Command.Kind.SET, member.index, slot, operation.version(), operation.generation());
		member.send(server, world.lasting(command, operation.generation()));
		member.operations.set(slot, operation.with(Phase.SENT));
		LocalStore.sent(world, member, slot);
		return member.name() + " puts v" + operation.version() + where(server);
	}

	private static void logAtHome(World world, Member member, int server, int version) {
		if (server > 0 && world.rule(Rule.TAKEOVER_IS_LOGGED_AT_HOME)) {
			member.logKey(false, version);
		}
	}

	private static String where(int server) {
		return (server < 0) ? ", which is only logged as the server is down" : Words.at(server);
	}

	/**
	 * Fill with what was loaded, or give up.
	 */
	static String fill(World world, Member member, int slot) {
		Operation operation = member.operations.get(slot);
		int server = operation.server();
		LocalStore.loaded(world, member, operation);
		boolean absent = operation.has(Operation.ABSENT);
		boolean tooOld = absent && operation.has(Operation.OLDER_THAN_WINDOW)
				&& world.rule(Rule.TICKET_YOUNGER_THAN_WINDOW);
		boolean reserve = operation.has(Operation.FROM_RESERVE) && world.rule(Rule.STORE_FEEDS_NOTHING);
		if (tooOld || reserve || operation.has(Operation.CUT_OFF) || !member.links.get(server).isUp()
				|| member.isBlocked(server, Rule.LOGGED_KEYS_ARE_NOT_FILLED)) {
			member.finish(slot);
			return member.name() + " gives up filling";
		}
		int generation = world.rule(Rule.FILL_STAMPS_TICKETS_GENERATION) ? operation.generation()
				: member.links.get(server).seen();
		Command.Kind kind = !world.rule(Rule.CONDITIONAL_FILLS) ? Command.Kind.SET
				: absent ? Command.Kind.ADD : Command.Kind.CAS;
		Command command = Command.of(kind, member.index, slot, operation.version(), generation);
		command = world.lasting(command, operation.generation());
		member.send(server, operation.has(Operation.CAS_VALID) ? command.with(Command.CAS_VALID) : command);
		member.operations.set(slot, operation.with(Phase.SENT));
		return member.name() + " fills with v" + operation.version() + where(server);
	}

	/**
	 * An operation gets its answer.
	 */
	static void answer(World world, Member member, Command command, Answer answer) {
		int slot = command.slot();
		Operation operation = member.operations.get(slot);
		if (operation.reads()) {
			if (operation.is(Phase.ASKED)) {
				looked(world, member, command, answer);
				return;
			}
			if (operation.has(Operation.OLDER_THAN_WINDOW) && answer.stored() && operation.has(Operation.ABSENT)
					&& world.rule(Rule.LATE_SUCCESS_IS_EVICTED)) {
				member.logKey(false, 0);
			}
			member.finish(slot);
		}
		else if (operation.is(Phase.ASKED)) {
			member.operations.set(slot,
					operation.with(Phase.BEGUN).withGeneration(answer.generation()).without(Operation.OVERTAKEN));
		}
		else {
			member.finish(slot);
		}
	}

	private static void looked(World world, Member member, Command command, Answer answer) {
		int slot = command.slot();
		Operation operation = member.operations.get(slot);
		Item item = answer.item();
		if (item.is(Item.Kind.VALUE) && item.generation() == answer.generation()) {
			if (item.version() < operation.floor() && !item.excuses(member.index)) {
				world.violate("G1: " + member.name() + " reads v" + item.version() + " though it had invalidated for v"
						+ operation.floor());
			}
			LocalStore.confirm(world, member, operation, answer);
			member.finish(slot);
			return;
		}
		boolean outdated = !item.is(Item.Kind.NOTHING) && !command.has(Command.CAS_VALID)
				&& world.rule(Rule.CONDITIONAL_FILLS);
		LocalStore.missed(world, member, operation, answer);
		if (outdated && !world.has(Option.SINGLE_FLIGHT) && !world.has(Option.LOCAL_STORE)) {
			member.finish(slot);
			return;
		}
		missed(world, member, slot, answer);
		if (outdated) {
			member.operations.set(slot, member.operations.get(slot).without(Operation.CAS_VALID));
		}
	}

	/**
	 * Join a load or begin one.
	 * @param answer what the miss saw, without a generation if it asked no server
	 */
	private static void missed(World world, Member member, int slot, Answer answer) {
		Operation operation = member.operations.get(slot);
		for (Operation flight : member.operations) {
			if (world.has(Option.SINGLE_FLIGHT) && flight.isFlight() && mayJoin(world, flight, answer)) {
				if (flight.version() < Math.max(operation.floor(), answer.evicted())) {
					world.violate("G1: " + member.name() + " joins a load of v" + flight.version() + " though v"
							+ Math.max(operation.floor(), answer.evicted()) + " had been invalidated for");
				}
				member.finish(slot);
				return;
			}
		}
		Operation loaded = operation.with(Phase.LOADED)
			.withVersion(world.database)
			.withGeneration(answer.generation())
			.withCas(answer.item().cas())
			.withFloor(0);
		boolean absent = answer.item().is(Item.Kind.NOTHING);
		member.operations.set(slot, loaded.with(absent ? Operation.ABSENT : Operation.CAS_VALID));
	}

	/**
	 * Whether a load may be joined by a read that missed. A read that asked no server
	 * joins only a load that did not either.
	 */
	private static boolean mayJoin(World world, Operation flight, Answer answer) {
		if (world.rule(Rule.JOINED_LOADS_SAW_THE_SAME)
				&& (flight.generation() != answer.generation() || flight.cas() != answer.item().cas())) {
			return false;
		}
		return !flight.has(Operation.OLDER_THAN_WINDOW) || flight.cas() != 0 || flight.generation() == 0
				|| !world.rule(Rule.JOINED_LOADS_ARE_YOUNGER_THAN_WINDOW);
	}

}
