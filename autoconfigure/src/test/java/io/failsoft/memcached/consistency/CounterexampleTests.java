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

package io.failsoft.memcached.consistency;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.RecoveryGate;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.ScriptedLink;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The counterexamples that exploring the plain protocol produced, each as a script. The
 * numbers are those of {@code docs/consistency.md}.
 */
class CounterexampleTests {

	private final Clock clock = new Clock();

	private final Store store = new Store(this.clock);

	private final Instance a = new Instance("a", this.clock, this.store);

	private final Instance b = new Instance("b", this.clock, this.store);

	@Test
	void n1_whenTombstoneHasExpiredThenAnOldTicketDoesNotFill() {
		Ticket ticket = this.b.miss();
		this.a.miss();
		this.a.evict();
		this.clock.advanceSeconds(32);
		assertThat(this.store.peek(Instance.KEY)).isNull();
		assertThat(this.b.fill(ticket, "v0").status()).isEqualTo(Status.REFUSED);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n1_whenTombstoneIsAliveThenItRefusesTheFill() {
		Ticket ticket = this.b.miss();
		this.a.evict();
		assertThat(this.b.fill(ticket, "v0").status()).isEqualTo(Status.REFUSED);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n2_whenAnAddOutlivesTheTombstoneInAHungServerThenTheEvictorStillDoesNotReadIt() {
		Ticket ticket = this.b.miss();
		this.a.evict();
		this.clock.advanceSeconds(20);
		ScriptedLink hung = this.b.link();
		hung.holdCommands = true;
		assertThat(this.b.fill(ticket, "v0").failure()).isEqualTo(Failure.TIMEOUT);
		this.a.server.disconnect();
		this.b.server.disconnect();
		this.clock.advanceSeconds(40);
		hung.release();
		assertThat(this.store.peek(Instance.KEY)).as("the late add").isNotNull();
		this.a.connect();
		assertThat(this.a.value()).isNull();
		this.b.connect();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void n2_whenOnlyAnEarlierTombstoneExpiredDuringTheOutageThenTheCacheStillGetsANewGeneration() {
		Ticket ticket = this.b.miss();
		this.a.evict();
		this.clock.advanceSeconds(20);
		this.a.region.evict(MemcachedKey.of("another")).await(this.a.budget());
		ScriptedLink hung = this.b.link();
		hung.holdCommands = true;
		assertThat(this.b.fill(ticket, "v0").failure()).isEqualTo(Failure.TIMEOUT);
		this.a.server.disconnect();
		this.clock.advanceSeconds(15);
		hung.release();
		assertThat(this.store.peek(Instance.KEY)).as("the late add").isNotNull();
		this.a.connect();
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n2_whenTheOutageOutlivedNoTombstoneThenNothingElseIsLost() {
		this.a.fill(this.a.miss(), "v0");
		this.a.region.evict(MemcachedKey.of("another")).await(this.a.budget());
		this.clock.advanceSeconds(5);
		this.a.server.disconnect();
		this.clock.advanceSeconds(5);
		this.a.connect();
		assertThat(this.a.value()).isEqualTo("v0");
	}

	@Test
	void n2_whenTheServersSilenceIsNoticedLateThenItStillCountsFromItsLastAnswer() {
		Ticket ticket = this.b.miss();
		this.a.evict();
		this.clock.advanceSeconds(20);
		this.a.read();
		ScriptedLink hung = this.b.link();
		hung.holdCommands = true;
		assertThat(this.b.fill(ticket, "v0").failure()).isEqualTo(Failure.TIMEOUT);
		this.clock.advanceSeconds(16);
		this.a.server.disconnect();
		hung.release();
		assertThat(this.store.peek(Instance.KEY)).as("the late add").isNotNull();
		this.a.connect();
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n2_whenAnAddOutlivesAPutEntryInAHungServerThenWhoPutStillDoesNotReadIt() {
		this.a.timeToLive = 40;
		Ticket ticket = this.b.miss();
		assertThat(this.a.put("v1").status()).isEqualTo(Status.DONE);
		ScriptedLink hung = this.b.link();
		hung.holdCommands = true;
		assertThat(this.b.fill(ticket, "v0").failure()).isEqualTo(Failure.TIMEOUT);
		this.a.server.disconnect();
		this.clock.advanceSeconds(60);
		hung.release();
		assertThat(this.store.peek(Instance.KEY)).as("the late add").isNotNull();
		this.a.connect();
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n3_whenANewerValueLivesShorterThanTheFillThenTheFillIsStillRefused() {
		Ticket old = this.b.miss();
		this.a.evict();
		this.a.timeToLive = 2;
		assertThat(this.a.fill(this.a.miss(), "v1").status()).isEqualTo(Status.DONE);
		this.clock.advanceSeconds(3);
		assertThat(this.a.value()).isNull();
		assertThat(this.b.fill(old, "v0").status()).isEqualTo(Status.REFUSED);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n3_whenAPutLivesShorterThanTheFillThenTheFillIsStillRefused() {
		Ticket old = this.b.miss();
		this.a.timeToLive = 1;
		assertThat(this.a.put("v1").status()).isEqualTo(Status.DONE);
		this.clock.advanceSeconds(2);
		assertThat(this.b.fill(old, "v0").status()).isEqualTo(Status.REFUSED);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n3_whenATouchFollowsAnEvictionThenTheTombstoneLivesNoShorter() {
		Ticket old = this.b.miss();
		this.a.fill(this.a.miss(), "v0");
		Ticket hit = this.a.miss();
		this.b.evict();
		this.a.region.touch(hit, Instance.KEY, 1);
		this.clock.advanceSeconds(2);
		assertThat(this.b.fill(old, "v0").status()).isEqualTo(Status.REFUSED);
	}

	@Test
	void n3_whenTimeToLiveIsShorterThanTheWindowThenTicketsAreNoOlder() {
		this.a.timeToLive = 5;
		this.b.timeToLive = 5;
		Ticket old = this.b.miss();
		this.a.evict();
		assertThat(this.a.fill(this.a.miss(), "v1").status()).isEqualTo(Status.DONE);
		this.clock.advanceSeconds(6);
		assertThat(this.b.fill(old, "v0").status()).isEqualTo(Status.REFUSED);
	}

	@Test
	void n4_whenAPutIsExecutedAfterTheReplayOfALaterEvictionThenTheKeyStaysOutOfUse() {
		this.a.miss();
		ScriptedLink hung = this.a.link();
		hung.holdCommands = true;
		assertThat(this.a.put("v1").failure()).isEqualTo(Failure.TIMEOUT);
		this.a.server.disconnect();
		assertThat(this.a.evict().failure()).isEqualTo(Failure.DOWN);
		this.a.connect();
		hung.release();
		assertThat(this.a.value()).as("quarantined").isNull();
		assertThat(this.a.pending()).isEqualTo(1);
		this.clock.advanceSeconds(6);
		maintain(this.a);
		assertThat(this.a.pending()).isZero();
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
		assertThat(this.a.fill(this.a.miss(), "v2").status()).isEqualTo(Status.DONE);
		assertThat(this.a.value()).isEqualTo("v2");
	}

	@Test
	void n4_whenAnEvictionIsLoggedDuringTheQuarantineThenTheKeyStaysOutOfUse() {
		this.a.miss();
		ScriptedLink hung = this.a.link();
		hung.holdCommands = true;
		assertThat(this.a.put("v1").failure()).isEqualTo(Failure.TIMEOUT);
		this.a.server.disconnect();
		this.a.connect();
		ScriptedLink fresh = this.a.link();
		fresh.answer = Failure.SERVER_ERROR;
		this.a.evict();
		fresh.answer = null;
		maintain(this.a);
		hung.release();
		assertThat(this.a.value()).as("quarantined").isNull();
		this.clock.advanceSeconds(6);
		maintain(this.a);
		assertThat(this.a.pending()).isZero();
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void n4_whenAPutIsUnderWayAsItsConnectionClosesThenItsKeyIsLoggedBeforeTheServerReturns() {
		this.a.miss();
		ScriptedLink hung = this.a.link();
		hung.holdCommands = true;
		PendingWrite put = this.a.sendPut(this.a.beginPut(), "v1");
		this.a.server.disconnect();
		this.a.connect();
		assertThat(this.a.evict().status()).isEqualTo(Status.DONE);
		hung.release();
		assertThat(this.a.value()).as("before whoever waited for the put woke up").isNull();
		assertThat(put.await(this.a.budget()).failure()).isEqualTo(Failure.CONNECTION_LOST);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n5_whenAnEntryIsLoggedAgainWhileItsReplayIsAnsweredThenItIsReplayedOnceMore() {
		this.a.miss();
		this.a.link().answer = Failure.SERVER_ERROR;
		this.a.evict();
		ScriptedLink link = this.a.link();
		link.answer = null;
		link.afterEach = () -> {
			link.afterEach = () -> {
			};
			assertThat(this.b.fill(this.b.miss(), "v1").status()).isEqualTo(Status.DONE);
			link.answer = Failure.SERVER_ERROR;
			this.a.evict();
			link.answer = null;
		};
		maintain(this.a);
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void n6_whenAClearIsExecutedLateThenWhatAnotherClearRemovedStaysAway() {
		this.a.miss();
		ScriptedLink hung = this.a.link();
		hung.holdCommands = true;
		this.a.clear();
		this.a.server.disconnect();
		this.a.connect();
		assertThat(this.b.fill(this.b.miss(), "v1").status()).isEqualTo(Status.DONE);
		assertThat(this.b.value()).isEqualTo("v1");
		this.b.clear();
		hung.release();
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void n7_whenAnotherPutOfThisJvmCameInBetweenThenTheLaterSentWritesATombstone() {
		this.a.miss();
		PutMark first = this.a.beginPut();
		PutMark second = this.a.beginPut();
		this.a.put(second, "v2");
		assertThat(this.a.value()).isEqualTo("v2");
		this.a.put(first, "v1");
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n7_whenAnEvictionOfThisJvmCameInBetweenThenThePutWritesATombstone() {
		this.a.miss();
		PutMark mark = this.a.beginPut();
		this.a.evict();
		this.a.put(mark, "v1");
		assertThat(this.a.value()).isNull();
	}

	@Test
	void n8_whenAClearCompletedAfterAPutBeganThenItsValueIsNotSeen() {
		this.a.miss();
		PutMark mark = this.a.beginPut();
		this.b.clear();
		this.a.read();
		this.a.put(mark, "v1");
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void n8_whenAnInstanceOnlyWritesThenItsPutsAreSeen() {
		this.b.put("v1");
		assertThat(this.a.value()).isEqualTo("v1");
		this.clock.advanceSeconds(60);
		this.a.clear();
		this.b.put("v2");
		assertThat(this.a.value()).isEqualTo("v2");
	}

	@Test
	void n11_whenAnEvictionWentToTheStandInThenTheHomeServerIsToldOnItsReturn() {
		Store home = new Store(this.clock);
		Store second = new Store(this.clock);
		Instance c = new Instance("c", this.clock, home, second, 100);
		c.fill(c.miss(), "v0");
		c.server.disconnect();
		c.read();
		assertThat(c.evict().status()).isEqualTo(Status.DONE);
		c.connect();
		assertThat(c.value()).isNull();
	}

	@Test
	void n12_whenAServerStandsInAgainThenWhatItTookOverBeforeIsNotRead() {
		Store home = new Store(this.clock);
		Store second = new Store(this.clock);
		Instance c = new Instance("c", this.clock, home, second, 100);
		c.server.disconnect();
		c.read();
		assertThat(c.fill(c.miss(), "v0").status()).isEqualTo(Status.DONE);
		assertThat(c.value()).isEqualTo("v0");
		c.connect();
		c.evict();
		c.server.disconnect();
		c.read();
		assertThat(c.value()).isNull();
	}

	@Test
	void n12_whenAnEvictionComesWhileTheTakeoverBeginsThenTheStandInIsToldToo() {
		Takeovers takeovers = new Takeovers(this.clock);
		takeovers.begin();
		assertThat(takeovers.d.fill(takeovers.d.miss(), "v0").status()).isEqualTo(Status.DONE);
		takeovers.c.evict();
		takeovers.standIn.releaseReplies();
		assertThat(takeovers.c.value()).isNull();
		assertThat(takeovers.c.fill(takeovers.c.miss(), "v1").status()).isEqualTo(Status.DONE);
		assertThat(takeovers.c.value()).as("the takeover is under way").isEqualTo("v1");
	}

	@Test
	void n12_whenAClearComesWhileTheTakeoverBeginsThenTheStandInIsToldToo() {
		Takeovers takeovers = new Takeovers(this.clock);
		takeovers.begin();
		assertThat(takeovers.d.fill(takeovers.d.miss(), "v0").status()).isEqualTo(Status.DONE);
		takeovers.c.clear();
		takeovers.standIn.releaseReplies();
		assertThat(takeovers.c.value()).isNull();
	}

	/**
	 * Two instances that have lost the same server; d uses the stand-in already.
	 */
	private static final class Takeovers {

		private final Instance c;

		private final Instance d;

		private final ScriptedLink standIn;

		Takeovers(Clock clock) {
			Store home = new Store(clock);
			Store second = new Store(clock);
			this.c = new Instance("c", clock, home, second, 100);
			this.d = new Instance("d", clock, home, second, 100);
			this.c.server.disconnect();
			this.d.server.disconnect();
			this.d.read();
			this.d.miss();
			this.standIn = this.c.secondLink();
		}

		/**
		 * Have c put its takeover's generation in place and not see the answer yet.
		 */
		void begin() {
			this.standIn.holdReplies = true;
			this.c.read();
			this.standIn.holdReplies = false;
		}

	}

	private static void maintain(Instance instance) {
		RecoveryGate gate = instance.server.gate();
		assertThat(gate.hasWork()).isTrue();
		assertThat(gate.maintain(instance.link())).isTrue();
	}

}
