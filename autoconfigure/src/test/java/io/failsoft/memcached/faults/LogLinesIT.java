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

package io.failsoft.memcached.faults;

import java.util.List;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is written to the log when a server is lost and comes back.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogLinesIT {

	@Test
	void whenAServerIsLostAndComesBackThenOneLineSaysEach(CapturedOutput output) {
		try (MemcachedServer server = MemcachedServer.start()) {
			String name = server.host() + ":" + server.port();
			try (RunningApplication application = RunningApplication.start("memcached.servers=" + name).up()) {
				Catalogue catalogue = application.catalogue();
				catalogue.get("a key of mine");
				server.kill();
				Polling.until("down", () -> application.servers().get(0).state() == State.DOWN);
				for (int i = 0; i < 200; i++) {
					catalogue.get("a key of mine");
					catalogue.future("a key of mine").join();
					catalogue.evict("a key of mine");
				}
				server.restart();
				application.up();
			}
			List<String> lines = output.getAll().lines().filter((line) -> line.contains(name)).toList();
			assertThat(lines)
				.filteredOn((line) -> line.contains(name + " is down: ") && line.contains("come from the reserve"))
				.hasSize(1);
			assertThat(lines).filteredOn((line) -> line.contains(name + " is back after ")).hasSize(1);
			assertThat(lines).filteredOn((line) -> line.contains("a key of mine") && line.contains("server is down"))
				.isNotEmpty();
			assertThat(lines).hasSizeLessThan(10);
			assertThat(output).doesNotContain("\tat ")
				.doesNotContain("rubyeye")
				.doesNotContain("yanf4j")
				.doesNotContain("remoting");
		}
	}

}
