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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Random;

import io.failsoft.memcached.client.TestTls;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of all else once more, over TLS: one of them that is drawn, or those that the
 * system property {@code memcached.tls} names, or {@code all}.
 */
class OverTlsIT {

	private static final List<String> TESTS = List.of("faults.FaultMatrixIT", "faults.FailoverIT", "faults.DiscoveryIT",
			"client.RealServerIT");

	static List<String> tests() {
		String names = System.getProperty("memcached.tls", "");
		return names.isEmpty() ? List.of(TESTS.get(new Random().nextInt(TESTS.size())))
				: TESTS.stream().filter((test) -> names.equals("all") || test.endsWith("." + names)).toList();
	}

	@ParameterizedTest
	@MethodSource("tests")
	void worksOverTls(String test) {
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		TestTls.turn(true);
		try {
			LauncherFactory.create()
				.execute(LauncherDiscoveryRequestBuilder.request()
					.selectors(DiscoverySelectors.selectClass("io.failsoft.memcached." + test))
					.build(), listener);
		}
		finally {
			TestTls.turn(false);
		}
		StringWriter failures = new StringWriter();
		listener.getSummary().printFailuresTo(new PrintWriter(failures));
		assertThat(listener.getSummary().getTotalFailureCount()).as(failures.toString()).isZero();
		assertThat(listener.getSummary().getTestsSucceededCount()).isPositive();
	}

}
