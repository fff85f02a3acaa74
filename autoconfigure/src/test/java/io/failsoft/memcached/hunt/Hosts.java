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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Hosts of their own on this machine: network namespaces that a bridge joins, which lies
 * in another one. They end with this JVM, however this JVM ends, and with them every
 * process in them.
 */
final class Hosts implements AutoCloseable {

	/** The bad cable's script, which Perl runs as a network interface has no stream. */
	private static final String WIRE = text("wire.pl");

	private final String prefix = "hunt" + ProcessHandle.current().pid();

	private final Process watcher;

	/**
	 * Make hosts.
	 * @param addresses the address of each, by name
	 * @throws IllegalStateException if that is not possible here, with what it takes
	 */
	Hosts(Map<String, String> addresses) {
		List<String> command = new ArrayList<>(List.of("setsid", "bash", "-c", text("hosts.sh"), "hosts", this.prefix));
		addresses.forEach((name, address) -> command.add(name + "=" + address));
		try {
			this.watcher = new ProcessBuilder(command).redirectErrorStream(true).start();
			String line = this.watcher.inputReader().readLine();
			if (!"ready".equals(line)) {
				throw new IllegalStateException("No hosts of their own can be made here: " + line
						+ ". It takes root, iproute2, nftables, perl, faketime and /dev/net/tun;"
						+ " ./run-hunt --hosts installs the programs");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No hosts of their own can be made here", ex);
		}
	}

	private static String text(String name) {
		try (InputStream in = Objects.requireNonNull(Hosts.class.getResourceAsStream("/hunt/" + name), name)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns what has a command run on a host.
	 * @param host the host
	 * @return the begin of the command
	 */
	List<String> on(String host) {
		return List.of("nsenter", "--net=/run/netns/" + this.prefix + "-" + host);
	}

	/**
	 * Returns what is added to the environment of a process whose wall clock is off. The
	 * last one keeps libfaketime 0.9.10 from ending each timed wait of a JVM at once.
	 * @param seconds by how much it is ahead
	 * @return the environment
	 */
	static Map<String, String> clock(int seconds) {
		return Map.of("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1", "FAKETIME", String.format("%+ds", seconds),
				"FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX", "0");
	}

	void pull(String host) {
		setPort(host, "down");
	}

	void plug(String host) {
		setPort(host, "up");
	}

	private void setPort(String host, String state) {
		run(List.of("ip", "-n", this.prefix + "-net", "link", "set", host, state));
	}

	/**
	 * Have a host lose what comes from others, or reset the connections it comes by.
	 * @param host the host
	 * @param from the addresses of the others
	 * @param verdict what nftables says to their packets
	 */
	void block(String host, List<String> from, String verdict) {
		run(on(host), "nft", "table ip cut { chain input { type filter hook input priority -10; ip protocol tcp"
				+ " ip saddr { " + String.join(", ", from) + " } " + verdict + "; }; }");
	}

	void unblock(String host) {
		run(on(host), "nft", "delete table ip cut");
	}

	/**
	 * Put a bad cable between a host and the bridge.
	 * @param host the host
	 * @param delayMillis how late each frame is
	 * @param jitterMillis how much later it may be, whatever was sent after it
	 * @param lossPercent how many frames are lost
	 * @return what ends it
	 */
	Runnable spoil(String host, int delayMillis, int jitterMillis, int lossPercent) {
		List<String> command = new ArrayList<>(on("net"));
		command.addAll(List.of("perl", "-e", WIRE, host, Integer.toString(delayMillis), Integer.toString(jitterMillis),
				Integer.toString(lossPercent)));
		try {
			Process wire = new ProcessBuilder(command).redirectErrorStream(true).start();
			if (!"ready".equals(wire.inputReader().readLine())) {
				throw new IllegalStateException("No bad cable: it takes perl and /dev/net/tun");
			}
			return () -> {
				try {
					wire.getOutputStream().close();
					wire.onExit().join();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			};
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Send a signal to all processes of a host.
	 */
	void signal(String host, String signal) {
		run(List.of("sh", "-c", "kill -" + signal + " $(ip netns pids " + this.prefix + "-" + host + ")"));
	}

	private static void run(List<String> prefix, String... command) {
		List<String> all = new ArrayList<>(prefix);
		all.addAll(Arrays.asList(command));
		try {
			Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.onExit().join().exitValue() != 0) {
				throw new IllegalStateException(all + " failed: " + output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.watcher.getOutputStream().close();
		}
		catch (IOException ex) {
			// Ignore: it has ended already.
		}
		this.watcher.onExit().join();
	}

}
