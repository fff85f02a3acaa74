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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is logged of a server's coming and going.
 */
class StateLogTests {

	private final List<String> lines = new ArrayList<>();

	private long now;

	private final Log logger = new NoOpLog() {

		@Override
		public void warn(Object message) {
			StateLogTests.this.lines.add("WARN " + message);
		}

		@Override
		public void info(Object message) {
			StateLogTests.this.lines.add("INFO " + message);
		}

	};

	private final StateLog log = new StateLog("a:1", false, this.logger, () -> this.now);

	private void pass(long millis) {
		this.now += TimeUnit.MILLISECONDS.toNanos(millis);
	}

	@Test
	void aServerThatIsThereFromTheStartIsNotMentioned() {
		this.log.up();
		assertThat(this.lines).isEmpty();
	}

	@Test
	void oneLineWhenItIsLostAndOneWhenItIsBack() {
		this.log.up();
		this.log.lost("closed by the server");
		for (int i = 0; i < 100; i++) {
			pass(124);
			this.log.failed("refused");
		}
		this.log.up();
		assertThat(this.lines).containsExactly(
				"WARN memcached a:1 is down: closed by the server; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back",
				"INFO memcached a:1 is back after 12.4 s");
	}

	@Test
	void oneLineIfItCannotBeReachedAtFirst() {
		pass(250);
		this.log.failed("unknown host");
		this.log.failed("unknown host");
		pass(1000);
		this.log.up();
		assertThat(this.lines).containsExactly(
				"WARN memcached a:1 is not reachable: unknown host; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back",
				"INFO memcached a:1 is up after 1.3 s");
	}

	@Test
	void aSummaryOnceAMinute() {
		this.log.up();
		this.log.lost("reset");
		for (int i = 0; i < 150; i++) {
			pass(1000);
			this.log.failed("refused");
		}
		assertThat(this.lines).containsExactly(
				"WARN memcached a:1 is down: reset; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back",
				"WARN memcached a:1 is still down after 1 min 0 s: refused",
				"WARN memcached a:1 is still down after 2 min 0 s: refused");
	}

	@Test
	void aServerThatComesAndGoesDoesNotFloodTheLog() {
		this.log.up();
		for (int i = 0; i < 100; i++) {
			pass(100);
			this.log.lost("reset");
			pass(100);
			this.log.up();
		}
		assertThat(this.lines).hasSize(10);
		pass(60_000);
		this.log.lost("reset");
		assertThat(this.lines).hasSize(11)
			.last()
			.isEqualTo(
					"WARN memcached a:1 is down: reset; its keys come from the reserve, if that is on and fresh, else from the methods, until it is back (lost 95 times more in between)");
	}

	@Test
	void withFailoverTheLineSaysThatTheNextServerTakesTheKeys() {
		new StateLog("a:1", true, this.logger, () -> this.now).failed("refused");
		assertThat(this.lines).containsExactly(
				"WARN memcached a:1 is not reachable: refused; the next server takes its keys until it is back");
	}

}
