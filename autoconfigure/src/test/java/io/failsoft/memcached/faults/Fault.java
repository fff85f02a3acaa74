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

import java.io.IOException;
import java.util.List;

import io.failsoft.memcached.testkit.MemcachedServerOptions;

/**
 * What goes wrong with a memcached, how, and how it gets well again.
 */
class Fault implements AutoCloseable {

	/** Keeps the breaker from opening, so that each operation meets the fault. */
	static final String BREAKER_STAYS_CLOSED = "memcached.breaker.failure-threshold=1000";

	/**
	 * Whether the server works until {@link #inject}.
	 * @return {@code false} if it is at fault from the start on
	 */
	boolean worksAtFirst() {
		return true;
	}

	/**
	 * Whether the breaker stays closed while the fault lasts.
	 */
	boolean leavesServerUp() {
		return false;
	}

	MemcachedServerOptions options() {
		return MemcachedServerOptions.defaults();
	}

	/**
	 * Where the application finds memcached.
	 */
	String address(TestBed bed) {
		return bed.proxy().host() + ":" + bed.proxy().port();
	}

	/**
	 * Properties of the application.
	 */
	List<String> properties() {
		return List.of();
	}

	List<Class<?>> configurations() {
		return List.of();
	}

	/**
	 * Begin.
	 */
	void inject(TestBed bed) throws IOException {
	}

	/**
	 * Called before each invocation.
	 * @param key the key that it is about
	 */
	void disturb(TestBed bed, String key) {
	}

	/**
	 * End.
	 */
	void heal(TestBed bed) throws IOException {
	}

	@Override
	public void close() throws IOException {
	}

}
