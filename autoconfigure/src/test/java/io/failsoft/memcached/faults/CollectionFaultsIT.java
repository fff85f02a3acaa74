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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Collections while one of three servers fails: the method is called once, with the keys
 * of that server; what the others hold is found; all waits for no more than one operation
 * timeout; and nothing that was evicted meanwhile comes back.
 */
class CollectionFaultsIT {

	private static final int TIMEOUT_MILLIS = 150;

	private static final int SLACK_MILLIS = 60;

	private static final int KEYS = 90;

	private static final Map<FaultOfOne, String> ROWS = new EnumMap<>(FaultOfOne.class);

	private static final List<Integer> ALL = IntStream.range(0, KEYS).boxed().toList();

	@AfterAll
	static void report() throws Exception {
		StringBuilder table = new StringBuilder(
				"| one of three servers is | getAll adds | @CollectionCacheable adds | keys loaded |\n|---|---|---|---|\n");
		ROWS.values().forEach(table::append);
		Reports.write("fault-matrix-collections.md",
				"Milliseconds that a call with " + KEYS
						+ " keys took longer than the method alone, the best of several (operation timeout "
						+ TIMEOUT_MILLIS + " ms).\n\n" + table);
	}

	@ParameterizedTest
	@EnumSource
	void theOtherServersKeysAreFoundAndTheMethodRunsOnceForTheRest(FaultOfOne fault) {
		List<MemcachedServer> servers = Stream.generate(MemcachedServer::start).limit(3).toList();
		List<FaultProxy> proxies = servers.stream().map(FaultProxy::to).toList();
		String addresses = String.join(",",
				proxies.stream().map((proxy) -> proxy.host() + ":" + proxy.port()).toList());
		try (RunningApplication application = RunningApplication
			.start(List.of(Configured.class), "memcached.servers=" + addresses,
					"memcached.cache.reserve-time-to-live=0s", "memcached.operation-timeout=" + TIMEOUT_MILLIS + "ms")
			.up()) {
			Numbers numbers = application.bean(Numbers.class);
			MemcachedCache cache = (MemcachedCache) Objects.requireNonNull(application.caches().getCache("numbers"));
			Polling.until("all are cached", () -> {
				numbers.find(ALL);
				return cache.getAll(ALL).size() == KEYS;
			});
			Set<Integer> lost = new TreeSet<>();
			fault.inject.accept(proxies.get(1));
			double annotated = best(numbers, cache, lost, (ids, loader) -> numbers.find(ids));
			Set<Integer> ofServer = Set.copyOf(lost);
			double direct = best(numbers, cache, lost, (ids, loader) -> cache.getAll(ids, numbers::load));
			assertThat(ofServer).as("some of the keys are another server's").hasSizeBetween(1, KEYS - 1);
			if (fault != FaultOfOne.SLOW) {
				assertThat(lost).isEqualTo(ofServer);
			}
			List<Integer> changed = List.of(lost.iterator().next(), other(lost));
			numbers.change(changed);
			assertThat(numbers.find(ALL)).isEqualTo(numbers.expected(ALL));
			proxies.get(1).pass();
			application.up();
			Polling.until("hits", () -> {
				assertThat(numbers.find(ALL)).isEqualTo(numbers.expected(ALL));
				Map<Integer, String> found = cache.getAll(ALL);
				assertThat(numbers.expected(ALL)).containsAllEntriesOf(found);
				return found.size() == KEYS;
			});
			ROWS.put(fault, String.format(Locale.ROOT, "| %s | %.1f | %.1f | %d of %d |%n",
					fault.name().toLowerCase(Locale.ROOT), direct, annotated, ofServer.size(), KEYS));
		}
		finally {
			proxies.forEach(FaultProxy::close);
			servers.forEach(MemcachedServer::close);
		}
	}

	private static int other(Set<Integer> lost) {
		return ALL.stream().filter((key) -> !lost.contains(key)).findFirst().orElseThrow();
	}

	private static double best(Numbers numbers, MemcachedCache cache, Set<Integer> lost,
			BiFunction<List<Integer>, Numbers, Map<Integer, String>> call) {
		double best = Double.MAX_VALUE;
		Set<Integer> fewest = new TreeSet<>(ALL);
		for (int i = 0; i < 8; i++) {
			Numbers.calls.clear();
			CacheStatistics figures = cache.getStatistics();
			long failures = failures(figures);
			long start = System.nanoTime();
			assertThat(call.apply(ALL, numbers)).isEqualTo(numbers.expected(ALL));
			best = Math.min(best, Polling.millisSince(start));
			assertThat(Numbers.calls).as("called once").hasSize(1);
			assertThat(failures(figures) - failures).as("counted once per server").isBetween(1L, 3L);
			if (Numbers.calls.get(0).size() < fewest.size()) {
				fewest = new TreeSet<>(Numbers.calls.get(0));
			}
		}
		lost.clear();
		lost.addAll(fewest);
		assertThat(best).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
		return best;
	}

	private static long failures(CacheStatistics figures) {
		return Stream.of(Reason.values()).mapToLong(figures::getFailures).sum();
	}

	@SuppressWarnings("ImmutableEnumChecker") // the functions keep no state
	enum FaultOfOne {

		REFUSED((proxy) -> {
			proxy.refuse();
			proxy.cut();
		}),

		HUNG(FaultProxy::blackHole),

		SLOW((proxy) -> proxy.delayReplies(Duration.ofMillis(2 * TIMEOUT_MILLIS))),

		JUNK((proxy) -> proxy.answer("junk\r\n".getBytes(StandardCharsets.US_ASCII)));

		private final Consumer<FaultProxy> inject;

		FaultOfOne(Consumer<FaultProxy> inject) {
			this.inject = inject;
		}

	}

	static class Numbers {

		static final List<Collection<Integer>> calls = new CopyOnWriteArrayList<>();

		private final Map<Integer, Integer> versions = new HashMap<>();

		Map<Integer, String> expected(Collection<Integer> ids) {
			Map<Integer, String> numbers = new HashMap<>();
			ids.forEach((id) -> numbers.put(id, "number " + id + " v" + this.versions.getOrDefault(id, 0)));
			return numbers;
		}

		Map<Integer, String> load(Collection<Integer> ids) {
			calls.add(new ArrayList<>(ids));
			return expected(ids);
		}

		@CollectionCacheable("numbers")
		public Map<Integer, String> find(Collection<Integer> ids) {
			return load(ids);
		}

		@CollectionCacheEvict("numbers")
		public void change(Collection<Integer> ids) {
			ids.forEach((id) -> this.versions.merge(id, 1, Integer::sum));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		Numbers numbers() {
			return new Numbers();
		}

	}

}
