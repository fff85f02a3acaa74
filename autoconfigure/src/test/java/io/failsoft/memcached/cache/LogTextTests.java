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

package io.failsoft.memcached.cache;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogText}.
 */
class LogTextTests {

	@Test
	void anObjectIsOneLineOfBoundedLength() {
		assertThat(LogText.of("a\r\nb\u0000\u0085c")).isEqualTo("a??b??c");
		assertThat(LogText.of("x".repeat(200))).isEqualTo("x".repeat(200));
		assertThat(LogText.of("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
	}

	@Test
	void aMessageIsPrintedToItsEndUnlessItIsEndless() {
		assertThat(LogText.message("x".repeat(1990) + "\nremedy")).isEqualTo("x".repeat(1990) + "?remedy");
		assertThat(LogText.message("x".repeat(2001))).isEqualTo("x".repeat(2000) + "...");
	}

	@Test
	void whenAnObjectHasNoTextThenSomethingIsPrintedAllTheSame() {
		assertThat(LogText.of(null)).isEqualTo("null");
		assertThat(LogText.of(new Mute())).isEqualTo(Mute.class.getName() + ", whose toString() failed");
	}

	private static final class Mute {

		@Override
		public String toString() {
			throw new StackOverflowError();
		}

	}

}
