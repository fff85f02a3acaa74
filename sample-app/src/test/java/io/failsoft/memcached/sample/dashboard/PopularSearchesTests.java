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

package io.failsoft.memcached.sample.dashboard;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which searches count as popular.
 */
class PopularSearchesTests {

	private final PopularSearches popular = new PopularSearches();

	@Test
	void mostAskedComesFirst() {
		ask("paris", 3);
		ask("oslo", 7);
		ask("lima", 1);
		assertThat(this.popular.most(10)).as("what was asked once is not popular").containsExactly("oslo", "paris");
		assertThat(this.popular.most(1)).containsExactly("oslo");
	}

	@Test
	void frequentOnesAreFoundAmongManyMoreThanAreKept() {
		Random random = new Random(20261125);
		List<String> frequent = List.of("paris", "oslo", "kyoto");
		for (int i = 0; i < 60_000; i++) {
			this.popular.asked((i % 10 == 0) ? frequent.get(random.nextInt(3)) : "seldom " + random.nextInt(50_000));
		}
		assertThat(this.popular.most(3)).containsExactlyInAnyOrderElementsOf(frequent);
		assertThat(this.popular.most(1_000_000)).hasSizeLessThanOrEqualTo(PopularSearches.CAPACITY);
	}

	@Test
	void whatIsAskedNoMoreIsForgotten() {
		ask("paris", 1_000);
		for (int i = 0; i < 12; i++) {
			this.popular.fade();
			ask("oslo", 2);
		}
		assertThat(this.popular.most(10)).containsExactly("oslo");
	}

	private void ask(String folded, int times) {
		for (int i = 0; i < times; i++) {
			this.popular.asked(folded);
		}
	}

}
