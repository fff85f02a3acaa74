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

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ContainerEngine} with a stand-in for docker's command line, which runs an
 * installed memcached in place of a container.
 */
class ContainerEngineIT {

	// Knows the sub-commands that are used, and refuses others, and unknown containers.
	private static final String DOCKER = """
			#!/bin/sh
			state="$(dirname "$0")/state"
			mkdir -p "$state"
			echo "$@" >> "$state/calls"
			command="$1"; shift
			case "$command" in
			version) echo 27.0; exit 0;;
			run)
				[ "$1 $2" = "--rm --name" ] || exit 64
				name="$3"; [ "$4" = -p ] || exit 64
				host="${5%%:*}"; rest="${5#*:}"; outer="${rest%%:*}"
				[ "$host" = 127.0.0.1 ] || exit 64
				shift 5
				if [ "$1" = -e ]; then eval "[ -n \\"\\$$2\\" ]" || exit 64; shift 2; fi
				[ "$1" = memcached:1.6 ] || exit 64
				shift
				[ -n "$outer" ] || outer="$(FREE_PORT)"
				users="$state/$name.users"
				if [ "$1" = sh ]; then
					sh -c "$(echo "$3" | sed "s#/tmp/users#$users#")" sh echo > /dev/null; chmod 644 "$users"
					shift 4
				fi
				[ "$1 $2 $3 $4 $5" = "memcached -l 0.0.0.0 -p 11211" ] || exit 64
				shift 5
				for argument; do
					shift
					[ "$argument" = /tmp/users ] && argument="$users"
					set -- "$@" "$argument"
				done
				MEMCACHED -l 127.0.0.1 -p "$outer" "$@" &
				server=$!
				# Whoever looks for the files must not find them empty, and asks for the port first.
				echo $server > "$state/new.$server"; mv "$state/new.$server" "$state/$name"
				echo "$outer" > "$state/new.$server"; mv "$state/new.$server" "$state/$name.port"
				wait $server; code=$?
				rm -f "$state/$name"*
				exit $code;;
			port) [ "$2" = 11211/tcp ] || exit 64
				[ -f "$state/$1.port" ] && echo "127.0.0.1:$(cat "$state/$1.port")";;
			inspect) pid="$(cat "$state/$3")" || exit 1
				case "$2" in
				"{{.State.Pid}}") echo "$pid";;
				"{{.State.Paused}}") [ -f "$state/$3.paused" ] && echo true || echo false;;
				*) exit 64;;
				esac;;
			pause) kill -STOP "$(cat "$state/$1")" && touch "$state/$1.paused";;
			unpause) kill -CONT "$(cat "$state/$1")" && rm "$state/$1.paused";;
			kill) signal=KILL
				if [ "$1" = --signal ]; then signal="$2"; shift 2; fi
				kill -s "$signal" "$(cat "$state/$1")";;
			rm) [ "$1" = -f ] && kill -KILL "$(cat "$state/$2")";;
			*) exit 64;;
			esac
			""";

	private Path folder;

	private String docker;

	private ContainerEngine engine;

	@BeforeEach
	void installDocker(@TempDir Path temporary) throws IOException {
		this.folder = temporary;
		Path program = temporary.resolve("docker");
		String memcached = MemcachedBinary.find().orElseThrow().toString();
		boolean root = "root".equals(System.getProperty("user.name"));
		Files.writeString(program, DOCKER.replace("MEMCACHED -l", memcached + (root ? " -u nobody -l" : " -l"))
			.replace("$(FREE_PORT)", Integer.toString(freePort())), StandardCharsets.UTF_8);
		assertThat(program.toFile().setExecutable(true)).isTrue();
		assertThat(this.folder.toFile().setExecutable(true, false)).isTrue();
		assertThat(this.folder.toFile().setReadable(true, false)).isTrue();
		this.docker = program.toString();
		this.engine = ContainerEngine.answering(this.docker).orElseThrow();
	}

	private static int freePort() throws IOException {
		try (var socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Test
	void whenNoEngineAnswersThenThereIsNone() {
		assertThat(ContainerEngine.answering(this.folder.resolve("absent").toString())).isEmpty();
		assertThat(ContainerEngine.answering("/bin/false")).isEmpty();
	}

	@Test
	void startsPausesKillsAndRestarts() {
		try (MemcachedServer server = MemcachedServer.start(this.engine, MemcachedServerOptions.defaults())) {
			int port = server.port();
			assertThat(server.command("set key 0 0 5\r\nvalue")).containsExactly("STORED");
			assertThat(server.stats()).containsEntry("pid", Long.toString(server.pid()));
			server.pause();
			server.pause();
			assertThat(server.isPaused()).isTrue();
			server.resume();
			server.resume();
			assertThat(server.command("get key")).contains("value");
			server.kill();
			assertThat(server.isRunning()).isFalse();
			server.restart();
			assertThat(server.port()).isEqualTo(port);
			assertThat(server.command("get key")).containsExactly("END");
			server.pause();
			server.stop();
			assertThat(server.isRunning()).isFalse();
		}
	}

	@Test
	void passesThePasswordByTheEnvironment() throws IOException {
		MemcachedServerOptions options = MemcachedServerOptions.defaults().withAuthentication("scott", "ti'ger$HOME");
		try (MemcachedServer server = MemcachedServer.start(this.engine, options)) {
			assertThat(server.stats()).containsKey("uptime");
			assertThat(Files.readString(this.folder.resolve("state/calls"))).doesNotContain("ti'ger");
		}
	}

	@Test
	void whenTheClientOfTheEngineIsAbandonedThenTheContainerIsRemoved() {
		RunningServer server = this.engine.launch(MemcachedServerOptions.defaults(), 0);
		ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
		((ContainerServer) server).abandon();
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> !process.isAlive())).isTrue();
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> server.onExit().isDone())).isTrue();
	}

	@Test
	void whenTheImageCannotBeRunThenTheMessageNamesIt() {
		ContainerEngine other = new ContainerEngine(this.docker, "no-such-image");
		assertThatExceptionOfType(MemcachedStartException.class)
			.isThrownBy(() -> MemcachedServer.start(other, MemcachedServerOptions.defaults()))
			.withMessageContaining("no-such-image")
			.withMessageContaining("memcached.image");
	}

	@Test
	void theCommandLineIsAsDocumented() {
		assertThat(this.engine.command(MemcachedServerOptions.defaults().withExtraArguments("-M"), 4711, "name"))
			.containsExactly(this.docker, "run", "--rm", "--name", "name", "-p", "127.0.0.1:4711:11211",
					"memcached:1.6", "memcached", "-l", "0.0.0.0", "-p", "11211", "-U", "0", "-m", "64", "-I",
					"1048576", "-c", "1024", "-t", "4", "-M");
		assertThat(this.engine.command(MemcachedServerOptions.defaults(), 0, "name")).contains("127.0.0.1::11211");
		assertThat(ContainerEngine.parsePort("127.0.0.1:32768\n[::1]:32769")).isEqualTo(32768);
	}

}
