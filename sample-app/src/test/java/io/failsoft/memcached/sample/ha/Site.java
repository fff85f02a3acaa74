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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every tier, doubled: each node on a host of its own, or all of them on loopback behind
 * one load balancer.
 *
 * @param databases each replicates from the other
 * @param caches the memcached servers
 * @param instances the sample
 * @param balancers one on loopback
 * @param floating none on loopback
 */
record Site(List<Database> databases, List<Cache> caches, List<Instance> instances, List<LoadBalancer> balancers,
		List<FloatingAddresses> floating) implements AutoCloseable {

	static Site in(Path directory) {
		List<Database> databases = IntStream.of(1, 2)
			.parallel()
			.mapToObj((number) -> new Database(number, directory))
			.toList();
		List<Cache> caches = IntStream.of(1, 2).mapToObj((number) -> new Cache(number, directory)).toList();
		List<Host> asked = Host.areSeparate() ? List.of(FloatingAddresses.DB)
				: databases.stream().map(Node::host).toList();
		List<Instance> instances = IntStream.of(1, 2)
			.mapToObj((number) -> new Instance(number, directory, asked, caches))
			.toList();
		List<LoadBalancer> balancers = IntStream.rangeClosed(1, Host.areSeparate() ? 2 : 1)
			.mapToObj((number) -> new LoadBalancer(number, directory, instances, databases))
			.toList();
		List<FloatingAddresses> floating = balancers.stream()
			.filter((balancer) -> Host.areSeparate())
			.map((balancer) -> new FloatingAddresses(balancer, directory))
			.toList();
		return new Site(databases, caches, instances, balancers, floating);
	}

	/**
	 * The servers whose health the balancers check.
	 * @return the instances and, with hosts of their own, the databases
	 */
	List<Node> checked() {
		List<Node> checked = new ArrayList<>(this.instances);
		if (Host.areSeparate()) {
			checked.addAll(this.databases);
		}
		return checked;
	}

	/**
	 * Start all but the instances.
	 */
	void startServers() {
		Stream.<List<? extends Node>>of(this.databases, this.caches, this.balancers)
			.flatMap(List::stream)
			.parallel()
			.forEach(Node::start);
		this.floating.forEach(Node::start);
		this.databases.get(0).replicateFrom(this.databases.get(1));
		this.databases.get(1).replicateFrom(this.databases.get(0));
		this.databases.forEach(Database::open);
		if (Host.areSeparate()) {
			awaitChecks();
			FloatingAddresses.awaitBoth();
		}
	}

	void startInstances() {
		// The first one loads the data.
		this.instances.get(0).start();
		reconcile();
		this.instances.get(1).start();
		awaitChecks();
	}

	/**
	 * Returns whom callers ask.
	 * @return the floating address, or the only balancer
	 */
	Host front() {
		return Host.areSeparate() ? FloatingAddresses.WWW : this.balancers.get(0).host();
	}

	/**
	 * Wait until each balancer gives requests to the servers that answer, and to no other
	 * one.
	 */
	void awaitChecks() {
		for (LoadBalancer balancer : this.balancers.stream().filter(Node::answers).toList()) {
			for (Node server : checked()) {
				Waiting.until(balancer.name() + " has checked " + server.name(),
						() -> balancer.sees(server.host()) == server.answers());
			}
		}
	}

	/**
	 * Do what an operator, or the service's start script, does for a database.
	 * @param database the one that comes back
	 */
	void bringBack(Database database) {
		database.start();
		database.catchUpWith(this.databases.get(2 - database.number()));
		database.open();
	}

	/**
	 * Wait until each database holds what the other one holds.
	 */
	void reconcile() {
		this.databases.get(0).catchUpWith(this.databases.get(1));
		this.databases.get(1).catchUpWith(this.databases.get(0));
		awaitChecks();
	}

	void breakReplication() {
		if (Host.areSeparate()) {
			this.databases.get(0).host().dropFrom(this.databases.get(1).host());
		}
		else {
			this.databases.forEach((database) -> database.admin().sql("stop slave io_thread").update());
		}
	}

	void healReplication() {
		if (Host.areSeparate()) {
			this.databases.get(0).host().dropNothing();
		}
		else {
			this.databases.forEach((database) -> database.admin().sql("start slave io_thread").update());
		}
	}

	/**
	 * Send a change from where it is taken: from the host of an instance, or through the
	 * balancer on loopback.
	 * @param path what is changed
	 * @param body the change
	 */
	void put(String path, String body) {
		Node node = Host.areSeparate() ? this.instances.stream().filter(Node::answers).findFirst().orElseThrow()
				: this.balancers.get(0);
		int port = node.host().port(Host.areSeparate() ? Instance.PORT : LoadBalancer.PORT);
		node.host()
			.run("curl", "-sS", "--fail-with-body", "-m", "20", "-X", "PUT", "-H", "Content-Type: application/json",
					"-d", body, "http://127.0.0.1:" + port + path);
	}

	@Override
	public void close() {
		Stream.<List<? extends Node>>of(this.floating, this.balancers, this.instances, this.caches, this.databases)
			.flatMap(List::stream)
			.forEach(Node::close);
	}

}
