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

import io.failsoft.memcached.sample.dashboard.StarterLog.Line;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The lines of the starter that the dashboard shows.
 */
class StarterLogTests {

	private final Log starter = LogFactory.getLog("io.failsoft.memcached.client.Server");

	private final StarterLog log = new StarterLog();

	@AfterEach
	void detach() {
		this.log.destroy();
	}

	@Test
	void keepsWhatTheStarterSaysAndNothingElse() {
		LogFactory.getLog("io.failsoft.memcached.sample.CityLoader").warn("the sample's own");
		LogFactory.getLog("com.acme").warn("somebody else's");
		this.starter.warn("memcached cache-1:11211 is down");
		this.starter.info("memcached cache-1:11211 is back");
		assertThat(this.log.after(0)).extracting(Line::level, Line::text)
			.containsExactly(tuple("WARN", "memcached cache-1:11211 is down"),
					tuple("INFO", "memcached cache-1:11211 is back"));
		assertThat(this.log.after(1)).extracting(Line::number).containsExactly(2L);
		assertThat(this.log.after(2)).isEmpty();
	}

	@Test
	void isBounded() {
		for (int i = 1; i <= StarterLog.CAPACITY + 7; i++) {
			this.starter.warn("x".repeat(10_000));
		}
		assertThat(this.log.after(0)).hasSize(StarterLog.CAPACITY)
			.allSatisfy((line) -> assertThat(line.text()).hasSizeLessThan(1_000));
		assertThat(this.log.after(0).get(0).number()).isEqualTo(8);
	}

	@Test
	void listensNoMoreOnceDestroyed() {
		this.log.destroy();
		this.starter.warn("memcached cache-1:11211 is down");
		assertThat(this.log.after(0)).isEmpty();
	}

}
