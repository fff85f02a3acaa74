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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.FaultProxy.Cut;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import io.failsoft.memcached.testkit.ProxiedConnection;
import org.jspecify.annotations.Nullable;

/**
 * Makes servers fail at random, one after the other, and heals them.
 */
final class FaultPlan extends Faults {

	/** The server whose name may lead to two addresses. */
	private static final int AMBIGUOUS = 0;

	private final int instances;

	private final Names names;

	private final List<MemcachedServer> servers = new ArrayList<>();

	private final List<FaultProxy> proxies = new ArrayList<>();

	private @Nullable Relay relay;

	/**
	 * Start the servers and proxies.
	 * @param names the names of the servers. In {@link Mode#ADDRESSES} the last of the
	 * servers is at the second address of the first one
	 */
	FaultPlan(long seed, Mode mode, int instances, Database database, Names names) {
		super(seed, mode, database);
		this.instances = instances;
		this.names = names;
		for (int i = 0; i < Hunt.SERVERS + ((mode == Mode.ADDRESSES) ? 1 : 0); i++) {
			MemcachedServer server = MemcachedServer
				.start((mode == Mode.TLS) ? MemcachedServerOptions.defaults().withTls(TestTls.localhost())
						: MemcachedServerOptions.defaults());
			this.servers.add(server);
			this.proxies.add(FaultProxy.to(server));
		}
		if (mode == Mode.ADDRESSES) {
			this.relay = new Relay(Names.SECOND, this.proxies.get(0).port(), this.proxies.get(Hunt.SERVERS).address());
		}
	}

	@Override
	List<String> servers() {
		return IntStream.range(0, Hunt.SERVERS)
			.mapToObj((server) -> Names.of(server) + ":" + this.proxies.get(server).port())
			.toList();
	}

	@Override
	Names names() {
		return this.names;
	}

	@Override
	void strike(boolean special) throws InterruptedException {
		if (special && this.mode == Mode.FAILOVER) {
			if (this.random.nextInt(3) > 0) {
				loseForOne();
			}
			else {
				relieve();
			}
		}
		else if (special && this.mode == Mode.LOCAL) {
			loseForOne();
		}
		else if (special && this.mode == Mode.ADDRESSES) {
			leadElsewhere();
		}
		else {
			strikeAny();
		}
	}

	/**
	 * One instance, and only that one, cannot reach a server for a while.
	 */
	private void loseForOne() throws InterruptedException {
		int server = this.random.nextInt(this.servers.size());
		List<Integer> victim = List.of(this.random.nextInt(this.instances));
		lose(victim, server);
		linger(1500);
		restore(victim, server);
	}

	/**
	 * A server is lost, and then the one that stands in for it, which returns before both
	 * are lost again: for one instance, or for all.
	 */
	private void relieve() throws InterruptedException {
		List<Integer> order = new ArrayList<>(IntStream.range(0, this.servers.size()).boxed().toList());
		Collections.shuffle(order, this.random);
		List<Integer> victims = this.random.nextBoolean() ? List.of(this.random.nextInt(this.instances)) : all();
		lose(victims, order.get(0));
		linger(300);
		lose(victims, order.get(1));
		linger(600);
		restore(victims, order.get(1));
		// Longer than reconnecting takes, so that the stand-in is used again.
		Thread.sleep(700);
		linger(900);
		lose(victims, order.get(1));
		linger(600);
		restore(victims, order.get(1));
		restore(victims, order.get(0));
	}

	private List<Integer> all() {
		return IntStream.range(0, this.instances).boxed().toList();
	}

	/**
	 * Have the name of a server lead nowhere. The others reconnect at once.
	 */
	private void lose(List<Integer> victims, int server) throws InterruptedException {
		note(server, "lost by " + victims);
		this.names.lead(victims, server, List.of(Names.NOWHERE));
		this.proxies.get(server).cut(this.random.nextBoolean() ? Cut.FIN : Cut.RST);
	}

