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

package io.failsoft.memcached.autoconfigure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class DoubtfulSettingsTests {

	@ParameterizedTest
	@CsvSource({ "10, 10 ms and rounded up to 1 s", "10ms, 10 ms and rounded up to 1 s",
			"3600, 3600 ms and rounded up to 4 s" })
	void whenATimeToLiveIsNoWholeNumberOfSecondsThenTheWarningNamesTheUnit(String value, String text,
			CapturedOutput output) {
		warn("time-to-live=" + value);
		assertThat(output).containsOnlyOnce("WARN")
			.contains("memcached.cache.time-to-live is " + text
					+ "; a number without a unit counts as milliseconds, so write the unit, as in 10m");
	}

	@Test
	void whenATimeToIdleIsBelowTheLoadWindowThenTheWarningSaysThatItDoesNotCount(CapturedOutput output) {
		warn("time-to-idle=600");
		assertThat(output).containsOnlyOnce("WARN")
			.contains("memcached.cache.time-to-idle is 600 ms, but no entry expires before the load window of "
					+ "30000 ms is over");
	}

	@Test
	void whenSeveralSettingsAreDoubtfulThenOneWarningNamesAll(CapturedOutput output) {
		warn("time-to-live=10", "time-to-idle=1m", "caches.books.load-window=2m", "caches.[a:b].time-to-idle=5s",
				"caches.[a:b].time-to-live=7");
		assertThat(output).containsOnlyOnce("WARN")
			.contains("memcached.cache.time-to-live is 10 ms")
			.contains("memcached.cache.caches.books.time-to-idle is 60000 ms")
			.contains("memcached.cache.caches[a:b].time-to-live is 7 ms")
			.contains("memcached.cache.caches[a:b].time-to-idle is 5000 ms");
	}

	@ParameterizedTest
	@ValueSource(strings = { "time-to-live=0", "time-to-live=1s", "time-to-live=1h", "time-to-live=60000",
			"time-to-idle=30s", "load-window=2s,time-to-idle=3s", "caches.books.time-to-live=1m" })
	void whenSettingsAreAsTheyAreMeantThenNothingIsLogged(String settings, CapturedOutput output) {
		warn(settings.split(","));
		assertThat(output).isEmpty();
	}

	private static void warn(String... settings) {
		Map<String, String> values = new LinkedHashMap<>();
		Arrays.stream(settings)
			.map((setting) -> setting.split("="))
			.forEach((setting) -> values.put("memcached.cache." + setting[0].replace(".[", "["), setting[1]));
		DoubtfulSettings.warn(new Binder(new MapConfigurationPropertySource(values))
			.bindOrCreate("memcached", MemcachedProperties.class)
			.getCache());
	}

}
