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
import java.util.Random;

import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.FaultProxy.Cut;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.ProxiedConnection;

/**
 * Makes servers fail at random, one after the other, and heals them.
 */
final class FaultPlan {

	private final Random random;

	private final List<MemcachedServer> servers;

	private final List<FaultProxy> proxies;

	private final List<String> events = new ArrayList<>();

	private int faults;

	FaultPlan(long seed, List<MemcachedServer> servers, List<FaultProxy> proxies) {
		this.random = new Random(seed);
		this.servers = servers;
		this.proxies = proxies;
	}

	int faults() {
		return this.faults;
	}

	/**
	 * What happened, each event with its time as in {@link History}.
	 */
	List<String> events() {
		return this.events;
	}

	/**
	 * Have one fault happen, and heal it after a random time.
	 */
	void strike() throws InterruptedException {
		int index = this.random.nextInt(this.servers.size());
		MemcachedServer server = this.servers.get(index);
		FaultProxy proxy = this.proxies.get(index);
		this.faults++;
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
				note(index, "the generations deleted");
				linger(100);
				server.command("flush_all");
			}
			default -> holdPresent(index, proxy);
		}
		note(index, "healed");
		linger(200);
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

	/**
	 * Have everything work again.
	 */
	void heal() {
		for (int i = 0; i < this.servers.size(); i++) {
			if (!this.servers.get(i).isRunning()) {
				this.servers.get(i).restart();
			}
			this.proxies.get(i).pass();
		}
	}

	private void linger(int atMostMillis) throws InterruptedException {
		Thread.sleep(50 + this.random.nextInt(atMostMillis));
	}

	private void note(int server, String what) {
		long now = System.nanoTime();
		this.events.add(now + " " + now + " === server " + server + " " + what);
	}

}
