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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EvictionTimesTests {

	private static final long SECOND = 1_000_000_000L;

	private static final long SLACK = 3 * SECOND;

	private final EvictionTimes times = new EvictionTimes(30 * SECOND, 0);

	@Test
	void whenATombstoneEndsWithinTheSpanThenItMayHaveExpired() {
		this.times.note(100 * SECOND);
		assertThat(this.times.mayHaveExpired(110 * SECOND, 120 * SECOND, SLACK)).isFalse();
		assertThat(this.times.mayHaveExpired(110 * SECOND, 131 * SECOND, SLACK)).isTrue();
		assertThat(this.times.mayHaveExpired(140 * SECOND, 150 * SECOND, SLACK)).isFalse();
	}

	@Test
	void whenANewGenerationOutdatesATombstoneThenItNoLongerCounts() {
		this.times.note(100 * SECOND);
		this.times.forget(102 * SECOND);
		assertThat(this.times.mayHaveExpired(110 * SECOND, 131 * SECOND, SLACK)).isFalse();
	}

	@Test
	void whenEvictionsGoOnForLongWhileTheServerIsSilentThenEarlierOnesStillCount() {
		this.times.note(100 * SECOND);
		for (int second = 110; second < 180; second++) {
			this.times.note(second * SECOND);
		}
		assertThat(this.times.mayHaveExpired(105 * SECOND, 132 * SECOND, 0)).isTrue();
		this.times.forget(181 * SECOND);
		assertThat(this.times.mayHaveExpired(105 * SECOND, 181 * SECOND, 0)).isFalse();
	}

}
