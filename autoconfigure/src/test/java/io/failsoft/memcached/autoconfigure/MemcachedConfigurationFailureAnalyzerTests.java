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
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class MemcachedConfigurationFailureAnalyzerTests {

	@ParameterizedTest
	@MethodSource
	void whenAPropertyIsBadThenTheStartStopsWithDescriptionAndAction(String property, String setting, String reason,
			String action, CapturedOutput output) {
		start(setting);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + property)
			.contains(reason)
			.containsPattern("(?s)Action:.*" + Pattern.quote(action));
		assertThat(output).contains("\"" + setting.split(",")[0].replaceFirst("=.*", "") + "\" from property source");
	}

	static Stream<Arguments> whenAPropertyIsBadThenTheStartStopsWithDescriptionAndAction() {
		List<Arguments> cases = new ArrayList<>();
		for (String bad : List.of("a:b", "a:0", "a:70000", "a*0", "a*x", "::1", "[::1", "a b", "http://a:1", "[a]")) {
			cases.add(Arguments.of("memcached.servers[0]", "memcached.servers=" + bad, "Value: \"" + bad + "\"",
					"host[:port][*weight]"));
		}
		cases.add(Arguments.of("memcached.servers[1]", "memcached.servers=a:1,A:1*2", "in the list already",
				"Name each server once"));
		cases.add(
				Arguments.of("memcached.servers[2]", "memcached.servers=a,b,a:11211", "in the list already", "weight"));
		cases
			.add(Arguments.of("memcached.servers", "memcached.servers=", "names no server", "memcached.enabled=false"));
		cases.add(Arguments.of("memcached.connect-timeout", "memcached.connect-timeout=0", "is not between 1ms and 60s",
				"without a unit counts as milliseconds"));
		cases.add(Arguments.of("memcached.operation-timeout", "memcached.operation-timeout=-5ms", "Value: \"-5ms\"",
				"between 1ms and 60s"));
		cases.add(Arguments.of("memcached.operation-timeout", "memcached.operation-timeout=2h", "Value: \"2h\"",
				"between 1ms and 60s"));
		cases.add(Arguments.of("memcached.max-in-flight", "memcached.max-in-flight=0", "is not between 1 and 1000000",
				"Set a value"));
		cases.add(Arguments.of("memcached.max-queued", "memcached.max-queued=-1MB", "is not between", "Set a value"));
		cases.add(Arguments.of("memcached.failover-time-to-live", "memcached.failover-time-to-live=0s",
				"is not between 1s", "Set a value"));
		cases.add(Arguments.of("memcached.breaker.failure-threshold", "memcached.breaker.failure-threshold=0",
				"is not between 1 and 1000", "Set a value"));
		cases.add(Arguments.of("memcached.breaker.probe-interval", "memcached.breaker.probe-interval=-1s",
				"is not between 10ms and 60s", "Set a value"));
		cases.add(Arguments.of("memcached.invalidation-log.capacity", "memcached.invalidation-log.capacity=0",
				"is not between 1", "Set a value"));
		cases.add(Arguments.of("memcached.health.status-when-degraded", "memcached.health.status-when-degraded= ",
				"is empty", "DOWN"));
		cases.add(Arguments.of("memcached.metrics.server-statistics-interval",
				"memcached.metrics.server-statistics-interval=30", "is neither 0 nor between 1s and 86400s",
				"counts as milliseconds"));
		cases.add(Arguments.of("memcached.cache.time-to-live", "memcached.cache.time-to-live=-1s", "is not between 0s",
				"Set a value"));
		cases.add(Arguments.of("memcached.cache.time-to-live", "memcached.cache.timeToLive=400000d",
				"Value: \"400000d\"", "Set a value"));
		cases.add(Arguments.of("memcached.servers[1]", "memcached.servers=a,http://b:1",
				"is not a server: leave out the scheme, 'http://'", "host[:port][*weight]"));
		cases.add(Arguments.of("memcached.cache.time-to-live-jitter", "memcached.cache.time-to-live-jitter=1.5",
				"is not between 0.0 and 1.0", "Set a value"));
		cases.add(Arguments.of("memcached.cache.time-to-idle", "memcached.cache.time-to-idle=0", "is not between",
				"Set a value"));
		cases.add(Arguments.of("memcached.cache.load-window", "memcached.cache.load-window=1s",
				"is not between 2s and 86400s", "Set a value"));
		cases.add(Arguments.of("memcached.cache.load-lease", "memcached.cache.load-lease=-1s", "is not between",
				"Set a value"));
		cases.add(Arguments.of("memcached.cache.compression-threshold", "memcached.cache.compression-threshold=3GB",
				"is not between", "Set a value"));
		cases.add(Arguments.of("memcached.cache.caches.books.time-to-live",
				"memcached.cache.caches.books.time-to-live=-1s", "is not between 0s", "Set a value"));
		cases.add(Arguments.of("memcached.cache.caches[books:v2].load-window",
				"memcached.cache.caches[books:v2].load-window=1s", "is not between 2s", "Set a value"));
		cases.add(Arguments.of("memcached.cache.codec", "memcached.cache.codec=kryo", "names no codec",
				"Use one of jdk, json, smile"));
		cases.add(Arguments.of("memcached.cache.caches.books.codec", "memcached.cache.caches.books.codec=kryo",
				"names no codec", "named 'kryo'"));
		cases.add(Arguments.of("memcached.cache.allowed-classes[1]",
				"memcached.cache.allowed-classes=com.acme.*,com/acme", "is not a pattern", "com.acme.**"));
		cases.add(Arguments.of("memcached.ssl.bundle", "memcached.ssl.bundle=client", "TLS", "tunnel"));
		cases.add(Arguments.of("memcached.authentication", "memcached.authentication=sasl", "binary protocol",
				"memcached with '-Y <file>'"));
		cases.add(Arguments.of("memcached.username", "memcached.username=me", "without a password",
				"Set memcached.password too"));
		cases.add(Arguments.of("memcached.password", "memcached.password=secret", "without a user name",
				"Set memcached.username too"));
		cases.add(Arguments.of("memcached.ssl.enabled", "memcached.ssl.enabled=true", "TLS", "tunnel"));
		cases.add(Arguments.of("memcached.ssl.trust-store", "memcached.ssl.trust-store=a.p12", "TLS", "tunnel"));
		cases.add(Arguments.of("memcached.discovery-interval", "memcached.discovery-interval=500ms",
				"is not between 1s and 3600s", "Set a value"));
		cases.add(Arguments.of("memcached.discovery-interval", "memcached.discovery-interval=2h",
				"is not between 1s and 3600s", "Set a value"));
		return cases.stream();
	}

	@Test
	void whenAConfigurationEndpointHasAWeightThenTheStartStopsWithDescriptionAndAction(CapturedOutput output) {
		start("memcached.discovery=elasticache,memcached.servers=my.cfg.example.com:11211*2".split(","));
		assertThat(output).contains("Property: memcached.servers[0]")
			.contains("gives a weight to a configuration endpoint")
			.contains("Remove the weight");
	}

	@Test
	void whenAPasswordIsBadThenItIsNotShown(CapturedOutput output) {
		start("memcached.password=hush hush,memcached.username=me".split(","));
		assertThat(output).contains("Property: memcached.password").contains("white space").doesNotContain("hush");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "1, me, -, MemcachedConnectionDetails.username, without a password",
					"1, -, hush, MemcachedConnectionDetails.password, without a user name",
					"1, me, hush hush, MemcachedConnectionDetails.password, white space",
					"0, -, -, MemcachedConnectionDetails, names no server" })
	void whenConnectionDetailsAreBadThenTheStartStopsWithDescriptionAndAction(int servers, @Nullable String username,
			@Nullable String password, String property, String reason, CapturedOutput output) {
		SpringApplication application = application();
		application.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(MemcachedConnectionDetails.class,
						() -> new Details(Collections.nCopies(servers, ServerAddress.parse("127.0.0.1:1")), username,
								password)));
		assertThatThrownBy(() -> application.run("--spring.application.name=test").close())
			.isInstanceOf(Exception.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + property)
			.contains(reason)
			.doesNotContain("hush");
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
	void whenThereIsNoEnvironmentThenTheAnalysisHasNoOrigin() {
		FailureAnalysis analysis = analyze(null,
				new MemcachedConfigurationException("memcached.servers[0]", "x y", "is odd", "Do something."));
		assertThat(analysis.getDescription()).contains("memcached.servers[0]", "x y", "it is odd")
			.doesNotContain("Origin");
		assertThat(analysis.getAction()).isEqualTo("Do something.");
	}

	@Test
	void whenTheListIsOnePropertyThenItsOriginIsFound() {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("memcached.servers", "a,b c");
		FailureAnalysis analysis = analyze(environment,
				new MemcachedConfigurationException("memcached.servers[1]", "b c", "is odd", "Do something."));
		assertThat(analysis.getDescription()).contains("Origin: \"memcached.servers\" from property source");
	}

	@Test
	void whenTheValueIsAPlaceholderThenWhatItStandsForIsShown() {
		MockEnvironment environment = new MockEnvironment().withProperty("ttl", "400000d")
			.withProperty("memcached.cache.time-to-live", "${ttl}");
		FailureAnalysis analysis = analyze(environment, new MemcachedConfigurationException(
				"memcached.cache.time-to-live", "34560000000s", "is odd", "Do something."));
		assertThat(analysis.getDescription()).contains("Value: \"400000d\"");
	}

	private static FailureAnalysis analyze(@Nullable Environment environment, MemcachedConfigurationException ex) {
		return Objects.requireNonNull(new MemcachedConfigurationFailureAnalyzer(environment).analyze(ex));
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
