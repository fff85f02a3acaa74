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

package io.failsoft.memcached.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.failsoft.memcached.outage.Scenario.Report;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The outage as part of the build, short and judged by counts. {@code outage.outages} and
 * {@code outage.caches} name the long ones that {@code run-outage} plays, which are
 * judged by time, too; {@code outage.seconds} is how long servers are lost;
 * {@code outage.seed} repeats a run's random choices.
 */
class OutageIT {

	private static final boolean FULL = System.getProperty("outage.outages") != null;

	private static final long SEED = Long.getLong("outage.seed", System.nanoTime());

	private static final Scenario SHORT = new Scenario(400, 2000, Duration.ofSeconds(2), 2, 4, 2, 1);

	private static final Scenario LONG = new Scenario(800, 20_000, Duration.ofSeconds(10), 30,
			Integer.getInteger("outage.seconds", 25), 20, 2);

	@ParameterizedTest
	@MethodSource("runs")
	void whenServersAreLostUnderLoadThenTheSourceIsShielded(Outage outage, Contender cache) throws Exception {
		System.out.printf("%s, %s, seed %d%n", outage, cache, SEED);
		Report report = (FULL ? LONG : SHORT).run(outage, cache, SEED);
		System.out.print(report);
		assertThat(missed(report, outage, cache)).as(outage + ", " + cache + ", seed " + SEED).isEmpty();
	}

	static Stream<Arguments> runs() {
		List<Contender> caches = named(Contender.class, "outage.caches", Contender.RESERVE);
		return named(Outage.class, "outage.outages", Outage.KILLED).stream()
			.flatMap((outage) -> caches.stream()
				.filter((cache) -> caches.size() == 1 || outage.isFor(cache))
				.map((cache) -> Arguments.of(outage, cache)));
	}

	private static <E extends Enum<E>> List<E> named(Class<E> type, String property, E otherwise) {
		return Arrays.stream(System.getProperty(property, otherwise.name()).split(","))
			.map((name) -> Enum.valueOf(type, name.toUpperCase(Locale.ROOT)))
			.toList();
	}

	private static List<String> missed(Report report, Outage outage, Contender cache) {
		List<String> missed = new ArrayList<>();
		if (cache != Contender.RESERVE) {
			require(missed, "failed requests, as this source needs a cache", report.failed(), 1, Double.MAX_VALUE);
			return missed;
		}
		Phase lost = report.phase("outage");
		require(missed, "failed requests", report.failed(), 0, 0);
		require(missed, "answers older than promised", report.outdated(), 0, 0);
		if (!FULL) {
			require(missed, "queries a second in the outage", lost.queriesPerSecond(), 0, 1.3 * report.formula());
			return missed;
		}
		switch (outage) {
			case ONE -> require(missed, "queries a second in the outage", lost.queriesPerSecond(), 0,
					1.3 * report.phase("warm").queriesPerSecond());
			case SHARED -> require(missed, "queries a second in the outage", lost.queriesPerSecond(),
					0.85 * report.formula(), 1.15 * report.formula());
			default -> require(missed, "queries a second in the outage", lost.queriesPerSecond(), 0, 300);
		}
		require(missed, "milliseconds, p99 in the outage", lost.slow(), 0, 100);
		require(missed, "queries a second after the return", report.phase("return").queriesPerSecond(), 0, 400);
		return missed;
	}

	private static void require(List<String> missed, String what, double figure, double least, double most) {
		if (figure < least || figure > most) {
			missed.add(String.format(Locale.ROOT, "%.0f %s: between %.0f and %.0f wanted", figure, what, least, most));
		}
	}

}
