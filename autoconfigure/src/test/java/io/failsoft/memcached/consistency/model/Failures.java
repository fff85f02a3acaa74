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
import java.util.List;

import io.failsoft.memcached.consistency.model.Bounds.Option;
import io.failsoft.memcached.consistency.model.Link.State;
import io.failsoft.memcached.consistency.model.Log.Entry;
import io.failsoft.memcached.consistency.model.Operation.Kind;
import io.failsoft.memcached.consistency.model.Operation.Phase;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * How operations fail and what an instance then remembers.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * The caller of a command gives up; the connection stays open.
	 */
	static void timeout(World world, Member member, int position) {
		Link link = member.links.get(0);
		List<Command> queue = new ArrayList<>(link.queue());
		Command command = queue.get(position);
		queue.set(position, command.abandoned());
		member.links.set(0, link.with(queue));
		fail(world, member, command);
	}

	/**
	 * A write is refused before it is sent, as too many are in flight.
	 */
	static void refuse(Member member, int slot) {
		member.overtake(slot);
		if (member.operations.get(slot).is(Kind.CLEAR)) {
			member.logClear(0, member.operations.get(slot).version());
		}
		else {
			member.logKey(false, member.operations.get(slot).version());
		}
		member.finish(slot);
	}

	/**
	 * The connection to the home server closes.
	 * @param survives whether what was sent may still be executed
	 */
	static void cut(World world, Member member, boolean survives) {
		Link link = member.links.get(0);
		int server = member.server(0);
		member.links.set(0, link.lost());
		member.linkChanged(0);
		member.outlived = 0;
		Log log = member.log;
		Entry key = (log.key() == Entry.SENT) ? Entry.DUE : log.key();
		Entry clear = (log.clear() == Entry.SENT) ? Entry.DUE : log.clear();
		member.log = log.withKey(key, log.latePut()).withClear(clear, log.clearGeneration());
		for (Command command : link.queue()) {
			if (command.slot() >= 0) {
				fail(world, member, command);
			}
			if (command.kind() == Command.Kind.SET) {
				member.logKey(true, command.version());
			}
			if (survives && command.answer() == null && command.kind() != Command.Kind.GETS) {
				world.late.add(command.abandoned().at(server));
			}
		}
		cutOff(world, member, 0);
	}

	/**
	 * The connection to a stand-in closes. What was sent over it needs no log: it was
	 * logged for the home server, and the next takeover there begins with a generation of
	 * its own.
	 */
	static void cutStandIn(World world, Member member, int index) {
		Link link = member.links.get(index);
		member.links.set(index, link.lost());
		member.linkChanged(index);
		for (Command command : link.queue()) {
			Operation operation = (command.slot() >= 0) ? member.operations.get(command.slot()) : Operation.NONE;
			if (operation.is(Kind.PUT) && operation.is(Phase.ASKED)) {
				member.operations.set(command.slot(), operation.with(Phase.BEGUN));
			}
			else if (command.slot() >= 0) {
				end(world, member, command.slot());
			}
			if (command.answer() == null && command.kind() != Command.Kind.GETS) {
				world.late.add(command.abandoned().at(index));
			}
		}
		cutOff(world, member, index);
	}

	/**
	 * Have what belongs to a connection end with it. A load goes on for those who join
	 * it, though it fills no more.
	 */
	private static void cutOff(World world, Member member, int link) {
		for (int slot = 0; slot < member.operations.size(); slot++) {
			Operation operation = member.operations.get(slot);
			if (operation.server() != link) {
				continue;
			}
			boolean ends = operation.is(Phase.LOADED) && world.rule(Rule.TICKET_BELONGS_TO_CONNECTION);
			if (ends && !world.has(Option.SINGLE_FLIGHT) && !world.has(Option.LOCAL_STORE)) {
				member.finish(slot);
			}
			else if (ends || operation.is(Kind.PUT)) {
				member.operations.set(slot, operation.with(Operation.CUT_OFF));
			}
		}
	}

	private static void fail(World world, Member member, Command command) {
		int slot = command.slot();
		Operation operation = member.operations.get(slot);
		if (operation.is(Kind.PUT) && operation.is(Phase.ASKED)) {
			member.operations.set(slot, operation.with(Phase.BEGUN));
			return;
		}
		switch (command.kind()) {
			case ADD -> {
				if (world.rule(Rule.UNKNOWN_ADD_IS_LOGGED)) {
					member.logKey(false, 0);
				}
			}
			case SET, TOMBSTONE, DELETE -> member.logKey(false, command.version());
			case SET_GENERATION -> member.logClear(command.generation(), command.version());
			default -> {
			}
		}
		end(world, member, slot);
	}

	/**
	 * An operation gets no answer. Where loads are kept, a read loads nonetheless.
	 */
	private static void end(World world, Member member, int slot) {
		if (world.has(Option.LOCAL_STORE) && member.operations.get(slot).is(Kind.READ)
				&& member.operations.get(slot).is(Phase.ASKED)) {
			Callers.loadBlindly(world, member, slot);
		}
		else {
			member.finish(slot);
		}
	}

	/**
	 * The server restarts: it has lost everything, and all connections are closed.
	 */
	static void restart(World world, int server) {
		world.late.removeIf((command) -> command.server() == server);
		int evicted = world.has(Option.LOCAL_STORE) ? world.servers.get(server).evicted() : 0;
		world.servers.set(server, Server.EMPTY.withEvicted(evicted));
		Memcached.replace(world, server, Item.NOTHING);
		for (Member member : world.members) {
			if (member.server(0) == server && member.links.get(0).state() != State.DOWN) {
				cut(world, member, false);
			}
		}
	}

}
