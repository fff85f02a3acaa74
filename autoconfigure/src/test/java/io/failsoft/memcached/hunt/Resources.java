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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What an instance uses when nothing is under way.
 *
 * @param heap bytes of live objects
 * @param threads live threads
 * @param sockets open sockets
 * @param direct bytes of direct buffers
 */
record Resources(long heap, long threads, long sockets, long direct) {

	/**
	 * Returns what this JVM uses, after a collection of the heap.
	 * @return the figures as {@link #parse} reads them
	 */
	static String used() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + " "
				+ ManagementFactory.getThreadMXBean().getThreadCount() + " " + openSockets() + " "
				+ ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
					.stream()
					.filter((pool) -> pool.getName().equals("direct"))
					.mapToLong(BufferPoolMXBean::getMemoryUsed)
					.sum();
	}

	static Resources parse(String line) {
		long[] figures = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
		return new Resources(figures[0], figures[1], figures[2], figures[3]);
	}

	/**
	 * Returns how many sockets are open, 0 where the system does not say.
	 */
	private static long openSockets() {
		Path descriptors = Path.of("/proc/self/fd");
		if (!Files.isDirectory(descriptors)) {
			return 0;
		}
		try (Stream<Path> all = Files.list(descriptors)) {
			return all.filter(Resources::isSocket).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isSocket(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
		}
		catch (IOException ex) {
			// Closed meanwhile.
			return false;
		}
	}

}
