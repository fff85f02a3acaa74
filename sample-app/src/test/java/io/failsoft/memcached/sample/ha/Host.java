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
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A place where nodes run: a network namespace that {@code ha/on-hosts} has made, or this
 * machine's loopback.
 */
final class Host {

	/** The beginning of the namespaces' names, or {@code null} on loopback. */
	private static final @Nullable String PREFIX = System.getProperty("ha.prefix");

	private static final HttpClient http = HttpClient.newHttpClient();

	private final String name;

	private final Map<Integer, Integer> ports = new HashMap<>();

	private boolean plugged = true;

	Host(String name) {
		this.name = name;
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
		// The JVM looks the name up in the file `hosts`.
		return new InetSocketAddress(areSeparate() ? this.name : "127.0.0.1", 0).getAddress().getHostAddress();
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
			// A web server that starts takes a processor from its own host alone, and
			// from what else this machine does.
			here.addAll(0, List.of("nice", "-n", this.name.startsWith("web") ? "-5" : "-10", "nsenter",
					"--net=/run/netns/" + PREFIX + "-" + this.name));
		}
		return here;
	}

	/**
	 * Sends a GET.
	 * @param usual the service's usual port
	 * @param path what to ask for
	 * @return the answer
	 */
	HttpResponse<String> get(int usual, String path) {
		URI address = URI.create("http://" + endpoint(usual) + path);
		HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
		return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
	}

	/**
	 * Tells whether a service takes a new connection.
	 * @param usual its usual port
	 * @return true if it does
	 * @throws IOException if it does not within 100 ms
	 */
	boolean takesConnections(int usual) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address(), port(usual)), 100);
			return true;
		}
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
		setPort("down");
	}

	void plug() {
		setPort("up");
		this.plugged = true;
	}

	private void setPort(String state) {
		Programs.run(List.of("ip", "-n", PREFIX + "-net", "link", "set", this.name, state));
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
