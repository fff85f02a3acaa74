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

import io.failsoft.memcached.consistency.model.World.Member;

/**
 * What must hold in every state.
 */
final class Properties {

	private Properties() {
	}

	static void check(World world) {
		for (Member member : world.members) {
			int route = member.route();
			if (route >= 0 && !member.isBlocked(route, Rule.LOGGED_KEYS_ARE_MISSES)
					&& isNextToBeServed(member.links.get(route))) {
				Server server = world.servers.get(member.server(route));
				Item item = server.item();
				if (server.isVisible() && item.version() < member.floor && !item.excuses(member.index)) {
					world.violate("G1: " + member.name() + " would read v" + item.version() + Words.at(route)
							+ " though it has invalidated for v" + member.floor);
				}
			}
		}
		LocalStore.check(world);
		Server home = world.servers.get(world.members.get(0).server(0));
		if (home.isVisible() && home.item().version() != world.database && isSettled(world)) {
			world.violate("stale: all is settled and the server holds v" + home.item().version() + ", the database v"
					+ world.database);
		}
	}

	/**
	 * Whether a read that is sent now may be executed now.
	 */
	private static boolean isNextToBeServed(Link link) {
		return link.queue().stream().allMatch((command) -> command.answer() != null);
	}

	/**
	 * Whether nothing is under way and all instances use one server. Commands of closed
	 * connections do not count, as they may never be executed.
	 */
	private static boolean isSettled(World world) {
		int address = world.members.get(0).links.get(0).address();
		return world.members.stream()
			.allMatch((member) -> member.links.get(0).isUp() && member.links.get(0).address() == address
					&& member.log.isEmpty() && member.links.stream().allMatch((link) -> link.queue().isEmpty())
					&& member.operations.stream().allMatch((operation) -> operation.equals(Operation.NONE)));
	}

}
