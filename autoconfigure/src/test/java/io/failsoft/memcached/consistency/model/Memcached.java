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
import io.failsoft.memcached.consistency.model.Operation.Phase;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * What a server does.
 */
final class Memcached {

	private Memcached() {
	}

	/**
	 * Execute a command. A {@code gets} that finds no generation makes one, which stands
	 * for the {@code add} that the client sends next.
	 */
	static Command execute(World world, int server, Command command) {
		Server target = world.servers.get(server);
		return switch (command.kind()) {
			case GETS -> {
				if (target.generation() == 0) {
					target = target.withGeneration(world.freshGeneration(command.instance()));
					world.servers.set(server, target);
				}
				boolean compared = world.has(Option.SINGLE_FLIGHT) || world.has(Option.LOCAL_STORE);
				int evicted = compared ? target.evicted() : 0;
				yield command.with(Command.CAS_VALID)
					.answered(new Answer(false, target.item(), target.generation(), evicted, target.cleared()));
			}
			case ADD -> target.item().is(Item.Kind.NOTHING) ? fill(world, server, command)
					: command.answered(Answer.NOT_STORED);
			case CAS ->
				command.has(Command.CAS_VALID) ? fill(world, server, command) : command.answered(Answer.NOT_STORED);
			case SET -> {
				int excused = (command.slot() < 0) ? (0b11 & ~(1 << command.instance())) : 0;
				int guards = target.item().guards() | ((command.slot() >= 0) ? (0b100 << command.instance()) : 0);
				replace(world, server, Item.value(command, guards, excused, isLasting(world, server, command)));
				yield command.answered(Answer.STORED);
			}
			case TOMBSTONE, DELETE -> {
				replace(world, server, (command.kind() == Command.Kind.DELETE) ? Item.NOTHING : Item
					.tombstone(target.item().guards() | (1 << command.instance()), isLasting(world, server, command)));
				evicted(world, server, command);
				world.late
					.replaceAll((late) -> (late.kind() == Command.Kind.ADD && late.instance() == command.instance()
							&& late.server() == server) ? late.with(Command.COVERED) : late);
				yield command.answered(Answer.STORED);
			}
			case SET_GENERATION -> {
				world.servers.set(server, target.withGeneration(command.generation(),
						world.has(Option.LOCAL_STORE) ? command.version() : 0));
				evicted(world, server, command);
				yield command.answered(Answer.STORED);
			}
		};
	}

	private static Command fill(World world, int server, Command command) {
		int excused = 0;
		if (command.has(Command.OVERDUE)) {
			for (Member member : world.members) {
				excused |= member.noticed ? 0 : (0b100 << member.index);
			}
		}
		int guards = world.servers.get(server).item().guards();
		replace(world, server, Item.value(command, guards, excused, isLasting(world, server, command)));
		Server target = world.servers.get(server);
		if (target.isVisible() && command.version() < target.evicted() && !command.has(Command.OVERDUE)) {
			world.violate("G9: a load of v" + command.version() + " overwrote the eviction of v" + target.evicted());
		}
		return command.answered(Answer.STORED);
	}

	private static void evicted(World world, int server, Command command) {
		world.servers.set(server, world.servers.get(server).withEvicted(command.version()));
	}

	/**
	 * Whether what is stored stays for the longer of two load windows.
	 */
	private static boolean isLasting(World world, int server, Command command) {
		return command.has(Command.LASTING) || (command.has(Command.LASTING_AS_GENERATION)
				&& world.isLasting(world.servers.get(server).generation()));
	}

	/**
	 * Replace the item, whereby all CAS ids seen of it are outdated.
	 */
	static void replace(World world, int server, Item item) {
		boolean numbered = world.has(Option.SINGLE_FLIGHT) && !item.is(Item.Kind.NOTHING);
		boolean restarting = !world.rule(Rule.NEW_BYTES_REPLACE_OLD_ONES) && !item.is(Item.Kind.NOTHING);
		Server target = world.servers.get(server);
		world.servers.set(server, restarting ? target.withNumbered(item)
				: target.with(numbered ? item.numbered(++world.generations) : item));
		world.mapCommands(server, (command) -> command.without(Command.CAS_VALID));
		for (Member member : world.members) {
			member.operations.replaceAll((op) -> (op.reads() && member.server(op.server()) == server)
					? op.without(Operation.CAS_VALID) : op);
		}
	}

	/**
	 * A server no longer holds its item. Tickets that saw nothing were taken before the
	 * item was there, so they are now older than it stayed.
	 */
	static void expire(World world, int server) {
		Item item = world.servers.get(server).item();
		for (Member member : world.members) {
			for (int slot = 0; slot < member.operations.size(); slot++) {
				Operation operation = member.operations.get(slot);
				if (operation.reads() && operation.server() == 0 && member.server(0) == server
						&& outlives(world, item, member.index, generation(member, slot))) {
					member.operations.set(slot, operation.with(Operation.OLDER_THAN_WINDOW));
				}
			}
			boolean down = !member.links.get(0).isUp() && member.server(0) == server;
			member.outlived |= down ? (item.guards() >> member.index) & 0b101 : 0;
			member.noticed = false;
		}
		replace(world, server, Item.NOTHING);
		// Not promised: an add executed later than the tombstone replayed for it lives.
		world.late.removeIf((command) -> command.has(Command.COVERED) && command.server() == server);
		world.mapCommands(server,
				(command) -> (command.kind() == Command.Kind.ADD && command.answer() == null
						&& outlives(world, item, command.instance(), command.generation()))
								? command.with(Command.OVERDUE) : command);
	}

	/**
	 * Whether an item that expires has been there for as long as a ticket that saw
	 * nothing before lasts.
	 * @param generation the ticket's generation, or -1 if there is no ticket yet
	 */
	private static boolean outlives(World world, Item item, int instance, int generation) {
		return generation >= 0 && (item.lasting() || !world.hasLongTicket(instance, generation));
	}

	/**
	 * The life of a server's entry ends, which nobody tells the server.
	 */
	static void end(World world, int server) {
		Server home = world.servers.get(server);
		if (world.rule(Rule.ENDED_ENTRIES_STAY)) {
			world.servers.set(server, home.with(home.item().ended()));
		}
		else {
			replace(world, server, Item.NOTHING);
		}
	}

	/**
	 * The generation of an operation's ticket, or -1 if its {@code gets} was not executed
	 * yet.
	 */
	private static int generation(Member member, int slot) {
		Operation operation = member.operations.get(slot);
		if (!operation.is(Phase.ASKED)) {
			return operation.generation();
		}
		for (Command command : member.links.get(0).queue()) {
			Answer answer = command.answer();
			if (command.slot() == slot && answer != null) {
				return answer.generation();
			}
		}
		return -1;
	}

}