	private void restore(List<Integer> victims, int server) {
		note(server, "found by " + victims);
		this.names.lead(victims, server, List.of(Names.FIRST));
	}

	/**
	 * The name of a server leads to one of its addresses, or to both, for one instance or
	 * for all, which then reconnect.
	 */
	private void leadElsewhere() throws InterruptedException {
		List<String> to = new ArrayList<>(List.of(Names.FIRST, Names.SECOND));
		Collections.shuffle(to, this.random);
		if (this.random.nextInt(4) > 0) {
			to.remove(1);
		}
		List<Integer> concerned = this.random.nextBoolean() ? List.of(this.random.nextInt(this.instances)) : all();
		note(AMBIGUOUS, "leads to " + to + " for " + concerned);
		this.names.lead(concerned, AMBIGUOUS, to);
		this.proxies.get(AMBIGUOUS).cut();
		this.proxies.get(this.proxies.size() - 1).cut();
		linger(1000);
	}

	private void strikeAny() throws InterruptedException {
		int index = this.random.nextInt(this.servers.size());
		MemcachedServer server = this.servers.get(index);
		FaultProxy proxy = this.proxies.get(index);
		switch (this.random.nextInt(12)) {
			case 0, 1 -> {
				note(index, "paused");
				server.pause();
				linger(900);
				server.resume();
			}
			case 2 -> {
				note(index, "paused, its connections cut");
				server.pause();
				linger(400);
				proxy.cut(Cut.RST);
				linger(700);
				server.resume();
			}
			case 3 -> {
				note(index, "killed");
				server.kill();
				linger(600);
				server.restart();
			}
			case 4 -> {
				note(index, "refuses connections");
				proxy.refuse();
				linger(600);
				proxy.pass();
			}
			case 5 -> {
				note(index, "all connections cut");
				proxy.cut(this.random.nextBoolean() ? Cut.FIN : Cut.RST);
			}
			case 6 -> {
				note(index, "black hole");
				proxy.blackHole();
				linger(1000);
				proxy.pass();
			}
			case 7 -> {
				note(index, "answers held, then cut");
				proxy.holdReplies();
				linger(600);
				proxy.cut();
				proxy.pass();
			}
			case 8 -> {
				linger(100);
				if (this.mode != Mode.WINDOWS) {
					note(index, "the generations deleted");
					server.command("flush_all");
				}
			}
			default -> holdPresent(index, proxy);
		}
		note(index, "healed");
	}

	/**
	 * Present connections hang, one or all, while new ones work: what was sent over them
	 * is executed when their instances have long reconnected.
	 */
	private void holdPresent(int index, FaultProxy proxy) throws InterruptedException {
		List<ProxiedConnection> connections = new ArrayList<>(proxy.connections());
		Collections.shuffle(connections, this.random);
		if (this.random.nextBoolean()) {
			connections.subList(Math.min(1, connections.size()), connections.size()).clear();
		}
		connections.forEach(ProxiedConnection::holdRequests);
		note(index, connections.size() + " connections held");
		Thread.sleep(900);
		linger(900);
		for (ProxiedConnection connection : connections) {
			note(index, connection + " released");
			connection.release();
		}
	}

	@Override
	void heal() throws InterruptedException {
		this.names.reset();
		for (int i = 0; i < this.servers.size(); i++) {
			if (!this.servers.get(i).isRunning()) {
				this.servers.get(i).restart();
			}
			this.proxies.get(i).pass();
		}
		if (this.mode == Mode.ADDRESSES) {
			this.proxies.get(this.proxies.size() - 1).cut();
			// Longer than reconnecting takes.
			Thread.sleep(500);
		}
	}

	private void note(int server, String what) {
		note("server " + server + " " + what);
	}

	@Override
	public void close() {
		if (this.relay != null) {
			this.relay.close();
		}
		this.proxies.forEach(FaultProxy::close);
		this.servers.forEach(MemcachedServer::close);
	}

}
