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

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class ClientLogEnvironmentPostProcessorTests {

	private static final List<String> NAMES = List.of("net.rubyeye.xmemcached", "com.google.code.yanf4j", "remoting");

	@AfterEach
	void reset() {
		LoggingSystem system = LoggingSystem.get(getClass().getClassLoader());
		for (String name : List.of("net.rubyeye.xmemcached", "com.google.code.yanf4j", "remoting", "net.rubyeye",
				"com.google")) {
			system.setLogLevel(name, null);
		}
		system.setLogLevel(null, LogLevel.INFO);
	}

	@Test
	void whenNothingIsConfiguredThenTheClientIsSilent() {
		start();
		for (String name : NAMES) {
			assertThat(LoggerFactory.getLogger(name + ".Some").isErrorEnabled()).as(name).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--logging.level.net.rubyeye.xmemcached=info", "--logging.level.net.rubyeye=info",
			"--logging.group.client=net.rubyeye.xmemcached,other --logging.level.client=info" })
	void whenALevelIsConfiguredThenItStands(String arguments) {
		start(arguments.split(" "));
		Logger logger = LoggerFactory.getLogger("net.rubyeye.xmemcached.Some");
		assertThat(logger.isInfoEnabled()).isTrue();
		assertThat(LoggerFactory.getLogger("com.google.code.yanf4j.Some").isErrorEnabled()).isFalse();
	}

	@Test
	void whenOnlyTheRootLevelIsConfiguredThenTheClientStaysSilent() {
		start("--logging.level.root=info");
		assertThat(LoggerFactory.getLogger("net.rubyeye.xmemcached.Some").isErrorEnabled()).isFalse();
	}

	private static void start(String... arguments) {
		SpringApplication application = new SpringApplication(ClientLogEnvironmentPostProcessorTests.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application.setLogStartupInfo(false);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			assertThat(context.getEnvironment()
				.getPropertySources()
				.contains(ClientLogEnvironmentPostProcessor.PROPERTY_SOURCE)).isTrue();
		}
	}

}
