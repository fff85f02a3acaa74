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

package io.failsoft.memcached.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a silent server is given up.
 */
class BreakerTests {

	private static final long WINDOW = 250;

	private long now = Long.MAX_VALUE - 300; // clocks in nanoseconds may overflow

	private final PauseMeter pauses = new PauseMeter(50, 125, () -> this.now);

	private final Breaker breaker = new Breaker(3, WINDOW, this.pauses, this.now);

	private void run(long time) {
		for (long i = 0; i < time; i++) {
			this.now++;
			if (i % 50 == 49) {
				this.pauses.tick();
			}
		}
		this.pauses.tick();
	}

	private boolean check() {
		return this.breaker.check(this.now);
	}

	@Test
	void threeSilentWindowsInARowOpenIt() {
		this.breaker.busy(this.now);
		run(WINDOW);
		assertThat(check()).isFalse();
		run(WINDOW);
		assertThat(check()).isFalse();
		assertThat(this.breaker.windows()).isEqualTo(2);
		run(WINDOW);
		assertThat(check()).isTrue();
	}

	@Test
	void manyThreadsThatTimeOutTogetherAreOneWindow() {
		this.breaker.busy(this.now);
		run(WINDOW);
		for (int thread = 0; thread < 32; thread++) {
			assertThat(check()).isFalse();
			run(1);
		}
		assertThat(this.breaker.windows()).isOne();
	}

	@Test
	void anyAnswerStartsAnew() {
		this.breaker.busy(this.now);
		run(WINDOW);
		check();
		run(WINDOW);
		check();
		this.breaker.replied(this.now);
		assertThat(this.breaker.windows()).isZero();
		run(WINDOW - 1);
		assertThat(check()).isFalse();
		assertThat(this.breaker.windows()).isZero();
	}

	@Test
	void timeInWhichNothingWasAskedIsNotSilence() {
		run(10 * WINDOW);
		this.breaker.busy(this.now);
		run(10);
		assertThat(check()).isFalse();
		assertThat(this.breaker.windows()).isZero();
	}

	@Test
	void aPauseOfThisJvmIsNoWindowEvenIfTheFirstToWakeIsTheCaller() {
		for (int i = 0; i < 10; i++) {
			this.breaker.busy(this.now);
			this.now += 10 * WINDOW; // no tick
			assertThat(check()).isFalse();
		}
		assertThat(this.breaker.windows()).isZero();
	}

	@Test
	void aPauseThatEndedWithinTheWindowIsSeenToo() {
		this.breaker.busy(this.now);
		this.now += WINDOW;
		this.pauses.tick();
		run(20);
		assertThat(check()).isFalse();
		assertThat(this.breaker.windows()).isZero();
		run(WINDOW);
		check();
		assertThat(this.breaker.windows()).isOne();
	}

}
