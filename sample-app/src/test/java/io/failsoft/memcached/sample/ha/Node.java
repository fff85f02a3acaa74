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

package io.failsoft.memcached.sample.ha;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.function.ThrowingConsumer;

/**
 * A process of one tier. It ends with this JVM, however this JVM ends.
 */
abstract class Node implements AutoCloseable {

	private final String name;

	private final Host host;

	private final Path directory;

	private @Nullable Process process;

	private boolean hangs;

	Node(String name, Host host, Path directory) {
		this.name = name;
		this.host = host;
		this.directory = directory;
	}

	final String name() {
		return this.name;
	}

	final Host host() {
		return this.host;
	}

	final Path directory() {
		return this.directory;
	}

	/**
	 * Start the node, and wait until it does its work.
	 */
	abstract void start();

	/**
	 * End the node with SIGKILL: nothing is flushed, nobody is told.
	 */
	final void stop() {
		if (this.process != null) {
			ThrowingConsumer.of(OutputStream::close).accept(this.process.getOutputStream());
			this.process.onExit().join();
			this.process = null;
		}
	}

	/**
	 * Stop the process, which stays there and says nothing any more.
	 */
	final void hang() {
		signal("STOP");
		this.hangs = true;
	}

	final void wake() {
		signal("CONT");
		this.hangs = false;
	}

	private void signal(String signal) {
		// Not the shells that watch it.
		Objects.requireNonNull(this.process)
			.children()
			.filter((child) -> !child.info().command().orElse("").endsWith("sh"))
			.forEach((child) -> Programs.run(List.of("sh", "-c", "kill -" + signal + " " + child.pid())));
	}

	final void launch(List<String> command, Map<String, String> environment) {
		List<String> watched = new ArrayList<>(List.of(Programs.SETUP.resolve("run-while-watched").toString()));
		watched.addAll(this.host.command(command));
		File log = this.directory.resolve(this.name.replace(' ', '-') + ".log").toFile();
		ProcessBuilder builder = new ProcessBuilder(watched).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
		builder.environment().putAll(environment);
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whether others get answers from here.
	 * @return false if it was stopped, hangs, or its host has no cable
	 */
	final boolean answers() {
		return this.process != null && !this.hangs && this.host.isPlugged();
	}

	final void requireRunning() {
		if (this.process == null || !this.process.isAlive()) {
			throw new AssertionError(this.name + " ended by itself; see " + this.directory);
		}
	}

	@Override
	public void close() {
		stop();
	}

}
