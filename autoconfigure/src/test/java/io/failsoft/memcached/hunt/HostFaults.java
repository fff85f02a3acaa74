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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.TestIdentity;

/**
 * The faults of networks and hosts: each server and each instance is on a host of its
 * own, and their wall clocks differ.
 */
final class HostFaults extends Faults {

	private static final int MOST_SECONDS_OFF = 30;

	private static final String DROP = "drop";

	private static final String RESET = "reject with tcp reset";

	private final int instances;

	private final Hosts hosts;

	private final Names names;

	private final List<HostServer> servers = new ArrayList<>();

	private final List<Integer> clocks = new ArrayList<>();

	/**
	 * Make the hosts and start the servers.
	 * @param directory where files may be put
	 */
	HostFaults(long seed, Mode mode, int instances, Database database, Path directory) {
		super(seed, mode, database);
		this.instances = instances;
		Map<String, String> addresses = new LinkedHashMap<>();
		IntStream.range(0, instances).forEach((instance) -> addresses.put(hostOf(instance), addressOf(instance)));
		IntStream.range(0, Hunt.SERVERS).forEach((server) -> addresses.put(serverHost(server), serverAddress(server)));
		this.names = new Names(directory, instances,
				IntStream.range(0, Hunt.SERVERS).mapToObj(HostFaults::serverAddress).toList());
		this.hosts = new Hosts(addresses);
		for (int i = 0; i < instances; i++) {
			this.clocks.add(clock());
			note(hostOf(i) + " has a clock that is off by " + this.clocks.get(i) + " s");
		}
		List<String> arguments = (mode == Mode.TLS) ? tls(directory) : List.of();
		for (int i = 0; i < Hunt.SERVERS; i++) {
			this.servers.add(new HostServer(this.hosts.on(serverHost(i)), serverAddress(i), arguments,
					directory.resolve(serverHost(i) + ".log")));
		}
		try {
			for (int i = 0; i < Hunt.SERVERS; i++) {
				start(i);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static String hostOf(int instance) {
		return "instance-" + instance;
	}

	private static String addressOf(int instance) {
		return "192.0.2." + (10 + instance);
	}

	private static String serverHost(int server) {
		return "cache-" + server;
	}

	private static String serverAddress(int server) {
		return "192.0.2." + (20 + server);
	}

	private static List<String> tls(Path directory) {
		TestIdentity identity = TestTls.localhost();
		try {
			Path certificate = Files.writeString(directory.resolve("certificate.pem"), identity.certificate());
			Path key = Files.writeString(directory.resolve("key.pem"), identity.key());
			return List.of("-Z", "-o", "ssl_chain_cert=" + certificate + ",ssl_key=" + key);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int clock() {
		return this.random.nextInt(2 * MOST_SECONDS_OFF + 1) - MOST_SECONDS_OFF;
	}

	private void start(int server) throws InterruptedException {
		int seconds = clock();
		this.servers.get(server).start(seconds);
		note(serverHost(server) + " started with a clock that is off by " + seconds + " s");
	}

	@Override
	List<String> servers() {
		return IntStream.range(0, Hunt.SERVERS).mapToObj((server) -> Names.of(server) + ":" + HostServer.PORT).toList();
	}

	@Override
	Names names() {
		return this.names;
	}

	@Override
	List<String> prefix(int instance) {
		return this.hosts.on(hostOf(instance));
	}

	@Override
	Map<String, String> environment(int instance) {
		return Hosts.clock(this.clocks.get(instance));
	}

	@Override
	void strike(boolean special) throws InterruptedException {
		if (special && (this.mode == Mode.FAILOVER || this.mode == Mode.LOCAL)) {
			if (this.mode == Mode.LOCAL || this.random.nextInt(3) > 0) {
				int server = anyServer();
				lose(List.of(anyInstance()), server);
				linger(1500);
				find(server);
			}
			else {
				relieve();
			}
		}
		else {
			strikeAny();
		}
	}

	/**
	 * A server is lost, and then the one that stands in for it, which returns before it
	 * is lost again: for one instance, or for all.
	 */
	private void relieve() throws InterruptedException {
		List<Integer> order = new ArrayList<>(IntStream.range(0, Hunt.SERVERS).boxed().toList());
		Collections.shuffle(order, this.random);
		List<Integer> victims = this.random.nextBoolean() ? List.of(anyInstance())
				: IntStream.range(0, this.instances).boxed().toList();
		lose(victims, order.get(0));
		linger(600);
		lose(victims, order.get(1));
		linger(900);
		find(order.get(1));
		// Longer than reconnecting takes, so that the stand-in is used again.
		Thread.sleep(700);
		linger(900);
		lose(victims, order.get(1));
		linger(900);
		find(order.get(1));
		find(order.get(0));
	}

	private void lose(List<Integer> victims, int server) {
		String verdict = this.random.nextBoolean() ? DROP : RESET;
		note(serverHost(server) + " lost by instances " + victims + ": " + verdict);
		this.hosts.block(serverHost(server), victims.stream().map(HostFaults::addressOf).toList(), verdict);
	}

	private void find(int server) {
		this.hosts.unblock(serverHost(server));
		note(serverHost(server) + " found");
	}

	private void strikeAny() throws InterruptedException {
		int server = anyServer();
		String cache = serverHost(server);
		int number = anyInstance();
		String instance = hostOf(number);
		String any = this.random.nextBoolean() ? instance : cache;
		switch (this.random.nextInt(11)) {
			case 0 -> cutCable(instance, 1800);
			case 1 -> cutCable(cache, 1800);
			case 2 -> cutOneWay(cache, addressOf(number));
			case 3 -> cutOneWay(instance, serverAddress(server));
			case 4 -> spoil(any, 0, 0, 5 + this.random.nextInt(16));
			case 5 -> spoil(any, 20 + this.random.nextInt(181), 0, 0);
			case 6 -> spoil(any, 1, 5 + this.random.nextInt(36), 0);
			case 7 -> stop(instance, 2500);
			case 8 -> stop(cache, 1200);
			case 9 -> {
				note(cache + " killed");
				this.servers.get(server).kill();
				linger(600);
				start(server);
			}
			default -> {
				// What lies in its buffers is executed when its cable is long back.
				note(cache + " stopped, its cable pulled");
				this.hosts.signal(cache, "STOP");
				linger(400);
				cutCable(cache, 1200);
				linger(400);
				this.hosts.signal(cache, "CONT");
				note(cache + " continues");
			}
		}
	}

	private int anyServer() {
		return this.random.nextInt(Hunt.SERVERS);
	}

	private int anyInstance() {
		return this.random.nextInt(this.instances);
	}

	private void cutCable(String host, int atMostMillis) throws InterruptedException {
		note(host + ": cable pulled");
		this.hosts.pull(host);
		linger(atMostMillis);
		this.hosts.plug(host);
		note(host + ": cable plugged in");
	}

	/**
	 * What comes from one host is lost, while what goes there arrives.
	 */
	private void cutOneWay(String host, String from) throws InterruptedException {
		note(host + " loses what comes from " + from);
		this.hosts.block(host, List.of(from), DROP);
		linger(1800);
		this.hosts.unblock(host);
		note(host + " hears " + from + " again");
	}

	private void spoil(String host, int delay, int jitter, int loss) throws InterruptedException {
		note(host + ": bad cable, " + delay + " to " + (delay + jitter) + " ms late, " + loss + " % lost");
		Runnable end = this.hosts.spoil(host, delay, jitter, loss);
		linger(2500);
		end.run();
		note(host + ": good cable");
	}

	private void stop(String host, int atMostMillis) throws InterruptedException {
		note(host + " stopped");
		this.hosts.signal(host, "STOP");
		linger(atMostMillis);
		this.hosts.signal(host, "CONT");
		note(host + " continues");
	}

	@Override
	void heal() {
		// Nothing to do: each fault has healed itself.
	}

	@Override
	public void close() {
		this.servers.forEach(HostServer::kill);
		this.hosts.close();
	}

}
