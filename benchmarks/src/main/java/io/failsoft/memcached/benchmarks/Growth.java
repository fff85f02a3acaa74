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
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures how the time of a hit grows with the work. The sizes take turns, so that a
 * change of the machine's mood meets all of them.
 */
enum Growth {

	CACHES("by number of caches", 1, 8, 64),

	KEYS("by number of keys", 10, 10_000, 1_000_000),

	/** Shows the cost to the client: one process listens on as many ports. */
	SERVERS("by number of servers, all of one process", 1, 5, 20),

	RAW_SERVERS("the raw client, by number of servers, all of one process", 1, 5, 20),

	/** Shows the machine's share, which runs as many processes on one processor. */
	PROCESSES("by number of servers, a process each", 1, 5, 20),

	RAW_PROCESSES("the raw client, by number of servers, a process each", 1, 5, 20);

	private static final int GETS = 20_000;

	private static final int ROUNDS = 5;

	private final String title;

	@SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
	private final List<Integer> sizes;

	Growth(String title, Integer... sizes) {
		this.title = title;
		this.sizes = List.of(sizes);
	}

	String title() {
		return "get, hit, p50: " + this.title;
	}

	/**
	 * Measures the time for each size.
	 * @return the medians over the rounds, in words
	 */
	String figures() {
		List<Setting> settings = new ArrayList<>();
		try {
			for (int size : this.sizes) {
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
			return settings.stream()
				.map((setting) -> String.format("%,d: %.1f µs", setting.size, setting.micros.get()))
				.collect(Collectors.joining("; "));
		}
		finally {
			settings.forEach(Setting::close);
		}
	}

	private Setting setting(int size) {
		int caches = (this == CACHES) ? size : 1;
		int keys = (this == KEYS) ? size : OperationBenchmark.KEYS / caches;
		List<Server> servers = switch (this) {
			case CACHES, KEYS -> List.of(Server.memcached());
			case SERVERS, RAW_SERVERS -> Server.memcachedOnPorts(size);
			case PROCESSES, RAW_PROCESSES -> Stream.generate(Server::memcached).limit(size).toList();
		};
		return new Setting(size, servers, caches, keys, this == RAW_SERVERS || this == RAW_PROCESSES);
	}

	private static final class Setting {

		private final int size;

		private final List<Server> servers;

		private final Contender client;

		private final List<Contender> caches;

		private final int keys;

		private final Medians micros = new Medians();

		private final SplittableRandom random = new SplittableRandom(42);

		Setting(int size, List<Server> servers, int cacheCount, int keys, boolean raw) {
			this.size = size;
			this.servers = servers;
			this.keys = keys;
			if (raw) {
				this.client = new XmemcachedContender(servers.stream().map(Server::address).toList());
				this.caches = List.of(this.client);
			}
			else {
				Failsoft ours = Scenarios.connect(servers);
				this.client = ours;
				this.caches = IntStream.range(0, cacheCount)
					.<Contender>mapToObj((i) -> new Contender.SpringCache(ours.cache("cities" + i), () -> {
					}))
					.toList();
			}
			this.caches.forEach((cache) -> Scenarios.fill(cache, 0, keys, Values.of(cache, 0)));
		}

		long medianGet() {
			long[] nanos = new long[GETS];
			for (int i = 0; i < GETS; i++) {
				Contender cache = this.caches.get(this.random.nextInt(this.caches.size()));
				long key = this.random.nextInt(this.keys);
				long began = System.nanoTime();
				Object found = cache.get(key);
				nanos[i] = System.nanoTime() - began;
				Objects.requireNonNull(found, "A miss");
			}
			return Medians.percentile(nanos, 50);
		}

		void close() {
			this.client.close();
			this.servers.forEach(Server::close);
		}

	}

}
