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

package io.failsoft.memcached.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No process outlives the JVM that started it.
 */
class OrphanIT {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenTheJvmIsKilledThenItsServersEnd(boolean paused) throws Exception {
		Child child = Child.launch(paused ? "pause" : "run", "wait");
		child.process().destroyForcibly();
		assertGone(child);
	}

	@ParameterizedTest
	@ValueSource(strings = { "run", "pause" })
	void whenTheJvmIsTerminatedThenItsServersEnd(String state) throws Exception {
		Child child = Child.launch(state, "wait");
		child.process().destroy();
		assertGone(child);
	}

	@Test
	void whenTheJvmExitsThenItsServersEnd() throws Exception {
		assertGone(Child.launch("run", "exit"));
	}

	@Test
	void whenTheJvmHaltsThenItsServersEnd() throws Exception {
		assertGone(Child.launch("run", "halt"));
	}

	private static void assertGone(Child child) throws Exception {
		child.process().waitFor();
		try {
			for (ProcessHandle process : child.family()) {
				assertThat(Waiting.until(LIMIT, () -> !process.isAlive()))
					.as("process %d ends with its JVM", process.pid())
					.isTrue();
			}
		}
		finally {
			child.family().forEach(ProcessHandle::destroyForcibly);
		}
	}

	/**
	 * A JVM with a server of its own.
	 *
	 * @param process the JVM
	 * @param family the server and all that was started for it
	 */
	private record Child(Process process, List<ProcessHandle> family) {

		static Child launch(String state, String end) throws IOException {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
					Main.class.getName(), state, end)
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
			long pid = Long.parseLong(reader.readLine());
			List<ProcessHandle> family = process.descendants().toList();
			assertThat(family).extracting(ProcessHandle::pid).contains(pid);
			process.getOutputStream().write('\n');
			process.getOutputStream().flush();
			return new Child(process, family);
		}

	}

	/**
	 * What runs in the other JVM.
	 */
	static final class Main {

		private Main() {
		}

		public static void main(String[] args) throws Exception {
			MemcachedServer server = MemcachedServer.start();
			if (args[0].equals("pause")) {
				server.pause();
			}
			System.out.println(server.pid());
			System.out.flush();
			assertThat(System.in.read()).isEqualTo('\n');
			switch (args[1]) {
				case "exit" -> System.exit(0);
				case "halt" -> Runtime.getRuntime().halt(1);
				default -> Thread.sleep(600_000);
			}
		}

	}

}
