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

package io.failsoft.memcached.faults;

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.jspecify.annotations.Nullable;

/**
 * A memcached, a proxy before it, and the application under test.
 */
final class TestBed implements AutoCloseable {

	private final MemcachedServer server;

	private final FaultProxy proxy;

	private @Nullable RunningApplication application;

	TestBed(MemcachedServerOptions options) {
		this.server = MemcachedServer.start(TestTls.options(options));
		this.proxy = TestTls.proxy(this.server);
	}

	MemcachedServer server() {
		return this.server;
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	void start(Fault fault, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("memcached.servers=" + fault.address(this));
		all.addAll(fault.properties());
		this.application = RunningApplication.start(fault.configurations(), all.toArray(String[]::new));
	}

	RunningApplication application() {
		if (this.application == null) {
			throw new IllegalStateException("not started");
		}
		return this.application;
	}

	@Override
	public void close() {
		if (this.application != null) {
			this.application.close();
		}
		this.proxy.close();
		this.server.close();
	}

}
