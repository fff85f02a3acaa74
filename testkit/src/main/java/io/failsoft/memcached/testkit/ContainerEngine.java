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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.failsoft.memcached.testkit.MemcachedServerOptions.Credentials;

/**
 * Runs memcached in a container, through docker's command line.
 */
final class ContainerEngine implements Engine {

	/** The system property that names another image than the default one. */
	static final String IMAGE_PROPERTY = "memcached.image";

	private static final String DEFAULT_IMAGE = "memcached:1.6";

	private static final int INNER_PORT = 11211;

	private static final String CREDENTIALS_VARIABLE = "FAILSOFT_MEMCACHED_USERS";

	// The image may have to be pulled first.
	private static final Duration START_LIMIT = Duration.ofMinutes(5);

	private static final Duration ENGINE_LIMIT = Duration.ofSeconds(20);

	private final String docker;

	private final String image;

	ContainerEngine(String docker, String image) {
		this.docker = docker;
		this.image = image;
	}

	/**
	 * Returns an engine if it answers.
	 * @param docker the program to ask
	 * @return the engine, or empty if there is no such program or its daemon is not there
	 */
	static Optional<ContainerEngine> answering(String docker) {
		Shell.Result result = Shell.run(List.of(docker, "version", "--format", "{{.Server.Version}}"), ENGINE_LIMIT);
		if (result.status() != 0) {
			return Optional.empty();
		}
		return Optional.of(new ContainerEngine(docker, System.getProperty(IMAGE_PROPERTY, DEFAULT_IMAGE)));
	}

	@Override
	public RunningServer launch(MemcachedServerOptions options, int port) {
		if (options.tls() != null) {
			throw new MemcachedStartException(
					"memcached with TLS needs an installed memcached, not a container. " + MemcachedBinary.remedy());
		}
		String name = "failsoft-memcached-" + UUID.randomUUID();
		Credentials credentials = options.credentials();
		Map<String, String> environment = (credentials != null)
				? Map.of(CREDENTIALS_VARIABLE, credentials.username() + ":" + credentials.password()) : Map.of();
		WatchedProcess client = WatchedProcess.launch(command(options, port, name), environment,
				"\"" + this.docker + "\" rm -f " + name + " >/dev/null 2>&1");
		boolean started = false;
		try {
			int actualPort = awaitPort(client, name);
			started = true;
			return new ContainerServer(this.docker, name, client, actualPort);
		}
		finally {
			if (!started) {
				client.abandon();
			}
		}
	}

	List<String> command(MemcachedServerOptions options, int port, String name) {
		String outerPort = (port != 0) ? Integer.toString(port) : "";
		List<String> command = new ArrayList<>(
				List.of(this.docker, "run", "--rm", "--name", name, "-p", "127.0.0.1:" + outerPort + ":" + INNER_PORT));
		List<String> server = new ArrayList<>(
				List.of("memcached", "-l", "0.0.0.0", "-p", Integer.toString(INNER_PORT), "-U", "0"));
		server.addAll(options.arguments());
		if (options.credentials() == null) {
			command.add(this.image);
		}
		else {
			// Passed on by name, so that no process list shows the password.
			command.addAll(List.of("-e", CREDENTIALS_VARIABLE, this.image, "sh", "-c",
					"printf '%s\\n' \"$" + CREDENTIALS_VARIABLE + "\" > /tmp/users && exec \"$@\"", "sh"));
			server.addAll(List.of("-Y", "/tmp/users"));
		}
		command.addAll(server);
		command.addAll(options.extraArguments());
		return command;
	}

	private int awaitPort(WatchedProcess client, String name) {
		long deadline = System.nanoTime() + START_LIMIT.toNanos();
		while (client.isAlive() && System.nanoTime() < deadline) {
			Shell.Result result = Shell.run(List.of(this.docker, "port", name, INNER_PORT + "/tcp"), ENGINE_LIMIT);
			if (result.status() == 0 && !result.output().isEmpty()) {
				return parsePort(result.output());
			}
			Waiting.pause();
		}
		throw new MemcachedStartException("memcached could not be started as a container of the image " + this.image
				+ ". Name another one with -D" + IMAGE_PROPERTY + ", or install memcached. The output:\n"
				+ String.join("\n", client.output()));
	}

	static int parsePort(String mapping) {
		String line = mapping.lines().findFirst().orElse("");
		return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
	}

}
