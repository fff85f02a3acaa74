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

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Times between attempts.
 */
class BackoffTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	@Test
	void doublesUpToItsLimitAndStartsAnew() {
		Backoff backoff = new Backoff(100 * MILLI, () -> 0);
		assertThat(new long[] { backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next() })
			.containsExactly(20 * MILLI, 40 * MILLI, 80 * MILLI, 100 * MILLI, 100 * MILLI);
		backoff.reset();
		assertThat(backoff.next()).isEqualTo(20 * MILLI);
	}

	@Test
	void isShortenedByHalfAtMostAndNeverLengthened() {
		assertThat(new Backoff(100 * MILLI, () -> 1).next()).isEqualTo(10 * MILLI);
		assertThat(new Backoff(5 * MILLI, () -> 0).next()).isEqualTo(5 * MILLI);
	}

}
