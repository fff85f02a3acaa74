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

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A way to run memcached: an installed program or a container.
 */
interface Engine {

	/**
	 * Launches a memcached and answers as soon as it listens.
	 * @param options what to start it with
	 * @param port the port on 127.0.0.1, 0 for one that is free
	 * @return the running server
	 * @throws MemcachedStartException if it does not come up
	 */
	RunningServer launch(MemcachedServerOptions options, int port);

	/**
	 * Chooses an installed program before a container.
	 * @return the engine
	 * @throws MemcachedStartException if there is neither; the message has the line that
	 * installs memcached
	 */
	static Engine choose() {
		return choose(MemcachedBinary::find, () -> ContainerEngine.answering("docker"));
	}

	static Engine choose(Supplier<Optional<Path>> binary, Supplier<Optional<ContainerEngine>> container) {
		Optional<Path> program = binary.get();
		if (program.isPresent()) {
			return new BinaryEngine(program.get());
		}
		return container.get().orElseThrow(() -> new MemcachedStartException(MemcachedBinary.remedy()));
	}

}
