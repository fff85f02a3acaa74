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

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;

import io.failsoft.memcached.cache.CacheStatistics;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.client.TestTls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each fault on each way through the cache: the method runs exactly once, its result or
 * its own exception reaches the caller, no invocation waits for more than one operation
 * timeout, hits come back by themselves, and nothing that was changed meanwhile is read
 * as it was before.
 */
class FaultMatrixIT {

	private static final int TIMEOUT_MILLIS = 100;

	/**
	 * Less than a second timeout would take. The best of some tries counts, as the
	 * machine may be busy.
	 */
	private static final int SLACK_MILLIS = 60;

	private static final int TRIES = 8;

	private static final int HEALED_MILLIS = 10_000;

	private static final Map<Faults, Row> ROWS = new EnumMap<>(Faults.class);

	private int sequence;

	@AfterAll
	static void report() throws IOException {
		StringBuilder table = new StringBuilder("| fault | ");
		for (CachedPath path : CachedPath.values()) {
			table.append(path.label()).append(" | ");
		}
		table.append("hits again |\n|---|").append("---|".repeat(CachedPath.values().length + 1)).append('\n');
		ROWS.forEach((fault, row) -> {
			table.append("| ").append(fault.label()).append(" | ");
			for (CachedPath path : CachedPath.values()) {
				table.append(String.format(Locale.ROOT, "%.1f | ", row.added.getOrDefault(path, Double.NaN)));
			}
			table.append(String.format(Locale.ROOT, "%.0f |%n", row.healed));
		});
		Reports.write(TestTls.isOn() ? "fault-matrix-tls.md" : "fault-matrix.md",
				"Milliseconds that a cached invocation took longer than the method alone while the fault lasted (operation"
						+ " timeout " + TIMEOUT_MILLIS + " ms; the best of up to " + TRIES
						+ " tries), and until hits were back after it ended.\n\n" + table);
	}

	@ParameterizedTest
	@EnumSource
	void theMethodRunsOnceAndItsOutcomeReachesTheCaller(Faults fault) throws IOException {
		ROWS.put(fault, run(fault, "0s"));
	}

	@ParameterizedTest
	@EnumSource
	void withTheReserveTheMethodRunsOnceAndNothingOlderThanAnOwnChangeIsRead(Faults fault) throws IOException {
		run(fault, "10s");
	}

	private Row run(Faults fault, String reserve) throws IOException {
		String[] properties = { "memcached.operation-timeout=" + TIMEOUT_MILLIS + "ms",
				"memcached.cache.reserve-time-to-live=" + reserve };
		Row row = new Row();
		try (Fault running = fault.create(); TestBed bed = new TestBed(running.options())) {
			if (running.worksAtFirst()) {
				bed.start(running, properties);
				bed.application().up();
				awaitHits(bed);
				warmUp(bed);
				running.inject(bed);
			}
			else {
				running.inject(bed);
				bed.start(running, properties);
			}
			List<ServerSnapshot> before = bed.application().servers();
			for (CachedPath path : CachedPath.values()) {
				row.added.put(path, Math.max(invoke(bed, running, path, false), invoke(bed, running, path, true)));
			}
			change(bed);
			read(bed.application().catalogue());
			if (running.leavesServerUp()) {
				assertThat(bed.application().servers()).extracting(ServerSnapshot::state).containsOnly(State.UP);
				assertThat(bed.application().servers()).extracting(ServerSnapshot::since)
					.isEqualTo(before.stream().map(ServerSnapshot::since).toList());
			}
			running.heal(bed);
			if (!reserve.equals("0s")) {
				bed.application().up();
			}
			row.healed = awaitHits(bed);
			assertThat(row.healed).as("milliseconds until hits are back").isLessThan(HEALED_MILLIS);
			if (running.worksAtFirst()) {
				assertNothingIsStale(bed);
			}
		}
		return row;
	}

	private double invoke(TestBed bed, Fault fault, CachedPath path, boolean soldOut) {
		Catalogue catalogue = bed.application().catalogue();
		double best = Double.MAX_VALUE;
		for (int i = 0; i < TRIES && best > TIMEOUT_MILLIS + SLACK_MILLIS; i++) {
			String key = (soldOut ? "bad" : "good") + this.sequence++;
			double alone = alone(catalogue, key);
			fault.disturb(bed, key);
			int calls = catalogue.calls();
			Object outcome;
			long start = System.nanoTime();
			try {
				outcome = path.invoke(catalogue, key);
			}
			catch (RuntimeException ex) {
				outcome = (ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex;
			}
			double took = Polling.millisSince(start);
			assertThat(catalogue.calls() - calls).as("%s of %s ran", path, key).isEqualTo(1);
			if (soldOut) {
				assertThat(outcome).as("%s of %s", path, key).isSameAs(catalogue.thrown());
			}
			else {
				assertThat(outcome).as("%s of %s", path, key).isEqualTo(catalogue.current(key));
			}
			best = Math.min(best, took - alone);
		}
		assertThat(best).as("%s: added milliseconds", path).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
		return best;
	}

	private static double alone(Catalogue catalogue, String key) {
		long start = System.nanoTime();
		try {
			catalogue.query(key);
		}
		catch (SoldOut ex) {
			// That is its outcome.
		}
		return Polling.millisSince(start);
	}

	private double awaitHits(TestBed bed) {
		Catalogue catalogue = bed.application().catalogue();
		String key = "probe" + this.sequence++;
		CacheStatistics figures = ((MemcachedCache) Objects
			.requireNonNull(bed.application().caches().getCache(Catalogue.ITEMS))).getStatistics();
		return Polling.until("hits of memcached", () -> {
			catalogue.get(key);
			int calls = catalogue.calls();
			long reserve = figures.getReserveHits();
			catalogue.get(key);
			return catalogue.calls() == calls && figures.getReserveHits() == reserve;
		});
	}

	private static void warmUp(TestBed bed) {
		Catalogue catalogue = bed.application().catalogue();
		Polling.until("all are cached", () -> {
			read(catalogue);
			int calls = catalogue.calls();
			read(catalogue);
			return catalogue.calls() == calls;
		});
	}

	private static void read(Catalogue catalogue) {
		for (String key : new String[] { "put", "evicted", "evictedBefore", "futurePut", "futureEvicted" }) {
			assertThat(catalogue.get(key)).isEqualTo(catalogue.current(key));
		}
		assertThat(catalogue.getCleared("cleared")).isEqualTo(catalogue.current("cleared"));
	}

	private static void change(TestBed bed) {
		Catalogue catalogue = bed.application().catalogue();
		catalogue.put("put");
		catalogue.evict("evicted");
		catalogue.evictBefore("evictedBefore");
		catalogue.futurePut("futurePut").join();
		catalogue.futureEvict("futureEvicted").join();
		catalogue.clear("cleared");
	}

	private static void assertNothingIsStale(TestBed bed) {
		Catalogue catalogue = bed.application().catalogue();
		read(catalogue);
		read(catalogue);
	}

	private static final class Row {

		private final Map<CachedPath, Double> added = new EnumMap<>(CachedPath.class);

		private double healed;

	}

}
