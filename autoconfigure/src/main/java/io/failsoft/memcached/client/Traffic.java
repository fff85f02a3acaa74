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

package io.failsoft.memcached.client;

import java.util.concurrent.atomic.LongAdder;

/**
 * Bytes that went over the connections to one server, one after the other. Thread-safe.
 */
final class Traffic {

	private final LongAdder sent = new LongAdder();

	private final LongAdder received = new LongAdder();

	void sent(int bytes) {
		this.sent.add(bytes);
	}

	void received(int bytes) {
		this.received.add(bytes);
	}

	long sent() {
		return this.sent.sum();
	}

	long received() {
		return this.received.sum();
	}

}
