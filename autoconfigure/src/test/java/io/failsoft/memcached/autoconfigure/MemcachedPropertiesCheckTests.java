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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class MemcachedPropertiesCheckTests {

	private static final String UNIT = ". A number without a unit counts as milliseconds, so write the unit, as in 10m.";

	@ParameterizedTest
	@MethodSource
	void whenAPropertyIsBadThenTheStartStopsWithItsValueOriginAndRemedy(String setting, String reason, String remedy,
			CapturedOutput output) {
		start(setting);
		String key = setting.substring(0, setting.indexOf('='));
		String value = setting.substring(setting.indexOf('=') + 1);
		String property = key.replaceFirst("timeToLive", "time-to-live");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '" + value + "' for configuration property '" + property
					+ "' (originating from '\"" + key + "\" from property source ")
			.contains(reason)
			.contains(remedy);
	}

	static Stream<Arguments> whenAPropertyIsBadThenTheStartStopsWithItsValueOriginAndRemedy() {
		List<Arguments> cases = new ArrayList<>();
		for (String bad : List.of("a:b", "a:0", "a:70000", "a*0", "a*x", "::1", "[::1", "a b", "http://a:1", "[a]")) {
			cases.add(Arguments.of("memcached.servers=" + bad, "'" + bad + "' is not a server: ",
					"host[:port][*weight]"));
		}
		cases.add(Arguments.of("memcached.servers=a:1,A:1*2", "'A:1*2' names a server that is in the list already",
				"Name each server once"));
		cases.add(Arguments.of("memcached.servers=a,b,a:11211", "'a:11211' names a server that is in the list already",
				"append a weight, as in 'a:11211*2'"));
		cases.add(Arguments.of("memcached.servers=", "names no server", "memcached.enabled=false"));
		cases.add(Arguments.of("memcached.servers[0]=http://b:1", "'http://b:1' is not a server: leave out the scheme",
				"host[:port][*weight]"));
		cases.add(Arguments.of("memcached.servers=a,http://b:1",
				"'http://b:1' is not a server: leave out the scheme, 'http://'", "host[:port][*weight]"));
		cases.add(range("connect-timeout=0", "between 1ms and 60s", UNIT));
		cases.add(range("operation-timeout=-5ms", "between 1ms and 60s", UNIT));
		cases.add(range("operation-timeout=2h", "between 1ms and 60s", UNIT));
		cases.add(range("max-in-flight=0", "between 1 and 1000000", "."));
		cases.add(range("max-queued=-1MB", "between 65536B and 1073741824B", "."));
		cases.add(range("failover-time-to-live=0s", "between 1s and 86400s", UNIT));
		cases.add(range("breaker.failure-threshold=0", "between 1 and 1000", "."));
		cases.add(range("breaker.probe-interval=-1s", "between 10ms and 60s", UNIT));
		cases.add(range("invalidation-log.capacity=0", "between 1 and 10000000", "."));
		cases.add(Arguments.of("memcached.health.status-when-degraded= ", "is empty", "DOWN"));
		for (String bad : List.of("time-to-live=-1s", "time-to-live=600", "time-to-live=999ms", "time-to-live=1ns",
				"timeToLive=400000d", "caches.books.time-to-live=-1s", "caches.books.time-to-live=60",
				"caches[books:v2].time-to-live=7")) {
			cases.add(range("cache." + bad, "0, or between 1s and 2147483647s", UNIT));
		}
		cases.add(range("cache.time-to-live-jitter=1.5", "between 0.0 and 1.0", "."));
		cases.add(range("cache.time-to-idle=0", "between 1ms and 31536000s", UNIT));
		cases.add(range("cache.load-window=1s", "between 2s and 86400s", UNIT));
		cases.add(range("cache.near-time-to-live=-1s", "between 0s and 3600s", UNIT));
		cases.add(range("cache.reserve-time-to-live=2h", "0, or between 1s and 3600s", UNIT));
		cases.add(range("local.maximum-weight=-1B", "between 0B and", "."));
		cases.add(Arguments.of("memcached.cache.near-time-to-live=1h", "must be shorter than time-to-live",
				"Change one of the two"));
		cases.add(Arguments.of("memcached.cache.single-flight=always", "needs a reserve-time-to-live",
				"Change one of the two"));
		cases.add(range("cache.stale-while-revalidate=600", "0, or between 1s and", UNIT));
		cases.add(range("cache.stale-if-error=-1s", "0, or between 1s and", UNIT));
		cases.add(range("cache.stale-if-error-throttle=100ms", "between 1s and 3600s", UNIT));
		cases.add(range("cache.refresh-concurrency=0", "between 1 and 1000", "."));
		cases.add(range("cache.load-lease=-1s", "between 1ms and 3600s", UNIT));
		cases.add(range("cache.compression-threshold=3GB", "between -1B and 2147483647B", "."));
		cases.add(range("cache.maximum-value-size=2GB", "between 1024B and 1073741824B", "."));
		cases.add(range("cache.caches.books.maximum-value-size=0", "between 1024B and 1073741824B", "."));
		cases.add(range("cache.caches[books:v2].load-window=1s", "between 2s and 86400s", UNIT));
		cases.add(Arguments.of("memcached.cache.codec=kryo", "names no codec", "Use one of jdk, json, smile"));
		cases.add(Arguments.of("memcached.cache.caches.books.codec=kryo", "names no codec", "named 'kryo'"));
		cases.add(Arguments.of("memcached.cache.allowed-classes=com.acme.*,com/acme",
				"'com/acme' does not name classes", "com.acme.**"));
		cases.add(Arguments.of("memcached.ssl.bundle=client", "no SSL bundle of this name", "below spring.ssl.bundle"));
		cases.add(Arguments.of("memcached.ssl.trust-store=a.p12", "belongs to an SSL bundle", "memcached.ssl.bundle"));
		cases.add(Arguments.of("memcached.authentication=sasl", "binary protocol", "memcached with '-Y <file>'"));
		cases.add(Arguments.of("memcached.username=me", "without a password", "Set memcached.password too"));
		cases.add(range("discovery-interval=500ms", "between 1s and 3600s", UNIT));
		cases.add(range("discovery-interval=2h", "between 1s and 3600s", UNIT));
		return cases.stream();
	}

	private static Arguments range(String setting, String range, String remedy) {
		return Arguments.of("memcached." + setting, "must be " + range, remedy);
	}

	@Test
	void whenNearIsInheritedAndNotShorterThanACachesTimeToLiveThenTheStartStopsAtWhatThatCacheSets(
			CapturedOutput output) {
		start("memcached.cache.near-time-to-live=1m", "memcached.cache.caches.books.time-to-live=10s");
		assertThat(output).contains("'memcached.cache.caches.books.time-to-live' (originating from ")
			.contains("Invalid value '10s'")
			.contains("must be shorter than time-to-live");
	}

	@Test
	void whenAnExceptionIsNoClassThenTheStartStops(CapturedOutput output) {
		start("memcached.cache.caches.books.stale-if-error-on=com.acme.None");
		assertThat(output).contains("Property: memcached.cache.caches.books.stale-if-error-on")
			.contains("ClassNotFoundException: com.acme.None");
	}

	@Test
	void whenAnEntryHasNoEndThenItCannotBeServedAfterIt(CapturedOutput output) {
		start("memcached.cache.stale-if-error=1h", "memcached.cache.caches.books.time-to-live=0");
		assertThat(output).contains("'memcached.cache.caches.books.time-to-live' (originating from ")
			.contains("needs a time-to-live")
			.contains("Change one of the two");
	}

	@Test
	void whenAnEntryEndsWhenItIsNotReadThenItCannotBeServedAfterThat(CapturedOutput output) {
		start("memcached.cache.caches.books.stale-while-revalidate=1m", "memcached.cache.caches.books.time-to-idle=1h");
		assertThat(output).contains("'memcached.cache.caches.books.stale-while-revalidate' (originating from ")
			.contains("time-to-idle")
			.contains("Change one of the two");
	}

	@Test
	void whenAConfigurationEndpointHasAWeightThenTheStartStops(CapturedOutput output) {
		start("memcached.discovery=elasticache", "memcached.servers=my.cfg.example.com:11211*2");
		assertThat(output).contains("configuration property 'memcached.servers' (originating from ")
			.contains("'my.cfg.example.com:11211*2' gives a weight to a configuration endpoint")
			.contains("Remove the weight");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "hush hush | me | white space | Choose another one",
			"hush | '' | without a user name | Set memcached.username too" })
	void whenAPasswordIsBadThenItsOriginIsShownAndItIsNot(String password, String username, String reason,
			String remedy, CapturedOutput output) {
		start("memcached.password=" + password, "memcached.username=" + username);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '******' for configuration property 'memcached.password (masked, originating "
					+ "from \"memcached.password\" from property source \"commandLineArgs\")'")
			.contains(reason)
			.contains(remedy)
			.doesNotContain("hush");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memcached.servers=a:b,http://me:hush@c.example.com:1", "memcached.servers[0]=hush@c:1",
			"memcached.servers=memcached://me:hu/sh@hush@c:1/,a:1,a:1", "memcached.servers=hush@c",
			"memcached.servers=memcached://me:hush,hush@c:1" })
	void whenAServerHoldsAPasswordThenItIsNotShown(String setting, CapturedOutput output) {
		start(setting);
		String key = setting.substring(0, setting.indexOf('='));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '******@c")
			.contains("'" + key + " (masked, originating from \"" + key + "\" from property source ")
			.contains("Set memcached.username and memcached.password.")
			.doesNotContain("hush");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memcached.servers=a:1,memcached://c:1?user=me&password=hush",
			"memcached.servers[0]=c?hush", "memcached.servers=a:1,a:1,c:1/?token=hush" })
	void whenAServerHoldsAPasswordBehindAQuestionMarkThenItIsNotShown(String setting, CapturedOutput output) {
		start(setting);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Set memcached.username and memcached.password.")
			.doesNotContain("hush");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "1, me, -, MemcachedConnectionDetails.username, without a password",
					"1, -, hush, MemcachedConnectionDetails.password, without a user name",
					"1, me, hush hush, MemcachedConnectionDetails.password, white space",
					"0, -, -, MemcachedConnectionDetails, names no server" })
	void whenConnectionDetailsAreBadThenTheStartStops(int servers, @Nullable String username, @Nullable String password,
			String property, String reason, CapturedOutput output) {
		SpringApplication application = application();
		application.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(MemcachedConnectionDetails.class,
						() -> new Details(Collections.nCopies(servers, ServerAddress.parse("127.0.0.1:1")), username,
								password)));
		assertThatThrownBy(() -> application.run("--spring.application.name=test").close())
			.isInstanceOf(Exception.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property '" + property)
			.contains(reason)
			.doesNotContain("hush");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memcached.cache.time-to-live=0", "memcached.cache.time-to-live=1s",
			"memcached.cache.time-to-live=60000", "memcached.cache.caches.books.time-to-live=0",
			"memcached.ssl.enabled=false", "memcached.ssl.enabled=true", "memcached.ssl.bundle=",
			"memcached.cache.tim-to-live=1h" })
	void whenNothingIsBadThenTheContextStarts(String setting) {
		try (ConfigurableApplicationContext context = application().run("--spring.application.name=test",
				"--" + TestPools.REFUSED, "--" + setting)) {
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(MemcachedCacheManager.class);
		}
	}

	@Test
	void whenADurationIsNoneThenBootSaysSo(CapturedOutput output) {
		start("memcached.operation-timeout=soon");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("memcached.operation-timeout");
	}

	@Test
	void whenAnEnumHasAnUnknownValueThenBootListsTheKnownOnes(CapturedOutput output) {
		start("memcached.on-server-failure=explode");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("FAILOVER").contains("MISS");
	}

	@Test
	void whenTheValueIsAPlaceholderThenItsOriginIsShown(CapturedOutput output) {
		start("ttl=400000d", "memcached.cache.time-to-live=${ttl}");
		assertThat(output).contains("Invalid value '${ttl}' for configuration property 'memcached.cache.time-to-live'"
				+ " (originating from '\"memcached.cache.time-to-live\"");
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		return application;
	}

	private static void start(String... settings) {
		SpringApplication application = application();
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.application.name=test");
		for (String setting : settings) {
			arguments.add("--" + setting);
		}
		assertThatThrownBy(() -> application.run(arguments.toArray(String[]::new)).close())
			.isInstanceOf(Exception.class);
	}

	private record Details(List<ServerAddress> getServers, @Nullable String getUsername,
			@Nullable String getPassword) implements MemcachedConnectionDetails {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ MemcachedCacheAutoConfiguration.class, CacheAutoConfiguration.class })
	static class Application {

	}

}
