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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.client.ServerSnapshot;

/**
 * An application in a JVM of its own, so that it can be paused from outside. It tells its
 * servers' states for each line that it reads, and ends with its standard input.
 */
final class PausedApplication {

	static final String ANSWER = "answer: ";

	private PausedApplication() {
	}

	public static void main(String[] args) throws IOException {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try (RunningApplication application = RunningApplication.start("memcached.servers=" + args[0],
				"memcached.operation-timeout=1s", "memcached.breaker.failure-threshold=1");
				BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			Catalogue catalogue = application.up().catalogue();
			AtomicInteger done = new AtomicInteger();
			for (int i = 0; i < 8; i++) {
				String key = "key" + i;
				executor.execute(() -> {
					while (!executor.isShutdown()) {
						catalogue.get(key);
						catalogue.put(key);
						catalogue.evict(key);
						catalogue.future(key).join();
						done.incrementAndGet();
					}
				});
			}
			while (reader.readLine() != null) {
				int before = done.get();
				Polling.until("work goes on", () -> done.get() > before + 100);
				ServerSnapshot server = application.servers().get(0);
				System.out.println(ANSWER + server.state() + " since " + server.since());
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

}
