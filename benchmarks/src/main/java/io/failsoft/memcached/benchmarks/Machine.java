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

package io.failsoft.memcached.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

import io.failsoft.memcached.testkit.MemcachedServer;

/**
 * Describes the machine, the JVM and memcached.
 */
final class Machine {

	private Machine() {
	}

	static String describe() {
		String memcached;
		try (MemcachedServer server = MemcachedServer.start()) {
			memcached = server.stats().get("version");
		}
		return String.format(
				"%s; %s, %s processors of it for the JVM; %s %s; Java %s (%s); memcached %s, on the loopback.%n",
				LocalDate.now(ZoneOffset.UTC), processor(), Runtime.getRuntime().availableProcessors(),
				System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("java.version"),
				System.getProperty("java.vm.name"), memcached);
	}

	private static String processor() {
		Path description = Path.of("/proc/cpuinfo");
		try {
			if (Files.isReadable(description)) {
				for (String line : Files.readAllLines(description)) {
					if (line.startsWith("model name")) {
						return line.substring(line.indexOf(':') + 1).strip();
					}
				}
			}
		}
		catch (IOException ex) {
			// The name of the architecture will do.
		}
		return System.getProperty("os.arch");
	}

}
