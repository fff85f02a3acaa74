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

package io.failsoft.memcached.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of memcached that do not depend on where it runs.
 */
final class CommonArguments {

	private static final int DEFAULT_SLAB_CHUNK_BYTES = 512 * 1024;

	private CommonArguments() {
	}

	/**
	 * Returns the arguments for limits and threads.
	 * @param options what was asked for
	 * @return the arguments
	 */
	static List<String> of(MemcachedServerOptions options) {
		List<String> arguments = new ArrayList<>();
		arguments.addAll(List.of("-m", Integer.toString(options.memoryMegabytes())));
		arguments.addAll(List.of("-I", Integer.toString(options.maxItemBytes())));
		arguments.addAll(List.of("-c", Integer.toString(options.connectionLimit())));
		arguments.addAll(List.of("-t", Integer.toString(options.threads())));
		if (options.maxItemBytes() < DEFAULT_SLAB_CHUNK_BYTES) {
			arguments.addAll(List.of("-o", "slab_chunk_max=" + options.maxItemBytes()));
		}
		return arguments;
	}

}
