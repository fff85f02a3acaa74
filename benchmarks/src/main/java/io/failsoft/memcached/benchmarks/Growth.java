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

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How the time of a hit grows with the work. The sizes take turns, so that a change of
 * the machine's mood meets all of them.
 */
enum Growth {

	CACHES("by number of caches", 1, 8, 64),

	KEYS("by number of keys", 10, 10_000, 1_000_000),

	/** What more servers cost the client: one process listens on as many ports. */
	SERVERS("by number of servers, all of one process", 1, 5, 20),

	RAW_SERVERS("the raw client, by number of servers, all of one process", 1, 5, 20),

	/** What the machine's share is when it runs as many processes on one processor. */
	PROCESSES("by number of servers, a process each", 1, 5, 20),

	RAW_PROCESSES("the raw client, by number of servers, a process each", 1, 5, 20);

	private static final int GETS = 20_000;

	private static final int ROUNDS = 5;

	private final String title;

	private final int small;

	private final int medium;

	private final int large;

	Growth(String title, int small, int medium, int large) {
		this.title = title;
		this.small = small;
		this.medium = medium;
		this.large = large;
	}

	String title() {
		return "get, hit, p50: " + this.title;
	}

	/**
	 * Measure.
	 * @return the medians over the rounds, in words
	 */
	String figures() {
		int[] sizes = { this.small, this.medium, this.large };
		List<Setting> settings = new ArrayList<>();
		try {
			for (int size : sizes) {
				settings.add(setting(size));
			}
			for (int round = 0; round <= ROUNDS; round++) {
				for (Setting setting : settings) {
					double micros = setting.medianGet() / 1e3;
					if (round > 0) {
						setting.micros.add(micros);
					}
				}
			}
			StringBuilder figures = new StringBuilder();
			for (int i = 0; i < sizes.length; i++) {
				figures.append(figures.isEmpty() ? "" : "; ")
					.append(String.format("%,d: %.1f µs", sizes[i], settings.get(i).micros.get()));
			}
			return figures.toString();
		}
		finally {
			settings.forEach(Setting::close);
		}
	}

	private Setting setting(int size) {
		int keys = OperationBenchmark.KEYS;
		return switch (this) {
			case CACHES -> new Setting(List.of(Server.memcached()), size, keys / size, false);
			case KEYS -> new Setting(List.of(Server.memcached()), 1, size, false);
			case SERVERS -> new Setting(Server.memcachedOnPorts(size), 1, keys, false);
			case RAW_SERVERS -> new Setting(Server.memcachedOnPorts(size), 1, keys, true);
			case PROCESSES -> new Setting(processes(size), 1, keys, false);
			case RAW_PROCESSES -> new Setting(processes(size), 1, keys, true);
		};
	}

	private static List<Server> processes(int count) {
		return Stream.generate(Server::memcached).limit(count).toList();
	}

	private static final class Setting {

		private final List<Server> servers;

		private final List<Contender> caches = new ArrayList<>();

		private final Runnable end;

		private final int keys;

		private final Median micros = new Median();

		private final SplittableRandom random = new SplittableRandom(42);

		Setting(List<Server> servers, int cacheCount, int keys, boolean raw) {
			this.servers = servers;
			this.keys = keys;
			if (raw) {
				Contender client = new XmemcachedContender(this.servers.stream().map(Server::address).toList());
				this.caches.add(client);
				this.end = client::close;
			}
			else {
				Failsoft ours = Scenarios.connect(this.servers);
				for (int i = 0; i < cacheCount; i++) {
					this.caches.add(new SpringContender(ours.cache("cities" + i), () -> {
					}));
				}
				this.end = ours::close;
			}
			this.caches.forEach((cache) -> Scenarios.fill(cache, keys));
		}

		long medianGet() {
			long[] nanos = new long[GETS];
			for (int i = 0; i < GETS; i++) {
				Contender cache = this.caches.get(this.random.nextInt(this.caches.size()));
				long key = this.random.nextInt(this.keys);
				long began = System.nanoTime();
				Object found = cache.get(key);
				nanos[i] = System.nanoTime() - began;
				if (found == null) {
					throw new IllegalStateException("A miss");
				}
			}
			return Percentiles.of(nanos, 50);
		}

		void close() {
			this.end.run();
			this.servers.forEach(Server::close);
		}

	}

}
