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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A memcached that is a container.
 */
final class ContainerServer extends RunningServer {

	private static final Duration ENGINE_LIMIT = Duration.ofSeconds(20);

	private final String docker;

	private final String name;

	private final long pid;

	ContainerServer(String docker, String name, WatchedProcess client, int port) {
		super(client, port);
		this.docker = docker;
		this.name = name;
		this.pid = Long.parseLong(docker("inspect", "-f", "{{.State.Pid}}", name).output());
	}

	@Override
	long pid() {
		return this.pid;
	}

	@Override
	void pause() {
		if (!isPaused()) {
			require(docker("pause", this.name));
		}
	}

	@Override
	void resume() {
		if (isPaused()) {
			require(docker("unpause", this.name));
		}
	}

	private boolean isPaused() {
		return "true".equals(docker("inspect", "-f", "{{.State.Paused}}", this.name).output());
	}

	@Override
	void kill() {
		if (this.process.isAlive()) {
			docker("kill", this.name);
		}
	}

	@Override
	void terminate() {
		if (this.process.isAlive()) {
			resume();
			docker("kill", "--signal", "TERM", this.name);
		}
	}

	/**
	 * Leaves the container to the watchdog, as the end of this JVM does.
	 */
	void abandon() {
		this.process.abandon();
	}

	private Shell.Result docker(String... arguments) {
		List<String> command = new ArrayList<>(List.of(this.docker));
		command.addAll(List.of(arguments));
		return Shell.run(command, ENGINE_LIMIT);
	}

	private static void require(Shell.Result result) {
		if (result.status() != 0) {
			throw new IllegalStateException("The container engine failed: " + result.output());
		}
	}

}
