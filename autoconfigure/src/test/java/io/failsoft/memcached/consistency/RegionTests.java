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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.RecoveryGate;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.ScriptedLink;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import io.failsoft.memcached.consistency.WriteResult.Status;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RegionTests {

	private final Clock clock = new Clock();

	private final Store store = new Store(this.clock);

	private final Instance a = new Instance("a", this.clock, this.store);

	private final Instance b = new Instance("b", this.clock, this.store);

	@Test
	void eachOperationIsOneCommandOnceTheGenerationIsKnown() {
		this.a.fill(this.a.miss(), "v1");
		assertCommands(1, () -> this.a.read());
		assertCommands(1, () -> this.a.put("v2"));
		assertCommands(1, () -> this.a.evict());
		assertCommands(2, () -> this.a.fill(this.a.miss(), "v3"));
		assertCommands(1, () -> this.a.clear());
	}

	private void assertCommands(int expected, Runnable operation) {
		int before = this.store.commands;
		operation.run();
		assertThat(this.store.commands - before).isEqualTo(expected);
	}

	@Test
	void whenClearedThenEveryInstanceMissesAtOnceAndNothingComesBack() {
		this.a.fill(this.a.miss(), "v1");
		assertThat(this.b.value()).isEqualTo("v1");
		this.a.clear();
		assertThat(this.b.value()).isNull();
		this.store.lose(Instance.GENERATION_KEY);
		assertThat(this.b.value()).isNull();
		assertThat(this.a.value()).isNull();
	}

	@ParameterizedTest
	@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
	@ValueSource(booleans = { false, true })
	void whenInvalidationsOutrunTheReplayThenTheServerIsBackAndWhatIsLoggedIsAMiss(boolean clear) {
		this.a.fill(this.a.miss(), "v1");
		this.a.server.disconnect();
		this.a.evict();
		this.a.server.onConnect = (link) -> link.afterEach = () -> {
			if (this.a.server.link() == null) {
				if (clear) {
					this.a.clear();
				}
				else {
					this.a.evict();
					this.a.region.evict(MemcachedKey.of("another" + this.store.commands));
				}
			}
		};
		ScriptedLink link = this.a.connect();
		assertThat(this.a.pending()).isPositive();
		assertThat(this.a.read().ticket()).isNull();
		assertThat(this.a.value()).isNull();
		this.a.server.gate().maintain(link);
		assertThat(this.a.pending()).isZero();
		assertThat(this.a.fill(this.a.miss(), "v2").status()).isEqualTo(Status.DONE);
		assertThat(this.b.value()).isEqualTo("v2");
	}

	@Test
	void whenTheGenerationIsUnreadableThenItIsReplaced() {
		this.store.plant(Instance.GENERATION_KEY, "42".getBytes(StandardCharsets.US_ASCII));
		assertThat(this.a.fill(this.a.miss(), "v1").status()).isEqualTo(Status.DONE);
		assertThat(this.b.value()).isEqualTo("v1");
	}

	@Test
	void whenSomethingForeignIsStoredUnderTheKeyThenTheNextFillReplacesIt() {
		this.a.read();
		this.store.plant(Instance.KEY, new byte[] { 1, 2, 3 });
		assertThat(this.a.value()).isNull();
		assertThat(this.a.fill(this.a.miss(), "v1").status()).isEqualTo(Status.DONE);
		assertThat(this.a.value()).isEqualTo("v1");
	}

	@Test
	void whenAnEvictionCameBetweenMissAndFillThenTheFillIsRefused() {
		this.a.fill(this.a.miss(), "v0");
		this.a.evict();
		Ticket overTombstone = this.b.miss();
		this.a.evict();
		assertThat(this.b.fill(overTombstone, "v0").status()).isEqualTo(Status.REFUSED);
	}

	@Test
	void whenAClearCameBetweenMissAndFillThenTheFillIsNotSeen() {
		Ticket ticket = this.b.miss();
		this.a.clear();
		this.b.fill(ticket, "v0");
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenTheConnectionChangedThenATicketOfTheOldOneDoesNotFill() {
		Ticket ticket = this.a.miss();
		this.a.server.disconnect();
		this.a.connect();
		assertThat(this.a.fill(ticket, "v0").status()).isEqualTo(Status.FAILED);
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAnEvictionCannotBeDeliveredThenTheKeyIsAMissUntilItIs() {
		this.a.fill(this.a.miss(), "v0");
		this.a.server.disconnect();
		assertThat(this.a.evict().failure()).isEqualTo(Failure.DOWN);
		assertThat(this.b.value()).as("another instance that never lost its connection").isEqualTo("v0");
		this.a.connect();
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
		assertThat(this.a.pending()).isZero();
	}

	@Test
	void whenAnEvictionTimesOutOnAnOpenConnectionThenTheKeyIsAMissAndTheLogIsReplayedOverIt() {
		this.a.fill(this.a.miss(), "v0");
		ScriptedLink link = this.a.link();
		link.answer = Failure.SERVER_ERROR;
		assertThat(this.a.evict().status()).isEqualTo(Status.FAILED);
		link.answer = null;
		assertThat(this.b.value()).isEqualTo("v0");
		assertThat(this.a.read().ticket()).as("no fill while the key is logged").isNull();
		RecoveryGate gate = this.a.server.gate();
		assertThat(gate.hasWork()).isTrue();
		assertThat(gate.maintain(link)).isTrue();
		assertThat(gate.hasWork()).isFalse();
		assertThat(this.b.value()).isNull();
		assertThat(this.a.miss()).isNotNull();
	}

	@Test
	void whenAValueIsTooLargeThenTheTombstoneInItsPlaceIsNotWaitedFor() {
		this.a.fill(this.a.miss(), "v0");
		for (Failure failure : List.of(Failure.SERVER_ERROR, Failure.TIMEOUT, Failure.OVERLOADED, Failure.TOO_LARGE)) {
			PutMark mark = this.a.beginPut();
			this.a.link().answer = failure;
			assertThat(this.a.put(mark, "v1").failure()).isEqualTo(failure);
			this.a.link().answer = null;
			assertThat(this.a.server.wakes).as(failure.name()).isEqualTo((failure == Failure.TOO_LARGE) ? 1 : 0);
			assertThat(this.a.read().ticket()).as("no fill while the key is logged").isNull();
			this.a.server.gate().maintain(this.a.link());
			assertThat(this.a.pending()).as("no quarantine while the connection is open").isZero();
			assertThat(this.a.value()).isNull();
		}
		assertThat(this.a.fill(this.a.miss(), "v2").status()).isEqualTo(Status.DONE);
	}

	@Test
	void whenAClearCannotBeDeliveredThenTheWholeCacheIsAMissUntilItIs() {
		this.a.fill(this.a.miss(), "v0");
		this.a.link().answer = Failure.SERVER_ERROR;
		this.a.clear();
		this.a.link().answer = null;
		assertThat(this.a.value()).isNull();
		assertThat(this.a.read().ticket()).isNull();
		this.a.server.gate().maintain(this.a.link());
		assertThat(this.b.value()).isNull();
		assertThat(this.a.fill(this.a.miss(), "v1").status()).isEqualTo(Status.DONE);
	}

	@Test
	void whenReplayFailsThenTheServerIsNotUsedAndNothingIsForgotten() {
		this.a.fill(this.a.miss(), "v0");
		this.a.server.disconnect();
		this.a.evict();
		this.a.server.onConnect = (link) -> link.answer = Failure.TIMEOUT;
		assertThat(this.a.server.connect()).isNull();
		assertThat(this.a.pending()).isEqualTo(1);
		this.a.server.onConnect = (link) -> {
		};
		this.a.connect();
		assertThat(this.a.value()).isNull();
	}

	@Test
	void whenTheLogOverflowsThenTheWholeCacheGetsANewGeneration() {
		Instance small = new Instance("small", this.clock, this.store, null, 3);
		small.fill(small.miss(), "v0");
		small.server.disconnect();
		for (int i = 0; i < 5; i++) {
			small.region.evict(MemcachedKey.of("other" + i)).await(small.budget());
		}
		assertThat(small.pending()).as("the new generation replaces the keys, and those after it").isEqualTo(1);
		small.connect();
		assertThat(small.value()).isNull();
		assertThat(this.b.value()).isNull();
		assertThat(small.pending()).isZero();
	}

	@Test
	void whenTheSameKeyIsEvictedManyTimesThenTheLogHoldsItOnce() {
		this.a.server.disconnect();
		for (int i = 0; i < 50; i++) {
			this.a.evict();
		}
		assertThat(this.a.pending()).isEqualTo(1);
	}

	@Test
	void whenTheBudgetIsSpentThenAReadIsNotSentButAnEvictionStillIs() {
		this.a.fill(this.a.miss(), "v0");
		Budget spent = new Budget(0);
		int before = this.store.commands;
		assertThat(this.a.region.read(Instance.KEY, spent).failure()).isEqualTo(Failure.TIMEOUT);
		assertThat(this.store.commands).isEqualTo(before);
		this.a.region.evict(Instance.KEY).await(spent);
		assertThat(this.b.value()).isNull();
	}

	@Test
	void timesToLiveBeyondThirtyDaysAreSentAsAMoment() {
		ScriptedServer server = new ScriptedServer("home", this.clock, this.store);
		ConsistencySettings settings = new ConsistencySettings(Duration.ofMillis(250), 10, Duration.ofSeconds(10),
				Duration.ofSeconds(5), () -> this.clock.nanos, () -> 1_800_000_000L);
		Route route = Instance.route(server, settings);
		assertThat(route.expiry(0, 31)).isZero();
		assertThat(route.expiry(30 * 24 * 3600, 31)).isEqualTo(30 * 24 * 3600);
		assertThat(route.expiry(30 * 24 * 3600 + 1, 31)).isEqualTo(1_800_000_000 + 30 * 24 * 3600 + 1);
		assertThat(route.expiry(Integer.MAX_VALUE, 31)).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void whatIsWrittenDuringATakeoverLivesNoLongerThanItsCap() {
		Store second = new Store(this.clock);
		Instance c = new Instance("c", this.clock, new Store(this.clock), second, 100);
		c.server.disconnect();
		assertThat(c.read().failure()).as("until the takeover's generation is in place").isEqualTo(Failure.DOWN);
		c.fill(c.miss(), "v1");
		assertThat(c.value()).isEqualTo("v1");
		this.clock.advanceSeconds(11);
		assertThat(c.value()).isNull();
	}

	@Test
	void whatIsReadDuringATakeoverStillLivesNoLongerThanItsCap() {
		Store second = new Store(this.clock);
		Instance c = new Instance("c", this.clock, new Store(this.clock), second, 100);
		c.server.disconnect();
		c.read();
		c.fill(c.miss(), "v1");
		this.clock.advanceSeconds(5);
		c.region.touch(c.miss(), Instance.KEY, 3600);
		this.clock.advanceSeconds(6);
		assertThat(c.value()).isNull();
	}

	@Test
	void whenAnEntryLivesShorterThanTheLoadWindowThenItEndsInTimeAndIsFilledAnew() {
		this.a.timeToLive = 5;
		this.a.fill(this.a.miss(), "v1");
		this.clock.advanceSeconds(4);
		assertThat(this.b.value()).isEqualTo("v1");
		this.clock.advanceSeconds(1);
		assertThat(this.b.value()).isNull();
		Ticket one = this.a.miss();
		Ticket other = this.b.miss();
		assertThat(this.a.fill(one, "v2").status()).isEqualTo(Status.DONE);
		assertThat(this.b.fill(other, "v1").status()).isEqualTo(Status.REFUSED);
		assertThat(this.b.value()).isEqualTo("v2");
	}

	@Test
	void whenAnEntryOfOneSecondIsLoadedInTimeThenItIsStored() {
		this.a.timeToLive = 1;
		Ticket ticket = this.a.miss();
		this.clock.advanceSeconds(20);
		assertThat(this.a.fill(ticket, "v1").status()).isEqualTo(Status.DONE);
		assertThat(this.a.value()).isEqualTo("v1");
	}

	@Test
	void whenClocksDifferThenAShortLivedEntryIsMissedOrEndsWithTheLoadWindow() {
		this.a.timeToLive = 5;
		this.a.fill(this.a.miss(), "v1");
		this.b.clockAheadSeconds = 3600;
		assertThat(this.b.value()).isNull();
		this.b.clockAheadSeconds = -3600;
		this.clock.advanceSeconds(31);
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAnEntryHasEndedThenItsEvictionFindsNothing() {
		this.a.timeToLive = 5;
		this.a.fill(this.a.miss(), "v1");
		this.clock.advanceSeconds(6);
		assertThat(this.b.evictIfPresent().status()).isEqualTo(Status.DONE);
	}

	@Test
	void theFiguresOfTheLogEqualTheFailuresThatWereInjected() {
		Instance small = new Instance("small", this.clock, this.store, null, 10);
		RecoveryGate gate = small.server.gate();
		small.miss();
		ScriptedLink link = small.link();
		link.answer = Failure.SERVER_ERROR;
		for (int i = 0; i < 7; i++) {
			small.region.evict(MemcachedKey.of("key" + i)).await(small.budget());
		}
		small.region.evict(MemcachedKey.of("key0")).await(small.budget());
		assertThat(small.figures()).isEqualTo(new InvalidationFigures(7, 8, 0, 0, 0));
		link.answer = null;
		assertThat(gate.maintain(link)).isTrue();
		assertThat(small.figures()).as("a key that was logged twice is delivered once")
			.isEqualTo(new InvalidationFigures(0, 8, 7, 0, 0));
		link.answer = Failure.SERVER_ERROR;
		small.clear();
		assertThat(small.figures()).isEqualTo(new InvalidationFigures(1, 9, 7, 0, 0));
		link.answer = null;
		gate.maintain(link);
		assertThat(small.figures()).isEqualTo(new InvalidationFigures(0, 9, 8, 0, 0));
		small.server.disconnect();
		for (int i = 0; i < 10; i++) {
			small.region.evict(MemcachedKey.of("key" + i)).await(small.budget());
		}
		assertThat(small.figures()).isEqualTo(new InvalidationFigures(10, 19, 8, 0, 0));
		small.region.evict(MemcachedKey.of("oneTooMany")).await(small.budget());
		assertThat(small.figures()).as("a new generation instead of eleven keys")
			.isEqualTo(new InvalidationFigures(1, 20, 8, 1, 0));
		small.connect();
		assertThat(small.figures()).isEqualTo(new InvalidationFigures(0, 20, 9, 1, 0));
	}

	@Test
	void whenAPutIsUnderWayAtALossThenItIsLoggedOnce() {
		this.a.miss();
		this.a.link().holdCommands = true;
		PendingWrite put = this.a.sendPut(this.a.beginPut(), "v1");
		this.a.server.disconnect();
		put.await(this.a.budget());
		assertThat(this.a.figures().logged()).isEqualTo(1);
	}

	@Test
	void whenClearedDuringATakeoverThenNeitherServerBringsAnythingBack() {
		Store second = new Store(this.clock);
		Instance c = new Instance("c", this.clock, new Store(this.clock), second, 100);
		c.fill(c.miss(), "v0");
		c.server.disconnect();
		c.read();
		c.fill(c.miss(), "v1");
		c.clear();
		assertThat(c.value()).isNull();
		c.connect();
		assertThat(c.value()).isNull();
	}

}
