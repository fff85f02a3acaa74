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

package io.failsoft.memcached.hunt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The names of the servers, which each instance looks up in a file of its own
 * ({@code jdk.net.hosts.file}), so that they can lead elsewhere for one instance alone.
 */
final class Names {

	/** Where all names lead at first. */
	static final String FIRST = "127.0.0.1";

	/** Where the name of a server may lead in {@link Mode#ADDRESSES}. */
	static final String SECOND = "127.0.0.2";

	/** Where nobody listens. */
	static final String NOWHERE = "127.0.0.3";

	private final Path directory;

	private final List<List<List<String>>> addresses = new ArrayList<>();

	private final List<List<String>> first;

	Names(Path directory, int instances, int servers) {
		this(directory, instances, Collections.nCopies(servers, FIRST));
	}

	/**
	 * Write the files.
	 * @param first where the name of each server leads at first
	 */
	Names(Path directory, int instances, List<String> first) {
		this.directory = directory;
		this.first = first.stream().map(List::of).toList();
		for (int i = 0; i < instances; i++) {
			this.addresses.add(new ArrayList<>(this.first));
			write(i);
		}
	}

	static String of(int server) {
		return "memcached-" + server + ".hunt";
	}

	Path file(int instance) {
		return this.directory.resolve("hosts-" + instance);
	}

	/**
	 * Have the name of a server lead elsewhere, in the order given.
	 */
	void lead(List<Integer> instances, int server, List<String> to) {
		for (int instance : instances) {
			this.addresses.get(instance).set(server, to);
			write(instance);
		}
	}

	/**
	 * Have all names lead to where they led at first.
	 */
	void reset() {
		for (int i = 0; i < this.addresses.size(); i++) {
			this.addresses.set(i, new ArrayList<>(this.first));
			write(i);
		}
	}

	private void write(int instance) {
		List<String> lines = new ArrayList<>(List.of(FIRST + " localhost"));
		List<List<String>> ofInstance = this.addresses.get(instance);
		for (int server = 0; server < ofInstance.size(); server++) {
			for (String address : ofInstance.get(server)) {
				lines.add(address + " " + of(server));
			}
		}
		try {
			Path written = Files.write(this.directory.resolve("hosts-new"), lines);
			Files.move(written, file(instance), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The names of the servers cannot be written", ex);
		}
	}

}
