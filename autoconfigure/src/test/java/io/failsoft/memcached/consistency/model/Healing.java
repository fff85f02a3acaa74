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

import io.failsoft.memcached.consistency.model.Instance.Takeover;
import io.failsoft.memcached.consistency.model.Link.State;
import io.failsoft.memcached.consistency.model.Log.Entry;
import io.failsoft.memcached.consistency.model.World.Member;

/**
 * How an instance comes back to a server, and delivers what it could not.
 */
final class Healing {

	private Healing() {
	}

	/**
	 * Connect to the home server, at whichever address of its name answers now.
	 */
	static String reconnect(World world, Member member, int address) {
		String words = member.name() + " reconnects" + ((address > 0) ? " at the second address" : "");
		noticeLongOutage(world, member);
		if (member.links.get(0).address() != address) {
			member.outlived = 0;
			if (world.rule(Rule.NEW_GENERATION_AT_ANOTHER_ADDRESS)) {
				member.logClear(world.freshGeneration(member.index), 0);
			}
		}
		member.links.set(0, Link.to(address, State.ADMITTING));
		if (!world.rule(Rule.REPLAY_BEFORE_USE) || member.log.isReplayed()) {
			open(world, member);
			return words + " and uses the server again";
		}
		return words + ", to replay its log first";
	}

	static String reconnectStandIn(Member member, int link) {
		member.links.set(link, Link.to(0, State.UP));
		member.linkChanged(link);
		return member.name() + " reconnects" + Words.at(link);
	}

	/**
	 * If the outage has outlived a tombstone, an add that it would have refused may have
	 * been executed.
	 */
	private static boolean noticeLongOutage(World world, Member member) {
		int remembered = world.rule(Rule.PUTS_ARE_REMEMBERED) ? 0b101 : 0b001;
		if ((member.outlived & remembered) == 0 || !world.rule(Rule.NEW_GENERATION_AFTER_LONG_OUTAGE)) {
			return false;
		}
		member.logClear(world.freshGeneration(member.index), 0);
		member.outlived = 0;
		member.noticed = true;
		return true;
	}

	static String open(World world, Member member) {
		if (noticeLongOutage(world, member)) {
			return member.name() + " has a tombstone that expired just now, and clears";
		}
		member.links.set(0, member.links.get(0).with(State.UP));
		member.linkChanged(0);
		if (member.outlived != 0) {
			member.outlived = 0;
			member.noticed = true;
			Server server = world.servers.get(member.server(0));
			world.servers.set(member.server(0), server.with(server.item().noticedBy(member.index)));
		}
		return member.name() + " uses the server again";
	}

	static String beginTakeover(World world, Member member, int link) {
		member.takeovers.set(link - 1, Takeover.SWITCHING);
		Server standIn = world.servers.get(link);
		if (standIn.generation() == 0 || world.rule(Rule.FRESH_GENERATION_PER_TAKEOVER)) {
			standIn = standIn.withGeneration(world.freshGeneration(member.index));
			world.servers.set(link, standIn);
		}
		member.links.set(link, member.links.get(link).withSeen(standIn.generation()));
		return member.name() + " makes a generation" + Words.at(link);
	}

	static String takeOver(Member member, int link) {
		member.takeovers.set(link - 1, Takeover.READY);
		return member.name() + " learns of its generation" + Words.at(link);
	}

	static String replayKey(World world, Member member) {
		member.log = member.log.withKey(Entry.SENT, member.log.latePut());
		Command tombstone = Command.of(Command.Kind.TOMBSTONE, member.index, -1, member.log.evicted(), 0)
			.with(Command.REPLAY);
		member.send(0, world.lasting(tombstone, member.links.get(0).seen()));
		return member.name() + " replays its eviction";
	}

	static String replayClear(World world, Member member) {
		int generation = world.rule(Rule.FRESH_GENERATION_PER_ATTEMPT) ? world.freshGeneration(member.index)
				: member.log.clearGeneration();
		member.log = member.log.withClear(Entry.SENT, member.log.clearGeneration());
		Command command = Command.of(Command.Kind.SET_GENERATION, member.index, -1, member.log.cleared(), generation);
		member.send(0, command.with(Command.REPLAY));
		return member.name() + " replays its clear";
	}

	/**
	 * A replay is answered.
	 */
	static void answer(World world, Member member, Command command) {
		Log log = member.log;
		if (command.has(Command.OUTDATED)) {
			return;
		}
		if (command.kind() == Command.Kind.SET_GENERATION) {
			if (log.clear() == Entry.SENT) {
				member.log = log.withClear(Entry.NONE, 0);
			}
		}
		else if (log.key() == Entry.SENT) {
			member.log = log.withKey(log.latePut() ? Entry.QUARANTINED : Entry.NONE, false);
		}
	}

	/**
	 * The quarantine ends. What was sent before it is taken to be executed by now, or
	 * never: later execution is not promised.
	 */
	static String endQuarantine(World world, Member member) {
		world.late.removeIf((command) -> command.kind() == Command.Kind.SET && command.instance() == member.index);
		member.log = member.log.withKey(world.rule(Rule.TOMBSTONE_REPEATED_AFTER_QUARANTINE) ? Entry.DUE : Entry.NONE,
				false);
		return member.name() + "'s quarantine of the key ends";
	}

}
