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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A place where nodes run: a network namespace that {@code ha/on-hosts} has made, or this
 * machine's loopback.
 */
final class Host {

	/** The beginning of the namespaces' names, or {@code null} on loopback. */
	private static final @Nullable String PREFIX = System.getProperty("ha.prefix");

	private static final Map<String, String> ADDRESSES = addresses();

	private final String name;

	private final Map<Integer, Integer> ports = new HashMap<>();

	private boolean plugged = true;

	Host(String name) {
		this.name = name;
	}

	private static Map<String, String> addresses() {
		try (var lines = Files.lines(Programs.SETUP.resolve("hosts"))) {
			return lines.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split(" "))
				.collect(Collectors.toMap((line) -> line[1], (line) -> line[0]));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tells whether each host has a network of its own.
	 * @return false on loopback
	 */
	static boolean areSeparate() {
		return PREFIX != null;
	}

	String name() {
		return this.name;
	}

	String address() {
		return areSeparate() ? ADDRESSES.getOrDefault(this.name, "") : "127.0.0.1";
	}

	/**
	 * Returns the port of a service.
	 * @param usual its usual port
	 * @return that, or on loopback a free one, always the same
	 */
	synchronized int port(int usual) {
		return areSeparate() ? usual : this.ports.computeIfAbsent(usual, (port) -> Programs.freePort());
	}

	String endpoint(int usual) {
		return address() + ":" + port(usual);
	}

	/**
	 * Returns where a service listens, as HAProxy reads it.
	 * @param usual its usual port
	 * @return the port alone where the host is its own
	 */
	String bind(int usual) {
		return areSeparate() ? ":" + usual : endpoint(usual);
	}

	/**
	 * Has a command run here.
	 * @param command the program and its arguments
	 * @return the command to start
	 */
	List<String> command(List<String> command) {
		List<String> here = new ArrayList<>(command);
		if (areSeparate()) {
			here.addAll(0, List.of("nsenter", "--net=/run/netns/" + PREFIX + "-" + this.name));
		}
		return here;
	}

	String run(String... command) {
		return Programs.run(command(List.of(command)));
	}

	boolean isPlugged() {
		return this.plugged;
	}

	/**
	 * Pulls the cable: the switch's port goes down, and this host has no carrier.
	 */
	void pull() {
		this.plugged = false;
		onSwitch("link", "set", this.name, "down");
	}

	void plug() {
		onSwitch("link", "set", this.name, "up");
		this.plugged = true;
	}

	static String onSwitch(String... arguments) {
		List<String> command = new ArrayList<>(List.of("ip", "-n", PREFIX + "-net"));
		command.addAll(List.of(arguments));
		return Programs.run(command);
	}

	/**
	 * Drops whatever comes from another host.
	 * @param other the other one
	 */
	void dropFrom(Host other) {
		run("nft", "table ip cut { chain input { type filter hook input priority -10; ip saddr " + other.address()
				+ " drop; }; }");
	}

	void dropNothing() {
		run("nft", "delete table ip cut");
	}

}
