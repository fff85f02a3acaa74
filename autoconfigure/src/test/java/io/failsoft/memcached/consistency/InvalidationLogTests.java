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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InvalidationLogTests {

	private static final int BATCH = 64;

	private final Clock clock = new Clock();

	private final ConsistencySettings settings = new ConsistencySettings(Duration.ofMillis(250), 20_000,
			Duration.ofSeconds(10), Duration.ofSeconds(5), () -> this.clock.nanos, this.clock::secondsSinceEpoch);

	private final ScriptedServer server = new ScriptedServer("home", this.clock, new Store(this.clock));

	private final Route route = Instance.route(this.server, this.settings);

	private final Link lost = this.server.new ScriptedLink();

	private final Link link = this.server.new ScriptedLink();

	@Test
	void whenTheQuarantineEndsThenTombstonesAreRepeatedInItsOrder() {
		InvalidationLog log = new InvalidationLog(this.settings, new AtomicInteger());
		quarantine(log, 1);
		this.clock.advanceSeconds(2);
		quarantine(log, 1);
		assertThat(log.hasWork()).isFalse();
		this.clock.advanceSeconds(3);
		assertThat(log.hasWork()).isTrue();
		assertThat(replay(log)).isEqualTo(1);
		assertThat(log.hasWork()).isFalse();
		this.clock.advanceSeconds(2);
		assertThat(log.hasWork()).isTrue();
		assertThat(replay(log)).isEqualTo(1);
		assertThat(log.figures()).isEqualTo(new InvalidationFigures(0, 2, 2, 0, 0));
	}

	@Test
	void whenAKeyIsLoggedWhileItIsLookedForThenItIsNotForgotten() {
		InvalidationLog log = new InvalidationLog(this.settings, new AtomicInteger());
		quarantine(log, 1);
		long before = this.clock.nanos;
		this.clock.advanceSeconds(0.001);
		log.addKey(this.route, MemcachedKey.of("late"), null);
		assertThat(log.due(before, BATCH)).isEmpty();
		assertThat(log.hasWork()).isTrue();
	}

	@Test
	void whenThousandsAreInQuarantineThenReplayingAnotherKeyCostsNoMore() {
		InvalidationLog few = new InvalidationLog(this.settings, new AtomicInteger());
		quarantine(few, 10);
		InvalidationLog many = new InvalidationLog(this.settings, new AtomicInteger());
		quarantine(many, 10_000);
		long nanosOfFew = Long.MAX_VALUE;
		long nanosOfMany = Long.MAX_VALUE;
		// The quickest of many runs, as others use the machine too.
		for (int i = 0; i < 30; i++) {
			nanosOfFew = Math.min(nanosOfFew, nanosOfReplays(few));
			nanosOfMany = Math.min(nanosOfMany, nanosOfReplays(many));
		}
		assertThat((double) nanosOfMany / nanosOfFew).isLessThan(50);
	}

	@Test
	void whenTheLogIsFullThenEvictionsOfOtherCachesCostNoMore() {
		InvalidationLog few = new InvalidationLog(this.settings, new AtomicInteger());
		InvalidationLog full = new InvalidationLog(this.settings, new AtomicInteger());
		for (int i = 0; i < 20_000; i++) {
			full.addKey(this.route, MemcachedKey.of("key" + i), null);
		}
		long first = Long.MAX_VALUE;
		long firstIfFull = Long.MAX_VALUE;
		long next = Long.MAX_VALUE;
		long nextIfFull = Long.MAX_VALUE;
		for (int i = 0; i < 30; i++) {
			List<Route> routes = Stream.generate(() -> Instance.route(this.server, this.settings)).limit(20).toList();
			first = Math.min(first, nanosOfEvictions(few, routes));
			next = Math.min(next, nanosOfEvictions(few, routes));
			firstIfFull = Math.min(firstIfFull, nanosOfEvictions(full, routes));
			// By now the new generation of each is pending.
			nextIfFull = Math.min(nextIfFull, nanosOfEvictions(full, routes));
		}
		assertThat(full.figures().overflowed()).isEqualTo(600);
		assertThat((double) firstIfFull / first).isLessThan(20);
		assertThat((double) nextIfFull / next).isLessThan(20);
	}

	@Test
	void anEvictionThatIsLoggedWhileAGenerationIsRenewedDoesNotMakeItAClears() {
		InvalidationLog log = new InvalidationLog(this.settings, new AtomicInteger());
		log.addGeneration(this.route, false);
		log.addKey(this.route, MemcachedKey.of("key"), null);
		assertThat(due(log)).extracting(InvalidationLog.Command::cleared).containsExactly(false);
		log.addGeneration(this.route, true);
		log.addKey(this.route, MemcachedKey.of("key"), null);
		assertThat(due(log)).extracting(InvalidationLog.Command::cleared).containsExactly(true);
	}

	private static long nanosOfEvictions(InvalidationLog log, List<Route> routes) {
		long began = System.nanoTime();
		for (int i = 0; i < 10; i++) {
			for (Route other : routes) {
				log.addKey(other, MemcachedKey.of("other"), null);
			}
		}
		return System.nanoTime() - began;
	}

	private long nanosOfReplays(InvalidationLog log) {
		long began = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			log.addKey(this.route, MemcachedKey.of("other" + i), null);
			replay(log);
		}
		return System.nanoTime() - began;
	}

	private void quarantine(InvalidationLog log, int count) {
		for (int i = 0; i < count; i++) {
			log.addKey(this.route, MemcachedKey.of("key" + log.figures().logged()), this.lost);
		}
		assertThat(replay(log)).isEqualTo(count);
	}

	private int replay(InvalidationLog log) {
		int replayed = 0;
		for (List<InvalidationLog.Command> batch = due(log); !batch.isEmpty(); batch = due(log)) {
			for (InvalidationLog.Command command : batch) {
				log.settle(command, this.link, this.clock.nanos);
			}
			replayed += batch.size();
		}
		return replayed;
	}

	private List<InvalidationLog.Command> due(InvalidationLog log) {
		return log.due(this.clock.nanos, BATCH);
	}

}
