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
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link BinaryEngine} without a memcached.
 */
class BinaryEngineTests {

	private static final Path FOLDER = Path.of("/tmp");

	private final BinaryEngine engine = new BinaryEngine(Path.of("/usr/bin/memcached"));

	private final MemcachedServerOptions defaults = MemcachedServerOptions.defaults();

	@Test
	void listensOnTheLoopbackAddressOnAPortThatMemcachedChooses() {
		assertThat(this.engine.command(this.defaults, 0, false, FOLDER)).containsExactly("/usr/bin/memcached", "-l",
				"127.0.0.1", "-p", "-1", "-U", "0", "-m", "64", "-I", "1048576", "-c", "1024", "-t", "4");
	}

	@Test
	void asRootItGivesItsRightsUp() {
		assertThat(this.engine.command(this.defaults, 4711, true, FOLDER)).containsSequence("-u", "nobody")
			.containsSequence("-p", "4711");
		assertThat(this.engine.command(this.defaults.withExtraArguments("-u", "daemon"), 0, true, FOLDER))
			.containsSequence("-u", "daemon")
			.doesNotContain("nobody");
	}

	@Test
	void smallItemsNeedSmallChunks() {
		assertThat(this.engine.command(this.defaults.withMaxItemBytes(2048), 0, false, FOLDER)).containsSequence("-o",
				"slab_chunk_max=2048");
	}

	@Test
	void thePasswordIsNotOnTheCommandLine() {
		List<String> command = this.engine.command(this.defaults.withAuthentication("scott", "tiger"), 0, false,
				FOLDER);
		assertThat(command).containsSequence("-Y", "/tmp/users");
		assertThat(command.toString()).doesNotContain("tiger");
	}

	@Test
	void readsThePortFile() {
		assertThat(BinaryEngine.parsePort("TCP INET: 35411\n")).isEqualTo(35411);
		assertThat(BinaryEngine.parsePort("UDP INET: 1\nTCP INET: 2\n")).isEqualTo(2);
		assertThatExceptionOfType(MemcachedStartException.class).isThrownBy(() -> BinaryEngine.parsePort(""));
	}

	@Test
	void explainsWhyItEnded() {
		assertThat(BinaryEngine.explain(List.of("bind(): Address already in use"), 4711))
			.contains("127.0.0.1:4711, which is in use")
			.contains("bind()");
		assertThat(BinaryEngine.explain(List.of("Too many open files"), 0)).contains("raise the connection limit");
		assertThat(BinaryEngine.explain(List.of("anything"), 0)).contains("anything");
	}

}
