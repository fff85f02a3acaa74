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

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys that move from server to server as the list of servers changes, seen by instances
 * at different times.
 */
@ExtendWith(OutputCaptureExtension.class)
class MovingKeysTests {

	private final Clock clock = new Clock();

	private final Store firstStore = new Store(this.clock);

	private final Store secondStore = new Store(this.clock);

	private final Instance a = new Instance("a", this.clock, this.firstStore, this.secondStore, 100);

	private final Instance b = new Instance("b", this.clock, this.firstStore, this.secondStore, 100);

	@Test
	void whenKeysMoveAwayAndBackThenNothingOlderThanAnEvictionMeanwhileIsRead() {
		this.a.fill(this.a.miss(), "v0");
		away(this.a);
		this.a.evict();
		back(this.a);
		assertThat(this.a.value()).isNull();
		maintain(this.a);
		assertThat(this.a.value()).isNull();
		this.a.fill(this.a.miss(), "v1");
		assertThat(this.a.value()).isEqualTo("v1");
	}

	@Test
	void whenALateInstanceFillsTheOldHomeMeanwhileThenThatIsNotReadEither() {
		away(this.a);
		this.b.fill(this.b.miss(), "v0");
		this.a.evict();
		away(this.b);
		back(this.a);
		back(this.b);
		maintain(this.a);
		maintain(this.b);
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenALateInstanceHasALoadUnderWayThenItsFillIsNotRead() {
		away(this.a);
		Ticket ticket = this.b.miss();
		this.a.evict();
		back(this.a);
		maintain(this.a);
		this.b.fill(ticket, "v0");
		assertThat(this.a.value()).isNull();
	}

	@Test
	void whenALateInstanceEvictsAtTheOldHomeThenItsOwnChangeEndsWhatOthersReadAtTheNewOne() {
		away(this.a);
		maintain(this.a);
		this.a.fill(this.a.miss(), "v0");
		this.b.evict();
		assertThat(this.a.value()).isEqualTo("v0");
		away(this.b);
		maintain(this.b);
		assertThat(this.a.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void untilTheNewHomesGenerationIsInPlaceItsKeysMissAndAreNotFilled() {
		away(this.a);
		assertThat(this.a.read().ticket()).isNull();
		assertThat(pending(this.a, "second")).isEqualTo(1);
		maintain(this.a);
		assertThat(pending(this.a, "second")).isZero();
		assertThat(this.a.read().ticket()).isNotNull();
	}

	@Test
	void whenTheNewHomeCannotBeReachedThenItBeginsAnewOnItsReturn() {
		this.b.pool.change(List.of(second(this.b)), second(this.b), this.b.server);
		maintain(this.b);
		this.b.fill(this.b.miss(), "v0");
		this.a.evict();
		second(this.a).disconnect();
		away(this.a);
		assertThat(this.a.read().failure()).isEqualTo(Failure.DOWN);
		second(this.a).connect();
		assertThat(this.a.value()).isNull();
	}

	@Test
	void whenAPutBeganBeforeTheMoveThenItStoresNoValueAtTheNewHome() {
		PutMark mark = this.a.beginPut();
		away(this.a);
		this.a.put(mark, "v0");
		assertThat(this.a.value()).isNull();
		maintain(this.a);
		assertThat(this.a.value()).isNull();
	}

	@Test
	void whenServersAreFoundThenWhatOthersStoredIsRead() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		assertThat(starting.read().failure()).isEqualTo(Failure.DOWN);
		find(starting);
		assertThat(starting.value()).isEqualTo("v0");
		assertThat(this.b.value()).isEqualTo("v0");
	}

	@Test
	void whenAnEvictionWasAskedForBeforeServersWereFoundThenTheCacheBeginsAnew() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		assertThat(starting.evict().failure()).isEqualTo(Failure.DOWN);
		find(starting);
		assertThat(starting.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAClearWasAskedForBeforeServersWereFoundThenTheCacheBeginsAnew() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		starting.clear();
		find(starting);
		assertThat(starting.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAnEvictionMeetsThePlaceholderWhileServersAreFoundThenItIsNotLost() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		ScriptedServer found = new ScriptedServer("found", this.clock, this.firstStore);
		starting.pool.beforeMove = () -> assertThat(starting.evict().failure()).isEqualTo(Failure.DOWN);
		starting.pool.find(found);
		found.connect();
		assertThat(starting.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAnEvictionMeetsThePlaceholderWhileKeysMoveThenItIsNotLost() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		ScriptedServer found = new ScriptedServer("found", this.clock, this.firstStore);
		starting.pool.duringMove = () -> assertThat(starting.evict().failure()).isEqualTo(Failure.DOWN);
		starting.pool.find(found);
		found.connect();
		assertThat(starting.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAThreadStillHoldsThePlaceholderAfterwardsThenItsEvictionIsNotLost() {
		this.b.fill(this.b.miss(), "v0");
		Instance starting = starting();
		ScriptedServer found = new ScriptedServer("found", this.clock, this.firstStore);
		starting.server.beforeLink = () -> {
			starting.pool.find(found);
			found.connect();
		};
		assertThat(starting.evict().failure()).isEqualTo(Failure.DOWN);
		assertThat(found.link()).isNotNull();
		assertThat(starting.value()).isNull();
		assertThat(found.gate().maintain(Objects.requireNonNull(found.link()))).isTrue();
		assertThat(starting.value()).isNull();
		assertThat(this.b.value()).isNull();
	}

	@Test
	void whenAServerLeavesWithInvalidationsPendingThenTheyAreLogged(CapturedOutput output) {
		second(this.a).disconnect();
		away(this.a);
		this.a.evict();
		this.a.region.evict(MemcachedKey.of("another")).await(this.a.budget());
		int lost = pending(this.a, "second");
		assertThat(lost).isPositive();
		this.a.pool.change(List.of(this.a.server), this.a.server);
		assertThat(output).containsOnlyOnce(lost + " invalidations were not delivered to memcached second");
		assertThat(this.a.consistency.figures()).containsOnlyKeys("home");
	}

	@Test
	void whenKeysMoveDuringATakeoverThenTheTakeoverBeginsAgain() {
		this.a.server.disconnect();
		this.a.value();
		this.a.fill(this.a.miss(), "v0");
		assertThat(this.a.value()).isEqualTo("v0");
		this.a.pool.change(List.of(), this.a.server, second(this.a));
		assertThat(this.a.value()).isNull();
		assertThat(this.a.value()).isNull();
		this.a.fill(this.a.miss(), "v1");
		assertThat(this.a.value()).isEqualTo("v1");
	}

	private static void away(Instance instance) {
		instance.pool.change(List.of(second(instance)), second(instance), instance.server);
	}

	private static void back(Instance instance) {
		instance.pool.change(List.of(instance.server), instance.server, second(instance));
	}

	private static ScriptedServer second(Instance instance) {
		return Objects.requireNonNull(instance.second);
	}

	/**
	 * What the healers do every few milliseconds.
	 */
	private static void maintain(Instance instance) {
		for (ScriptedServer server : List.of(instance.server, second(instance))) {
			Link link = server.link();
			if (link != null && server.gate().hasWork()) {
				assertThat(server.gate().maintain(link)).isTrue();
			}
		}
	}

	private static int pending(Instance instance, String server) {
		Map<String, InvalidationFigures> figures = instance.consistency.figures();
		return Objects.requireNonNull(figures.get(server)).pending();
	}

	/**
	 * An instance that knows no server yet.
	 */
	private Instance starting() {
		return new Instance("starting", this.clock, new Store(this.clock), null, 100, false);
	}

	private void find(Instance starting) {
		ScriptedServer found = new ScriptedServer("found", this.clock, this.firstStore);
		starting.pool.find(found);
		assertThat(found.connect()).isNotNull();
	}

}
