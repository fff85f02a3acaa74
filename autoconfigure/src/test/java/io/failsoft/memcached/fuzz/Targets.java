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

package io.failsoft.memcached.fuzz;

import io.failsoft.memcached.cache.EntryFuzz;
import io.failsoft.memcached.cache.KeysFuzz;
import io.failsoft.memcached.codec.CodecFuzz;
import io.failsoft.memcached.codec.CompressionFuzz;
import io.failsoft.memcached.consistency.EnvelopeFuzz;

/**
 * Everything that is fuzzed, the slowest first.
 */
enum Targets {

	JDK(8), JSON(4), SMILE(4), ENTRY(15), ENVELOPE(49), COMPRESSION(15), KEYS(5);

	private final int percent;

	Targets(int percent) {
		this.percent = percent;
	}

	/**
	 * How much of a long run is this target's: the more, the quicker it is.
	 */
	long share(long executions) {
		return executions * this.percent / 100;
	}

	FuzzTarget make() {
		return switch (this) {
			case KEYS -> new KeysFuzz();
			case ENVELOPE -> new EnvelopeFuzz();
			case ENTRY -> new EntryFuzz();
			case JDK -> CodecFuzz.jdk();
			case JSON -> CodecFuzz.json();
			case SMILE -> CodecFuzz.smile();
			case COMPRESSION -> new CompressionFuzz();
		};
	}

}
